/* SPDX-License-Identifier: Apache-2.0
 * The bytes of a record: what its hash is made of. Whoever wants to check the trail without this
 * program needs nothing but this comment (tests/e2e/audit_outsider.py does it in Python).
 *
 * Numbers in what is hashed are eight octets, big endian. ‖ joins.
 *
 * Version 2, every record since the schema of store/schema_audit.c:
 *   record    UTF-8 text, kept and hashed as it was written, one blank between:
 *             2 AT ENTERED KK AA CC KIND ARTICLE CARD
 *             AT when it happened and ENTERED when it was entered, 14 digits each, seconds since
 *             1970; KK, AA and CC the lengths of what follows, two digits each, in characters; CC
 *             is -- and the blank and CARD are missing where there is no card
 *   salt      16 random octets, kept with the personal fields
 *   field i   0x00 when absent, else 0x01 ‖ UTF-8: 1 actor, 2 second person, 3 person concerned
 *             (staff numbers), 4 body (a JSON object)
 *   key i     octets 16(i-1) to 16i of SHA-512(salt): one field can be shown without the others
 *   mark i    SHA-256(key i ‖ field i)
 *   sealed    SHA-256(mark 1 ‖ mark 2 ‖ mark 3 ‖ mark 4)
 *   data      previous hash (32 octets, zeros for the first) ‖ number ‖ sealed ‖ length of record ‖
 *             record
 *   hash      SHA-256(0x00 ‖ data), which is the leaf hash of RFC 6962 2.1 for data
 * Salt and fields can be deleted: sealed stays, and with it hash, chain and tree.
 *
 * Version 1, records that begin with 1, what an older schema left: hash is SHA-256 of previous hash
 * ‖ number ‖ AT ‖ ENTERED ‖ then kind, article, actor, second, card, staff and body, each as length
 * ‖ UTF-8, or as the length -1 alone when absent. Its leaf hash is SHA-256(0x00 ‖ hash). No record
 * of version 1 stands behind one of version 2. */
#pragma once

#include "daemon/audit/audit.h"
#include "daemon/store/store_ledger.h"

#define AUDIT_RECORD_FIELDS 4
#define AUDIT_RECORD_KEY    16

typedef struct AuditFields {
	const char *text[AUDIT_RECORD_FIELDS]; /* actor, second, staff, body; NULL: absent */
} AuditFields;

/* 1 or 2; 0 for a text that is no record. */
int audit_record_version(const char *record);
/* The text of version 2; NULL when a field is too long or has a blank. Free with g_free. */
char *audit_record_text(const AuditRecord *record);
/* When the record was entered; 0 for a text that is no record. */
gint64 audit_record_entered(const char *record);

/* Keys of the fields, one behind the other. */
void audit_record_keys(AuditHash *hash, const guint8 salt[STORE_LEDGER_SALT],
		       guint8 ret_keys[AUDIT_RECORD_FIELDS * AUDIT_RECORD_KEY]);
void audit_record_mark(AuditHash *hash, const guint8 key[AUDIT_RECORD_KEY], const char *field,
		       guint8 ret_mark[AUDIT_HASH_BYTES]);
void audit_record_seal(AuditHash *hash, const guint8 salt[STORE_LEDGER_SALT],
		       const AuditFields *fields, guint8 ret_sealed[AUDIT_HASH_BYTES]);

/* Hash of @row by its version, from its number, record, sealed (2) or fields (1). FALSE when it
 * cannot be made: no such version, or a part is missing. */
gboolean audit_record_hash(AuditHash *hash, const guint8 prev[AUDIT_HASH_BYTES],
			   const LedgerRaw *row, guint8 ret_hash[AUDIT_HASH_BYTES]);
/* Its leaf in the tree. */
void audit_record_leaf(AuditHash *hash, int version, const guint8 record_hash[AUDIT_HASH_BYTES],
		       guint8 ret_leaf[AUDIT_HASH_BYTES]);
