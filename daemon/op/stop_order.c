/* SPDX-License-Identifier: Apache-2.0
 * 職権停止. */
#include "daemon/op/stop_order.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/stop_criterion.h"
#include "daemon/op/notice.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_order.h"
#include "daemon/store/store_person.h"

static gboolean check_given(const StopOrderFacts *facts, const Card *card, GError **error)
{
	const struct {
		const char *value;
		const char *option;
	} needed[] = {
		{ facts != NULL ? facts->number : NULL, "--order-number" },
		{ facts != NULL ? facts->ordered_on : NULL, "--ordered-on" },
		{ facts != NULL ? facts->refused_on : NULL, "--refused-on" },
		{ facts != NULL ? facts->criterion : NULL, "--criterion" },
		{ facts != NULL ? facts->decided_by : NULL, "--decided-by" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
		if (needed[i].value == NULL || *needed[i].value == '\0')
			return error_set(
				error, ERROR_INPUT,
				N_("card %s is stopped ex officio only after an order that "
				   "was not obeyed: %s is missing (N82)"),
				card->number, needed[i].option);
	return TRUE;
}

static gboolean check_days(const Op *op, const StopOrderFacts *facts, GError **error)
{
	g_autofree char *today = clock_date(op->now);

	if (!clock_is_date(facts->ordered_on) || !clock_is_date(facts->refused_on))
		return error_set(error, ERROR_USAGE,
				 N_("the days of the order (%s) and of the refusal (%s) must be "
				    "days of the calendar"),
				 facts->ordered_on, facts->refused_on);
	return (strcmp(facts->ordered_on, facts->refused_on) <= 0 &&
		strcmp(facts->refused_on, today) <= 0) ||
	       error_set(
		       error, ERROR_RULE,
		       N_("an order of %s that was refused on %s cannot be, today being %s (N82)"),
		       facts->ordered_on, facts->refused_on, today);
}

gboolean stop_order_check(StoreTx *tx, const Op *op, const Card *card, const StopOrderFacts *facts,
			  GError **error)
{
	g_autofree char *choices = stop_criterion_choices();
	g_autoptr(Person) decider = NULL;

	if (!check_given(facts, card, error))
		return FALSE;
	if (stop_criterion_find(facts->criterion) == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no criterion of an ex-officio stop; criteria are %s "
				    "(N44)"),
				 facts->criterion, choices);
	if (!check_days(op, facts, error))
		return FALSE;
	decider = store_person_get(tx, facts->decided_by, error);
	if (decider == NULL)
		return FALSE;
	return decider->id != card->holder ||
	       error_set(error, ERROR_RULE,
			 N_("%s holds card %s and cannot be the one who decided; name the "
			    "情報セキュリティ責任者 (N82)"),
			 facts->decided_by, card->number);
}

/* N82: the chief and the head of the holder's section are told at once. */
static gboolean tell(StoreTx *tx, const Op *op, const Card *card, const StopOrder *row,
		     const char *to, GError **error)
{
	g_autoptr(Person) holder =
		card->holder != 0 ? store_person_by_id(tx, card->holder, error) : NULL;
	Notice notice = { .kind = "stop-order", .to = to, .about = row->id };

	if (card->holder != 0 && holder == NULL)
		return FALSE;
	notice.values =
		json_pack("{s:s, s:s*, s:s, s:s, s:s, s:s, s:s}", "card", card->number, "holder",
			  holder != NULL ? holder->name : NULL, "number", row->number, "orderedOn",
			  row->ordered_on, "refusedOn", row->refused_on, "criterion",
			  stop_criterion_find(row->criterion)->ja, "decidedBy", row->decided_by);
	return notice_add(tx, op, &notice, error);
}

static gboolean tell_both(StoreTx *tx, const Op *op, const Card *card, const StopOrder *row,
			  GError **error)
{
	g_autoptr(Designation) designation = NULL;
	g_autofree char *section = NULL;

	if (!tell(tx, op, card, row, "role:chief", error))
		return FALSE;
	if (card->designation == NULL)
		return TRUE;
	designation = store_designation_get(tx, card->designation, error);
	if (designation == NULL)
		return FALSE;
	section = g_strconcat("section:", designation->section, NULL);
	return tell(tx, op, card, row, section, error);
}

gboolean stop_order_open(StoreTx *tx, const Op *op, const Card *card, const StopOrderFacts *facts,
			 json_t **ret_extra, GError **error)
{
	g_autofree char *counter = g_strdup_printf("stop-order-%d", clock_year(op->now));
	g_autofree char *id = NULL;
	gint64 number;

	if (!store_next(tx, counter, &number, error))
		return FALSE;
	id = g_strdup_printf("O-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	StopOrder row = { .id = id,
			  .card = card->number,
			  .number = (char *) facts->number,
			  .ordered_on = (char *) facts->ordered_on,
			  .refused_on = (char *) facts->refused_on,
			  .criterion = (char *) facts->criterion,
			  .decided_by = (char *) facts->decided_by,
			  .opened_at = op->now,
			  .opened_by = op->actor->id };

	if (!store_order_insert(tx, &row, error) || !tell_both(tx, op, card, &row, error))
		return FALSE;
	*ret_extra = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "stopOrder", id,
			       "orderNumber", facts->number, "orderedOn", facts->ordered_on,
			       "refusedOn", facts->refused_on, "criterion", facts->criterion,
			       "criterionJa", stop_criterion_find(facts->criterion)->ja,
			       "decidedBy", facts->decided_by);
	return TRUE;
}

gboolean stop_order_lift(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	StopOrder row = { .card = card->number,
			  .lifted_at = op->now,
			  .lifted_by = op->actor->id,
			  .lifted_second = (char *) op->second };

	return store_order_lift(tx, &row, error);
}
