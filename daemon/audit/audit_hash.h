/* SPDX-License-Identifier: Apache-2.0
 * SHA-256 and SHA-512 with what costs time done once. One for a thread. */
#pragma once

#include <glib.h>

#define AUDIT_HASH_BYTES 32
#define AUDIT_HASH_WIDE  64

typedef struct AuditHash AuditHash;

AuditHash *audit_hash_new(void);
void audit_hash_free(AuditHash *hash);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditHash, audit_hash_free)

void audit_hash_begin(AuditHash *hash);
void audit_hash_add(AuditHash *hash, const void *bytes, gsize length);
/* Eight octets, big endian. */
void audit_hash_add_number(AuditHash *hash, gint64 number);
void audit_hash_end(AuditHash *hash, guint8 ret_digest[AUDIT_HASH_BYTES]);
/* SHA-512 of @bytes. */
void audit_hash_wide(AuditHash *hash, const void *bytes, gsize length,
		     guint8 ret_digest[AUDIT_HASH_WIDE]);

/* Lower case; @ret_hex holds 2 × @length + 1 characters. */
void audit_hash_hex(const guint8 *bytes, gsize length, char *ret_hex);
