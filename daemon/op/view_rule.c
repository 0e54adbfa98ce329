/* SPDX-License-Identifier: Apache-2.0
 * JSON views of the rules' own records. */
#include "daemon/op/view_rule.h"

#include "daemon/core/stop_criterion.h"
#include "daemon/op/view.h"
#include "daemon/store/store_order.h"

json_t *view_rule_exception(const Op *op, const Exception *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o,"
			 " s:o, s:o, s:o, s:o, s:o}",
			 "id", row->id, "kind", row->kind, "kindJa", exception_ja(row->kind),
			 "subject", row->subject, "content", row->content, "reason", row->reason,
			 "source", row->source, "until", row->until, "reviewDue", row->review_due,
			 "state", exception_state(op, row), "openedAt", view_time(row->opened_at),
			 "openedBy", row->opened_by, "approvedAt", view_time(row->approved_at),
			 "approvedBy", view_text(row->approved_by), "reviewedAt",
			 view_time(row->reviewed_at), "reviewedBy", view_text(row->reviewed_by),
			 "endedAt", view_time(row->ended_at), "endedBy", view_text(row->ended_by),
			 "note", view_text(row->note));
}

/* One row more than a page is read, to know whether there is another page. */
#define ASKED (VIEW_LIMIT + 1)

/* What every page does: its rows, and the number of the last one when there are more. */
typedef json_t *(*Show)(const Op *op, gconstpointer row);

static json_t *page(const Op *op, GPtrArray *rows, Show show)
{
	g_autoptr(GPtrArray) owned = rows;
	json_t *items = owned != NULL ? json_array() : NULL;
	g_autofree char *next = NULL;

	for (guint i = 0; owned != NULL && i < MIN(owned->len, VIEW_LIMIT); i++)
		json_array_append_new(items, show(op, owned->pdata[i]));
	if (owned != NULL && owned->len > VIEW_LIMIT)
		next = g_strdup(json_string_value(
			json_object_get(json_array_get(items, VIEW_LIMIT - 1), "id")));
	return items != NULL ? view_page(items, next) : NULL;
}

static json_t *show_exception(const Op *op, gconstpointer row)
{
	return view_rule_exception(op, row);
}

json_t *view_rule_exceptions(StoreTx *tx, const Op *op, gboolean is_open, const char *after,
			     GError **error)
{
	return page(op, store_exception_list(tx, is_open, after, ASKED, error), show_exception);
}

json_t *view_rule_finding(const Op *op, const AuditFinding *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o,"
			 " s:o, s:o}",
			 "id", row->id, "source", row->source, "sourceJa",
			 finding_source_ja(row->source), "reference", row->reference, "content",
			 row->content, "owner", row->owner, "due", row->due, "state",
			 finding_state(op, row), "openedAt", view_time(row->opened_at), "openedBy",
			 row->opened_by, "measure", view_text(row->measure), "answeredAt",
			 view_time(row->answered_at), "answeredBy", view_text(row->answered_by),
			 "closedAt", view_time(row->closed_at), "closedBy",
			 view_text(row->closed_by), "note", view_text(row->note));
}

static json_t *show_finding(const Op *op, gconstpointer row)
{
	return view_rule_finding(op, row);
}

json_t *view_rule_findings(StoreTx *tx, const Op *op, const char *after, GError **error)
{
	return page(op, store_finding_list(tx, after, ASKED, error), show_finding);
}

json_t *view_rule_work(const WorkRow *row)
{
	json_t *tests = row->tests != NULL ? json_loads(row->tests, 0, NULL) : json_null();

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o,"
			 " s:o, s:o}",
			 "id", row->id, "kind", row->kind, "kindJa", work_record_ja(row->kind),
			 "content", row->content, "state", work_record_state(row), "before",
			 json_loads(row->before, 0, NULL), "after", json_loads(row->after, 0, NULL),
			 "openedAt", view_time(row->opened_at), "openedBy", row->opened_by,
			 "doneBy", view_text(row->done_by), "doneAt", view_time(row->done_at),
			 "tests", tests, "result", view_text(row->result), "confirmedBy",
			 view_text(row->confirmed_by), "confirmedAt", view_time(row->confirmed_at),
			 "note", view_text(row->note));
}

static json_t *show_work(const Op *op, gconstpointer row)
{
	(void) op;
	return view_rule_work(row);
}

json_t *view_rule_works(StoreTx *tx, gboolean is_waiting, const char *after, GError **error)
{
	return page(NULL, store_work_list(tx, is_waiting, after, ASKED, error), show_work);
}

static json_t *show_order(const Op *op, gconstpointer data)
{
	const StopOrder *row = data;
	const StopCriterion *criterion = stop_criterion_find(row->criterion);

	(void) op;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o}", "id",
			 row->id, "card", row->card, "number", row->number, "orderedOn",
			 row->ordered_on, "refusedOn", row->refused_on, "criterion", row->criterion,
			 "criterionJa", criterion != NULL ? criterion->ja : row->criterion,
			 "decidedBy", row->decided_by, "openedAt", view_time(row->opened_at),
			 "openedBy", row->opened_by, "liftedAt", view_time(row->lifted_at),
			 "liftedBy", view_text(row->lifted_by), "liftedSecond",
			 view_text(row->lifted_second));
}

json_t *view_rule_orders(StoreTx *tx, const char *after, GError **error)
{
	return page(NULL, store_order_list(tx, after, ASKED, error), show_order);
}
