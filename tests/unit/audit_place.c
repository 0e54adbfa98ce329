/* SPDX-License-Identifier: Apache-2.0
 * The trail of the audit tests. */
#include "tests/unit/audit_place.h"

#include <string.h>

#include "tests/unit/unit_folder.h"

static StoreTx *begin(AuditPlace *place)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_begin(place->store, STORE_NORMAL, &error);

	g_assert_no_error(error);
	return tx;
}

static void commit(StoreTx *tx)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(store_tx_commit(&tx, &error));
	g_assert_no_error(error);
}

void audit_place_append(StoreTx *tx, int i, gint64 late)
{
	g_autofree char *body = g_strdup_printf("{\"n\":%d,\"note\":\"窓口　%d\"}", i, i);
	AuditRecord record = {
		.kind = i % 3 == 0 ? "suspend" : "receive",
		.article = "T22",
		.actor = i % 2 == 0 ? "007315" : "opcardd",
		.second = i % 5 == 0 ? "011208" : NULL,
		.card = i % 7 == 0 ? NULL : "OP000001",
		.staff = i % 4 == 0 ? "012345" : NULL,
		.body = body,
		.at = AUDIT_PLACE_NOW + i - (i % 6 == 0 ? 86400 : 0),
		.entered_at = AUDIT_PLACE_NOW + i + late,
	};
	g_autoptr(GError) error = NULL;
	gint64 seq = 0;

	g_assert_true(audit_append(tx, &record, &seq, &error));
	g_assert_no_error(error);
	g_assert_cmpint(seq, ==, i);
}

void audit_place_add(AuditPlace *place, int first, int last)
{
	StoreTx *tx = begin(place);

	for (int i = first; i <= last; i++)
		audit_place_append(tx, i, 0);
	commit(tx);
}

void audit_place_new_key(AuditPlace *place)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);
	StoreTx *tx = begin(place);
	AuditRecord record = { .article = "N73",
			       .actor = "opcardd",
			       .at = AUDIT_PLACE_NOW,
			       .entered_at = AUDIT_PLACE_NOW };

	g_clear_pointer(&place->signer, sign_free);
	place->signer = sign_new(key, &error);
	g_assert_true(audit_checkpoint_pin(tx, sign_spki(place->signer), &record, &error));
	g_assert_no_error(error);
	audit_checkpoint_key(sign_spki(place->signer), place->key);
	commit(tx);
}

void audit_place_open(AuditPlace *place, gboolean is_signed)
{
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;

	place->folder = unit_folder_new();
	place->store = store_open(place->folder, AUDIT_PLACE_NOW, &error);
	g_assert_no_error(error);
	place->witness = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(place->witness, NULL);
	path = g_build_filename(place->folder, "opcard.db", NULL);
	g_assert_cmpint(sqlite3_open(path, &place->raw), ==, SQLITE_OK);
	if (is_signed)
		audit_place_new_key(place);
}

void audit_place_clear(AuditPlace *place)
{
	sqlite3_close(place->raw);
	g_clear_pointer(&place->store, store_close);
	g_clear_pointer(&place->signer, sign_free);
	g_clear_pointer(&place->witness, g_ptr_array_unref);
	if (place->folder != NULL)
		unit_folder_remove(place->folder);
}

void audit_place_seal(AuditPlace *place)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(AuditDraft) draft = NULL;
	g_autoptr(GBytes) signature = NULL;
	char *line = NULL;
	StoreTx *tx = store_tx_read(place->store, &error);

	g_assert_true(audit_checkpoint_draft(tx, place->key, AUDIT_PLACE_NOW, &draft, &error));
	g_assert_no_error(error);
	store_tx_abort(tx);
	g_assert_nonnull(draft);
	g_assert_true(
		sign_bytes(place->signer, draft->text, strlen(draft->text), &signature, &error));
	tx = begin(place);
	g_assert_true(audit_checkpoint_keep(tx, draft, signature, &line, &error));
	g_assert_no_error(error);
	commit(tx);
	g_ptr_array_insert(place->witness, (int) place->witness->len - 1, line);
}

void audit_place_fill(AuditPlace *place)
{
	for (int i = 0; i < 3; i++) {
		audit_place_add(place, MAX(i * 10 + 1, 2), (i + 1) * 10);
		audit_place_seal(place);
	}
}

void audit_place_raw(AuditPlace *place, const char *format, ...)
{
	va_list args;
	char *script, *said = NULL;

	va_start(args, format);
	script = g_strdup_vprintf(format, args);
	va_end(args);
	sqlite3_exec(place->raw, script, NULL, NULL, &said);
	if (said != NULL)
		g_error("%s: %s", script, said);
	g_free(script);
}

void audit_place_drop_triggers(AuditPlace *place)
{
	audit_place_raw(place, "DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete;"
			       "DROP TRIGGER ledger_personal_no_update;"
			       "DROP TRIGGER ledger_personal_no_delete");
}

static void add_number(GChecksum *sum, gint64 number)
{
	gint64 wire = GINT64_TO_BE(number);

	g_checksum_update(sum, (const guchar *) &wire, 8);
}

static void end(GChecksum *sum, guint8 *ret_digest)
{
	gsize length = 32;

	g_checksum_get_digest(sum, ret_digest, &length);
	g_checksum_reset(sum);
}

/* sealed of audit_record.h, out of the columns salt, actor, second, staff and body from @at on. */
static void seal(sqlite3_stmt *row, int at, guint8 *ret_sealed)
{
	g_autoptr(GChecksum) wide = g_checksum_new(G_CHECKSUM_SHA512);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 keys[64], marks[4][32];
	gsize length = sizeof(keys);

	g_checksum_update(wide, sqlite3_column_blob(row, at), 16);
	g_checksum_get_digest(wide, keys, &length);
	for (int i = 0; i < 4; i++) {
		const char *text = (const char *) sqlite3_column_text(row, at + 1 + i);

		g_checksum_update(sum, keys + 16 * i, 16);
		g_checksum_update(sum, (const guchar *) (text != NULL ? "\1" : "\0"), 1);
		if (text != NULL)
			g_checksum_update(sum, (const guchar *) text, -1);
		end(sum, marks[i]);
	}
	g_checksum_update(sum, (const guchar *) marks, sizeof(marks));
	end(sum, ret_sealed);
}

static void hash_record(sqlite3_stmt *row, const guint8 *sealed, guint8 *io_prev)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const char *record = (const char *) sqlite3_column_text(row, 1);

	g_checksum_update(sum, (const guchar *) "\0", 1);
	g_checksum_update(sum, io_prev, 32);
	add_number(sum, sqlite3_column_int64(row, 0));
	g_checksum_update(sum, sealed, 32);
	add_number(sum, (gint64) strlen(record));
	g_checksum_update(sum, (const guchar *) record, -1);
	end(sum, io_prev);
}

void audit_place_forge(AuditPlace *place, gint64 from)
{
	sqlite3_stmt *rows = NULL, *put = NULL;
	guint8 prev[32] = { 0 }, sealed[32];

	g_assert_cmpint(sqlite3_prepare_v2(
				place->raw,
				"SELECT r.seq, record, salt, actor, second, staff, body FROM"
				" ledger_record r JOIN ledger_personal USING(seq) ORDER BY r.seq",
				-1, &rows, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(place->raw,
					   "UPDATE ledger_record SET sealed = ?1, hash = ?2"
					   " WHERE seq = ?3",
					   -1, &put, NULL),
			==, SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		seal(rows, 2, sealed);
		hash_record(rows, sealed, prev);
		if (sqlite3_column_int64(rows, 0) < from)
			continue;
		sqlite3_bind_blob(put, 1, sealed, 32, SQLITE_TRANSIENT);
		sqlite3_bind_blob(put, 2, prev, 32, SQLITE_TRANSIENT);
		sqlite3_bind_int64(put, 3, sqlite3_column_int64(rows, 0));
		g_assert_cmpint(sqlite3_step(put), ==, SQLITE_DONE);
		sqlite3_reset(put);
	}
	sqlite3_finalize(rows);
	sqlite3_finalize(put);
}

AuditVerdict audit_place_verify(AuditPlace *place, gboolean has_witness)
{
	AuditVerdict verdict = { .first_bad = -1 };
	AuditWitness witness = { .key = place->key[0] != '\0' ? place->key : NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(place->store, &error);

	witness.lines = has_witness ? (const char *const *) place->witness->pdata : NULL;
	g_assert_true(audit_verify(tx, &witness, &verdict, &error));
	g_assert_no_error(error);
	return verdict;
}

void audit_place_check_bad(AuditPlace *place, gint64 first_bad)
{
	AuditVerdict verdict = audit_place_verify(place, TRUE);

	g_assert_false(verdict.is_ok);
	g_assert_cmpint(verdict.first_bad, ==, first_bad);
	g_assert_cmpint(verdict.last_bad, >=, first_bad);
	g_assert_nonnull(verdict.reason);
}

void audit_place_check_good(AuditPlace *place, gint64 count)
{
	AuditVerdict verdict = audit_place_verify(place, TRUE);

	g_assert_cmpstr(verdict.reason, ==, NULL);
	g_assert_true(verdict.is_ok);
	g_assert_cmpint(verdict.first_bad, ==, 0);
	g_assert_cmpint(verdict.count, ==, count);
}
