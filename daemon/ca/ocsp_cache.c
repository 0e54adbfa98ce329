/* SPDX-License-Identifier: Apache-2.0
 * Signed answers in a hash table and in order of use. Only answers about serials of the index come
 * here, so a stranger cannot choose the keys. */
#include "daemon/ca/ocsp_cache.h"

#include <string.h>

/* What a kept answer costs besides its bytes. */
#define OVERHEAD (sizeof(Kept) + 8 * sizeof(gpointer))

typedef struct Kept {
	GList use; /* in the queue; data points back */
	StatusEntry status;
	OcspCacheAnswer answer;
	gsize id_length;
	const guint8 *id;
	guint8 id_bytes[];
} Kept;

struct OcspCache {
	GMutex mutex;
	GHashTable *kept; /* Kept as key and value */
	GQueue used;      /* most recently used first */
	gsize bytes;
	gsize max_bytes;
	gint64 max_age;
};

/* A CertID ends with the serial number, which is random. */
static guint hash_kept(gconstpointer key)
{
	const Kept *kept = key;
	guint32 hash = 0;

	if (kept->id_length >= sizeof hash)
		memcpy(&hash, kept->id + kept->id_length - sizeof hash, sizeof hash);
	return hash;
}

static gboolean equal_kept(gconstpointer a, gconstpointer b)
{
	const Kept *left = a, *right = b;

	return left->id_length == right->id_length &&
	       memcmp(left->id, right->id, left->id_length) == 0;
}

static void kept_free(gpointer data)
{
	Kept *kept = data;

	g_bytes_unref(kept->answer.der);
	g_free(kept);
}

OcspCache *ocsp_cache_new(gsize max_bytes, gint64 max_age)
{
	OcspCache *cache = g_new0(OcspCache, 1);

	g_mutex_init(&cache->mutex);
	cache->kept = g_hash_table_new_full(hash_kept, equal_kept, kept_free, NULL);
	g_queue_init(&cache->used);
	cache->max_bytes = max_bytes;
	cache->max_age = max_age;
	return cache;
}

void ocsp_cache_free(OcspCache *cache)
{
	if (cache == NULL)
		return;
	g_hash_table_unref(cache->kept);
	g_mutex_clear(&cache->mutex);
	g_free(cache);
}

static gsize size_of(const Kept *kept)
{
	return OVERHEAD + kept->id_length + g_bytes_get_size(kept->answer.der);
}

static void drop(OcspCache *cache, Kept *kept)
{
	cache->bytes -= size_of(kept);
	g_queue_unlink(&cache->used, &kept->use);
	g_hash_table_remove(cache->kept, kept);
}

static gboolean is_same(const StatusEntry *a, const StatusEntry *b)
{
	return a->issuer == b->issuer && a->state == b->state && a->reason == b->reason &&
	       a->since == b->since && a->not_after == b->not_after &&
	       memcmp(a->serial, b->serial, DER_SERIAL_SIZE) == 0;
}

static gboolean is_fresh(const OcspCache *cache, const Kept *kept, gint64 now)
{
	/* A clock that was set back must not bring an answer from the future. */
	return now >= kept->answer.this_update && now < kept->answer.next_update &&
	       now - kept->answer.this_update <= cache->max_age;
}

gboolean ocsp_cache_get(OcspCache *cache, const Tlv *id, const StatusEntry *status, gint64 now,
			OcspCacheAnswer *ret_answer)
{
	Kept key = { .id = id->whole, .id_length = id->whole_length };
	gboolean is_hit = FALSE;
	Kept *kept;

	g_mutex_lock(&cache->mutex);
	kept = g_hash_table_lookup(cache->kept, &key);
	if (kept != NULL && is_same(&kept->status, status) && is_fresh(cache, kept, now)) {
		g_queue_unlink(&cache->used, &kept->use);
		g_queue_push_head_link(&cache->used, &kept->use);
		*ret_answer = kept->answer;
		g_bytes_ref(ret_answer->der);
		is_hit = TRUE;
	} else if (kept != NULL) {
		drop(cache, kept);
	}
	g_mutex_unlock(&cache->mutex);
	return is_hit;
}

void ocsp_cache_put(OcspCache *cache, const Tlv *id, const StatusEntry *status,
		    const OcspCacheAnswer *answer)
{
	Kept *kept = g_malloc0(sizeof *kept + id->whole_length);
	Kept *older;

	memcpy(kept->id_bytes, id->whole, id->whole_length);
	kept->id = kept->id_bytes;
	kept->id_length = id->whole_length;
	kept->status = *status;
	kept->answer = *answer;
	g_bytes_ref(kept->answer.der);
	kept->use.data = kept;
	g_mutex_lock(&cache->mutex);
	older = g_hash_table_lookup(cache->kept, kept);
	if (older != NULL)
		drop(cache, older);
	g_hash_table_add(cache->kept, kept);
	g_queue_push_head_link(&cache->used, &kept->use);
	cache->bytes += size_of(kept);
	while (cache->bytes > cache->max_bytes && cache->used.tail != NULL)
		drop(cache, cache->used.tail->data);
	g_mutex_unlock(&cache->mutex);
}

void ocsp_cache_clear(OcspCache *cache)
{
	g_mutex_lock(&cache->mutex);
	while (cache->used.tail != NULL)
		drop(cache, cache->used.tail->data);
	g_mutex_unlock(&cache->mutex);
}

gsize ocsp_cache_bytes(OcspCache *cache)
{
	gsize bytes;

	g_mutex_lock(&cache->mutex);
	bytes = cache->bytes;
	g_mutex_unlock(&cache->mutex);
	return bytes;
}
