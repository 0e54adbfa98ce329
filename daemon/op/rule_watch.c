/* SPDX-License-Identifier: Apache-2.0
 * What `status` says about the rules' own records. */
#include "daemon/op/rule_watch.h"

#include <libintl.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/clock_guard.h"
#include "daemon/op/exception.h"

#define DAY 86400

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

static void watch_clock(const RuleWatch *watch)
{
	g_autoptr(GError) trouble = clock_guard_trouble(watch->op->house, watch->op->now);

	if (trouble != NULL)
		json_array_append_new(
			watch->problems,
			json_pack("{s:s, s:s}", "en", trouble->message, "ja", error_ja(trouble)));
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

gboolean rule_watch_add(StoreTx *tx, const Op *op, json_t *problems, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	RuleWatch watch = { tx, op, today, problems };

	watch_clock(&watch);
	return watch_exceptions(&watch, error);
}
