/* SPDX-License-Identifier: Apache-2.0
 * What `status` says about the rules' own records. */
#include "daemon/op/rule_watch.h"

#include <libintl.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/clock_guard.h"
#include "daemon/op/exception.h"
#include "daemon/op/finding.h"
#include "daemon/op/work_record.h"
#include "daemon/op/yearly_task.h"

#define DAY       86400
#define NAMED_MAX 5

typedef struct RuleWatch {
	StoreTx *tx;
	const Op *op;
	char *today;
	json_t *problems;
} RuleWatch;

static void add(const RuleWatch *watch, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add(const RuleWatch *watch, const char *format, ...)
{
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;
	va_list args;

	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(gettext(format), args);
	va_end(args);
	json_array_append_new(watch->problems, json_pack("{s:s, s:s}", "en", en, "ja", ja));
}

/* TRUE from @seconds before the day @date on. */
static gboolean is_near(const RuleWatch *watch, const char *date, gint64 seconds)
{
	g_autofree char *from = clock_add_days(date, -(int) (seconds / DAY));

	return strcmp(from, watch->today) <= 0;
}

static void watch_exception(const RuleWatch *watch, const Exception *row)
{
	const char *state = exception_state(watch->op, row);
	gint64 warning =
		config_policy(watch->op->house->config, POLICY_EXCEPTION_WARNING, watch->today);

	if (g_str_equal(state, "waiting"))
		add(watch,
		    N_("exception %s (%s) waits for the chief and covers nothing before: "
		       "`opcardctl exception approve %s` (N81)"),
		    row->id, row->reason, row->id);
	else if (g_str_equal(state, "open"))
		add(watch,
		    N_("exception %s is in force until %s without the chief's approval: %s; the "
		       "chief approves it with `opcardctl exception approve %s` (N05, N81)"),
		    row->id, row->until, row->reason, row->id);
	else if (g_str_equal(state, "approved") && is_near(watch, row->until, warning))
		add(watch, N_("exception %s ends by itself after %s: %s (N81)"), row->id,
		    row->until, row->reason);
	if (row->ended_at == 0 && strcmp(row->review_due, watch->today) <= 0 &&
	    strcmp(row->until, watch->today) >= 0)
		add(watch,
		    N_("exception %s is due for its review since %s: `opcardctl exception review "
		       "%s` if it is still needed, otherwise `opcardctl exception end %s` (N81)"),
		    row->id, row->review_due, row->id, row->id);
}

static gboolean watch_exceptions(const RuleWatch *watch, GError **error)
{
	g_autoptr(GPtrArray) rows = store_exception_list(watch->tx, TRUE, NULL, -1, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++)
		watch_exception(watch, rows->pdata[i]);
	return rows != NULL;
}

static gboolean watch_findings(const RuleWatch *watch, GError **error)
{
	g_autoptr(GPtrArray) rows =
		store_finding_due(watch->tx, watch->today, NAMED_MAX + 1, error);

	for (guint i = 0; rows != NULL && i < MIN(rows->len, NAMED_MAX); i++) {
		const AuditFinding *row = rows->pdata[i];

		if (row->answered_at != 0)
			add(watch,
			    N_("finding %s is past its due date %s: it is answered, an auditor "
			       "closes it with `opcardctl finding close %s` (N84)"),
			    row->id, row->due, row->id);
		else
			add(watch,
			    N_("finding %s is past its due date %s: %s writes the measure with "
			       "`opcardctl finding answer %s` (N84)"),
			    row->id, row->due, row->owner, row->id);
	}
	if (rows != NULL && rows->len > NAMED_MAX)
		add(watch, N_("more findings are overdue: see `opcardctl finding list`"));
	return rows != NULL;
}

static gboolean watch_work(const RuleWatch *watch, GError **error)
{
	g_autoptr(GPtrArray) rows = store_work_list(watch->tx, TRUE, NULL, NAMED_MAX + 1, error);

	for (guint i = 0; rows != NULL && i < MIN(rows->len, NAMED_MAX); i++) {
		const WorkRow *row = rows->pdata[i];

		if (row->done_at == 0)
			add(watch,
			    N_("work record %s (%s) waits for who did it, and then for a second "
			       "person: `opcardctl work confirm %s` (N57, N58)"),
			    row->id, row->content, row->id);
		else
			add(watch,
			    N_("work record %s (%s) of %s waits for a second person: `opcardctl "
			       "work confirm %s` (N58)"),
			    row->id, row->content, row->done_by, row->id);
	}
	if (rows != NULL && rows->len > NAMED_MAX)
		add(watch, N_("more work records wait: see `opcardctl work list`"));
	return rows != NULL;
}

static gboolean watch_task(const RuleWatch *watch, int year, YearlyKind kind, GError **error)
{
	const YearlyRow *row = yearly_row(kind);
	g_auto(YearlyState) state = { 0 };
	gboolean is_owed;

	if (!yearly_task_state(watch->tx, watch->op, year, kind, &state, error) ||
	    !yearly_task_is_owed(watch->tx, state.due, &is_owed, error))
		return FALSE;
	if (g_str_equal(state.name, "overdue") && is_owed)
		add(watch,
		    N_("%s (%s) of the fiscal year %d was due on %s and is not recorded: "
		       "`opcardctl "
		       "yearly done %s --fiscal-year %d --reference REPORT` (%s)"),
		    row->ja, row->en, year, state.due, row->name, year, row->article);
	else if (g_str_equal(state.name, "soon"))
		add(watch,
		    N_("%s (%s) of the fiscal year %d is due on %s: record it with `opcardctl "
		       "yearly "
		       "done %s --reference REPORT` (%s)"),
		    row->ja, row->en, year, state.due, row->name, row->article);
	return TRUE;
}

static gboolean watch_year(const RuleWatch *watch, int year, GError **error)
{
	for (int kind = 0; kind < _YEARLY_KIND_MAX; kind++)
		if (!watch_task(watch, year, (YearlyKind) kind, error))
			return FALSE;
	return TRUE;
}

gboolean rule_watch_records(StoreTx *tx, const Op *op, json_t *problems, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	RuleWatch watch = { tx, op, today, problems };

	return watch_exceptions(&watch, error) && watch_findings(&watch, error) &&
	       watch_work(&watch, error) &&
	       watch_year(&watch, yearly_fiscal_year(today) - 1, error) &&
	       watch_year(&watch, yearly_fiscal_year(today), error);
}

gboolean rule_watch_add(StoreTx *tx, const Op *op, json_t *problems, GError **error)
{
	g_autoptr(GError) trouble = clock_guard_trouble(op->house, op->now);

	if (trouble != NULL)
		json_array_append_new(problems, json_pack("{s:s, s:s}", "en", trouble->message,
							  "ja", error_ja(trouble)));
	return rule_watch_records(tx, op, problems, error);
}
