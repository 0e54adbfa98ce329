/* SPDX-License-Identifier: Apache-2.0
 * A Secret without locked pages, so that the CA room's tests need no other room. */
#include <glib.h>
#include <string.h>

typedef struct Secret Secret;

Secret *secret_new(const void *bytes, size_t length);
const char *secret_data(const Secret *secret);
size_t secret_length(const Secret *secret);
void secret_free(Secret *secret);

struct Secret {
	size_t length;
	char bytes[257];
};

Secret *secret_new(const void *bytes, size_t length)
{
	Secret *secret = g_new0(Secret, 1);

	secret->length = length;
	memcpy(secret->bytes, bytes, length);
	return secret;
}

const char *secret_data(const Secret *secret)
{
	return secret->bytes;
}

size_t secret_length(const Secret *secret)
{
	return secret->length;
}

void secret_free(Secret *secret)
{
	g_free(secret);
}
