/* SPDX-License-Identifier: Apache-2.0
 * Growing memory for received bytes that never leaves a copy behind: a request may hold a PIN. */
#pragma once

#include <glib.h>

typedef struct HttpBuffer {
	unsigned char *bytes;
	gsize used, size;
} HttpBuffer;

/* Makes room for at least one more byte where used < @max: doubles from 4 KiB up to @max. */
void http_buffer_grow(HttpBuffer *buffer, gsize max);
/* Appends; @length must fit after http_buffer_reserve(). */
void http_buffer_append(HttpBuffer *buffer, const void *bytes, gsize length);
/* Makes the size at least @size. */
void http_buffer_reserve(HttpBuffer *buffer, gsize size);
/* Drops the first @length bytes and erases the place they leave. */
void http_buffer_consume(HttpBuffer *buffer, gsize length);
/* Erases and frees. */
void http_buffer_clear(HttpBuffer *buffer);
