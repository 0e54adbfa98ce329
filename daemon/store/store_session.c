/* SPDX-License-Identifier: Apache-2.0
 * Witnessed sessions in the store. */
#include "daemon/store/store_session.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"s.id, s.witness, s.opened_at, s.opened_by, ifnull(s.closed_at, 0),"                       \
	" (SELECT count(*) FROM witness_session_card k WHERE k.session = s.id),"                   \
	" (SELECT count(k.erased_at) FROM witness_session_card k WHERE k.session = s.id),"         \
	" (SELECT count(k.disposed_at) FROM witness_session_card k WHERE k.session = s.id)"

void store_session_free(WitnessSession *session)
{
	if (session == NULL)
		return;
	g_free(session->id);
	g_free(session->witness);
	g_free(session->opened_by);
	g_free(session);
}

void store_session_card_free(WitnessCard *card)
{
	if (card == NULL)
		return;
	g_free(card->card);
	g_free(card);
}

gboolean store_session_open(StoreTx *tx, const WitnessSession *session, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO witness_session(id, witness, opened_at, opened_by)"
		       " VALUES(?1, ?2, ?3, ?4)",
		       "ttit", session->id, session->witness, session->opened_at,
		       session->opened_by);
}

gboolean store_session_add(StoreTx *tx, const char *id, const char *card, GError **error)
{
	return sql_run(tx, error,
		       "INSERT OR IGNORE INTO witness_session_card(session, card) VALUES(?1, ?2)",
		       "tt", id, card);
}

gboolean store_session_close(StoreTx *tx, const char *id, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE witness_session SET closed_at = ?2"
		       " WHERE id = ?1 AND closed_at IS NULL",
		       "ti", id, now);
}

static gpointer read_session(Sql *query)
{
	WitnessSession *row = g_new0(WitnessSession, 1);

	row->id = sql_text(query, 0);
	row->witness = sql_text(query, 1);
	row->opened_at = sql_int(query, 2);
	row->opened_by = sql_text(query, 3);
	row->closed_at = sql_int(query, 4);
	row->cards = sql_int(query, 5);
	row->erased = sql_int(query, 6);
	row->disposed = sql_int(query, 7);
	return row;
}

WitnessSession *store_session_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM witness_session s WHERE s.id = ?1", "t", id);
	g_autoptr(GPtrArray) list =
		sql_collect(query, read_session, (GDestroyNotify) store_session_free, error);

	if (list != NULL && list->len == 0)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no witnessed session %s; `opcardctl session list` shows "
			     "them"),
			  id);
	return list != NULL && list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *store_session_list(StoreTx *tx, const char *before, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM witness_session s WHERE s.id < ?1"
					 " ORDER BY s.id DESC LIMIT ?2",
					 "td", before != NULL ? before : "X", limit);

	return sql_collect(query, read_session, (GDestroyNotify) store_session_free, error);
}

static gpointer read_card(Sql *query)
{
	WitnessCard *row = g_new0(WitnessCard, 1);

	row->card = sql_text(query, 0);
	row->erased_at = sql_int(query, 1);
	row->disposed_at = sql_int(query, 2);
	return row;
}

GPtrArray *store_session_cards(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT card, ifnull(erased_at, 0), ifnull(disposed_at, 0)"
			  " FROM witness_session_card WHERE session = ?1 ORDER BY card",
			  "t", id);

	return sql_collect(query, read_card, (GDestroyNotify) store_session_card_free, error);
}

gboolean store_session_has(StoreTx *tx, const char *id, const char *card, gboolean *ret_has,
			   GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT 1 FROM witness_session_card WHERE session = ?1 AND card = ?2",
		"tt", id, card);

	if (query == NULL)
		return FALSE;
	*ret_has = sql_step(query);
	return sql_end(query, error);
}

gboolean store_session_done(StoreTx *tx, const char *id, const WitnessCard *card, GError **error)
{
	return sql_run(
		tx, error,
		"UPDATE witness_session_card SET erased_at = ifnull(nullif(?3, 0), erased_at),"
		" disposed_at = ifnull(nullif(?4, 0), disposed_at)"
		" WHERE session = ?1 AND card = ?2",
		"ttii", id, card->card, card->erased_at, card->disposed_at);
}
