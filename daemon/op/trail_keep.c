/* SPDX-License-Identifier: Apache-2.0
 * Holds and disposals. The decision is one transaction with its record; the deletion goes on from
 * where it was, also after a crash. */
#include "daemon/op/trail_keep.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/record.h"
#include "daemon/op/view.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_ledger.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_trail.h"

#define STEP       2000
#define FIRST_YEAR 1990
#define LAST_YEAR  2999

static gboolean check_subject(StoreTx *tx, const char *staff, const char *card, GError **error)
{
	g_autoptr(Person) person = NULL;
	g_autoptr(Card) known = NULL;

	if ((staff == NULL) == (card == NULL))
		return error_set(error, ERROR_USAGE,
				 N_("a hold is over a person or over a card: name one of them"));
	if (staff != NULL)
		person = store_person_get(tx, staff, error);
	else
		known = store_card_get(tx, card, error);
	return person != NULL || known != NULL;
}

gboolean trail_keep_hold(Op *op, const char *staff, const char *card, const char *reason,
			 char **ret_id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autofree char *id = NULL;
	Record record = { .kind = "audit-hold", .article = "K14", .note = reason };
	gint64 number;

	if (tx == NULL || !check_subject(tx, staff, card, error) ||
	    !store_next(tx, "ledger-hold", &number, error))
		return FALSE;
	id = g_strdup_printf("K-%04" G_GINT64_FORMAT, number);
	TrailHold hold = {
		.id = id,
		.staff = (char *) staff,
		.card = (char *) card,
		.reason = (char *) reason,
		.since = op->now,
		.by = op->actor->id,
	};

	record.extra = json_pack("{s:s, s:s*}", "hold", id, "subject", card);
	if (!store_trail_add_hold(tx, &hold, error)) {
		json_decref(record.extra);
		return FALSE;
	}
	if (!record_event(tx, op, staff, &record, error) ||
	    (!op->is_dry_run && !store_tx_commit(&tx, error)))
		return FALSE;
	*ret_id = g_steal_pointer(&id);
	return TRUE;
}

gboolean trail_keep_end(Op *op, const char *id, const char *note, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(TrailHold) hold = tx != NULL ? store_trail_hold(tx, id, error) : NULL;
	Record record = { .kind = "audit-hold-end", .article = "K14", .note = note };

	if (hold == NULL || !store_trail_end_hold(tx, id, op->actor->id, op->now, error))
		return FALSE;
	record.extra = json_pack("{s:s, s:s*}", "hold", id, "subject", hold->card);
	return record_event(tx, op, hold->staff, &record, error) &&
	       (op->is_dry_run || store_tx_commit(&tx, error));
}

json_t *trail_keep_list(StoreTx *tx, GError **error)
{
	g_autoptr(GPtrArray) holds = store_trail_holds(tx, error);
	json_t *items;

	if (holds == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < holds->len; i++) {
		const TrailHold *hold = holds->pdata[i];

		json_array_append_new(items,
				      json_pack("{s:s, s:o, s:o, s:s, s:o, s:s, s:o, s:o}", "id",
						hold->id, "staff", view_text(hold->staff), "card",
						view_text(hold->card), "reason", hold->reason,
						"since", view_time(hold->since), "by", hold->by,
						"endedAt", view_time(hold->ended_at), "endedBy",
						view_text(hold->ended_by)));
	}
	return view_page(items, NULL);
}

/* Years are whole fiscal years after the one a record was entered in. */
static gboolean find_until(const Op *op, const char *fiscal_year, gint64 *ret_until, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	gint64 years = config_policy(op->house->config, POLICY_AUDIT_RETENTION, today);
	g_autofree char *end = NULL;
	g_autofree char *free_from = NULL;
	guint64 year;

	if (!g_ascii_string_to_unsigned(fiscal_year, 10, FIRST_YEAR, LAST_YEAR, &year, NULL))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no fiscal year; write the year it begins in, like "
				    "2026"),
				 fiscal_year);
	end = g_strdup_printf("%d-04-01", (int) year + 1);
	free_from = g_strdup_printf("%d-04-01", (int) (year + 1 + (guint64) years));
	if (g_strcmp0(today, free_from) < 0)
		return error_set(
			error, ERROR_RULE,
			N_("the records of the fiscal year %s are kept until %s (%d years, "
			   "T33); nothing may be disposed of before"),
			fiscal_year, free_from, (int) years);
	*ret_until = clock_day_start(end);
	return TRUE;
}

static gboolean decide(StoreTx **tx, Op *op, const char *fiscal_year, gint64 until, GError **error)
{
	Record record = { .kind = TRAIL_KEEP_EVENT, .article = "N18" };
	gint64 first, going, held;

	if (!store_ledger_since(*tx, until, &first, error) ||
	    !store_trail_count(*tx, 1, first - 1, &going, &held, error) ||
	    !store_trail_dispose(*tx, until, first - 1, error))
		return FALSE;
	record.extra = json_pack("{s:s, s:I, s:I, s:I}", "fiscalYear", fiscal_year, "last",
				 (json_int_t) (first - 1), "records", (json_int_t) going, "held",
				 (json_int_t) held);
	if (!record_event(*tx, op, NULL, &record, error))
		return FALSE;
	return store_tx_commit(tx, error);
}

gboolean trail_keep_dispose(Op *op, const char *fiscal_year, MoveOutcome *ret_outcome,
			    char **ret_confirmation, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	json_t *body;
	gint64 until = 0;
	gboolean is_asked;

	if (!find_until(op, fiscal_year, &until, error))
		return FALSE;
	if (op->is_dry_run) {
		*ret_outcome = MOVE_WOULD;
		return TRUE;
	}
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	if (tx == NULL)
		return FALSE;
	if (op->is_confirmed) {
		*ret_outcome = MOVE_DONE;
		return decide(&tx, op, fiscal_year, until, error);
	}
	body = json_pack("{s:s, s:s}", "event", TRAIL_KEEP_EVENT, "fiscalYear", fiscal_year);
	MoveQuestion question = { .event = TRAIL_KEEP_EVENT, .body = body };

	is_asked = move_ask(&tx, op, &question, ret_confirmation, error);
	json_decref(body);
	*ret_outcome = MOVE_ASKED;
	return is_asked;
}

gboolean trail_keep_work(House *house, gint64 now, GError **error)
{
	gboolean is_over = FALSE;

	while (!is_over) {
		g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);

		if (tx == NULL || !store_trail_work(tx, STEP, now, &is_over, error))
			return FALSE;
		if (is_over)
			return TRUE;
		if (!store_tx_commit(&tx, error))
			return FALSE;
	}
	return TRUE;
}
