/* SPDX-License-Identifier: Apache-2.0
 * Rounds of card checks in the store. */
#include "daemon/store/store_round.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"r.id, r.section, r.section_name, r.due, r.opened_at, r.opened_by, ifnull(r.closed_at, "   \
	"0),"                                                                                      \
	" (SELECT count(*) FROM check_round_card k WHERE k.round = r.id),"                         \
	" (SELECT count(k.seen_at) FROM check_round_card k WHERE k.round = r.id),"                 \
	" (SELECT count(k.held_at) FROM check_round_card k WHERE k.round = r.id)"

void store_round_free(CheckRound *round)
{
	if (round == NULL)
		return;
	g_free(round->id);
	g_free(round->section);
	g_free(round->section_name);
	g_free(round->due);
	g_free(round->opened_by);
	g_free(round);
}

void store_round_card_free(CheckRoundCard *card)
{
	if (card == NULL)
		return;
	g_free(card->card);
	g_free(card->seen_by);
	g_free(card->proof);
	g_free(card);
}

gboolean store_round_open(StoreTx *tx, const CheckRound *round, GError **error)
{
	if (!sql_run(tx, error,
		     "INSERT OR IGNORE INTO check_round(id, section, section_name, due, opened_at,"
		     " opened_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
		     "ttttit", round->id, round->section, round->section_name, round->due,
		     round->opened_at, round->opened_by))
		return FALSE;
	if (sql_changes(tx) != 1)
		return error_set(error, ERROR_EXISTS,
				 N_("section %s has a card check under way; `opcardctl check-round "
				    "list` shows it"),
				 round->section);
	return sql_run(tx, error,
		       "INSERT INTO check_round_card(round, card) SELECT ?1, c.number"
		       " FROM designation d CROSS JOIN card c ON c.holder = d.person"
		       " AND c.designation = d.id WHERE d.section = ?2 AND (c.state = 'ACTIVE'"
		       " OR (c.state = 'PENDING' AND EXISTS(SELECT 1 FROM transit t"
		       " WHERE t.card = c.number AND t.outcome = 'arrived')))",
		       "tt", round->id, round->section);
}

gboolean store_round_close(StoreTx *tx, const char *id, gint64 now, const char *by, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE check_round SET closed_at = ?2, closed_by = ?3"
		       " WHERE id = ?1 AND closed_at IS NULL",
		       "tit", id, now, by);
}

static gpointer read_round(Sql *query)
{
	CheckRound *round = g_new0(CheckRound, 1);

	round->id = sql_text(query, 0);
	round->section = sql_text(query, 1);
	round->section_name = sql_text(query, 2);
	round->due = sql_text(query, 3);
	round->opened_at = sql_int(query, 4);
	round->opened_by = sql_text(query, 5);
	round->closed_at = sql_int(query, 6);
	round->cards = sql_int(query, 7);
	round->seen = sql_int(query, 8);
	round->held = sql_int(query, 9);
	return round;
}

static GPtrArray *read_rounds(Sql *query, GError **error)
{
	return sql_collect(query, read_round, (GDestroyNotify) store_round_free, error);
}

CheckRound *store_round_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM check_round r WHERE r.id = ?1", "t", id);
	g_autoptr(GPtrArray) list = read_rounds(query, error);

	if (list != NULL && list->len == 0)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no card check %s; `opcardctl check-round list` shows them"),
			  id);
	return list != NULL && list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *store_round_list(StoreTx *tx, const char *section, const char *before, int limit,
			    GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM check_round r WHERE r.id < ?2"
			  " AND (?1 IS NULL OR r.section = ?1) ORDER BY r.id DESC LIMIT ?3",
			  "ttd", section, before != NULL ? before : "S", limit);

	return read_rounds(query, error);
}

GPtrArray *store_round_late(StoreTx *tx, const char *date, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM check_round r INDEXED BY check_round_open"
			  " WHERE r.closed_at IS NULL AND r.due < ?1 AND EXISTS(SELECT 1"
			  " FROM check_round_card u WHERE u.round = r.id AND u.seen_at IS NULL"
			  " AND u.held_at IS NULL) ORDER BY r.id",
			  "t", date);

	return read_rounds(query, error);
}

static gpointer read_card(Sql *query)
{
	CheckRoundCard *card = g_new0(CheckRoundCard, 1);

	card->card = sql_text(query, 0);
	card->seen_at = sql_int(query, 1);
	card->seen_by = sql_text(query, 2);
	card->proof = sql_text(query, 3);
	card->held_at = sql_int(query, 4);
	return card;
}

GPtrArray *store_round_cards(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT card, ifnull(seen_at, 0), seen_by, proof, ifnull(held_at, 0)"
			  " FROM check_round_card WHERE round = ?1 ORDER BY card",
			  "t", id);

	return sql_collect(query, read_card, (GDestroyNotify) store_round_card_free, error);
}

static gboolean find_open(StoreTx *tx, const char *card, char **ret_round, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT k.round FROM check_round r INDEXED BY check_round_open"
			  " CROSS JOIN check_round_card k ON k.round = r.id AND k.card = ?1"
			  " WHERE r.closed_at IS NULL LIMIT 1",
			  "t", card);
	g_autofree char *round = NULL;

	if (query == NULL)
		return FALSE;
	while (sql_step(query))
		round = sql_text(query, 0);
	if (!sql_end(query, error))
		return FALSE;
	*ret_round = g_steal_pointer(&round);
	return TRUE;
}

gboolean store_round_seen(StoreTx *tx, const CheckRoundCard *seen, char **ret_round, GError **error)
{
	g_autofree char *round = NULL;

	if (!find_open(tx, seen->card, &round, error))
		return FALSE;
	if (round != NULL &&
	    !sql_run(tx, error,
		     "UPDATE check_round_card SET seen_at = ?3, seen_by = ?4, proof = ?5"
		     " WHERE round = ?1 AND card = ?2 AND (seen_at IS NULL OR proof <> 'signed')",
		     "ttitt", round, seen->card, seen->seen_at, seen->seen_by, seen->proof))
		return FALSE;
	*ret_round = g_steal_pointer(&round);
	return TRUE;
}

gboolean store_round_held(StoreTx *tx, const char *id, const char *card, gint64 now, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE check_round_card SET held_at = ?3 WHERE round = ?1 AND card = ?2",
		       "tti", id, card, now);
}
