/* SPDX-License-Identifier: Apache-2.0
 * OpenSSL's digests. They cannot fail but for want of memory, and then GLib has ended the process
 * before. */
#include "daemon/audit/audit_hash.h"

#include <openssl/evp.h>

struct AuditHash {
	EVP_MD *sha256;
	EVP_MD *sha512;
	EVP_MD_CTX *context;
};

AuditHash *audit_hash_new(void)
{
	AuditHash *hash = g_new0(AuditHash, 1);

	hash->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	hash->sha512 = EVP_MD_fetch(NULL, "SHA512", NULL);
	hash->context = EVP_MD_CTX_new();
	g_assert(hash->sha256 != NULL && hash->sha512 != NULL && hash->context != NULL);
	return hash;
}

void audit_hash_free(AuditHash *hash)
{
	if (hash == NULL)
		return;
	EVP_MD_CTX_free(hash->context);
	EVP_MD_free(hash->sha256);
	EVP_MD_free(hash->sha512);
	g_free(hash);
}

static void check(int is_done)
{
	if (is_done != 1)
		g_error("the digest of an audit record failed");
}

void audit_hash_begin(AuditHash *hash)
{
	check(EVP_DigestInit_ex2(hash->context, hash->sha256, NULL));
}

void audit_hash_add(AuditHash *hash, const void *bytes, gsize length)
{
	check(EVP_DigestUpdate(hash->context, bytes, length));
}

void audit_hash_add_number(AuditHash *hash, gint64 number)
{
	gint64 wire = GINT64_TO_BE(number);

	audit_hash_add(hash, &wire, sizeof(wire));
}

void audit_hash_end(AuditHash *hash, guint8 ret_digest[AUDIT_HASH_BYTES])
{
	check(EVP_DigestFinal_ex(hash->context, ret_digest, NULL));
}

void audit_hash_wide(AuditHash *hash, const void *bytes, gsize length,
		     guint8 ret_digest[AUDIT_HASH_WIDE])
{
	check(EVP_DigestInit_ex2(hash->context, hash->sha512, NULL));
	check(EVP_DigestUpdate(hash->context, bytes, length));
	check(EVP_DigestFinal_ex(hash->context, ret_digest, NULL));
}

void audit_hash_hex(const guint8 *bytes, gsize length, char *ret_hex)
{
	static const char digits[] = "0123456789abcdef";

	for (gsize i = 0; i < length; i++) {
		ret_hex[2 * i] = digits[bytes[i] >> 4];
		ret_hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_hex[2 * length] = '\0';
}
