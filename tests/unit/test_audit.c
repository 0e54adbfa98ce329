/* SPDX-License-Identifier: Apache-2.0
 * The trail as it is written: its bytes, what an older database leaves, what may be deleted, and
 * checkpoints (T33, N60, N73). */
#include <string.h>

#include "daemon/audit/audit_kind.h"
#include "daemon/base/error.h"
#include "daemon/core/lifecycle.h"
#include "daemon/store/schema_part.h"
#include "tests/unit/audit_place.h"
#include "tests/unit/unit_folder.h"

#define RECORDS AUDIT_PLACE_RECORDS

static void test_sound(void)
{
	g_auto(AuditPlace) place = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autofree char *head = NULL;
	AuditVerdict verdict;
	gint64 count = 0;

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	audit_place_check_good(&place, RECORDS);
	verdict = audit_place_verify(&place, FALSE);
	g_assert_cmpint(verdict.checkpoints, ==, 3);
	g_assert_cmpint(verdict.sealed, ==, RECORDS);
	tx = store_tx_read(place.store, &error);
	head = audit_head(tx, &count, &error);
	g_assert_cmpint(count, ==, RECORDS);
	g_assert_cmpuint(strlen(head), ==, 2 * AUDIT_HASH_BYTES);
	g_assert_cmpstr(head, ==, verdict.head);
}

static void test_empty(void)
{
	g_auto(AuditPlace) place = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(AuditDraft) draft = NULL;
	g_autofree char *head = NULL;
	gint64 count = -1;

	audit_place_open(&place, FALSE);
	audit_place_check_good(&place, 0);
	tx = store_tx_read(place.store, &error);
	head = audit_head(tx, &count, &error);
	g_assert_cmpstr(head, ==, "");
	g_assert_cmpint(count, ==, 0);
	g_assert_true(audit_checkpoint_draft(tx, "0", AUDIT_PLACE_NOW, &draft, &error));
	g_assert_null(draft);
}

/* The second implementation comes to the same bytes. */
static void test_form(void)
{
	g_auto(AuditPlace) place = { 0 };
	AuditVerdict before;

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	before = audit_place_verify(&place, TRUE);
	audit_place_raw(&place, "DROP TRIGGER ledger_no_update");
	audit_place_forge(&place, 1);
	g_assert_cmpstr(before.head, ==, audit_place_verify(&place, TRUE).head);
	audit_place_raw(&place, "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_record"
				" BEGIN SELECT raise(ABORT, 'x'); END");
	audit_place_check_good(&place, RECORDS);
}

static void add_text(GChecksum *sum, const char *text)
{
	gint64 length = GINT64_TO_BE(text != NULL ? (gint64) strlen(text) : -1);

	g_checksum_update(sum, (const guchar *) &length, 8);
	if (text != NULL)
		g_checksum_update(sum, (const guchar *) text, -1);
}

/* A database of the first schema with records hashed by the rule of then. */
static void make_old(const char *folder, int records)
{
	g_autofree char *path = g_build_filename(folder, "opcard.db", NULL);
	guint8 hash[32] = { 0 };
	sqlite3_stmt *put = NULL;
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, schema_part_first, NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_exec(db, "PRAGMA user_version = 1; BEGIN", NULL, NULL, NULL);
	sqlite3_prepare_v2(db,
			   "INSERT INTO ledger VALUES(?1, ?2, ?2, 'receive', 'T22', '007315', NULL,"
			   " ?3, '012345', '{\"a\":\"甲\"}', ?4, ?5)",
			   -1, &put, NULL);
	for (gint64 i = 1; i <= records; i++) {
		g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
		gint64 at = AUDIT_PLACE_NOW + i;
		const char *card = i % 2 == 0 ? "OP1" : NULL;
		gint64 wire[] = { GINT64_TO_BE(i), GINT64_TO_BE(at), GINT64_TO_BE(at) };
		const char *const texts[] = { "receive", "T22",    "007315",        NULL,
					      card,      "012345", "{\"a\":\"甲\"}" };
		gsize length = sizeof(hash);

		sqlite3_bind_int64(put, 1, i);
		sqlite3_bind_int64(put, 2, at);
		sqlite3_bind_text(put, 3, card, -1, SQLITE_STATIC);
		sqlite3_bind_blob(put, 4, hash, 32, SQLITE_TRANSIENT);
		g_checksum_update(sum, hash, 32);
		g_checksum_update(sum, (const guchar *) wire, sizeof(wire));
		for (gsize n = 0; n < G_N_ELEMENTS(texts); n++)
			add_text(sum, texts[n]);
		g_checksum_get_digest(sum, hash, &length);
		sqlite3_bind_blob(put, 5, hash, 32, SQLITE_TRANSIENT);
		g_assert_cmpint(sqlite3_step(put), ==, SQLITE_DONE);
		sqlite3_reset(put);
	}
	sqlite3_finalize(put);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
}

/* Records of an older version keep their hashes; new ones stand on them. */
static void test_older_database(void)
{
	g_auto(AuditPlace) place = { 0 };
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(StoreTx) tx = NULL;
	LedgerFilter filter = { .card = "OP1", .staff = NULL, .limit = 100 };

	place.folder = unit_folder_new();
	make_old(place.folder, 20);
	path = g_build_filename(place.folder, "opcard.db", NULL);
	place.store = store_open(place.folder, AUDIT_PLACE_NOW, &error);
	g_assert_no_error(error);
	place.witness = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(place.witness, NULL);
	g_assert_cmpint(sqlite3_open(path, &place.raw), ==, SQLITE_OK);
	audit_place_check_good(&place, 20);
	audit_place_new_key(&place);
	audit_place_seal(&place);
	audit_place_add(&place, 22, 30);
	audit_place_seal(&place);
	audit_place_check_good(&place, 30);
	tx = store_tx_read(place.store, &error);
	rows = store_ledger_list(tx, &filter, &error);
	g_assert_cmpuint(rows->len, ==, 10);
	g_assert_cmpstr(((LedgerRow *) rows->pdata[0])->body, ==, "{\"a\":\"甲\"}");
	g_assert_cmpstr(((LedgerRow *) rows->pdata[0])->staff, ==, "012345");
	audit_place_drop_triggers(&place);
	audit_place_raw(&place, "UPDATE ledger_personal SET staff = '012346' WHERE seq = 7");
	audit_place_check_bad(&place, 7);
	audit_place_raw(&place, "UPDATE ledger_personal SET staff = '012345' WHERE seq = 7;"
				"UPDATE ledger_record SET record = replace(record, 'T22', 'T23')"
				" WHERE seq = 20");
	audit_place_check_bad(&place, 20);
	/* Nothing new is written by the old rule. */
	audit_place_raw(&place, "UPDATE ledger_record SET record = replace(record, 'T23', 'T22')"
				" WHERE seq = 20;"
				"UPDATE ledger_record SET record = '1' || substr(record, 2)"
				" WHERE seq = 25");
	audit_place_check_bad(&place, 25);
}

static void append_disposal(AuditPlace *place, gint64 last)
{
	g_autofree char *body = g_strdup_printf("{\"last\":%d}", (int) last);
	AuditRecord record = { .kind = "audit-dispose",
			       .article = "N18",
			       .actor = "004102",
			       .body = body,
			       .at = AUDIT_PLACE_NOW + 40,
			       .entered_at = AUDIT_PLACE_NOW + 40 };
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_begin(place->store, STORE_NORMAL, &error);

	g_assert_true(audit_append(tx, &record, NULL, &error));
	g_assert_true(store_tx_commit(&tx, &error));
}

/* N18: the personal part goes, chain and tree stand; without a recorded disposal it may not. */
static void test_disposal(void)
{
	g_auto(AuditPlace) place = { 0 };

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	append_disposal(&place, 12);
	audit_place_raw(&place,
			"INSERT INTO ledger_disposal VALUES(1, 1, 12, 1, NULL);"
			"DELETE FROM ledger_personal WHERE seq <= 12 AND seq NOT IN (1, 5)");
	audit_place_check_good(&place, RECORDS + 1);
	audit_place_drop_triggers(&place);
	audit_place_raw(&place, "DELETE FROM ledger_personal WHERE seq = 13");
	audit_place_check_bad(&place, 13);
}

/* Longer than a stretch: threads, nodes and their joints. */
static void test_long(void)
{
	static const int seqs[] = { 65536, 65537, 65535, 40000, 66999 };
	g_auto(AuditPlace) place = { 0 };
	g_autofree char *actor = NULL;

	audit_place_open(&place, TRUE);
	audit_place_add(&place, 2, 1500);
	audit_place_seal(&place);
	audit_place_add(&place, 1501, 65536);
	audit_place_seal(&place);
	audit_place_add(&place, 65537, 67000);
	audit_place_seal(&place);
	audit_place_check_good(&place, 67000);
	g_assert_cmpint(audit_place_verify(&place, FALSE).sealed, ==, 67000);
	audit_place_drop_triggers(&place);
	for (gsize i = 0; i < G_N_ELEMENTS(seqs); i++) {
		const char *flip = "UPDATE ledger_personal SET actor = iif(actor = 'x', '%s', 'x')"
				   " WHERE seq = %d";
		const char *own = seqs[i] % 2 == 0 ? "007315" : "opcardd";

		audit_place_raw(&place, flip, own, seqs[i]);
		audit_place_check_bad(&place, seqs[i]);
		audit_place_raw(&place, flip, own, seqs[i]);
	}
	audit_place_raw(&place, "DELETE FROM ledger_record WHERE seq = 65537");
	audit_place_check_bad(&place, 65537);
}

static void test_kinds(void)
{
	AuditRecord record = {
		.kind = "no-such-kind",
		.article = "T22",
		.actor = "1",
		.body = "{}",
		.at = AUDIT_PLACE_NOW,
	};
	g_auto(AuditPlace) place = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;

	audit_place_open(&place, FALSE);
	tx = store_tx_begin(place.store, STORE_NORMAL, &error);
	g_assert_false(audit_append(tx, &record, NULL, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_INTERNAL);
	for (int event = 0; event < _CARD_EVENT_MAX; event++) {
		const char *name = lifecycle_event_name((CardEvent) event);

		g_assert_true(audit_kind_is_known(name));
		g_assert_cmpstr(audit_kind_ja(name), ==, lifecycle_event_ja((CardEvent) event));
	}
	g_assert_false(audit_kind_is_known("no-such-kind"));
	g_assert_cmpstr(audit_kind_ja("no-such-kind"), ==, "no-such-kind");
}

/* A checkpoint line has one form, and says so of every other. */
static void test_lines(void)
{
	g_auto(AuditPlace) place = { 0 };
	AuditCheckpoint checkpoint;
	const char *line;

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	line = place.witness->pdata[1];
	g_assert_true(audit_checkpoint_parse(line, &checkpoint));
	g_assert_cmpint(checkpoint.number, ==, 2);
	g_assert_cmpint(checkpoint.size, ==, 20);
	g_assert_true(audit_checkpoint_is_signed(line, &checkpoint, sign_spki(place.signer)));
	for (gsize i = 0; line[i] != '\0'; i++) {
		g_autofree char *changed = g_strdup(line);

		changed[i] = changed[i] == '7' ? '8' : '7';
		g_assert_false(
			audit_checkpoint_parse(changed, &checkpoint) &&
			audit_checkpoint_is_signed(changed, &checkpoint, sign_spki(place.signer)));
		changed[i] = '\0';
		g_assert_false(
			audit_checkpoint_parse(changed, &checkpoint) &&
			audit_checkpoint_is_signed(changed, &checkpoint, sign_spki(place.signer)));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit/sound", test_sound);
	g_test_add_func("/audit/empty", test_empty);
	g_test_add_func("/audit/form", test_form);
	g_test_add_func("/audit/older-database", test_older_database);
	g_test_add_func("/audit/disposal", test_disposal);
	g_test_add_func("/audit/long", test_long);
	g_test_add_func("/audit/kinds", test_kinds);
	g_test_add_func("/audit/lines", test_lines);
	return g_test_run();
}
