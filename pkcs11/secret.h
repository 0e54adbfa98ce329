/* SPDX-License-Identifier: Apache-2.0
 * A byte string that must not leave this process: PINs, SO PINs, PUKs.
 * It lies on a page of its own that is locked, left out of dumps and erased when freed. Secrets are
 * never copied into other strings; whoever needs the bytes borrows them by secret_data(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SECRET_MAX 256

typedef struct Secret Secret;

/* Copies `length` bytes (0 to SECRET_MAX). The caller erases its own copy. NULL: too long, no
 * memory. */
Secret *secret_new(const void *bytes, size_t length) __attribute__((warn_unused_result));

/* `length` characters drawn evenly from `alphabet` (2 to 256 characters). NULL as secret_new(). */
Secret *secret_new_random(const char *alphabet, size_t length) __attribute__((warn_unused_result));

/* Reads to the end of `fd`, at most `max` bytes, and strips one trailing newline (LF or CR LF).
 * NULL with errno: EMSGSIZE more than max bytes, ENODATA nothing but the newline, or read's. */
Secret *secret_read_fd(int fd, size_t max) __attribute__((warn_unused_result));

/* The bytes, followed by a NUL that secret_length() does not count. Borrowed. */
const char *secret_data(const Secret *secret);

size_t secret_length(const Secret *secret);

/* In a time that depends on the lengths only. */
bool secret_equal(const Secret *a, const Secret *b);

/* Erases. NULL is allowed. */
void secret_free(Secret *secret);

/* Erases bytes that are not in a Secret; the compiler cannot leave it out. */
void secret_erase(void *bytes, size_t length);

/* Cleanup for `secret_auto Secret *pin = …`; GLib's callers declare their own g_autoptr. */
void secret_clear(Secret **secret);
#define secret_auto __attribute__((cleanup(secret_clear)))
