/* SPDX-License-Identifier: Apache-2.0
 * Kinds of tampering with the trail, each found and the first bad record named (N73): a trail of 30
 * records with a checkpoint after every ten, of which an outside witness has copies. */
#include "daemon/base/error.h"
#include "tests/unit/audit_place.h"

#define RECORDS            AUDIT_PLACE_RECORDS
#define PERSONAL(seq, set) "UPDATE ledger_personal SET " set " WHERE seq = " #seq
#define RECORD(seq, set)   "UPDATE ledger_record SET " set " WHERE seq = " #seq
#define SHIFT(table, seq)                                                                          \
	"UPDATE " table " SET seq = -seq - 1 WHERE seq >= " #seq ";"                               \
	"UPDATE " table " SET seq = -seq WHERE seq < 0;"
#define CLOSE(table, seq)                                                                          \
	"DELETE FROM " table " WHERE seq = " #seq ";"                                              \
	"UPDATE " table " SET seq = -seq WHERE seq > " #seq ";"                                    \
	"UPDATE " table " SET seq = -seq - 1 WHERE seq < 0;"
#define COPY(from, to)                                                                             \
	"INSERT INTO ledger_record(seq, record, sealed, hash) SELECT " #to                         \
	", record, sealed, hash FROM ledger_record WHERE seq = " #from ";"                         \
	"INSERT INTO ledger_personal SELECT " #to ", salt, actor, second, staff, body"             \
	" FROM ledger_personal WHERE seq = " #from ";"
#define SWAP(table, a, b)                                                                          \
	"UPDATE " table " SET seq = 1000 WHERE seq = " #a ";"                                      \
	"UPDATE " table " SET seq = " #a " WHERE seq = " #b ";"                                    \
	"UPDATE " table " SET seq = " #b " WHERE seq = 1000;"
#define CUT(seq, number)                                                                           \
	"DELETE FROM ledger_record WHERE seq > " #seq ";"                                          \
	"DELETE FROM ledger_personal WHERE seq > " #seq ";"                                        \
	"DELETE FROM ledger_checkpoint WHERE number > " #number ";"                                \
	"DELETE FROM ledger_node"

typedef void (*Deed)(AuditPlace *place);

/* A full rewrite from record 14 on: content, seals, hashes, chain. */
static void rewrite(AuditPlace *place)
{
	audit_place_raw(place, PERSONAL(14, "actor = '999999'"));
	audit_place_forge(place, 14);
}

/* The same, and the checkpoints behind it are thrown away. */
static void rewrite_and_drop(AuditPlace *place)
{
	rewrite(place);
	audit_place_raw(place, "DELETE FROM ledger_checkpoint WHERE size >= 14");
}

/* Somebody with the daemon's own key: two histories, both signed. */
static void fork_history(AuditPlace *place)
{
	g_autofree char *theirs = NULL;

	audit_place_raw(place, CUT(20, 2));
	audit_place_add(place, 21, 26);
	audit_place_seal(place);
	theirs = g_ptr_array_steal_index(place->witness, 3);
}

/* Everything anew and signed by a key of the intruder's, which is pinned as the daemon does it. */
static void exchange_key(AuditPlace *place)
{
	audit_place_raw(place, "DELETE FROM ledger_record; DELETE FROM ledger_personal;"
			       "DELETE FROM ledger_checkpoint; DELETE FROM ledger_node;"
			       "DELETE FROM ledger_key");
	audit_place_new_key(place);
	audit_place_add(place, 2, RECORDS);
	audit_place_seal(place);
	g_free(g_ptr_array_steal_index(place->witness, 3));
}

/* A checkpoint signed by a key that the trail says nothing of. */
static void slip_key_in(AuditPlace *place)
{
	g_autofree char *theirs = NULL;
	g_autofree char *kept = g_strdup(place->key);

	audit_place_new_key(place);
	audit_place_seal(place);
	theirs = g_ptr_array_steal_index(place->witness, 3);
	audit_place_raw(place, "DELETE FROM ledger_record WHERE seq > 30;"
			       "DELETE FROM ledger_personal WHERE seq > 30");
	g_strlcpy(place->key, kept, sizeof(place->key));
}

static void set_clock_back(AuditPlace *place)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_begin(place->store, STORE_NORMAL, &error);

	audit_place_append(tx, RECORDS + 1, -86400);
	g_assert_true(store_tx_commit(&tx, &error));
}

/* The database is one of yesterday, sound in itself. */
static void old_backup(AuditPlace *place)
{
	audit_place_raw(place, CUT(20, 2));
}

/* clang-format off */
static const struct {
	const char *name;
	const char *sql; /* with the triggers dropped, or NULL and */
	Deed deed;
	gint64 first_bad;
} kinds[] = {
	{ "body", PERSONAL(8, "body = replace(body, '窓口', '窓囗')"), NULL, 8 },
	{ "actor", PERSONAL(9, "actor = '999999'"), NULL, 9 },
	{ "second", PERSONAL(10, "second = NULL"), NULL, 10 },
	{ "staff", PERSONAL(12, "staff = '012346'"), NULL, 12 },
	{ "absent-for-empty", PERSONAL(13, "staff = ''"), NULL, 13 },
	{ "salt", PERSONAL(11, "salt = zeroblob(16)"), NULL, 11 },
	{ "kind", RECORD(5, "record = replace(record, 'receive', 'suspend')"), NULL, 5 },
	{ "card", RECORD(6, "record = replace(record, 'OP000001', 'OP000002')"), NULL, 6 },
	{ "time", RECORD(16, "record = replace(record, '17952', '17951')"), NULL, 16 },
	{ "blank", RECORD(17, "record = replace(record, ' ', '  ')"), NULL, 17 },
	{ "sealed", RECORD(18, "sealed = zeroblob(32)"), NULL, 18 },
	{ "hash", RECORD(19, "hash = zeroblob(32)"), NULL, 19 },
	{ "short-hash", RECORD(19, "hash = x'00'"), NULL, 19 },
	{ "personal-swapped", SWAP("ledger_personal", 3, 22), NULL, 3 },
	{ "personal-deleted", "DELETE FROM ledger_personal WHERE seq = 21", NULL, 21 },
	{ "first-deleted", "DELETE FROM ledger_record WHERE seq = 1", NULL, 1 },
	{ "deleted", "DELETE FROM ledger_record WHERE seq = 15", NULL, 15 },
	{ "deleted-and-closed", CLOSE("ledger_record", 15) CLOSE("ledger_personal", 15), NULL, 15 },
	{ "inserted", SHIFT("ledger_record", 11) SHIFT("ledger_personal", 11) COPY(3, 11), NULL, 11 },
	{ "put-before", COPY(3, -7), NULL, 1 },
	{ "duplicated", COPY(30, 31), NULL, 31 },
	{ "swapped", SWAP("ledger_record", 7, 8) SWAP("ledger_personal", 7, 8), NULL, 7 },
	{ "tail-cut", "DELETE FROM ledger_record WHERE seq > 27", NULL, 28 },
	{ "tail-cut-whole", CUT(27, 2), NULL, 28 },
	{ "everything-gone", CUT(0, 0), NULL, 1 },
	{ "rewritten", NULL, rewrite, 11 },
	{ "rewritten-unsigned", NULL, rewrite_and_drop, 11 },
	{ "forked", NULL, fork_history, 27 },
	{ "old-backup", NULL, old_backup, 21 },
	{ "checkpoint-changed", "UPDATE ledger_checkpoint SET line = replace(line, '/1 2 20 ', '/1 2 21 ') WHERE number = 2", NULL, 11 },
	{ "checkpoint-replaced", "UPDATE ledger_checkpoint SET line = (SELECT line FROM ledger_checkpoint WHERE number = 2) WHERE number = 3", NULL, 21 },
	{ "checkpoint-size", "UPDATE ledger_checkpoint SET size = 29 WHERE number = 3", NULL, 21 },
	{ "checkpoint-deleted", "DELETE FROM ledger_checkpoint WHERE number = 2", NULL, 11 },
	{ "last-checkpoint-deleted", "DELETE FROM ledger_checkpoint WHERE number = 3", NULL, 30 },
	{ "key-exchanged", NULL, exchange_key, 1 },
	{ "key-slipped-in", NULL, slip_key_in, 31 },
	{ "key-bytes", "UPDATE ledger_key SET spki = x'3059'", NULL, 1 },
	{ "clock", NULL, set_clock_back, 31 },
};
/* clang-format on */

static void test_kind(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	g_auto(AuditPlace) place = { 0 };

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	audit_place_check_good(&place, RECORDS);
	audit_place_drop_triggers(&place);
	if (kinds[i].sql != NULL)
		audit_place_raw(&place, "%s", kinds[i].sql);
	else
		kinds[i].deed(&place);
	audit_place_check_bad(&place, kinds[i].first_bad);
}

static void test_trigger(void)
{
	g_auto(AuditPlace) place = { 0 };
	AuditVerdict verdict;

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	audit_place_raw(&place, "DROP TRIGGER ledger_no_delete");
	verdict = audit_place_verify(&place, TRUE);
	g_assert_false(verdict.is_ok);
	g_assert_cmpint(verdict.first_bad, ==, 0);
	audit_place_raw(&place, "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_record"
				" BEGIN SELECT 1; END");
	g_assert_false(audit_place_verify(&place, TRUE).is_ok);
}

/* Generated columns cannot be written at all. */
static void test_index_column(void)
{
	g_auto(AuditPlace) place = { 0 };
	char *said = NULL;

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	audit_place_drop_triggers(&place);
	sqlite3_exec(place.raw, "UPDATE ledger_record SET card = 'OP9' WHERE seq = 2", NULL, NULL,
		     &said);
	g_assert_cmpstr(said, ==, "cannot UPDATE generated column \"card\"");
	sqlite3_free(said);
}

/* What only an outside witness shows, and a witness that was itself changed. */
static void test_witness(void)
{
	g_auto(AuditPlace) place = { 0 };
	AuditWitness witness = { .key = NULL };
	AuditVerdict verdict;
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	char *line;

	audit_place_open(&place, TRUE);
	audit_place_fill(&place);
	line = place.witness->pdata[0];
	line[30] = line[30] == 'A' ? 'B' : 'A';
	witness.lines = (const char *const *) place.witness->pdata;
	tx = store_tx_read(place.store, &error);
	g_assert_false(audit_verify(tx, &witness, &verdict, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_clear_pointer(&tx, store_tx_abort);
	audit_place_drop_triggers(&place);
	audit_place_raw(&place, CUT(20, 2));
	g_assert_cmpint(audit_place_verify(&place, FALSE).first_bad, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *path = g_strconcat("/audit/N73/tamper/", kinds[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_kind);
	}
	g_test_add_func("/audit/N73/tamper/trigger", test_trigger);
	g_test_add_func("/audit/N73/tamper/index-column", test_index_column);
	g_test_add_func("/audit/N73/tamper/witness", test_witness);
	return g_test_run();
}
