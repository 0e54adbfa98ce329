/* SPDX-License-Identifier: Apache-2.0
 * Standing approvals, and temporary cards that are overdue. */
#include "daemon/op/standing.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/recall.h"
#include "daemon/op/allow.h"
#include "daemon/op/move.h"
#include "daemon/op/view.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"

#define BATCH     20
#define DAYS_MOST 366

static gboolean check_until(const Op *op, const char *until, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *most = clock_add_days(today, DAYS_MOST);

	return (strcmp(until, today) >= 0 && strcmp(until, most) <= 0) ||
	       error_set(error, ERROR_USAGE,
			 N_("a standing approval ends between today (%s) and a year from now (%s), "
			    "not on %s"),
			 today, most, until);
}

static gboolean check_approver(StoreTx *tx, const Op *op, const Section *section, GError **error)
{
	gboolean is_excepted;

	if (!op_has_role(op, ROLE_SET(ROLE_SYSTEM_ADMIN)))
		return error_set(
			error, ERROR_DENIED,
			N_("%s may not approve the lending of temporary cards: it takes the "
			   "role system-admin (T15)"),
			op->actor->id);
	if (!op_manages(op, section->code))
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s manages section %s and would approve for the own section; somebody "
			    "else must do it (separation of duties, N05)"),
			 op->actor->id, section->code);
}

gboolean standing_add(Op *op, const StandingRequest *request, char **ret_id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Section) section =
		tx != NULL ? store_person_section(tx, request->section, error) : NULL;
	Record record = { .kind = "lend-approval", .article = "T15", .note = request->paper };
	g_autofree char *id = NULL;
	gint64 number;

	if (section == NULL || !check_approver(tx, op, section, error) ||
	    !check_until(op, request->until, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	if (!store_next(tx, "standing-approval", &number, error))
		return FALSE;
	id = g_strdup_printf("S-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	Standing row = { .id = id,
			 .section = section->code,
			 .until = (char *) request->until,
			 .paper = (char *) request->paper,
			 .by = op->actor->id,
			 .at = op->now };

	if (!store_standing_add(tx, &row, error))
		return FALSE;
	record.extra = json_pack("{s:s, s:s, s:s}", "approval", id, "section", section->code,
				 "until", request->until);
	if (!record_event(tx, op, NULL, &record, error) || !store_tx_commit(&tx, error))
		return FALSE;
	*ret_id = g_steal_pointer(&id);
	return TRUE;
}

gboolean standing_end(Op *op, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "lend-approval-end", .article = "T15", .note = id };

	if (tx == NULL || !store_standing_end(tx, id, op->now, op->actor->id, error))
		return FALSE;
	return op->is_dry_run ||
	       (record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error));
}

gboolean standing_check(StoreTx *tx, const Op *op, const char *designation, char **ret_id,
			GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Designation) row = store_designation_get(tx, designation, error);
	g_autoptr(Standing) found = NULL;

	if (row == NULL || !store_standing_of(tx, row->section, today, &found, error))
		return FALSE;
	if (found == NULL)
		return error_set(error, ERROR_RULE,
				 N_("section %s (%s) has no standing approval to lend temporary "
				    "cards; a system-admin gives it with `opcardctl lend-approval "
				    "add --section %s`"),
				 row->section_name, row->section, row->section);
	*ret_id = g_strdup(found->id);
	return TRUE;
}

json_t *standing_view(StoreTx *tx, const char *before, int limit, GError **error)
{
	guint most = (guint) view_limit(limit);
	g_autoptr(GPtrArray) list = store_standing_list(tx, before, (int) most + 1, error);
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++) {
		const Standing *row = list->pdata[i];

		json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "id",
						       row->id, "section", row->section, "until",
						       row->until, "paper", row->paper, "by",
						       row->by, "approvedOn", view_date(row->at),
						       "endedOn", view_date(row->ended_at)));
	}
	return view_page(items,
			 list->len > most ? ((const Standing *) list->pdata[most - 1])->id : NULL);
}

static gboolean recall(House *house, const char *card, gint64 now, GError **error)
{
	g_autofree char *today = clock_date(now);
	g_autofree char *ignored = NULL;
	g_auto(Op) op = { 0 };
	MoveOutcome outcome;
	MoveRequest request = {
		.card = card,
		.event = EVENT_RECALL,
		.facts = { .reason = recall_name(RECALL_TEMPORARY_OVER), .due = today },
	};

	op_init(&op, house, op_daemon_actor(), now);
	return move_card(&op, &request, &outcome, &ignored, error);
}

gboolean standing_recall_due(House *house, gint64 now, guint *ret_recalled, GError **error)
{
	g_autofree char *today = clock_date(now);
	guint recalled = 0, found = BATCH;

	while (found == BATCH) {
		g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
		g_autoptr(GPtrArray) cards =
			tx != NULL ? store_card_overdue_temporary(tx, today, BATCH, error) : NULL;

		g_clear_pointer(&tx, store_tx_abort);
		if (cards == NULL)
			return FALSE;
		found = cards->len;
		for (guint i = 0; i < cards->len; i++, recalled++)
			if (!recall(house, cards->pdata[i], now, error))
				return FALSE;
	}
	*ret_recalled = recalled;
	return TRUE;
}
