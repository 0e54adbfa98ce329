/* SPDX-License-Identifier: Apache-2.0
 * Journeys and places in the store. */
#include "daemon/store/store_transit.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, card, leg, goal, seal, due, sent_at, sent_by, ifnull(ended_at, 0), ended_by, outcome"

void store_transit_free(Transit *transit)
{
	if (transit == NULL)
		return;
	g_free(transit->card);
	g_free(transit->leg);
	g_free(transit->goal);
	g_free(transit->seal);
	g_free(transit->due);
	g_free(transit->sent_by);
	g_free(transit->ended_by);
	g_free(transit->outcome);
	g_free(transit);
}

gboolean store_transit_send(StoreTx *tx, const Transit *transit, GError **error)
{
	if (!sql_run(tx, error,
		     "INSERT OR IGNORE INTO transit(card, leg, goal, seal, due, sent_at, sent_by)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		     "tttttit", transit->card, transit->leg, transit->goal, transit->seal,
		     transit->due, transit->sent_at, transit->sent_by))
		return FALSE;
	return sql_changes(tx) == 1 ||
	       error_set(error, ERROR_EXISTS,
			 N_("card %s is on its way already; note its arrival first (`opcardctl "
			    "arrive %s`, or `opcardctl return %s` at the custodian's)"),
			 transit->card, transit->card, transit->card);
}

gboolean store_transit_end(StoreTx *tx, const Transit *transit, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE transit SET ended_at = ?2, ended_by = ?3, outcome = ?4"
		       " WHERE id = ?1 AND ended_at IS NULL",
		       "iitt", transit->id, transit->ended_at, transit->ended_by, transit->outcome);
}

static gpointer read_transit(Sql *query)
{
	Transit *row = g_new0(Transit, 1);

	row->id = sql_int(query, 0);
	row->card = sql_text(query, 1);
	row->leg = sql_text(query, 2);
	row->goal = sql_text(query, 3);
	row->seal = sql_text(query, 4);
	row->due = sql_text(query, 5);
	row->sent_at = sql_int(query, 6);
	row->sent_by = sql_text(query, 7);
	row->ended_at = sql_int(query, 8);
	row->ended_by = sql_text(query, 9);
	row->outcome = sql_text(query, 10);
	return row;
}

static gboolean read_one(Sql *query, Transit **ret_transit, GError **error)
{
	g_autoptr(GPtrArray) list =
		sql_collect(query, read_transit, (GDestroyNotify) store_transit_free, error);

	if (list == NULL)
		return FALSE;
	*ret_transit = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

gboolean store_transit_of_card(StoreTx *tx, const char *card, Transit **ret_transit, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM transit WHERE card = ?1 AND ended_at IS NULL",
		"t", card);

	return read_one(query, ret_transit, error);
}

gboolean store_transit_last(StoreTx *tx, const char *card, Transit **ret_transit, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM transit WHERE card = ?1"
					 " ORDER BY id DESC LIMIT 1",
					 "t", card);

	return read_one(query, ret_transit, error);
}

GPtrArray *store_transit_list(StoreTx *tx, const char *before, int limit, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM transit INDEXED BY transit_due"
			  " WHERE ended_at IS NULL AND due < ?1 ORDER BY due, id LIMIT ?2",
			  "td", before != NULL ? before : "9999-12-31", limit);

	return sql_collect(query, read_transit, (GDestroyNotify) store_transit_free, error);
}

static gpointer read_place(Sql *query)
{
	PlaceCount *row = g_new0(PlaceCount, 1);

	row->place = sql_text(query, 0);
	row->state = sql_text(query, 1);
	row->cards = sql_int(query, 2);
	return row;
}

static void free_place(gpointer data)
{
	PlaceCount *row = data;

	g_free(row->place);
	g_free(row->state);
	g_free(row);
}

GPtrArray *store_transit_places(StoreTx *tx, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT place, state, count(*) FROM card"
					 " WHERE state <> 'DISPOSED' GROUP BY place, state"
					 " ORDER BY place, state",
					 "");

	return sql_collect(query, read_place, free_place, error);
}
