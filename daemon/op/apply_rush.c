/* SPDX-License-Identifier: Apache-2.0
 * Exceptions of urgent applications. The ledger tells of their end by the application's own
 * record, which carries the exception's number. */
#include "daemon/op/apply_rush.h"

#include "daemon/base/clock.h"
#include "daemon/op/exception.h"

#define DAY 86400

gboolean apply_rush_open(StoreTx *tx, const Op *op, Application *row, const char *reason,
			 GError **error)
{
	g_autofree char *today = clock_date(op->now);
	gint64 within = config_policy(op->house->config, POLICY_URGENT_APPROVAL, today);
	g_autofree char *until = clock_add_days(today, (int) (within / DAY));
	g_autofree char *subject = g_strconcat("application:", row->id, NULL);
	ExceptionFacts facts = { .kind = "urgent",
				 .subject = subject,
				 .content = application_form_ja(row->form),
				 .reason = reason,
				 .until = until };

	return exception_open(tx, op, &facts, &row->exception, error) &&
	       store_application_put(tx, row, error);
}

gboolean apply_rush_end(StoreTx *tx, const Op *op, const Application *row, gboolean is_approved,
			GError **error)
{
	g_autoptr(Exception) entry = NULL;

	if (row->exception == NULL)
		return TRUE;
	entry = store_exception_get(tx, row->exception, error);
	if (entry == NULL)
		return FALSE;
	g_free(entry->ended_by);
	entry->ended_by = g_strdup(op->actor->id);
	entry->ended_at = op->now;
	if (is_approved) {
		g_free(entry->approved_by);
		entry->approved_by = g_strdup(op->actor->id);
		entry->approved_at = op->now;
	}
	return store_exception_put(tx, entry, error);
}
