/* SPDX-License-Identifier: Apache-2.0
 * How many connections a listener has, in all and of each peer. Used by the http thread only. */
#pragma once

#include "daemon/api/http_peer.h"

typedef struct HttpQuota {
	guint max, max_per_peer;
	guint n;
	GHashTable *peers; /* HttpPeer.key → count */
} HttpQuota;

void http_quota_init(HttpQuota *quota, guint max, guint max_per_peer);
void http_quota_clear(HttpQuota *quota);
/* FALSE, and nothing taken, if the listener or the peer has all its connections. */
gboolean http_quota_take(HttpQuota *quota, const HttpPeer *peer) G_GNUC_WARN_UNUSED_RESULT;
void http_quota_give_back(HttpQuota *quota, const HttpPeer *peer);
