/* SPDX-License-Identifier: Apache-2.0
 * The store as a whole: who may open it, what a transaction leaves behind, who goes first. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_private.h"
#include "tests/unit/unit_folder.h"

#define NOW 1795221000

typedef struct Place {
	char *folder;
	Store *store;
} Place;

static Store *open_store(const char *folder)
{
	g_autoptr(GError) error = NULL;
	Store *store = store_open(folder, NOW, &error);

	g_assert_no_error(error);
	return store;
}

static void set_up(Place *place, gconstpointer data)
{
	(void) data;
	place->folder = unit_folder_new();
	place->store = open_store(place->folder);
}

static void tear_down(Place *place, gconstpointer data)
{
	(void) data;
	g_clear_pointer(&place->store, store_close);
	unit_folder_remove(place->folder);
}

static StoreTx *begin(Place *place)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_begin(place->store, STORE_NORMAL, &error);

	g_assert_no_error(error);
	return tx;
}

static StoreTx *begin_read(Place *place)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_read(place->store, &error);

	g_assert_no_error(error);
	return tx;
}

static void commit(StoreTx *tx)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(store_tx_commit(&tx, &error));
	g_assert_no_error(error);
	g_assert_null(tx);
}

static gint64 next(StoreTx *tx, const char *counter)
{
	g_autoptr(GError) error = NULL;
	gint64 number = 0;

	g_assert_true(store_next(tx, counter, &number, &error));
	g_assert_no_error(error);
	return number;
}

static void put_section(StoreTx *tx, const char *code, const char *name)
{
	Section section = { .code = (char *) code, .name = (char *) name };
	g_autoptr(GError) error = NULL;

	g_assert_true(store_person_put_section(tx, &section, &error));
	g_assert_no_error(error);
}

static char *section_name(StoreTx *tx, const char *code)
{
	g_autoptr(Section) section = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(store_person_find_section(tx, code, &section, &error));
	g_assert_no_error(error);
	return section != NULL ? g_strdup(section->name) : NULL;
}

static void check_section(StoreTx *tx, const char *code, const char *expected)
{
	g_autofree char *name = section_name(tx, code);

	g_assert_cmpstr(name, ==, expected);
}

/* The test's own way to the file, past the store room. */
static void raw(const char *folder, const char *script)
{
	g_autofree char *path = g_build_filename(folder, "opcard.db", NULL);
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, script, NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_close(db);
}

static void refuse_open(const char *folder, ErrorCode code, const char *part)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(store_open(folder, NOW, &error));
	g_assert_error(error, ERROR_DOMAIN, (gint) code);
	g_assert_nonnull(strstr(error->message, part));
}

static void test_created(Place *place, gconstpointer data)
{
	g_autofree char *path = g_build_filename(place->folder, "opcard.db", NULL);
	g_autofree char *lock = g_build_filename(place->folder, "lock", NULL);
	struct stat facts;

	(void) data;
	g_assert_cmpint(stat(path, &facts), ==, 0);
	g_assert_cmpint(facts.st_mode & 0777, ==, 0600);
	g_assert_cmpint(stat(lock, &facts), ==, 0);
	g_assert_cmpint(facts.st_mode & 0777, ==, 0600);
	StoreTx *tx = begin(place);

	put_section(tx, "0301", "市民課");
	commit(tx);
	g_clear_pointer(&place->store, store_close);
	place->store = open_store(place->folder);
	tx = begin_read(place);
	check_section(tx, "0301", "市民課");
	store_tx_abort(tx);
}

static void test_lock(Place *place, gconstpointer data)
{
	(void) data;
	refuse_open(place->folder, ERROR_EXISTS, "another opcardd");
	g_clear_pointer(&place->store, store_close);
	place->store = open_store(place->folder);
}

/* The statement that puts the version it has now back; g_free. */
static char *version_of(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "opcard.db", NULL);
	sqlite3_stmt *query = NULL;
	sqlite3 *db = NULL;
	char *back;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &query, NULL), ==,
			SQLITE_OK);
	g_assert_cmpint(sqlite3_step(query), ==, SQLITE_ROW);
	back = g_strdup_printf("PRAGMA user_version = %d", sqlite3_column_int(query, 0));
	sqlite3_finalize(query);
	sqlite3_close(db);
	return back;
}

static void test_newer_schema(Place *place, gconstpointer data)
{
	g_autofree char *back = NULL;

	(void) data;
	g_clear_pointer(&place->store, store_close);
	back = version_of(place->folder);
	raw(place->folder, "PRAGMA user_version = 99");
	refuse_open(place->folder, ERROR_STORE, "schema 99");
	/* The refusal neither changed nor locked anything. */
	raw(place->folder, back);
	place->store = open_store(place->folder);
}

static void test_no_database(Place *place, gconstpointer data)
{
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;
	g_autofree char *folder = g_build_filename(place->folder, "other", NULL);

	(void) data;
	path = unit_folder_write(folder, "opcard.db", "this is no database, but somebody's text\n");
	refuse_open(folder, ERROR_STORE, "not a database");
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_true(g_str_has_prefix(text, "this is no database"));
}

static void test_folder_modes(Place *place, gconstpointer data)
{
	static const int modes[] = { 0701, 0710, 0750, 0704, 0770, 0777 };

	(void) data;
	g_clear_pointer(&place->store, store_close);
	for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_assert_cmpint(g_chmod(place->folder, modes[i]), ==, 0);
		refuse_open(place->folder, ERROR_STORE, "chmod 700");
	}
	g_assert_cmpint(g_chmod(place->folder, 0700), ==, 0);
	if (geteuid() == 0) {
		g_assert_cmpint(chown(place->folder, 61001, (gid_t) -1), ==, 0);
		refuse_open(place->folder, ERROR_STORE, "belong to the daemon alone");
		g_assert_cmpint(chown(place->folder, 0, (gid_t) -1), ==, 0);
	}
	place->store = open_store(place->folder);
}

static void test_lock_is_no_link(Place *place, gconstpointer data)
{
	g_autofree char *folder = g_build_filename(place->folder, "other", NULL);
	g_autofree char *lock = g_build_filename(folder, "lock", NULL);
	g_autofree char *victim = unit_folder_write(place->folder, "victim", "precious");

	(void) data;
	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	g_assert_cmpint(symlink(victim, lock), ==, 0);
	refuse_open(folder, ERROR_STORE, "lock");
}

static void test_rollback(Place *place, gconstpointer data)
{
	StoreTx *tx = begin(place);

	(void) data;
	put_section(tx, "0301", "市民課");
	check_section(tx, "0301", "市民課");
	store_tx_abort(tx);
	{
		g_autoptr(StoreTx) left = begin(place);

		check_section(left, "0301", NULL);
		put_section(left, "0301", "市民課");
	}
	tx = begin(place);
	check_section(tx, "0301", NULL);
	put_section(tx, "0402", "保険年金課");
	commit(tx);
	tx = begin_read(place);
	check_section(tx, "0301", NULL);
	check_section(tx, "0402", "保険年金課");
	store_tx_abort(tx);
}

/* A transaction that fell over a constraint can still be rolled back, and the next one works. */
static void test_after_an_error(Place *place, gconstpointer data)
{
	Section nameless = { .code = (char *) "0301" };
	g_autoptr(GError) error = NULL;
	StoreTx *tx = begin(place);

	(void) data;
	put_section(tx, "0402", "保険年金課");
	g_assert_false(store_person_put_section(tx, &nameless, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_STORE);
	store_tx_abort(tx);
	tx = begin(place);
	check_section(tx, "0402", NULL);
	store_tx_abort(tx);
}

static void test_snapshot(Place *place, gconstpointer data)
{
	StoreTx *writer = begin(place), *before, *beside, *after;

	(void) data;
	put_section(writer, "0301", "市民課");
	commit(writer);
	before = begin_read(place);
	check_section(before, "0301", "市民課");
	writer = begin(place);
	put_section(writer, "0301", "市民窓口課");
	beside = begin_read(place);
	check_section(beside, "0301", "市民課");
	commit(writer);
	check_section(before, "0301", "市民課");
	check_section(beside, "0301", "市民課");
	after = begin_read(place);
	check_section(after, "0301", "市民窓口課");
	store_tx_abort(before);
	store_tx_abort(beside);
	store_tx_abort(after);
	after = begin_read(place);
	check_section(after, "0301", "市民窓口課");
	store_tx_abort(after);
}

static void test_counters(Place *place, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = begin(place);
	gint64 first = 0;

	(void) data;
	g_assert_cmpint(next(tx, "duty"), ==, 1);
	g_assert_cmpint(next(tx, "duty"), ==, 2);
	g_assert_cmpint(next(tx, "case"), ==, 1);
	g_assert_true(store_reserve(tx, "duty", 1000, &first, &error));
	g_assert_cmpint(first, ==, 3);
	g_assert_cmpint(next(tx, "duty"), ==, 1003);
	commit(tx);
	tx = begin(place);
	g_assert_cmpint(next(tx, "duty"), ==, 1004);
	store_tx_abort(tx);
	tx = begin(place);
	g_assert_cmpint(next(tx, "duty"), ==, 1004);
	commit(tx);
}

typedef struct Waiting {
	Place *place;
	StorePriority priority;
	char mark;
	GString *order; /* written by whoever has the turn */
	gint tid;
} Waiting;

static gpointer wait_for_turn(gpointer data)
{
	Waiting *self = data;
	StoreTx *tx;

	g_atomic_int_set(&self->tid, (gint) syscall(SYS_gettid));
	tx = store_tx_begin(self->place->store, self->priority, NULL);
	g_assert_nonnull(tx);
	g_string_append_c(self->order, self->mark);
	store_tx_abort(tx);
	return NULL;
}

/* Asleep in the kernel: in the queue, the only place where it can sleep. */
static gboolean is_asleep(Waiting *self)
{
	gint tid = g_atomic_int_get(&self->tid);
	g_autofree char *path = g_strdup_printf("/proc/self/task/%d/stat", tid);
	g_autofree char *text = NULL;

	return tid != 0 && g_file_get_contents(path, &text, NULL, NULL) &&
	       strstr(text, ") S ") != NULL;
}

static GThread *queue_up(Waiting *self)
{
	GThread *thread = g_thread_new("writer", wait_for_turn, self);

	while (!is_asleep(self))
		g_thread_yield();
	return thread;
}

static void test_urgent_first(Place *place, gconstpointer data)
{
	g_autoptr(GString) order = g_string_new(NULL);
	Waiting waiting[] = {
		{ place, STORE_NORMAL, 'a', order, 0 }, { place, STORE_NORMAL, 'b', order, 0 },
		{ place, STORE_URGENT, 'X', order, 0 }, { place, STORE_NORMAL, 'c', order, 0 },
		{ place, STORE_URGENT, 'Y', order, 0 },
	};
	GThread *threads[G_N_ELEMENTS(waiting)];
	StoreTx *tx = begin(place);

	(void) data;
	for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++)
		threads[i] = queue_up(&waiting[i]);
	g_assert_cmpstr(order->str, ==, "");
	store_tx_abort(tx);
	for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++)
		g_thread_join(threads[i]);
	g_assert_cmpstr(order->str, ==, "XYabc");
}

#define WRITERS 4
#define WRITES  50

static gpointer count_up(gpointer data)
{
	Place *place = data;

	for (int i = 0; i < WRITES; i++) {
		StoreTx *tx = begin(place);

		next(tx, "shared");
		if (i % 5 == 4)
			store_tx_abort(tx);
		else
			commit(tx);
	}
	return NULL;
}

static void test_many_writers(Place *place, gconstpointer data)
{
	GThread *threads[WRITERS];
	StoreTx *tx;

	(void) data;
	for (int i = 0; i < WRITERS; i++)
		threads[i] = g_thread_new("writer", count_up, place);
	for (int i = 0; i < WRITERS; i++)
		g_thread_join(threads[i]);
	tx = begin(place);
	g_assert_cmpint(next(tx, "shared"), ==, WRITERS * WRITES / 5 * 4 + 1);
	store_tx_abort(tx);
}

static void set_pages(StoreTx *tx, gint64 more)
{
	sqlite3_stmt *statement = NULL;
	g_autofree char *script = NULL;

	g_assert_cmpint(sqlite3_prepare_v2(tx->link->db, "PRAGMA page_count", -1, &statement, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
	script = g_strdup_printf("PRAGMA max_page_count = %" G_GINT64_FORMAT,
				 (gint64) sqlite3_column_int64(statement, 0) + more);
	sqlite3_finalize(statement);
	g_assert_cmpint(sqlite3_exec(tx->link->db, script, NULL, NULL, NULL), ==, SQLITE_OK);
}

static void test_disk_full(Place *place, gconstpointer data)
{
	g_autofree char *name = g_strnfill(5000, 'x');
	Section section = { .code = (char *) "0402", .name = name };
	g_autoptr(GError) error = NULL;
	StoreTx *tx = begin(place);

	(void) data;
	put_section(tx, "0301", "市民課");
	commit(tx);
	tx = begin(place);
	set_pages(tx, 0);
	g_assert_false(store_person_put_section(tx, &section, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_STORE);
	g_assert_nonnull(strstr(error->message, "the disk is full"));
	store_tx_abort(tx);
	tx = begin(place);
	check_section(tx, "0402", NULL);
	check_section(tx, "0301", "市民課");
	set_pages(tx, 1000);
	g_clear_error(&error);
	g_assert_true(store_person_put_section(tx, &section, &error));
	commit(tx);
}

static void test_checkpoint(Place *place, gconstpointer data)
{
	g_autofree char *path = g_build_filename(place->folder, "opcard.db", NULL);
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	gsize length_before = 0, length_after = 0;
	StoreTx *tx = begin(place);

	(void) data;
	put_section(tx, "0301", "checkpointed name");
	commit(tx);
	g_assert_true(g_file_get_contents(path, &before, &length_before, NULL));
	g_assert_null(memmem(before, length_before, "checkpointed name", 17));
	store_checkpoint(place->store);
	g_assert_true(g_file_get_contents(path, &after, &length_after, NULL));
	g_assert_nonnull(memmem(after, length_after, "checkpointed name", 17));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/store/" name, Place, NULL, set_up, test, tear_down)
	ADD("created", test_created);
	ADD("lock", test_lock);
	ADD("newer-schema", test_newer_schema);
	ADD("no-database", test_no_database);
	ADD("folder-modes", test_folder_modes);
	ADD("lock-is-no-link", test_lock_is_no_link);
	ADD("rollback", test_rollback);
	ADD("after-an-error", test_after_an_error);
	ADD("snapshot", test_snapshot);
	ADD("counters", test_counters);
	ADD("urgent-first", test_urgent_first);
	ADD("many-writers", test_many_writers);
	ADD("disk-full", test_disk_full);
	ADD("checkpoint", test_checkpoint);
	return g_test_run();
}
