/* SPDX-License-Identifier: Apache-2.0
 * The status index against a plain hash table, and under a reader beside a writer. */
#include <stdlib.h>
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/status_index.h"

static StatusEntry make_entry(guint16 issuer, guint64 number, StatusState state)
{
	StatusEntry entry = { .issuer = issuer, .state = (guint8) state, .not_after = 1000 };
	guint64 mixed = number * 0x9e3779b97f4a7c15u;

	memcpy(entry.serial, &mixed, sizeof mixed);
	memcpy(entry.serial + 8, &mixed, sizeof mixed);
	entry.serial[0] = (guint8) ((entry.serial[0] & 0x3f) | 0x40);
	return entry;
}

static int compare(const void *a, const void *b)
{
	const StatusEntry *left = a, *right = b;

	return left->issuer != right->issuer ? left->issuer - right->issuer
					     : memcmp(left->serial, right->serial, DER_SERIAL_SIZE);
}

static void load(StatusIndex *index, StatusEntry *entries, gsize count)
{
	GError *error = NULL;

	qsort(entries, count, sizeof *entries, compare);
	status_index_load_begin(index, count / 2);
	for (gsize i = 0; i < count; i++)
		g_assert_true(status_index_load_add(index, &entries[i], &error));
	g_assert_no_error(error);
	status_index_load_finish(index);
}

static void test_closed_until_loaded(void)
{
	g_autoptr(StatusIndex) index = status_index_new();
	StatusEntry entry = make_entry(1, 1, STATUS_VALID), found;

	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, NULL), ==, STATUS_CHANGING);
	status_index_load_begin(index, 0);
	g_assert_true(status_index_load_add(index, &entry, NULL));
	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, NULL), ==, STATUS_CHANGING);
	status_index_load_finish(index);
	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, &found), ==, STATUS_VALID);
	g_assert_cmpint(found.not_after, ==, 1000);
	g_assert_cmpint(status_index_lookup(index, 2, entry.serial, NULL), ==, STATUS_ABSENT);
	status_index_close(index);
	g_assert_cmpint(status_index_lookup(index, 2, entry.serial, NULL), ==, STATUS_CHANGING);
	entry.state = STATUS_REVOKED;
	status_index_set(index, &entry);
	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, NULL), ==, STATUS_CHANGING);
	status_index_open(index);
	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, NULL), ==, STATUS_REVOKED);
}

static void test_order_is_checked(void)
{
	g_autoptr(StatusIndex) index = status_index_new();
	StatusEntry entries[] = { make_entry(1, 1, STATUS_VALID), make_entry(1, 2, STATUS_VALID),
				  make_entry(2, 1, STATUS_VALID) };
	GError *error = NULL;

	qsort(entries, 3, sizeof *entries, compare);
	status_index_load_begin(index, 3);
	g_assert_true(status_index_load_add(index, &entries[1], NULL));
	g_assert_false(status_index_load_add(index, &entries[0], &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_INTERNAL);
	g_clear_error(&error);
	g_assert_false(status_index_load_add(index, &entries[1], NULL));
	g_assert_true(status_index_load_add(index, &entries[2], NULL));
	status_index_load_finish(index);
	g_assert_cmpuint(status_index_count(index), ==, 2);
}

static void test_marks(void)
{
	g_autoptr(StatusIndex) index = status_index_new();
	StatusEntry entry = make_entry(1, 1, STATUS_VALID), other = make_entry(1, 2, STATUS_VALID);

	load(index, &entry, 1);
	status_index_mark(index, 1, entry.serial);
	status_index_mark(index, 1, entry.serial);
	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, NULL), ==, STATUS_CHANGING);
	g_assert_cmpint(status_index_lookup(index, 2, entry.serial, NULL), ==, STATUS_ABSENT);
	status_index_clear(index, 1, entry.serial);
	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, NULL), ==, STATUS_VALID);
	status_index_mark(index, 1, entry.serial);
	entry.state = STATUS_HOLD;
	status_index_set(index, &entry);
	g_assert_cmpint(status_index_lookup(index, 1, entry.serial, NULL), ==, STATUS_HOLD);
	status_index_mark(index, 1, other.serial);
	g_assert_cmpint(status_index_lookup(index, 1, other.serial, NULL), ==, STATUS_CHANGING);
	status_index_clear(index, 1, other.serial);
	g_assert_cmpint(status_index_lookup(index, 1, other.serial, NULL), ==, STATUS_ABSENT);
}

static void check_against(StatusIndex *index, GHashTable *model, GHashTable *marked, guint64 number)
{
	StatusEntry key = make_entry((guint16) (1 + number % 3), number, STATUS_ABSENT), found;
	const StatusEntry *want = g_hash_table_lookup(model, GSIZE_TO_POINTER(number + 1));
	StatusState state = status_index_lookup(index, key.issuer, key.serial, &found);

	if (g_hash_table_contains(marked, GSIZE_TO_POINTER(number + 1))) {
		g_assert_cmpint(state, ==, STATUS_CHANGING);
	} else if (want == NULL) {
		g_assert_cmpint(state, ==, STATUS_ABSENT);
	} else {
		g_assert_cmpint(state, ==, want->state);
		g_assert_cmpint(found.since, ==, want->since);
		g_assert_cmpint(found.reason, ==, want->reason);
		g_assert_cmpmem(found.serial, DER_SERIAL_SIZE, want->serial, DER_SERIAL_SIZE);
	}
}

static void change(StatusIndex *index, GHashTable *model, GHashTable *marked, guint64 number)
{
	StatusEntry entry = make_entry((guint16) (1 + number % 3), number, STATUS_ABSENT);
	gpointer key = GSIZE_TO_POINTER(number + 1);

	switch (g_test_rand_int_range(0, 4)) {
	case 0:
		status_index_mark(index, entry.issuer, entry.serial);
		g_hash_table_add(marked, key);
		break;
	case 1:
		status_index_clear(index, entry.issuer, entry.serial);
		g_hash_table_remove(marked, key);
		break;
	default:
		entry.state = (guint8) g_test_rand_int_range(STATUS_PENDING, STATUS_CHANGING);
		entry.since = g_test_rand_int_range(0, 1000000);
		entry.reason = (guint8) g_test_rand_int_range(0, 10);
		status_index_set(index, &entry);
		g_hash_table_insert(model, key, g_memdup2(&entry, sizeof entry));
		g_hash_table_remove(marked, key);
		break;
	}
}

/* 30,000 serials, a third of them loaded: newcomers are merged several times on the way. */
static void test_random_changes_against_model(void)
{
	g_autoptr(StatusIndex) index = status_index_new();
	g_autoptr(GHashTable) model =
		g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
	g_autoptr(GHashTable) marked = g_hash_table_new(g_direct_hash, g_direct_equal);
	g_autofree StatusEntry *loaded = g_new(StatusEntry, 10000);

	for (guint64 i = 0; i < 10000; i++) {
		loaded[i] = make_entry((guint16) (1 + i % 3), i, STATUS_VALID);
		g_hash_table_insert(model, GSIZE_TO_POINTER(i + 1),
				    g_memdup2(&loaded[i], sizeof *loaded));
	}
	load(index, loaded, 10000);
	for (int step = 0; step < 100000; step++) {
		change(index, model, marked, (guint64) g_test_rand_int_range(0, 30000));
		check_against(index, model, marked, (guint64) g_test_rand_int_range(0, 30000));
	}
	for (guint64 i = 0; i < 30000; i++)
		check_against(index, model, marked, i);
	g_assert_cmpuint(status_index_count(index), ==, g_hash_table_size(model));
	g_assert_cmpuint(status_index_memory(index), <=, 100 * status_index_count(index));
}

typedef struct Reader {
	StatusIndex *index;
	int is_done;
	guint lookups;
} Reader;

/* What was loaded as REVOKED must be answered so at every moment, merges included. */
static gpointer read_always(gpointer data)
{
	Reader *reader = data;

	while (!g_atomic_int_get(&reader->is_done)) {
		StatusEntry key = make_entry(1, reader->lookups++ % 1000, STATUS_ABSENT);

		if (status_index_lookup(reader->index, 1, key.serial, NULL) != STATUS_REVOKED)
			g_error("a revoked certificate was answered otherwise");
	}
	return NULL;
}

static void test_reader_beside_writer(void)
{
	g_autoptr(StatusIndex) index = status_index_new();
	g_autofree StatusEntry *loaded = g_new(StatusEntry, 1000);
	Reader reader = { index, 0, 0 };
	GThread *thread;

	for (guint64 i = 0; i < 1000; i++)
		loaded[i] = make_entry(1, i, STATUS_REVOKED);
	load(index, loaded, 1000);
	thread = g_thread_new("reader", read_always, &reader);
	for (guint64 i = 1000; i < 20000; i++) {
		StatusEntry entry = make_entry(1, i, STATUS_VALID);

		status_index_mark(index, 1, entry.serial);
		status_index_set(index, &entry);
	}
	g_atomic_int_set(&reader.is_done, 1);
	g_thread_join(thread);
	g_assert_cmpuint(status_index_count(index), ==, 20000);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/status-index/closed-until-loaded", test_closed_until_loaded);
	g_test_add_func("/status-index/order-is-checked", test_order_is_checked);
	g_test_add_func("/status-index/marks", test_marks);
	g_test_add_func("/status-index/random-changes", test_random_changes_against_model);
	g_test_add_func("/status-index/reader-beside-writer", test_reader_beside_writer);
	return g_test_run();
}
