/* SPDX-License-Identifier: Apache-2.0
 * Frames between opcardd and its children: one SOCK_SEQPACKET datagram = verb (u16), then fields of
 * tag (u16), length (u32), value; all big-endian, at most 64 KiB. Strict on both sides: a tag that
 * the table does not list, a tag twice, or a byte too few or too many refuses the whole frame.
 * Fields of kind FRAME_SECRET live only in Secrets; every buffer they passed through is erased. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkcs11/secret.h"

#define FRAME_MAX 65536

/* More fields than this refuse the frame. */
#define FRAME_FIELDS_MAX 64

typedef enum FrameKind {
	FRAME_NUMBER, /* u64 */
	FRAME_TEXT,   /* no NUL inside; `max` bytes */
	FRAME_BYTES,  /* `max` bytes */
	FRAME_SECRET, /* at most SECRET_MAX bytes */
	_FRAME_KIND_MAX
} FrameKind;

/* Known tags; the table ends with tag 0. */
typedef struct FrameTag {
	uint16_t tag;
	FrameKind kind;
	size_t max;
} FrameTag;

typedef enum FrameResult {
	FRAME_OK,
	FRAME_CLOSED,      /* the peer closed or died */
	FRAME_LATE,        /* the deadline passed */
	FRAME_TOO_LARGE,   /* more than FRAME_MAX bytes or FRAME_FIELDS_MAX fields */
	FRAME_BROKEN,      /* lengths, kinds or sizes are wrong */
	FRAME_UNKNOWN_TAG, /* not in the table */
	FRAME_DUPLICATE,   /* a tag twice */
	FRAME_FAILED,      /* errno: no memory, socket error */
	_FRAME_RESULT_MAX
} FrameResult;

typedef struct Frame Frame;

/* Milliseconds of CLOCK_MONOTONIC. */
#define FRAME_FOREVER INT64_MAX
int64_t frame_deadline_in(unsigned milliseconds);

/* A frame to fill. An error of memory or size is remembered and comes out of frame_send(). NULL
 * never. */
Frame *frame_new(uint16_t verb) __attribute__((warn_unused_result));
void frame_put_number(Frame *frame, uint16_t tag, uint64_t number);
void frame_put_text(Frame *frame, uint16_t tag, const char *text);
void frame_put_bytes(Frame *frame, uint16_t tag, const void *bytes, size_t length);
void frame_put_secret(Frame *frame, uint16_t tag, const Secret *secret);

/* Waits until `deadline` for room. */
FrameResult frame_send(int fd, const Frame *frame, int64_t deadline)
	__attribute__((warn_unused_result));

/* Waits until `deadline` for one frame. The caller frees it. */
FrameResult frame_receive(int fd, const FrameTag *tags, int64_t deadline, Frame **ret_frame)
	__attribute__((warn_unused_result));

/* The parser alone, for fuzzing. Copies; the caller erases `bytes` if there were secrets in it. */
FrameResult frame_parse(const void *bytes, size_t length, const FrameTag *tags, Frame **ret_frame)
	__attribute__((warn_unused_result));

/* The bytes as they would be sent, for tests; false after an error while filling. Borrowed. */
bool frame_encoded(const Frame *frame, const unsigned char **ret_bytes, size_t *ret_length);

uint16_t frame_verb(const Frame *frame);
bool frame_has(const Frame *frame, uint16_t tag);

/* `absent` when there is no such field. */
uint64_t frame_number(const Frame *frame, uint16_t tag, uint64_t absent);

/* Borrowed, NUL-terminated; NULL when absent. */
const char *frame_text(const Frame *frame, uint16_t tag);
const unsigned char *frame_bytes(const Frame *frame, uint16_t tag, size_t *ret_length);

/* Hands the Secret over; NULL when absent or taken. */
Secret *frame_take_secret(Frame *frame, uint16_t tag) __attribute__((warn_unused_result));

/* Erases. NULL is allowed. */
void frame_free(Frame *frame);
void frame_clear(Frame **frame);
#define frame_auto __attribute__((cleanup(frame_clear)))

const char *frame_result_name(FrameResult result);
