/* SPDX-License-Identifier: Apache-2.0
 * Authorisations to reset a PIN. Rows are never deleted: a paper authorises once for ever. */
#include "daemon/store/store_pin_reset.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS "id, card, holder, paper, by, at, expires, ended_at, outcome, confirmation"

void store_pin_reset_free(PinReset *reset)
{
	if (reset == NULL)
		return;
	g_free(reset->card);
	g_free(reset->paper);
	g_free(reset->by);
	g_free(reset->outcome);
	g_free(reset->confirmation);
	g_free(reset);
}

static gpointer read_row(Sql *query)
{
	PinReset *reset = g_new0(PinReset, 1);

	reset->id = sql_int(query, 0);
	reset->card = sql_text(query, 1);
	reset->holder = sql_int(query, 2);
	reset->paper = sql_text(query, 3);
	reset->by = sql_text(query, 4);
	reset->at = sql_int(query, 5);
	reset->expires = sql_int(query, 6);
	reset->ended_at = sql_int(query, 7);
	reset->outcome = sql_text(query, 8);
	reset->confirmation = sql_text(query, 9);
	return reset;
}

static gboolean insert(StoreTx *tx, const PinReset *reset, GError **error)
{
	if (reset->ended_at == 0)
		return sql_run(tx, error,
			       "INSERT OR IGNORE INTO pin_reset(card, holder, paper, by, at,"
			       " expires) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
			       "tittii", reset->card, reset->holder, reset->paper, reset->by,
			       reset->at, reset->expires);
	return sql_run(tx, error,
		       "INSERT INTO pin_reset(card, holder, by, at, expires, ended_at, outcome,"
		       " confirmation) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		       "titiiitt", reset->card, reset->holder, reset->by, reset->at, reset->expires,
		       reset->ended_at, reset->outcome, reset->confirmation);
}

gboolean store_pin_reset_insert(StoreTx *tx, const PinReset *reset, GError **error)
{
	if (!insert(tx, reset, error))
		return FALSE;
	return sql_changes(tx) == 1 ||
	       error_set(error, ERROR_RULE,
			 N_("card %s: the form 6 \"%s\" authorised a reset before; a form 6 is "
			    "good for one reset of one card (T28)"),
			 reset->card, reset->paper);
}

gboolean store_pin_reset_newest(StoreTx *tx, const char *card, gint64 holder, PinReset **ret_reset,
				GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM pin_reset WHERE card = ?1"
					 " AND holder = ?2 AND confirmation IS NULL"
					 " ORDER BY id DESC LIMIT 1",
					 "ti", card, holder);
	g_autoptr(GPtrArray) list =
		sql_collect(query, read_row, (GDestroyNotify) store_pin_reset_free, error);

	if (list == NULL)
		return FALSE;
	*ret_reset = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

gboolean store_pin_reset_end(StoreTx *tx, const char *card, const char *outcome, gint64 now,
			     int *ret_count, GError **error)
{
	if (!sql_run(tx, error,
		     "UPDATE pin_reset SET ended_at = ?2, outcome = ?3 WHERE card = ?1"
		     " AND ended_at IS NULL AND expires > ?2",
		     "tit", card, now, outcome))
		return FALSE;
	if (ret_count != NULL)
		*ret_count = sql_changes(tx);
	return TRUE;
}

GPtrArray *store_pin_reset_unapproved(StoreTx *tx, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM pin_reset"
					 " WHERE confirmation IS NOT NULL AND approved_at IS NULL"
					 " AND rejected_at IS NULL"
					 " ORDER BY confirmation LIMIT ?1",
					 "d", limit);

	return sql_collect(query, read_row, (GDestroyNotify) store_pin_reset_free, error);
}

gboolean store_pin_reset_reject(StoreTx *tx, const char *confirmation, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE pin_reset SET rejected_at = ?2"
		       " WHERE confirmation = ?1 AND approved_at IS NULL",
		       "ti", confirmation, now);
}

gboolean store_pin_reset_approve(StoreTx *tx, const char *confirmation, gint64 now, const char *by,
				 GError **error)
{
	if (!sql_run(tx, error,
		     "UPDATE pin_reset SET approved_at = ?2, approved_by = ?3"
		     " WHERE confirmation = ?1 AND approved_at IS NULL AND rejected_at IS NULL",
		     "tit", confirmation, now, by))
		return FALSE;
	return sql_changes(tx) == 1 ||
	       error_set(error, ERROR_NOT_FOUND, N_("no urgent reset waits for approval as %s"),
			 confirmation);
}
