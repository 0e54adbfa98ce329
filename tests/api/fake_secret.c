/* SPDX-License-Identifier: Apache-2.0
 * A Secret in ordinary memory, for tests of who makes and frees one. */
#include <stdlib.h>
#include <string.h>

#include "pkcs11/secret.h"

struct Secret {
	size_t length;
	char bytes[SECRET_MAX + 1];
};

Secret *secret_new(const void *bytes, size_t length)
{
	Secret *secret = length <= SECRET_MAX ? calloc(1, sizeof *secret) : NULL;

	if (secret == NULL)
		return NULL;
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
	free(secret);
}
