/* SPDX-License-Identifier: Apache-2.0
 * Token buckets. A full bucket is as good as none and is forgotten when there are many. */
#include "daemon/api/rate.h"

#include <pthread.h>

#define MANY 1024

typedef struct Bucket {
	double tokens;
	gint64 at; /* when tokens was right */
} Bucket;

struct Rate {
	double per_second, burst;
	pthread_mutex_t lock;
	GHashTable *buckets; /* char * → Bucket */
};

Rate *rate_new(guint per_minute, guint burst)
{
	Rate *rate = g_new0(Rate, 1);

	rate->per_second = per_minute / 60.0;
	rate->burst = MAX(burst, 1);
	pthread_mutex_init(&rate->lock, NULL);
	rate->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return rate;
}

void rate_free(Rate *rate)
{
	if (rate == NULL)
		return;
	g_hash_table_unref(rate->buckets);
	pthread_mutex_destroy(&rate->lock);
	g_free(rate);
}

static void fill(const Rate *rate, Bucket *bucket, gint64 now)
{
	double passed = (double) MAX(now - bucket->at, 0) / G_USEC_PER_SEC;

	bucket->tokens = MIN(bucket->tokens + passed * rate->per_second, rate->burst);
	bucket->at = now;
}

static void forget_full(Rate *rate, gint64 now)
{
	GHashTableIter iter;
	gpointer bucket;

	g_hash_table_iter_init(&iter, rate->buckets);
	while (g_hash_table_iter_next(&iter, NULL, &bucket)) {
		fill(rate, bucket, now);
		if (((Bucket *) bucket)->tokens >= rate->burst)
			g_hash_table_iter_remove(&iter);
	}
}

static guint take(Rate *rate, const char *who, gint64 now)
{
	Bucket *bucket = g_hash_table_lookup(rate->buckets, who);

	if (bucket == NULL) {
		if (g_hash_table_size(rate->buckets) >= MANY)
			forget_full(rate, now);
		bucket = g_new0(Bucket, 1);
		*bucket = (Bucket){ rate->burst, now };
		g_hash_table_insert(rate->buckets, g_strdup(who), bucket);
	}
	fill(rate, bucket, now);
	if (bucket->tokens >= 1) {
		bucket->tokens -= 1;
		return 0;
	}
	return (guint) ((1 - bucket->tokens) / rate->per_second) + 1;
}

guint rate_take(Rate *rate, const char *who, gint64 now)
{
	guint wait;

	if (rate->per_second <= 0)
		return 0;
	pthread_mutex_lock(&rate->lock);
	wait = take(rate, who, now);
	pthread_mutex_unlock(&rate->lock);
	return wait;
}
