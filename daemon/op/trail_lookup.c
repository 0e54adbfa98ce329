/* SPDX-License-Identifier: Apache-2.0
 * Who had a card at a moment. A record about a card carries the card as it stood after it, and an
 * emergency stop of many cards is a record of its own. */
#include "daemon/op/trail_lookup.h"

#include <libintl.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/record.h"
#include "daemon/op/view.h"
#include "daemon/store/store_ledger.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static gboolean is_in_scope(const char *scope, const char *number, const json_t *card)
{
	if (g_strcmp0(scope, "all") == 0)
		return TRUE;
	if (g_str_has_prefix(scope, "section:"))
		return g_strcmp0(scope + 8, text_of(card, "sectionCode")) == 0;
	if (g_str_has_prefix(scope, "authority:"))
		return g_strcmp0(scope + 10, text_of(card, "authority")) == 0;
	return g_str_has_prefix(scope, "batch:") && g_str_has_prefix(number, scope + 6);
}

/* Stops less resumptions up to @at that fit the card. */
static gboolean is_stopped(const GPtrArray *stops, const GPtrArray *resumes,
			   const TrailAsked *asked, const json_t *card)
{
	gint64 last_stop = 0, last_resume = 0;

	for (int kind = 0; kind < 2; kind++) {
		const GPtrArray *rows = kind == 0 ? stops : resumes;

		for (guint i = 0; i < rows->len; i++) {
			const LedgerRow *row = rows->pdata[i];
			json_t *body = row->at <= asked->at ? json_loads(row->body, 0, NULL) : NULL;
			const char *scope = text_of(body, "scope");

			if (scope != NULL && is_in_scope(scope, asked->card, card))
				*(kind == 0 ? &last_stop : &last_resume) = row->seq;
			json_decref(body);
		}
	}
	return last_stop > last_resume;
}

static const char *why_not(const char *state, gboolean is_stopped_then)
{
	if (g_strcmp0(state, "ACTIVE") != 0)
		return N_("the card was not in use");
	return is_stopped_then ? N_("an emergency stop was in force") : NULL;
}

static json_t *answer_of(const TrailAsked *asked, const LedgerRow *row, gboolean is_stopped_then,
			 gboolean is_open)
{
	json_t *body = row != NULL ? json_loads(row->body, 0, NULL) : NULL;
	const json_t *card = json_object_get(body, "card");
	const char *state = text_of(card, "state");
	const char *why = card == NULL ? N_("the ledger knows nothing of this card at that moment")
				       : why_not(state, is_stopped_then);
	json_t *item = json_pack("{s:o, s:s, s:o, s:b, s:b}", "at", view_time(asked->at), "card",
				 asked->card, "terminal", view_text(asked->terminal), "known",
				 card != NULL, "valid", card != NULL && why == NULL);

	json_object_set_new(item, "state", view_text(state));
	json_object_set_new(item, "section", view_text(text_of(card, "section")));
	json_object_set_new(item, "sectionCode", view_text(text_of(card, "sectionCode")));
	json_object_set_new(item, "authority", view_text(text_of(card, "authority")));
	json_object_set_new(item, "name", view_text(is_open ? text_of(card, "name") : NULL));
	json_object_set_new(item, "staff", view_text(is_open ? text_of(card, "staff") : NULL));
	json_object_set_new(item, "why",
			    why == NULL ? json_null()
					: json_pack("{s:s, s:s}", "en", why, "ja", gettext(why)));
	json_object_set_new(item, "seq", row != NULL ? json_integer(row->seq) : json_null());
	json_decref(body);
	return item;
}

static gboolean answer_all(StoreTx *tx, const GPtrArray *asked, gboolean is_open, json_t *items,
			   GError **error)
{
	g_autoptr(GPtrArray) stops = store_ledger_own(tx, "emergency-stop", error);
	g_autoptr(GPtrArray) resumes =
		stops != NULL ? store_ledger_own(tx, "emergency-resume", error) : NULL;

	for (guint i = 0; resumes != NULL && i < asked->len; i++) {
		const TrailAsked *one = asked->pdata[i];
		g_autoptr(LedgerRow) row = NULL;
		json_t *body;

		if (!store_ledger_card_at(tx, one->card, one->at, &row, error))
			return FALSE;
		body = row != NULL ? json_loads(row->body, 0, NULL) : NULL;
		json_array_append_new(items, answer_of(one, row,
						       is_stopped(stops, resumes, one,
								  json_object_get(body, "card")),
						       is_open));
		json_decref(body);
	}
	return resumes != NULL;
}

/* T40, T36: who asked is on record; what was asked is not repeated there. */
static gboolean record(Op *op, const GPtrArray *asked, gboolean is_open, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record row = { .kind = "audit-lookup", .article = "T40" };

	if (tx == NULL)
		return FALSE;
	row.extra = json_pack("{s:i, s:b}", "entries", (int) asked->len, "names", is_open);
	return record_event(tx, op, NULL, &row, error) && store_tx_commit(&tx, error);
}

json_t *trail_lookup(Op *op, const GPtrArray *asked, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	gboolean is_open = config_policy(op->house->config, POLICY_DISCLOSE_NAMES, today) != 0;
	StoreTx *tx = store_tx_read(op->house->store, error);
	json_t *items = json_array();
	gboolean is_done = tx != NULL && answer_all(tx, asked, is_open, items, error);

	g_clear_pointer(&tx, store_tx_abort);
	if (is_done && record(op, asked, is_open, error))
		return json_pack("{s:o}", "items", items);
	json_decref(items);
	return NULL;
}
