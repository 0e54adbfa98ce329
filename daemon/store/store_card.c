/* SPDX-License-Identifier: Apache-2.0
 * Cards in the store. Whether a card is held is decided here once, for its own holds and for
 * scopes (store_scope.h) alike. */
#include "daemon/store/store_card.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/core/person.h"
#include "daemon/store/sql.h"
#include "daemon/store/store_scope.h"

/* After every text that begins with what stands before it. */
#define END "\xF4\x8F\xBF\xBF"
#define COLUMNS                                                                                    \
	"c.number, c.chip_serial, c.kind, c.family, c.so_key_id, c.state, c.no_reuse, c.place,"    \
	" ifnull(c.holder, 0), c.designation, c.authority, c.replaces, c.issued_on, c.lent_on,"    \
	" c.checked_on, c.returned_on, c.note, c.version,"                                         \
	" EXISTS(SELECT 1 FROM hold h WHERE h.card = c.number AND h.lifted_at IS NULL)"            \
	" OR " STORE_SCOPE_STOPS("c")

static Card *read_card(Sql *query)
{
	g_autoptr(Card) card = g_new0(Card, 1);

	card->number = sql_text(query, 0);
	card->chip_serial = sql_text(query, 1);
	card->kind = sql_text(query, 2);
	card->family = sql_text(query, 3);
	card->so_key_id = sql_text(query, 4);
	if (!card_state_parse(sql_peek(query, 5), &card->state))
		return NULL;
	card->no_reuse = sql_int(query, 6) != 0;
	card->place = sql_text(query, 7);
	card->holder = sql_int(query, 8);
	card->designation = sql_text(query, 9);
	card->authority = sql_text(query, 10);
	card->replaces = sql_text(query, 11);
	card->issued_on = sql_text(query, 12);
	card->lent_on = sql_text(query, 13);
	card->checked_on = sql_text(query, 14);
	card->returned_on = sql_text(query, 15);
	card->note = sql_text(query, 16);
	card->version = sql_int(query, 17);
	card->is_held = sql_int(query, 18) != 0;
	return g_steal_pointer(&card);
}

static gboolean fetch(Sql *query, Card **ret_card, GError **error)
{
	Card *card = NULL;

	if (query == NULL)
		return FALSE;
	if (sql_step(query)) {
		card = read_card(query);
		if (card == NULL)
			return error_set(error, ERROR_STORE,
					 N_("the card %s has an unknown state in the database"),
					 sql_peek(query, 0));
	}
	if (!sql_end(query, error)) {
		card_free(card);
		return FALSE;
	}
	*ret_card = card;
	return TRUE;
}

Card *store_card_get(StoreTx *tx, const char *number, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM card c WHERE c.number = ?1", "t", number);
	Card *card = NULL;

	if (fetch(query, &card, error) && card == NULL)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no card %s; `opcardctl card list` shows the known ones"),
			  number);
	return card;
}

gboolean store_card_find_chip(StoreTx *tx, const char *serial, Card **ret_card, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT " COLUMNS " FROM card c WHERE c.chip_serial = ?1", "t", serial);

	return fetch(query, ret_card, error);
}

static gboolean write_card(StoreTx *tx, const char *sql, const Card *card, GError **error)
{
	g_autofree char *holder =
		card->holder != 0 ? g_strdup_printf("%" G_GINT64_FORMAT, card->holder) : NULL;

	return sql_run(tx, error, sql, "ttttttdtttttttttti", card->number, card->chip_serial,
		       card->kind, card->family, card->so_key_id, card_state_name(card->state),
		       (int) card->no_reuse, card->place, holder, card->designation,
		       card->authority, card->replaces, card->issued_on, card->lent_on,
		       card->checked_on, card->returned_on, card->note, card->version);
}

gboolean store_card_insert(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(Card) twin = NULL;
	g_autoptr(GError) absent = NULL;

	twin = store_card_get(tx, card->number, &absent);
	if (twin != NULL)
		return error_set(error, ERROR_EXISTS,
				 N_("the card %s is already in the register (%s); a face number is "
				    "used once"),
				 card->number, card_state_label(card_shown(twin)));
	if (card->chip_serial != NULL) {
		if (!store_card_find_chip(tx, card->chip_serial, &twin, error))
			return FALSE;
		if (twin != NULL)
			return error_set(error, ERROR_EXISTS,
					 N_("the chip %s already belongs to card %s"),
					 card->chip_serial, twin->number);
	}
	return write_card(tx,
			  "INSERT INTO card VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
			  " CAST(?9 AS INTEGER), ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
			  " ?17, ?18)",
			  card, error);
}

gboolean store_card_put(StoreTx *tx, Card *card, GError **error)
{
	if (!write_card(tx,
			"UPDATE card SET chip_serial = ?2, kind = ?3, family = ?4, so_key_id = ?5,"
			" state = ?6, no_reuse = ?7, place = ?8, holder = CAST(?9 AS INTEGER),"
			" designation = ?10, authority = ?11, replaces = ?12, issued_on = ?13,"
			" lent_on = ?14, checked_on = ?15, returned_on = ?16,"
			" note = ?17, version = ?18 + 1"
			" WHERE number = ?1 AND version = ?18",
			card, error))
		return FALSE;
	if (sql_changes(tx) != 1)
		return error_set(
			error, ERROR_BUSY,
			N_("card %s was changed by somebody else meanwhile; look at it and "
			   "try again"),
			card->number);
	card->version++;
	return TRUE;
}

static GPtrArray *read_cards(Sql *query, GError **error)
{
	g_autoptr(GPtrArray) cards = g_ptr_array_new_with_free_func((GDestroyNotify) card_free);

	if (query == NULL)
		return NULL;
	while (sql_step(query)) {
		Card *card = read_card(query);

		if (card != NULL)
			g_ptr_array_add(cards, card);
	}
	return sql_end(query, error) ? g_steal_pointer(&cards) : NULL;
}

GPtrArray *store_card_of_holder(StoreTx *tx, gint64 person, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT " COLUMNS " FROM card c WHERE c.holder = ?1"
			  " AND c.state NOT IN ('DISPOSED', 'RETURNED', 'ERASED', 'SPARE', 'STOCK')"
			  " ORDER BY c.number",
			  "i", person);

	return read_cards(query, error);
}

static gboolean has_scope(StoreTx *tx, gboolean *ret_has, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT 1 FROM hold WHERE lifted_at IS NULL AND reason = 'EMERGENCY' LIMIT 1", "");

	if (query == NULL)
		return FALSE;
	*ret_has = sql_step(query);
	return sql_end(query, error);
}

/* Through the holds, which are few; only a stop by scope must look at every card. */
static Sql *query_suspended(StoreTx *tx, const char *after, int limit, GError **error)
{
	gboolean is_scoped;

	if (!has_scope(tx, &is_scoped, error))
		return NULL;
	if (is_scoped)
		return sql_query(tx, error,
				 "SELECT " COLUMNS " FROM card c WHERE c.state = 'ACTIVE' AND"
				 " (EXISTS(SELECT 1 FROM hold o WHERE o.card = c.number"
				 " AND o.lifted_at IS NULL)"
				 " OR " STORE_SCOPE_STOPS(
					 "c") ") AND c.number > ?1 ORDER BY c.number LIMIT ?2",
				 "td", after, limit);
	return sql_query(tx, error,
			 "SELECT " COLUMNS " FROM hold o CROSS JOIN card c ON c.number = o.card"
			 " WHERE o.lifted_at IS NULL AND o.card > ?1 AND c.state = 'ACTIVE'"
			 " GROUP BY o.card ORDER BY o.card LIMIT ?2",
			 "td", after, limit);
}

/* Each filter has its own statement, so that each is one index scan. */
GPtrArray *store_card_list(StoreTx *tx, const StoreCardFilter *filter, GError **error)
{
	const char *after = filter->after != NULL ? filter->after : "";
	g_autoptr(Sql) query = NULL;

	if (filter->part != NULL) {
		g_autofree char *name = person_name_fold(filter->part);
		g_autofree char *name_end = g_strconcat(name, END, NULL);
		g_autofree char *number = card_number_fold(filter->part);
		g_autofree char *end = number != NULL ? g_strconcat(number, END, NULL) : NULL;

		query = sql_query(
			tx, error,
			"SELECT " COLUMNS " FROM card c WHERE c.number > ?3"
			" AND c.number IN (SELECT number FROM card"
			" WHERE number >= ?1 AND number < ?2"
			" UNION SELECT k.number FROM name_part p JOIN card k ON k.holder = p.person"
			" WHERE p.part >= ?5 AND p.part < ?6)"
			" AND (?7 IS NULL OR ?7 = (SELECT d.section FROM designation d"
			" WHERE d.id = c.designation)) ORDER BY c.number LIMIT ?4",
			"tttdttt", number, end, after, filter->limit, name, name_end,
			filter->section);
	} else if (filter->holder != 0) {
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM card c WHERE c.holder = ?1"
				  " AND c.number > ?2 AND (?4 IS NULL OR ?4 = (SELECT d.section"
				  " FROM designation d WHERE d.id = c.designation))"
				  " ORDER BY c.number LIMIT ?3",
				  "itdt", filter->holder, after, filter->limit, filter->section);
	} else if (filter->section != NULL) {
		query = sql_query(
			tx, error,
			"SELECT " COLUMNS " FROM card c WHERE c.number IN"
			" (SELECT k.number FROM designation d JOIN card k ON k.holder = d.person"
			" AND k.designation = d.id WHERE d.section = ?1) AND c.number > ?2"
			" AND (?4 IS NULL OR c.state = ?4) ORDER BY c.number LIMIT ?3",
			"ttdt", filter->section, after, filter->limit, filter->state);
	} else if (g_strcmp0(filter->state, "SUSPENDED") == 0) {
		query = query_suspended(tx, after, filter->limit, error);
	} else if (filter->state != NULL) {
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM card c WHERE c.state = ?1"
				  " AND c.number > ?2 ORDER BY c.number LIMIT ?3",
				  "ttd", filter->state, after, filter->limit);
	} else {
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM card c WHERE c.number > ?1"
				  " ORDER BY c.number LIMIT ?2",
				  "td", after, filter->limit);
	}
	return read_cards(query, error);
}

static GPtrArray *read_numbers(Sql *query, GError **error)
{
	g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);

	if (query == NULL)
		return NULL;
	while (sql_step(query))
		g_ptr_array_add(numbers, sql_text(query, 0));
	return sql_end(query, error) ? g_steal_pointer(&numbers) : NULL;
}

GPtrArray *store_card_of_ended_terms(StoreTx *tx, const char *date, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT c.number FROM person p CROSS JOIN card c ON c.holder = p.id"
		" WHERE p.until IS NOT NULL AND p.until < ?1 AND c.state = 'ACTIVE' LIMIT ?2",
		"td", date, limit);

	return read_numbers(query, error);
}

GPtrArray *store_card_overdue_temporary(StoreTx *tx, const char *date, int limit, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT number FROM card INDEXED BY card_temporary"
		" WHERE kind = 'temporary' AND state = 'ACTIVE' AND lent_on < ?1 LIMIT ?2",
		"td", date, limit);

	return read_numbers(query, error);
}

/* A stop by scope counts by looking at every card in use; without one the triggers keep count. */
static gboolean count_scoped(StoreTx *tx, gint64 *counts, GError **error)
{
	g_autoptr(Sql) query = NULL;
	gboolean is_scoped;

	if (!has_scope(tx, &is_scoped, error))
		return FALSE;
	if (!is_scoped)
		return TRUE;
	query = sql_query(tx, error,
			  "SELECT count(*) FROM card c WHERE c.state = 'ACTIVE' AND (EXISTS("
			  "SELECT 1 FROM hold o WHERE o.card = c.number AND o.lifted_at IS NULL)"
			  " OR " STORE_SCOPE_STOPS("c") ")",
			  "");
	if (query == NULL)
		return FALSE;
	counts[CARD_SUSPENDED] = sql_step(query) ? sql_int(query, 0) : 0;
	return sql_end(query, error);
}

gboolean store_card_count(StoreTx *tx, gint64 ret_counts[_CARD_STATE_MAX], GError **error)
{
	gint64 counts[_CARD_STATE_MAX] = { 0 };
	g_autoptr(Sql) query = sql_query(tx, error, "SELECT state, n FROM card_count", "");

	if (query == NULL)
		return FALSE;
	while (sql_step(query)) {
		CardState state;

		if (card_state_parse(sql_peek(query, 0), &state))
			counts[state] = sql_int(query, 1);
	}
	if (!sql_end(query, error) || !count_scoped(tx, counts, error))
		return FALSE;
	counts[CARD_ACTIVE] -= counts[CARD_SUSPENDED];
	memcpy(ret_counts, counts, sizeof(counts));
	return TRUE;
}
