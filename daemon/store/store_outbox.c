/* SPDX-License-Identifier: Apache-2.0
 * Notices that leave the house in the store. */
#include "daemon/store/store_outbox.h"

#include "daemon/store/sql.h"

void store_outbox_notice_free(OutboxNotice *notice)
{
	if (notice == NULL)
		return;
	g_free(notice->kind);
	g_free(notice->recipient);
	g_free(notice->about);
	g_free(notice->body);
	g_free(notice);
}

gboolean store_outbox_add(StoreTx *tx, const OutboxNotice *notice, gint64 *ret_id, GError **error)
{
	gint64 id;

	if (!store_next(tx, "notice", &id, error) ||
	    !sql_run(tx, error, "INSERT INTO outbox VALUES(?1, ?2, ?3, ?4, ?5, ?6)", "itttti", id,
		     notice->kind, notice->recipient, notice->about, notice->body, notice->at))
		return FALSE;
	*ret_id = id;
	return TRUE;
}

gboolean store_outbox_deliver(StoreTx *tx, gint64 notice, const char *channel, gint64 due,
			      GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO delivery VALUES(?1, ?2, ?3, 0, NULL, NULL, NULL, NULL)", "iti",
		       notice, channel, due);
}

gboolean store_outbox_remind(StoreTx *tx, const char *subject, const char *stage, gint64 at,
			     gboolean *ret_is_new, GError **error)
{
	if (!sql_run(tx, error, "INSERT INTO reminder VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING",
		     "tti", subject, stage, at))
		return FALSE;
	*ret_is_new = sql_changes(tx) > 0;
	return TRUE;
}
