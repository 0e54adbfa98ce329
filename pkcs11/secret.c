/* SPDX-License-Identifier: Apache-2.0
 * One page a secret: so nothing else shares its fate, and unlocking one never unlocks another.
 * A page that cannot be locked (RLIMIT_MEMLOCK) is used all the same: refusing to serve a card for
 * that would be worse, and dumps and forks stay excluded. */
#include "pkcs11/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

struct Secret {
	size_t length;
	char bytes[SECRET_MAX + 1];
};

static Secret *allocate(void)
{
	Secret *secret = mmap(NULL, sizeof(Secret), PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (secret == MAP_FAILED)
		return NULL;
	(void) mlock(secret, sizeof(Secret));
	(void) madvise(secret, sizeof(Secret), MADV_DONTDUMP);
	(void) madvise(secret, sizeof(Secret), MADV_WIPEONFORK);
	return secret;
}

Secret *secret_new(const void *bytes, size_t length)
{
	Secret *secret;

	if (length > SECRET_MAX) {
		errno = EMSGSIZE;
		return NULL;
	}
	secret = allocate();
	if (secret == NULL)
		return NULL;
	if (length > 0)
		memcpy(secret->bytes, bytes, length);
	secret->length = length;
	return secret;
}

static bool random_byte(unsigned char *ret_byte)
{
	ssize_t got;

	do {
		got = getrandom(ret_byte, 1, 0);
	} while (got < 0 && errno == EINTR);
	return got == 1;
}

Secret *secret_new_random(const char *alphabet, size_t length)
{
	size_t choices = strlen(alphabet);
	Secret *secret;

	if (length > SECRET_MAX || choices < 2 || choices > 256) {
		errno = EINVAL;
		return NULL;
	}
	secret = allocate();
	while (secret != NULL && secret->length < length) {
		unsigned char byte = 0;

		if (!random_byte(&byte)) {
			secret_free(secret);
			return NULL;
		}
		/* Bytes beyond the last whole multiple would favour the first characters. */
		if (byte < 256 - 256 % choices)
			secret->bytes[secret->length++] = alphabet[byte % choices];
	}
	return secret;
}

static void strip_newline(Secret *secret)
{
	if (secret->length > 0 && secret->bytes[secret->length - 1] == '\n')
		secret->bytes[--secret->length] = '\0';
	else
		return;
	if (secret->length > 0 && secret->bytes[secret->length - 1] == '\r')
		secret->bytes[--secret->length] = '\0';
}

static int read_all(int fd, Secret *secret)
{
	for (;;) {
		size_t room = sizeof secret->bytes - secret->length;
		ssize_t got;

		if (room == 0)
			return EMSGSIZE;
		got = read(fd, secret->bytes + secret->length, room);
		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return errno;
		if (got > 0)
			secret->length += (size_t) got;
	}
}

Secret *secret_read_fd(int fd, size_t max)
{
	Secret *secret = allocate();
	int error;

	if (secret == NULL)
		return NULL;
	error = read_all(fd, secret);
	if (error == 0) {
		strip_newline(secret);
		if (secret->length > max || secret->length > SECRET_MAX)
			error = EMSGSIZE;
		else if (secret->length == 0)
			error = ENODATA;
	}
	if (error == 0)
		return secret;
	secret_free(secret);
	errno = error;
	return NULL;
}

const char *secret_data(const Secret *secret)
{
	return secret->bytes;
}

size_t secret_length(const Secret *secret)
{
	return secret->length;
}

bool secret_equal(const Secret *a, const Secret *b)
{
	unsigned char difference = 0;

	if (a->length != b->length)
		return false;
	for (size_t i = 0; i < a->length; i++)
		difference |= (unsigned char) (a->bytes[i] ^ b->bytes[i]);
	return difference == 0;
}

void secret_free(Secret *secret)
{
	if (secret == NULL)
		return;
	explicit_bzero(secret, sizeof *secret);
	(void) munmap(secret, sizeof *secret);
}

void secret_erase(void *bytes, size_t length)
{
	if (bytes != NULL)
		explicit_bzero(bytes, length);
}

void secret_clear(Secret **secret)
{
	secret_free(*secret);
	*secret = NULL;
}
