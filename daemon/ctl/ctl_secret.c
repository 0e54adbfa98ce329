/* SPDX-License-Identifier: Apache-2.0
 * Locked, erased memory. A PIN may be typed as UTF-8, so taking off a character may take off
 * several bytes. */
#include "daemon/ctl/ctl_secret.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

struct CtlSecret {
	gsize length;
	char bytes[CTL_SECRET_MAX + 1];
};

/* In front of every block that a library gets; keeps the alignment of malloc. */
typedef union Block {
	gsize size;
	max_align_t align;
} Block;

CtlSecret *ctl_secret_new(void)
{
	const struct rlimit no_core = { 0, 0 };
	CtlSecret *secret = mmap(NULL, sizeof *secret, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (secret == MAP_FAILED)
		g_error("out of memory");
	(void) setrlimit(RLIMIT_CORE, &no_core);
	(void) mlock(secret, sizeof *secret);
	(void) madvise(secret, sizeof *secret, MADV_DONTDUMP);
	return secret;
}

void ctl_secret_free(CtlSecret *secret)
{
	if (secret == NULL)
		return;
	explicit_bzero(secret, sizeof *secret);
	(void) munmap(secret, sizeof *secret);
}

gboolean ctl_secret_append(CtlSecret *secret, const char *bytes, gsize length)
{
	if (length > CTL_SECRET_MAX - secret->length)
		return FALSE;
	memcpy(secret->bytes + secret->length, bytes, length);
	secret->length += length;
	secret->bytes[secret->length] = '\0';
	return TRUE;
}

static gboolean append_escaped(CtlSecret *secret, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char escaped[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };
	gboolean done = ctl_secret_append(secret, escaped, sizeof escaped);

	explicit_bzero(escaped, sizeof escaped);
	return done;
}

gboolean ctl_secret_append_json(CtlSecret *secret, const CtlSecret *text)
{
	for (gsize i = 0; i < text->length; i++) {
		const char *at = &text->bytes[i];
		gboolean is_plain = (unsigned char) *at >= 0x20 && *at != '"' && *at != '\\';

		if (is_plain ? !ctl_secret_append(secret, at, 1)
			     : !append_escaped(secret, (unsigned char) *at))
			return FALSE;
	}
	return TRUE;
}

void ctl_secret_chop(CtlSecret *secret)
{
	gboolean is_inside = TRUE;

	while (is_inside && secret->length > 0) {
		is_inside = ((unsigned char) secret->bytes[--secret->length] & 0xC0) == 0x80;
		secret->bytes[secret->length] = '\0';
	}
}

void ctl_secret_clear(CtlSecret *secret)
{
	explicit_bzero(secret, sizeof *secret);
}

const char *ctl_secret_data(const CtlSecret *secret)
{
	return secret->bytes;
}

gsize ctl_secret_length(const CtlSecret *secret)
{
	return secret->length;
}

gboolean ctl_secret_equal(const CtlSecret *a, const CtlSecret *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

static void *erasing_malloc(size_t size)
{
	Block *block = size <= PTRDIFF_MAX - sizeof *block ? malloc(sizeof *block + size) : NULL;

	if (block == NULL)
		return NULL;
	block->size = size;
	return block + 1;
}

static void erasing_free(void *memory)
{
	Block *block = memory == NULL ? NULL : (Block *) memory - 1;

	if (block == NULL)
		return;
	explicit_bzero(memory, block->size);
	free(block);
}

static void *erasing_calloc(size_t count, size_t size)
{
	void *memory =
		size == 0 || count <= PTRDIFF_MAX / size ? erasing_malloc(count * size) : NULL;

	return memory == NULL ? NULL : memset(memory, 0, count * size);
}

static void *erasing_realloc(void *memory, size_t size)
{
	void *bigger = erasing_malloc(size);

	if (bigger == NULL || memory == NULL)
		return bigger;
	memcpy(bigger, memory, MIN(size, ((Block *) memory - 1)->size));
	erasing_free(memory);
	return bigger;
}

static char *erasing_strdup(const char *text)
{
	char *copy = erasing_malloc(strlen(text) + 1);

	return copy == NULL ? NULL : strcpy(copy, text);
}

void ctl_secret_erase_libraries(void)
{
	json_set_alloc_funcs(erasing_malloc, erasing_free);
	(void) curl_global_init_mem(CURL_GLOBAL_NOTHING, erasing_malloc, erasing_free,
				    erasing_realloc, erasing_strdup, erasing_calloc);
}
