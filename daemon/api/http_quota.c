/* SPDX-License-Identifier: Apache-2.0
 * Counters of connections; a peer without connections takes no memory. */
#include "daemon/api/http_quota.h"

void http_quota_init(HttpQuota *quota, guint max, guint max_per_peer)
{
	quota->max = max;
	quota->max_per_peer = max_per_peer;
	quota->n = 0;
	quota->peers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void http_quota_clear(HttpQuota *quota)
{
	g_clear_pointer(&quota->peers, g_hash_table_unref);
}

gboolean http_quota_take(HttpQuota *quota, const HttpPeer *peer)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(quota->peers, peer->key));

	if (quota->n >= quota->max || n >= quota->max_per_peer)
		return FALSE;
	quota->n++;
	g_hash_table_insert(quota->peers, g_strdup(peer->key), GUINT_TO_POINTER(n + 1));
	return TRUE;
}

void http_quota_give_back(HttpQuota *quota, const HttpPeer *peer)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(quota->peers, peer->key));

	g_assert(quota->n > 0 && n > 0);
	quota->n--;
	if (n == 1)
		g_hash_table_remove(quota->peers, peer->key);
	else
		g_hash_table_insert(quota->peers, g_strdup(peer->key), GUINT_TO_POINTER(n - 1));
}
