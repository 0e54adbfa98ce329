/* SPDX-License-Identifier: Apache-2.0
 * The chain over the ledger against somebody who writes into the database file. What a bare chain
 * cannot show is said here too: a cut tail and a ledger written anew from some record on. Both
 * change head and count, which the signed export and a paper note are compared with. */
#include <sqlite3.h>
#include <string.h>

#include "daemon/audit/audit.h"
#include "daemon/audit/audit_kind.h"
#include "daemon/base/error.h"
#include "daemon/core/lifecycle.h"
#include "tests/unit/unit_folder.h"

#define NOW     1795221000
#define RECORDS 30

typedef struct Place {
	char *folder;
	Store *store;
	sqlite3 *raw; /* the intruder's connection, triggers dropped */
} Place;

static void append(StoreTx *tx, int i)
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
		.at = NOW + i - (i % 6 == 0 ? 86400 : 0),
		.entered_at = NOW + i,
	};
	g_autoptr(GError) error = NULL;
	gint64 seq = 0;

	g_assert_true(audit_append(tx, &record, &seq, &error));
	g_assert_no_error(error);
	g_assert_cmpint(seq, ==, i);
}

static void open_place(Place *place, int records)
{
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	StoreTx *tx;

	place->folder = unit_folder_new();
	place->store = store_open(place->folder, NOW, &error);
	g_assert_no_error(error);
	tx = store_tx_begin(place->store, STORE_NORMAL, &error);
	for (int i = 1; i <= records; i++)
		append(tx, i);
	g_assert_true(store_tx_commit(&tx, &error));
	path = g_build_filename(place->folder, "opcard.db", NULL);
	g_assert_cmpint(sqlite3_open(path, &place->raw), ==, SQLITE_OK);
}

static void close_place(Place *place)
{
	sqlite3_close(place->raw);
	g_clear_pointer(&place->store, store_close);
	unit_folder_remove(place->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, close_place)

G_GNUC_PRINTF(2, 3)
static void raw(Place *place, const char *format, ...)
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

static void drop_triggers(Place *place)
{
	raw(place, "DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete");
}

static AuditVerdict verify(Place *place)
{
	AuditVerdict verdict = { .first_bad = -1 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(place->store, &error);

	g_assert_true(audit_verify(tx, &verdict, &error));
	g_assert_no_error(error);
	return verdict;
}

static void check_bad(Place *place, gint64 first_bad)
{
	AuditVerdict verdict = verify(place);

	g_assert_false(verdict.is_ok);
	g_assert_cmpint(verdict.first_bad, ==, first_bad);
	g_assert_nonnull(verdict.reason);
}

static void check_good(Place *place, gint64 count)
{
	AuditVerdict verdict = verify(place);

	g_assert_true(verdict.is_ok);
	g_assert_cmpint(verdict.first_bad, ==, 0);
	g_assert_cmpint(verdict.count, ==, count);
	g_assert_null(verdict.reason);
}

/* Every tampering starts from a sound chain, and undone the chain is sound again. */
static void begin(Place *place)
{
	raw(place, "BEGIN");
}

static void end(Place *place, gint64 first_bad)
{
	raw(place, "COMMIT");
	check_bad(place, first_bad);
}

static void test_sound(void)
{
	g_auto(Place) place = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autofree char *head = NULL;
	gint64 count = 0;

	open_place(&place, RECORDS);
	check_good(&place, RECORDS);
	tx = store_tx_read(place.store, &error);
	head = audit_head(tx, &count, &error);
	g_assert_cmpint(count, ==, RECORDS);
	g_assert_cmpuint(strlen(head), ==, 2 * AUDIT_HASH_BYTES);
	g_assert_cmpstr(head, ==, verify(&place).head);
}

static void test_empty(void)
{
	g_auto(Place) place = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_autofree char *head = NULL;
	gint64 count = -1;

	open_place(&place, 0);
	check_good(&place, 0);
	tx = store_tx_read(place.store, &error);
	head = audit_head(tx, &count, &error);
	g_assert_cmpstr(head, ==, "");
	g_assert_cmpint(count, ==, 0);
}

static void add_text(GChecksum *sum, const char *text)
{
	gint64 length = GINT64_TO_BE(text != NULL ? (gint64) strlen(text) : -1);

	g_checksum_update(sum, (const guchar *) &length, 8);
	if (text != NULL)
		g_checksum_update(sum, (const guchar *) text, (gssize) strlen(text));
}

/* What an intruder who knows the format does: prev and hash of every record from @from on anew. It
 * is also the format's second implementation. */
static void forge(Place *place, gint64 from)
{
	sqlite3_stmt *rows = NULL;
	guint8 prev[AUDIT_HASH_BYTES] = { 0 };

	g_assert_cmpint(
		sqlite3_prepare_v2(place->raw,
				   "SELECT seq, at, entered_at, kind, article, actor, second,"
				   " card, staff, body, hash FROM ledger ORDER BY seq",
				   -1, &rows, NULL),
		==, SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
		gint64 seq = sqlite3_column_int64(rows, 0);
		g_autofree char *old = g_new0(char, 2 * AUDIT_HASH_BYTES + 1);
		gsize length = AUDIT_HASH_BYTES;

		for (int i = 0; i < AUDIT_HASH_BYTES; i++)
			g_snprintf(old + 2 * i, 3, "%02x", prev[i]);
		g_checksum_update(sum, prev, sizeof(prev));
		for (int i = 0; i < 3; i++) {
			gint64 wire = GINT64_TO_BE((gint64) sqlite3_column_int64(rows, i));

			g_checksum_update(sum, (const guchar *) &wire, 8);
		}
		for (int i = 3; i < 10; i++)
			add_text(sum, (const char *) sqlite3_column_text(rows, i));
		if (seq >= from)
			raw(place,
			    "UPDATE ledger SET prev = x'%s', hash = x'%s' WHERE seq = "
			    "%" G_GINT64_FORMAT,
			    old, g_checksum_get_string(sum), seq);
		g_checksum_get_digest(sum, prev, &length);
	}
	sqlite3_finalize(rows);
}

/* Nothing but head and count can show these two. */
static void test_what_a_bare_chain_hides(void)
{
	g_auto(Place) cut = { 0 };
	g_auto(Place) forged = { 0 };
	AuditVerdict before, after;

	open_place(&cut, RECORDS);
	drop_triggers(&cut);
	before = verify(&cut);
	raw(&cut, "DELETE FROM ledger WHERE seq > %d", RECORDS - 3);
	check_good(&cut, RECORDS - 3);
	after = verify(&cut);
	g_assert_cmpstr(before.head, !=, after.head);
	open_place(&forged, RECORDS);
	drop_triggers(&forged);
	forge(&forged, 1);
	g_assert_cmpstr(before.head, ==, verify(&forged).head); /* the format is as told here */
	raw(&forged, "UPDATE ledger SET actor = '999999' WHERE seq = 10");
	check_bad(&forged, 10);
	forge(&forged, 10);
	check_good(&forged, RECORDS);
	g_assert_cmpstr(before.head, !=, verify(&forged).head);
}

typedef struct Column {
	const char *name;
	const char *type; /* "i" number, "t" text, "b" bytes */
} Column;

static const Column columns[] = {
	{ "at", "i" },    { "entered_at", "i" }, { "kind", "t" }, { "article", "t" },
	{ "actor", "t" }, { "second", "t" },     { "card", "t" }, { "staff", "t" },
	{ "body", "t" },  { "prev", "b" },       { "hash", "b" },
};

static GByteArray *value_of(Place *place, const Column *column, int seq)
{
	g_autofree char *sql = g_strdup_printf("SELECT CAST(%s AS BLOB) FROM ledger WHERE seq = %d",
					       column->name, seq);
	sqlite3_stmt *statement = NULL;
	GByteArray *bytes = NULL;

	g_assert_cmpint(sqlite3_prepare_v2(place->raw, sql, -1, &statement, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
	if (sqlite3_column_type(statement, 0) != SQLITE_NULL) {
		bytes = g_byte_array_new();
		g_byte_array_append(bytes, sqlite3_column_blob(statement, 0),
				    (guint) sqlite3_column_bytes(statement, 0));
	}
	sqlite3_finalize(statement);
	return bytes;
}

static void set_bytes(Place *place, const Column *column, int seq, const GByteArray *bytes)
{
	g_autoptr(GString) hex = g_string_new(NULL);

	for (guint i = 0; i < bytes->len; i++)
		g_string_append_printf(hex, "%02x", bytes->data[i]);
	raw(place, "UPDATE ledger SET %s = %s x'%s' %s WHERE seq = %d", column->name,
	    *column->type == 't' ? "CAST(" : "", hex->str, *column->type == 't' ? "AS TEXT)" : "",
	    seq);
}

/* Flips bit number @bit (of all the value's bits, modulo) and puts it back after the check. */
static void flip(Place *place, const Column *column, int seq, guint bit)
{
	g_autoptr(GByteArray) bytes = value_of(place, column, seq);

	g_test_message("%s of record %d, bit %u", column->name, seq, bit);
	if (*column->type == 'i') {
		guint shift = bit % 63;

		raw(place,
		    "UPDATE ledger SET %1$s = (%1$s | (1 << %2$u)) - (%1$s & (1 << %2$u))"
		    " WHERE seq = %3$d",
		    column->name, shift, seq);
		check_bad(place, seq);
		raw(place,
		    "UPDATE ledger SET %1$s = (%1$s | (1 << %2$u)) - (%1$s & (1 << %2$u))"
		    " WHERE seq = %3$d",
		    column->name, shift, seq);
		return;
	}
	if (bytes == NULL) {
		raw(place, "UPDATE ledger SET %s = '' WHERE seq = %d", column->name, seq);
		check_bad(place, seq);
		raw(place, "UPDATE ledger SET %s = NULL WHERE seq = %d", column->name, seq);
		return;
	}
	bytes->data[bit / 8 % bytes->len] ^= (guint8) (1u << bit % 8);
	set_bytes(place, column, seq, bytes);
	check_bad(place, seq);
	bytes->data[bit / 8 % bytes->len] ^= (guint8) (1u << bit % 8);
	set_bytes(place, column, seq, bytes);
}

static void test_bit_flips(void)
{
	static const int seqs[] = { 1, 5, 12, 17, RECORDS };
	GRand *rand = g_rand_new_with_seed(20261121);
	g_auto(Place) place = { 0 };

	open_place(&place, RECORDS);
	drop_triggers(&place);
	for (gsize column = 0; column < G_N_ELEMENTS(columns); column++)
		for (gsize i = 0; i < G_N_ELEMENTS(seqs); i++)
			for (int n = 0; n < 4; n++)
				flip(&place, &columns[column], seqs[i], g_rand_int(rand));
	check_good(&place, RECORDS);
	g_rand_free(rand);
}

static void test_shortened_values(void)
{
	g_auto(Place) place = { 0 };

	open_place(&place, RECORDS);
	drop_triggers(&place);
	raw(&place, "UPDATE ledger SET hash = x'' WHERE seq = 9");
	check_bad(&place, 9);
	raw(&place, "UPDATE ledger SET hash = x'00' WHERE seq = 9");
	check_bad(&place, 9);
	/* What stands in one column must not pass for what stood in two. */
	raw(&place, "UPDATE ledger SET kind = kind || article, article = '' WHERE seq = 4");
	check_bad(&place, 4);
}

static void test_deleted(void)
{
	static const int seqs[] = { 1, 2, 15, RECORDS - 1 };

	for (gsize i = 0; i < G_N_ELEMENTS(seqs); i++) {
		g_auto(Place) place = { 0 };

		open_place(&place, RECORDS);
		drop_triggers(&place);
		raw(&place, "DELETE FROM ledger WHERE seq = %d", seqs[i]);
		check_bad(&place, seqs[i]);
		/* Closing the gap does not help: the numbers are in the hashes. */
		begin(&place);
		raw(&place, "UPDATE ledger SET seq = -seq WHERE seq > %d", seqs[i]);
		raw(&place, "UPDATE ledger SET seq = -seq - 1 WHERE seq < 0");
		end(&place, seqs[i]);
	}
}

#define COPY                                                                                       \
	"INSERT INTO ledger SELECT %d, at, entered_at, kind, article, actor, second, card, staff," \
	" body, prev, hash FROM ledger WHERE seq = %d"

static void test_inserted(void)
{
	g_auto(Place) place = { 0 };

	open_place(&place, RECORDS);
	drop_triggers(&place);
	begin(&place);
	raw(&place, "UPDATE ledger SET seq = -seq - 1 WHERE seq >= 11");
	raw(&place, "UPDATE ledger SET seq = -seq WHERE seq < 0");
	raw(&place, COPY, 11, 3);
	end(&place, 11);
	/* A newcomer that is itself well made breaks the record after it. */
	begin(&place);
	raw(&place, "CREATE TEMP TABLE kept AS SELECT * FROM ledger WHERE seq > 11;"
		    "DELETE FROM ledger WHERE seq > 11");
	forge(&place, 11);
	raw(&place, "INSERT INTO ledger SELECT * FROM kept");
	end(&place, 12);
}

static void test_duplicated(void)
{
	static const int seqs[] = { 1, 16, RECORDS };

	for (gsize i = 0; i < G_N_ELEMENTS(seqs); i++) {
		g_auto(Place) place = { 0 };

		open_place(&place, RECORDS);
		raw(&place, COPY, RECORDS + 1, seqs[i]);
		check_bad(&place, RECORDS + 1);
	}
}

/* Below the first number nobody looks, unless the chain does. */
static void test_put_before_the_first(void)
{
	static const int seqs[] = { 0, -1, -1000000 };

	for (gsize i = 0; i < G_N_ELEMENTS(seqs); i++) {
		g_auto(Place) place = { 0 };

		open_place(&place, RECORDS);
		raw(&place, COPY, seqs[i], 3);
		check_bad(&place, 1);
	}
}

static void test_swapped(void)
{
	static const int pairs[][2] = { { 1, 2 }, { 7, 8 }, { 4, 25 }, { RECORDS - 1, RECORDS } };

	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_auto(Place) place = { 0 };

		open_place(&place, RECORDS);
		drop_triggers(&place);
		begin(&place);
		raw(&place, "UPDATE ledger SET seq = 1000 WHERE seq = %d", pairs[i][0]);
		raw(&place, "UPDATE ledger SET seq = %d WHERE seq = %d", pairs[i][0], pairs[i][1]);
		raw(&place, "UPDATE ledger SET seq = %d WHERE seq = 1000", pairs[i][1]);
		end(&place, pairs[i][0]);
	}
}

/* Longer than the pages it is read by: nothing is lost where they meet. */
static void test_long(void)
{
	static const int seqs[] = { 999, 1000, 1001, 2000, 2001, 2100 };
	const Column actor = { "actor", "t" };
	g_auto(Place) place = { 0 };

	open_place(&place, 2100);
	drop_triggers(&place);
	check_good(&place, 2100);
	for (gsize i = 0; i < G_N_ELEMENTS(seqs); i++)
		flip(&place, &actor, seqs[i], 3);
	raw(&place, "DELETE FROM ledger WHERE seq = 1001");
	check_bad(&place, 1001);
}

static void test_kinds(void)
{
	AuditRecord record = {
		.kind = "no-such-kind",
		.article = "T22",
		.actor = "1",
		.body = "{}",
		.at = NOW,
	};
	g_auto(Place) place = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;

	open_place(&place, 0);
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

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit/sound", test_sound);
	g_test_add_func("/audit/empty", test_empty);
	g_test_add_func("/audit/what-a-bare-chain-hides", test_what_a_bare_chain_hides);
	g_test_add_func("/audit/bit-flips", test_bit_flips);
	g_test_add_func("/audit/shortened-values", test_shortened_values);
	g_test_add_func("/audit/deleted", test_deleted);
	g_test_add_func("/audit/inserted", test_inserted);
	g_test_add_func("/audit/duplicated", test_duplicated);
	g_test_add_func("/audit/put-before-the-first", test_put_before_the_first);
	g_test_add_func("/audit/swapped", test_swapped);
	g_test_add_func("/audit/long", test_long);
	g_test_add_func("/audit/kinds", test_kinds);
	return g_test_run();
}
