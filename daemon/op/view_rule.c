/* SPDX-License-Identifier: Apache-2.0
 * JSON views of the rules' own records. */
#include "daemon/op/view_rule.h"

#include "daemon/op/view.h"

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

json_t *view_rule_exceptions(StoreTx *tx, const Op *op, gboolean is_open, const char *after,
			     GError **error)
{
	g_autoptr(GPtrArray) rows = store_exception_list(tx, is_open, after, VIEW_LIMIT + 1, error);
	json_t *items = rows != NULL ? json_array() : NULL;
	const char *next = NULL;

	for (guint i = 0; rows != NULL && i < MIN(rows->len, VIEW_LIMIT); i++)
		json_array_append_new(items, view_rule_exception(op, rows->pdata[i]));
	if (rows != NULL && rows->len > VIEW_LIMIT)
		next = ((const Exception *) rows->pdata[VIEW_LIMIT - 1])->id;
	return items != NULL ? view_page(items, next) : NULL;
}
