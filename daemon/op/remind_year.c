/* SPDX-License-Identifier: Apache-2.0
 * Yearly tasks that nobody has recorded yet. */
#include "daemon/op/remind_year.h"

#include "daemon/base/clock.h"
#include "daemon/op/reminder.h"
#include "daemon/op/yearly_task.h"

static gboolean remind_task(const Op *op, int year, YearlyKind kind, guint *count, GError **error)
{
	static const char *const to[] = { "role:system-admin", "role:chief", NULL };
	const YearlyRow *row = yearly_row(kind);
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autofree char *about = g_strdup_printf("%s-%d", row->name, year);
	g_auto(YearlyState) state = { 0 };
	gboolean is_owed;
	Notice notice = { .kind = "yearly-task", .about = about };

	if (tx == NULL || !yearly_task_state(tx, op, year, kind, &state, error) ||
	    !yearly_task_is_owed(tx, state.due, &is_owed, error))
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	if (!is_owed || (!g_str_equal(state.name, "soon") && !g_str_equal(state.name, "overdue")))
		return TRUE;
	notice.values = json_pack("{s:s, s:s, s:s, s:s, s:i}", "task", row->ja, "task_en", row->en,
				  "name", row->name, "due", state.due, "year", year);
	return reminder_give(op, &notice, to, state.name, count, error);
}

static gboolean remind_all(const Op *op, int year, guint *count, GError **error)
{
	for (int kind = 0; kind < _YEARLY_KIND_MAX; kind++)
		if (!remind_task(op, year, (YearlyKind) kind, count, error))
			return FALSE;
	return TRUE;
}

gboolean remind_year_task(House *house, gint64 now, guint *ret_count, GError **error)
{
	g_autofree char *today = clock_date(now);
	int year = yearly_fiscal_year(today);
	g_auto(Op) op = { 0 };

	op_init(&op, house, op_daemon_actor(), now);
	return remind_all(&op, year - 1, ret_count, error) &&
	       remind_all(&op, year, ret_count, error);
}
