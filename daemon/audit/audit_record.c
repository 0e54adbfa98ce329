/* SPDX-License-Identifier: Apache-2.0
 * Both versions of the canonical form. */
#include "daemon/audit/audit_record.h"

#include <string.h>

#define AT_AT      2 /* where it stands in the text */
#define ENTERED_AT 17
#define KIND_AT    41
#define LENGTH_MAX 99

int audit_record_version(const char *record)
{
	if (record == NULL || strlen(record) < KIND_AT || record[1] != ' ')
		return 0;
	return record[0] == '1' || record[0] == '2' ? record[0] - '0' : 0;
}

static gboolean is_word(const char *text)
{
	return g_utf8_validate(text, -1, NULL) && g_utf8_strlen(text, -1) <= LENGTH_MAX &&
	       strchr(text, ' ') == NULL;
}

char *audit_record_text(const AuditRecord *record)
{
	const char *card = record->card;
	char length[] = "--";

	if (!is_word(record->kind) || !is_word(record->article) || (card != NULL && !is_word(card)))
		return NULL;
	if (card != NULL)
		g_snprintf(length, sizeof(length), "%02d", (int) g_utf8_strlen(card, -1));
	return g_strdup_printf(
		"2 %014" G_GINT64_FORMAT " %014" G_GINT64_FORMAT " %02d %02d %s %s %s%s%s",
		record->at, record->entered_at, (int) g_utf8_strlen(record->kind, -1),
		(int) g_utf8_strlen(record->article, -1), length, record->kind, record->article,
		card != NULL ? " " : "", card != NULL ? card : "");
}

gint64 audit_record_entered(const char *record)
{
	return audit_record_version(record) == 0 ? 0
						 : g_ascii_strtoll(record + ENTERED_AT, NULL, 10);
}

void audit_record_keys(AuditHash *hash, const guint8 salt[STORE_LEDGER_SALT],
		       guint8 ret_keys[AUDIT_RECORD_FIELDS * AUDIT_RECORD_KEY])
{
	G_STATIC_ASSERT(AUDIT_RECORD_FIELDS * AUDIT_RECORD_KEY == AUDIT_HASH_WIDE);
	audit_hash_wide(hash, salt, STORE_LEDGER_SALT, ret_keys);
}

void audit_record_mark(AuditHash *hash, const guint8 key[AUDIT_RECORD_KEY], const char *field,
		       guint8 ret_mark[AUDIT_HASH_BYTES])
{
	audit_hash_begin(hash);
	audit_hash_add(hash, key, AUDIT_RECORD_KEY);
	audit_hash_add(hash, field != NULL ? "\1" : "\0", 1);
	if (field != NULL)
		audit_hash_add(hash, field, strlen(field));
	audit_hash_end(hash, ret_mark);
}

void audit_record_seal(AuditHash *hash, const guint8 salt[STORE_LEDGER_SALT],
		       const AuditFields *fields, guint8 ret_sealed[AUDIT_HASH_BYTES])
{
	guint8 keys[AUDIT_RECORD_FIELDS * AUDIT_RECORD_KEY];
	guint8 marks[AUDIT_RECORD_FIELDS * AUDIT_HASH_BYTES];

	audit_record_keys(hash, salt, keys);
	for (gsize i = 0; i < AUDIT_RECORD_FIELDS; i++)
		audit_record_mark(hash, keys + i * AUDIT_RECORD_KEY, fields->text[i],
				  marks + i * AUDIT_HASH_BYTES);
	audit_hash_begin(hash);
	audit_hash_add(hash, marks, sizeof(marks));
	audit_hash_end(hash, ret_sealed);
}

static void add_text(AuditHash *hash, const char *text)
{
	audit_hash_add_number(hash, text != NULL ? (gint64) strlen(text) : -1);
	if (text != NULL)
		audit_hash_add(hash, text, strlen(text));
}

/* Its fields are words with single blanks between them. */
static gboolean hash_first(AuditHash *hash, const guint8 prev[AUDIT_HASH_BYTES],
			   const LedgerRaw *row, guint8 ret_hash[AUDIT_HASH_BYTES])
{
	g_auto(GStrv) words = g_strsplit(row->record + KIND_AT, " ", 3);

	if (!row->has_personal || g_strv_length(words) < 2)
		return FALSE;
	audit_hash_begin(hash);
	audit_hash_add(hash, prev, AUDIT_HASH_BYTES);
	audit_hash_add_number(hash, row->seq);
	audit_hash_add_number(hash, g_ascii_strtoll(row->record + AT_AT, NULL, 10));
	audit_hash_add_number(hash, audit_record_entered(row->record));
	add_text(hash, words[0]);
	add_text(hash, words[1]);
	add_text(hash, row->actor);
	add_text(hash, row->second);
	add_text(hash, words[2]);
	add_text(hash, row->staff);
	add_text(hash, row->body);
	audit_hash_end(hash, ret_hash);
	return TRUE;
}

gboolean audit_record_hash(AuditHash *hash, const guint8 prev[AUDIT_HASH_BYTES],
			   const LedgerRaw *row, guint8 ret_hash[AUDIT_HASH_BYTES])
{
	int version = audit_record_version(row->record);

	if (version == 1)
		return hash_first(hash, prev, row, ret_hash);
	if (version != 2 || row->sealed == NULL)
		return FALSE;
	audit_hash_begin(hash);
	audit_hash_add(hash, "\0", 1);
	audit_hash_add(hash, prev, AUDIT_HASH_BYTES);
	audit_hash_add_number(hash, row->seq);
	audit_hash_add(hash, row->sealed, AUDIT_HASH_BYTES);
	audit_hash_add_number(hash, (gint64) row->length);
	audit_hash_add(hash, row->record, row->length);
	audit_hash_end(hash, ret_hash);
	return TRUE;
}

void audit_record_leaf(AuditHash *hash, int version, const guint8 record_hash[AUDIT_HASH_BYTES],
		       guint8 ret_leaf[AUDIT_HASH_BYTES])
{
	if (version == 2) {
		memcpy(ret_leaf, record_hash, AUDIT_HASH_BYTES);
		return;
	}
	audit_hash_begin(hash);
	audit_hash_add(hash, "\0", 1);
	audit_hash_add(hash, record_hash, AUDIT_HASH_BYTES);
	audit_hash_end(hash, ret_leaf);
}
