/* SPDX-License-Identifier: Apache-2.0
 * Frames: building and strict parsing. A frame that is filled keeps the bytes as they are sent; a
 * frame that was parsed keeps its fields. Values are copied out of the datagram, so nothing points
 * into a buffer the peer could have any say in. Sending and receiving stand in frame_io.c. */
#include "pkcs11/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 6 /* tag and length */

typedef struct Field {
	uint16_t tag;
	FrameKind kind;
	size_t length;
	uint64_t number;
	unsigned char *bytes; /* TEXT and BYTES: with a NUL behind */
	Secret *secret;
} Field;

struct Frame {
	uint16_t verb;
	size_t count;
	Field fields[FRAME_FIELDS_MAX];
	bool failed;
	size_t length;
	size_t room;
	unsigned char *encoded;
};

/* What frame_new() answers without memory: it takes nothing and cannot be sent. */
static Frame no_memory = { .failed = true };

static bool grow(Frame *frame, size_t more)
{
	size_t wanted = frame->length + more;
	size_t room = wanted < 512 ? 512 : wanted * 2;
	unsigned char *bytes;

	if (frame->failed || more > FRAME_MAX || wanted > FRAME_MAX)
		return false;
	if (wanted <= frame->room)
		return true;
	/* Not realloc: it would leave a copy of a secret in freed memory. */
	bytes = malloc(room);
	if (bytes == NULL)
		return false;
	if (frame->length > 0)
		memcpy(bytes, frame->encoded, frame->length);
	secret_erase(frame->encoded, frame->length);
	free(frame->encoded);
	frame->encoded = bytes;
	frame->room = room;
	return true;
}

static void append_integer(Frame *frame, uint64_t value, unsigned size)
{
	for (unsigned i = size; i > 0; i--)
		frame->encoded[frame->length++] = (unsigned char) (value >> (8 * (i - 1)));
}

Frame *frame_new(uint16_t verb)
{
	Frame *frame = calloc(1, sizeof *frame);

	if (frame == NULL)
		return &no_memory;
	frame->verb = verb;
	if (grow(frame, 2))
		append_integer(frame, verb, 2);
	else
		frame->failed = true;
	return frame;
}

static bool append_header(Frame *frame, uint16_t tag, size_t length)
{
	if (frame == &no_memory)
		return false;
	if (length > FRAME_MAX || !grow(frame, HEADER_SIZE + length)) {
		frame->failed = true;
		return false;
	}
	append_integer(frame, tag, 2);
	append_integer(frame, length, 4);
	return true;
}

void frame_put_bytes(Frame *frame, uint16_t tag, const void *bytes, size_t length)
{
	if (!append_header(frame, tag, length) || length == 0)
		return;
	memcpy(frame->encoded + frame->length, bytes, length);
	frame->length += length;
}

void frame_put_number(Frame *frame, uint16_t tag, uint64_t number)
{
	if (append_header(frame, tag, 8))
		append_integer(frame, number, 8);
}

void frame_put_text(Frame *frame, uint16_t tag, const char *text)
{
	frame_put_bytes(frame, tag, text, strlen(text));
}

void frame_put_secret(Frame *frame, uint16_t tag, const Secret *secret)
{
	frame_put_bytes(frame, tag, secret_data(secret), secret_length(secret));
}

bool frame_encoded(const Frame *frame, const unsigned char **ret_bytes, size_t *ret_length)
{
	if (frame->failed || frame->encoded == NULL)
		return false;
	*ret_bytes = frame->encoded;
	*ret_length = frame->length;
	return true;
}

static uint64_t read_integer(const unsigned char *bytes, unsigned size)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value = value << 8 | bytes[i];
	return value;
}

static const FrameTag *find_tag(const FrameTag *tags, uint16_t tag)
{
	for (; tags->tag != 0; tags++)
		if (tags->tag == tag)
			return tags;
	return NULL;
}

static const Field *find_field(const Frame *frame, uint16_t tag)
{
	for (size_t i = 0; i < frame->count; i++)
		if (frame->fields[i].tag == tag)
			return &frame->fields[i];
	return NULL;
}

static FrameResult copy_bytes(Field *field, const unsigned char *value)
{
	field->bytes = malloc(field->length + 1);
	if (field->bytes == NULL)
		return FRAME_FAILED;
	if (field->length > 0)
		memcpy(field->bytes, value, field->length);
	field->bytes[field->length] = '\0';
	return FRAME_OK;
}

static FrameResult fill_field(Field *field, const FrameTag *row, const unsigned char *value)
{
	switch (field->kind) {
	case FRAME_NUMBER:
		if (field->length != 8)
			return FRAME_BROKEN;
		field->number = read_integer(value, 8);
		return FRAME_OK;
	case FRAME_TEXT:
		if (field->length > row->max || memchr(value, '\0', field->length) != NULL)
			return FRAME_BROKEN;
		return copy_bytes(field, value);
	case FRAME_BYTES:
		return field->length > row->max ? FRAME_BROKEN : copy_bytes(field, value);
	case FRAME_SECRET:
		if (field->length > SECRET_MAX)
			return FRAME_BROKEN;
		field->secret = secret_new(value, field->length);
		return field->secret == NULL ? FRAME_FAILED : FRAME_OK;
	case _FRAME_KIND_MAX:
		break;
	}
	return FRAME_BROKEN;
}

/* Takes one field off the front of the rest. */
static FrameResult parse_field(Frame *frame, const FrameTag *tags, const unsigned char **rest,
			       size_t *left)
{
	const FrameTag *row;
	Field *field;
	uint64_t length;
	uint16_t tag;

	if (*left < HEADER_SIZE)
		return FRAME_BROKEN;
	if (frame->count == FRAME_FIELDS_MAX)
		return FRAME_TOO_LARGE;
	tag = (uint16_t) read_integer(*rest, 2);
	length = read_integer(*rest + 2, 4);
	*rest += HEADER_SIZE;
	*left -= HEADER_SIZE;
	if (length > *left)
		return FRAME_BROKEN;
	row = find_tag(tags, tag);
	if (row == NULL)
		return FRAME_UNKNOWN_TAG;
	if (find_field(frame, tag) != NULL)
		return FRAME_DUPLICATE;
	field = &frame->fields[frame->count++];
	*field = (Field){ .tag = tag, .kind = row->kind, .length = (size_t) length };
	*left -= field->length;
	*rest += field->length;
	return fill_field(field, row, *rest - field->length);
}

FrameResult frame_parse(const void *bytes, size_t length, const FrameTag *tags, Frame **ret_frame)
{
	frame_auto Frame *frame = NULL;
	const unsigned char *rest = bytes;
	FrameResult result = FRAME_OK;
	size_t left;

	if (length > FRAME_MAX)
		return FRAME_TOO_LARGE;
	if (length < 2)
		return FRAME_BROKEN;
	frame = calloc(1, sizeof *frame);
	if (frame == NULL)
		return FRAME_FAILED;
	frame->verb = (uint16_t) read_integer(rest, 2);
	rest += 2;
	left = length - 2;
	while (left > 0 && result == FRAME_OK)
		result = parse_field(frame, tags, &rest, &left);
	if (result != FRAME_OK)
		return result;
	*ret_frame = frame;
	frame = NULL;
	return FRAME_OK;
}

uint16_t frame_verb(const Frame *frame)
{
	return frame->verb;
}

bool frame_has(const Frame *frame, uint16_t tag)
{
	return find_field(frame, tag) != NULL;
}

uint64_t frame_number(const Frame *frame, uint16_t tag, uint64_t absent)
{
	const Field *field = find_field(frame, tag);

	return field == NULL || field->kind != FRAME_NUMBER ? absent : field->number;
}

const char *frame_text(const Frame *frame, uint16_t tag)
{
	const Field *field = find_field(frame, tag);

	return field == NULL || field->kind != FRAME_TEXT ? NULL : (const char *) field->bytes;
}

const unsigned char *frame_bytes(const Frame *frame, uint16_t tag, size_t *ret_length)
{
	const Field *field = find_field(frame, tag);

	if (field == NULL || field->kind != FRAME_BYTES)
		return NULL;
	*ret_length = field->length;
	return field->bytes;
}

Secret *frame_take_secret(Frame *frame, uint16_t tag)
{
	for (size_t i = 0; i < frame->count; i++) {
		Secret *secret = frame->fields[i].secret;

		if (frame->fields[i].tag == tag && secret != NULL) {
			frame->fields[i].secret = NULL;
			return secret;
		}
	}
	return NULL;
}

void frame_free(Frame *frame)
{
	if (frame == NULL || frame == &no_memory)
		return;
	for (size_t i = 0; i < frame->count; i++) {
		secret_free(frame->fields[i].secret);
		free(frame->fields[i].bytes);
	}
	secret_erase(frame->encoded, frame->length);
	free(frame->encoded);
	free(frame);
}

void frame_clear(Frame **frame)
{
	frame_free(*frame);
	*frame = NULL;
}

const char *frame_result_name(FrameResult result)
{
	static const char *const names[_FRAME_RESULT_MAX] = {
		[FRAME_OK] = "ok",
		[FRAME_CLOSED] = "closed",
		[FRAME_LATE] = "late",
		[FRAME_TOO_LARGE] = "too large",
		[FRAME_BROKEN] = "broken",
		[FRAME_UNKNOWN_TAG] = "unknown tag",
		[FRAME_DUPLICATE] = "duplicate tag",
		[FRAME_FAILED] = "system error",
	};

	return result < _FRAME_RESULT_MAX ? names[result] : "?";
}
