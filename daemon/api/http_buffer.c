/* SPDX-License-Identifier: Apache-2.0
 * Never realloc(): it may leave the old copy in the heap. */
#include "daemon/api/http_buffer.h"

#include <string.h>

#define SIZE_FIRST 4096

void http_buffer_reserve(HttpBuffer *buffer, gsize size)
{
	unsigned char *bytes;

	if (size <= buffer->size)
		return;
	bytes = g_malloc(size);
	if (buffer->used > 0) {
		memcpy(bytes, buffer->bytes, buffer->used);
		explicit_bzero(buffer->bytes, buffer->used);
	}
	g_free(buffer->bytes);
	buffer->bytes = bytes;
	buffer->size = size;
}

void http_buffer_grow(HttpBuffer *buffer, gsize max)
{
	if (buffer->used == buffer->size)
		http_buffer_reserve(buffer, MIN(max, MAX(SIZE_FIRST, buffer->size * 2)));
}

void http_buffer_append(HttpBuffer *buffer, const void *bytes, gsize length)
{
	g_assert(length <= buffer->size - buffer->used);
	if (length > 0)
		memcpy(buffer->bytes + buffer->used, bytes, length);
	buffer->used += length;
}

void http_buffer_consume(HttpBuffer *buffer, gsize length)
{
	g_assert(length <= buffer->used);
	if (length == 0)
		return;
	memmove(buffer->bytes, buffer->bytes + length, buffer->used - length);
	buffer->used -= length;
	explicit_bzero(buffer->bytes + buffer->used, length);
}

void http_buffer_clear(HttpBuffer *buffer)
{
	if (buffer->used > 0)
		explicit_bzero(buffer->bytes, buffer->used);
	g_clear_pointer(&buffer->bytes, g_free);
	buffer->used = buffer->size = 0;
}
