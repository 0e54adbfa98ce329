/* SPDX-License-Identifier: Apache-2.0
 * A sorted array answers nearly everything; serials that came after it was sorted wait in a table
 * until they are worth merging. Writers take the mutex, and the lock only while readers could see
 * something half done: a merge copies beside the readers and swaps. */
#include "daemon/ca/status_index.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/error.h"

#define NEWCOMERS_MIN   4096
#define NEWCOMERS_SHARE 64

struct StatusIndex {
	pthread_mutex_t writer;
	pthread_rwlock_t lock;
	StatusEntry *sorted;
	gsize count;
	gsize capacity;
	GHashTable *newcomers; /* StatusEntry as key and value */
	GHashTable *marked;    /* StatusEntry as key; only issuer and serial count */
	gboolean is_open;
};

static int compare(guint16 issuer, const guint8 *serial, const StatusEntry *entry)
{
	return issuer != entry->issuer ? (issuer < entry->issuer ? -1 : 1)
				       : memcmp(serial, entry->serial, DER_SERIAL_SIZE);
}

static guint hash_entry(gconstpointer key)
{
	const StatusEntry *entry = key;
	guint32 hash;

	memcpy(&hash, entry->serial + DER_SERIAL_SIZE - sizeof hash, sizeof hash);
	return hash ^ entry->issuer;
}

static gboolean equal_entries(gconstpointer a, gconstpointer b)
{
	const StatusEntry *entry = a;

	return compare(entry->issuer, entry->serial, b) == 0;
}

static int compare_entries(gconstpointer a, gconstpointer b)
{
	const StatusEntry *const *left = a, *const *right = b;

	return compare((*left)->issuer, (*left)->serial, *right);
}

StatusIndex *status_index_new(void)
{
	StatusIndex *index = g_new0(StatusIndex, 1);
	pthread_rwlockattr_t preference;

	pthread_mutex_init(&index->writer, NULL);
	pthread_rwlockattr_init(&preference);
	/* GRWLock prefers readers: under steady questions a revocation would wait for a gap. */
	pthread_rwlockattr_setkind_np(&preference, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&index->lock, &preference);
	pthread_rwlockattr_destroy(&preference);
	index->newcomers = g_hash_table_new_full(hash_entry, equal_entries, g_free, NULL);
	index->marked = g_hash_table_new_full(hash_entry, equal_entries, g_free, NULL);
	return index;
}

void status_index_free(StatusIndex *index)
{
	if (index == NULL)
		return;
	g_hash_table_unref(index->newcomers);
	g_hash_table_unref(index->marked);
	g_free(index->sorted);
	pthread_rwlock_destroy(&index->lock);
	pthread_mutex_destroy(&index->writer);
	g_free(index);
}

static void lock_both(StatusIndex *index)
{
	pthread_mutex_lock(&index->writer);
	pthread_rwlock_wrlock(&index->lock);
}

static void unlock_both(StatusIndex *index)
{
	pthread_rwlock_unlock(&index->lock);
	pthread_mutex_unlock(&index->writer);
}

void status_index_load_begin(StatusIndex *index, gsize expected)
{
	lock_both(index);
	index->is_open = FALSE;
	g_hash_table_remove_all(index->newcomers);
	g_hash_table_remove_all(index->marked);
	g_free(index->sorted);
	index->count = 0;
	index->capacity = expected;
	index->sorted = g_new(StatusEntry, expected);
	unlock_both(index);
}

gboolean status_index_load_add(StatusIndex *index, const StatusEntry *entry, GError **error)
{
	if (index->count > 0 &&
	    compare(entry->issuer, entry->serial, &index->sorted[index->count - 1]) <= 0)
		return error_set(error, ERROR_INTERNAL,
				 N_("Certificates must be loaded in the order of their serials"));
	if (index->count == index->capacity) {
		index->capacity = index->capacity + index->capacity / 2 + 16;
		index->sorted = g_renew(StatusEntry, index->sorted, index->capacity);
	}
	index->sorted[index->count++] = *entry;
	return TRUE;
}

void status_index_load_finish(StatusIndex *index)
{
	lock_both(index);
	index->sorted = g_renew(StatusEntry, index->sorted, index->count);
	index->capacity = index->count;
	index->is_open = TRUE;
	unlock_both(index);
}

static void set_open(StatusIndex *index, gboolean is_open)
{
	lock_both(index);
	index->is_open = is_open;
	unlock_both(index);
}

void status_index_close(StatusIndex *index)
{
	set_open(index, FALSE);
}

void status_index_open(StatusIndex *index)
{
	set_open(index, TRUE);
}

static StatusEntry *find_sorted(const StatusIndex *index, guint16 issuer, const guint8 *serial)
{
	gsize from = 0, to = index->count;

	while (from < to) {
		gsize middle = from + (to - from) / 2;
		int order = compare(issuer, serial, &index->sorted[middle]);

		if (order == 0)
			return &index->sorted[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

static StatusEntry make_key(guint16 issuer, const guint8 *serial)
{
	StatusEntry key = { .issuer = issuer };

	memcpy(key.serial, serial, DER_SERIAL_SIZE);
	return key;
}

static StatusEntry *find(const StatusIndex *index, const StatusEntry *key)
{
	StatusEntry *entry = find_sorted(index, key->issuer, key->serial);

	return entry != NULL || g_hash_table_size(index->newcomers) == 0
		       ? entry
		       : g_hash_table_lookup(index->newcomers, key);
}

static StatusState state_of(const StatusIndex *index, const StatusEntry *key,
			    const StatusEntry *entry)
{
	if (!index->is_open ||
	    (g_hash_table_size(index->marked) > 0 && g_hash_table_contains(index->marked, key)))
		return STATUS_CHANGING;
	return entry != NULL ? (StatusState) entry->state : STATUS_ABSENT;
}

StatusState status_index_lookup(StatusIndex *index, guint16 issuer,
				const guint8 serial[DER_SERIAL_SIZE], StatusEntry *ret_entry)
{
	StatusEntry key = make_key(issuer, serial);
	const StatusEntry *entry = NULL;
	StatusState state;

	pthread_rwlock_rdlock(&index->lock);
	if (index->is_open)
		entry = find(index, &key);
	state = state_of(index, &key, entry);
	if (entry != NULL && ret_entry != NULL)
		*ret_entry = *entry;
	pthread_rwlock_unlock(&index->lock);
	return state;
}

void status_index_mark(StatusIndex *index, guint16 issuer, const guint8 serial[DER_SERIAL_SIZE])
{
	StatusEntry key = make_key(issuer, serial);

	lock_both(index);
	g_hash_table_add(index->marked, g_memdup2(&key, sizeof key));
	unlock_both(index);
}

void status_index_clear(StatusIndex *index, guint16 issuer, const guint8 serial[DER_SERIAL_SIZE])
{
	StatusEntry key = make_key(issuer, serial);

	lock_both(index);
	g_hash_table_remove(index->marked, &key);
	unlock_both(index);
}

/* Both sequences are sorted and share no key. */
static StatusEntry *merge(const StatusIndex *index, gsize count)
{
	guint fresh_count;
	g_autofree gpointer *fresh = g_hash_table_get_keys_as_array(index->newcomers, &fresh_count);
	StatusEntry *merged = g_new(StatusEntry, count);
	gsize old = 0, next = 0;

	qsort(fresh, fresh_count, sizeof *fresh, compare_entries);
	for (gsize i = 0; i < count; i++) {
		const StatusEntry *newer = next < fresh_count ? fresh[next] : NULL;

		if (newer == NULL || (old < index->count && compare(newer->issuer, newer->serial,
								    &index->sorted[old]) > 0)) {
			merged[i] = index->sorted[old++];
		} else {
			merged[i] = *newer;
			next++;
		}
	}
	return merged;
}

/* Called with the mutex held: nobody else changes what is copied, readers go on meanwhile. */
static void merge_newcomers(StatusIndex *index)
{
	gsize count = index->count + g_hash_table_size(index->newcomers);
	StatusEntry *merged = merge(index, count);
	StatusEntry *old = index->sorted;

	pthread_rwlock_wrlock(&index->lock);
	index->sorted = merged;
	index->count = index->capacity = count;
	g_hash_table_remove_all(index->newcomers);
	pthread_rwlock_unlock(&index->lock);
	g_free(old);
}

void status_index_set(StatusIndex *index, const StatusEntry *entry)
{
	StatusEntry *known;

	lock_both(index);
	known = find(index, entry);
	if (known != NULL)
		*known = *entry;
	else
		g_hash_table_add(index->newcomers, g_memdup2(entry, sizeof *entry));
	g_hash_table_remove(index->marked, entry);
	pthread_rwlock_unlock(&index->lock);
	if (g_hash_table_size(index->newcomers) >
	    MAX(NEWCOMERS_MIN, index->count / NEWCOMERS_SHARE))
		merge_newcomers(index);
	pthread_mutex_unlock(&index->writer);
}

gsize status_index_count(StatusIndex *index)
{
	gsize count;

	pthread_rwlock_rdlock(&index->lock);
	count = index->count + g_hash_table_size(index->newcomers);
	pthread_rwlock_unlock(&index->lock);
	return count;
}

gsize status_index_memory(StatusIndex *index)
{
	gsize tables, bytes;

	pthread_rwlock_rdlock(&index->lock);
	tables = g_hash_table_size(index->newcomers) + g_hash_table_size(index->marked);
	/* An entry of a table: its own allocation and its share of the table. */
	bytes = index->capacity * sizeof(StatusEntry) +
		tables * (sizeof(StatusEntry) + 3 * sizeof(gpointer));
	pthread_rwlock_unlock(&index->lock);
	return bytes;
}
