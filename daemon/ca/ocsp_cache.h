/* SPDX-License-Identifier: Apache-2.0
 * Signed answers kept for the next one who asks, bounded in bytes, least recently used out first.
 * An answer is given only while the index still says what was signed: it cannot go stale by a
 * forgotten call. Safe from several threads. */
#pragma once

#include "daemon/ca/status_index.h"
#include "daemon/ca/tlv.h"

/* Length of an entity tag: 32 hexadecimal digits in quotes. */
#define OCSP_CACHE_ETAG_SIZE 35

typedef struct OcspCache OcspCache;

typedef struct OcspCacheAnswer {
	GBytes *der;
	gint64 this_update;
	gint64 next_update;
	char etag[OCSP_CACHE_ETAG_SIZE];
} OcspCacheAnswer;

/* @max_age: seconds after this_update for which an answer is given again. */
OcspCache *ocsp_cache_new(gsize max_bytes, gint64 max_age);
void ocsp_cache_free(OcspCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OcspCache, ocsp_cache_free)

/* @id is the CertID as the client wrote it. A hit must have been signed for the same @status and
 * not too long before @now; any other is dropped. @ret_answer->der is a reference. */
gboolean ocsp_cache_get(OcspCache *cache, const Tlv *id, const StatusEntry *status, gint64 now,
			OcspCacheAnswer *ret_answer);
void ocsp_cache_put(OcspCache *cache, const Tlv *id, const StatusEntry *status,
		    const OcspCacheAnswer *answer);
void ocsp_cache_clear(OcspCache *cache);
gsize ocsp_cache_bytes(OcspCache *cache);
