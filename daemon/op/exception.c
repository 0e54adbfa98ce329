/* SPDX-License-Identifier: Apache-2.0
 * The register of exceptions. */
#include "daemon/op/exception.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/record.h"
#include "pkcs11/failpoint.h"

#define ARTICLE       "N81"
#define CONFIGURATION "configuration"
#define ALL           "all"
#define DAY           86400

typedef struct KindRow {
	const char *name;
	const char *ja;
	gboolean is_approved_first;
} KindRow;

/* N81: approved beforehand, or reported after where that cannot be waited for. */
static const KindRow kinds[] = {
	{ "separation", "職務分離の例外", TRUE },
	{ "rule", "規程の例外", TRUE },
	{ "urgent", "緊急実施", FALSE },
	{ "break-glass", "非常時代行", FALSE },
};

static const char *const subjects[] = { "staff:",   "card:",        "section:",
					"account:", "application:", NULL };

static const KindRow *kind_row(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const char *exception_ja(const char *kind)
{
	const KindRow *row = kind_row(kind);

	return row != NULL ? row->ja : kind;
}

static gboolean is_subject(const char *text)
{
	for (int i = 0; subjects[i] != NULL; i++)
		if (g_str_has_prefix(text, subjects[i]) && text[strlen(subjects[i])] != '\0')
			return TRUE;
	return g_str_equal(text, ALL);
}

static gboolean check_facts(const ExceptionFacts *facts, GError **error)
{
	if (kind_row(facts->kind) == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no kind of exception; kinds are separation, rule, "
				    "urgent, break-glass"),
				 facts->kind);
	if (facts->subject == NULL || !is_subject(facts->subject))
		return error_set(error, ERROR_USAGE,
				 N_("an exception is for staff:NUMBER, card:NUMBER, section:CODE, "
				    "account:NAME, application:ID or all"));
	if (facts->content == NULL || *facts->content == '\0' || facts->reason == NULL ||
	    *facts->reason == '\0')
		return error_set(error, ERROR_USAGE,
				 N_("an exception has a content, a reason and a last day (N81)"));
	return clock_is_date(facts->until) ||
	       error_set(error, ERROR_USAGE, N_("\"%s\" is no day of the calendar"), facts->until);
}

static gboolean check_period(const Op *op, const char *until, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	gint64 longest = config_policy(op->house->config, POLICY_EXCEPTION_LONGEST, today);
	g_autofree char *last = clock_add_days(today, (int) (longest / DAY));

	if (strcmp(until, today) < 0)
		return error_set(error, ERROR_RULE,
				 N_("the last day %s is over; an exception that is over covers "
				    "nothing (N81)"),
				 until);
	return strcmp(until, last) <= 0 ||
	       error_set(error, ERROR_RULE,
			 N_("an exception lasts until %s at the longest (policy "
			    "exception-longest); open it again after its review"),
			 last);
}

static char *review_day(const Op *op, const char *until)
{
	g_autofree char *today = clock_date(op->now);
	gint64 period = config_policy(op->house->config, POLICY_EXCEPTION_REVIEW, today);
	char *day = clock_add_days(today, (int) (period / DAY));

	if (strcmp(day, until) <= 0)
		return day;
	g_free(day);
	return g_strdup(until);
}

static gboolean write_row(StoreTx *tx, const Op *op, const Exception *row, const char *kind,
			  GError **error)
{
	Record record = { .kind = kind, .article = ARTICLE, .note = row->note };
	const char *staff =
		g_str_has_prefix(row->subject, "staff:") ? row->subject + strlen("staff:") : NULL;

	if (!store_exception_put(tx, row, error))
		return FALSE;
	record.extra = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "exception", row->id,
				 "exceptionKind", row->kind, "subject", row->subject, "content",
				 row->content, "reason", row->reason, "until", row->until);
	return record_event(tx, op, staff, &record, error);
}

static gboolean insert(StoreTx *tx, const Op *op, const ExceptionFacts *facts, const char *source,
		       char **ret_id, GError **error)
{
	g_autofree char *counter = g_strdup_printf("exception-%d", clock_year(op->now));
	g_autofree char *review = review_day(op, facts->until);
	g_autofree char *id = NULL;
	gint64 number;

	if (!store_next(tx, counter, &number, error))
		return FALSE;
	id = g_strdup_printf("E-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	Exception row = { .id = id,
			  .kind = (char *) facts->kind,
			  .subject = (char *) facts->subject,
			  .content = (char *) facts->content,
			  .reason = (char *) facts->reason,
			  .source = (char *) source,
			  .until = (char *) facts->until,
			  .review_due = review,
			  .opened_at = op->now,
			  .opened_by = op->actor->id };

	if (!write_row(tx, op, &row, "exception-open", error))
		return FALSE;
	*ret_id = g_steal_pointer(&id);
	return TRUE;
}

gboolean exception_open(StoreTx *tx, const Op *op, const ExceptionFacts *facts, char **ret_id,
			GError **error)
{
	return check_facts(facts, error) && check_period(op, facts->until, error) &&
	       insert(tx, op, facts, "request", ret_id, error);
}

/* The configuration is the server administrator's own act, reported by `status` until approved. */
static gboolean is_in_force(const Exception *row)
{
	const KindRow *kind = kind_row(row->kind);

	return kind != NULL && (row->approved_at != 0 || !kind->is_approved_first ||
				g_str_equal(row->source, CONFIGURATION));
}

static void note_use(const Op *op, const char *id)
{
	for (guint i = 0; op->exceptions != NULL && i < op->exceptions->len; i++)
		if (g_str_equal(op->exceptions->pdata[i], id))
			return;
	if (op->exceptions != NULL)
		g_ptr_array_add(op->exceptions, g_strdup(id));
}

gboolean exception_covers(StoreTx *tx, const Op *op, const char *kind, const char *subject,
			  char **ret_id, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(GPtrArray) rows = store_exception_for(tx, kind, subject, today, error);

	if (rows == NULL)
		return FALSE;
	*ret_id = NULL;
	for (guint i = 0; i < rows->len && *ret_id == NULL; i++) {
		const Exception *row = rows->pdata[i];

		if (!is_in_force(row))
			continue;
		note_use(op, row->id);
		*ret_id = g_strdup(row->id);
	}
	return TRUE;
}

void exception_carry(const Op *from, Op *to)
{
	for (guint i = 0; from->exceptions != NULL && i < from->exceptions->len; i++)
		note_use(to, from->exceptions->pdata[i]);
	if (from->actor != NULL && from->actor->exception != NULL)
		note_use(to, from->actor->exception);
}

json_t *exception_used(const Op *op)
{
	json_t *list = json_array();

	if (op->actor->exception != NULL)
		json_array_append_new(list, json_string(op->actor->exception));
	for (guint i = 0; op->exceptions != NULL && i < op->exceptions->len; i++)
		if (g_strcmp0(op->exceptions->pdata[i], op->actor->exception) != 0)
			json_array_append_new(list, json_string(op->exceptions->pdata[i]));
	if (json_array_size(list) > 0)
		return list;
	json_decref(list);
	return NULL;
}

const char *exception_state(const Op *op, const Exception *row)
{
	g_autofree char *today = clock_date(op->now);

	if (strcmp(row->until, today) < 0)
		return "expired";
	if (row->ended_at != 0)
		return "ended";
	if (row->approved_at != 0)
		return "approved";
	return is_in_force(row) ? "open" : "waiting";
}

static gboolean is_person(const Op *op, const char *staff)
{
	return g_strcmp0(op->actor->id, staff) == 0;
}

static gboolean check_approval(const Op *op, const Exception *row, GError **error)
{
	if (!op_has_role(op, ROLE_SET(ROLE_CHIEF)) || op->actor->person == 0)
		return error_set(error, ERROR_DENIED,
				 N_("%s may not approve exception %s: that is for the chief "
				    "セキュリティ統括管理者 (N81)"),
				 op->actor->id, row->id);
	if (is_person(op, row->opened_by) ||
	    (g_str_has_prefix(row->subject, "staff:") && is_person(op, row->subject + 6)))
		return error_set(error, ERROR_RULE,
				 N_("%s asked for exception %s or is whom it is for; somebody else "
				    "with the role chief must approve it (N05)"),
				 op->actor->id, row->id);
	return row->approved_at == 0 ||
	       error_set(error, ERROR_STATE, N_("exception %s is approved already"), row->id);
}

static gboolean check_act(const Op *op, const Exception *row, ExceptionAct act, GError **error)
{
	const char *state = exception_state(op, row);

	if (g_str_equal(state, "ended") || g_str_equal(state, "expired"))
		return error_set(error, ERROR_STATE,
				 N_("exception %s is over since %s; if it is needed again open a "
				    "new one"),
				 row->id, row->until);
	if (act == EXCEPTION_APPROVE)
		return check_approval(op, row, error);
	return op_has_role(op, ROLE_SET(ROLE_CHIEF) | ROLE_SET(ROLE_SYSTEM_ADMIN)) ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not decide about exception %s: it takes the role chief or "
			    "system-admin (N81)"),
			 op->actor->id, row->id);
}

static void apply(const Op *op, Exception *row, ExceptionAct act)
{
	char *actor = g_strdup(op->actor->id);

	if (act == EXCEPTION_APPROVE) {
		row->approved_at = op->now;
		g_free(row->approved_by);
		row->approved_by = actor;
	} else if (act == EXCEPTION_REVIEW) {
		g_free(row->review_due);
		row->review_due = review_day(op, row->until);
		row->reviewed_at = op->now;
		g_free(row->reviewed_by);
		row->reviewed_by = actor;
	} else {
		row->ended_at = op->now;
		g_free(row->ended_by);
		row->ended_by = actor;
	}
}

gboolean exception_act(Op *op, const char *id, ExceptionAct act, const char *note, GError **error)
{
	static const char *const records[_EXCEPTION_ACT_MAX] = {
		[EXCEPTION_APPROVE] = "exception-approve",
		[EXCEPTION_REVIEW] = "exception-review",
		[EXCEPTION_END] = "exception-end",
	};
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Exception) row = tx != NULL ? store_exception_get(tx, id, error) : NULL;

	if (row == NULL || !check_act(op, row, act, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	apply(op, row, act);
	g_free(row->note);
	row->note = g_strdup(note);
	FAILPOINT("exception.before");
	if (!write_row(tx, op, row, records[act], error) || !store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("exception.after");
	return TRUE;
}

static gboolean end(StoreTx *tx, const Op *op, Exception *row, const char *note, GError **error)
{
	apply(op, row, EXCEPTION_END);
	g_free(row->note);
	row->note = g_strdup(note);
	return write_row(tx, op, row, "exception-end", error);
}

static gboolean end_over(StoreTx *tx, const Op *op, const char *today, GError **error)
{
	g_autoptr(GPtrArray) rows = store_exception_list(tx, TRUE, NULL, -1, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		Exception *row = rows->pdata[i];

		if (strcmp(row->until, today) < 0 && !end(tx, op, row, "期限到来", error))
			return FALSE;
	}
	return rows != NULL;
}

/* The entry of the configuration is the key's text, word for word. */
static gboolean take_configuration(StoreTx *tx, const Op *op, const char *today, GError **error)
{
	const char *text =
		config_policy_text(op->house->config, POLICY_SEPARATION_EXCEPTION, today);
	g_autofree char *until = g_strndup(text, 10);
	const char *reason = text + strlen(until) + strspn(text + strlen(until), " ");
	gboolean is_wanted = clock_is_date(until) && strcmp(today, until) <= 0 && *reason != '\0';
	g_autoptr(GPtrArray) rows = store_exception_from(tx, CONFIGURATION, error);
	g_autofree char *ignored = NULL;
	ExceptionFacts facts = {
		.kind = "separation",
		.subject = ALL,
		.content = "一人で複数の役割を行う（設定 separation-exception）",
		.reason = reason,
		.until = until,
	};

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		Exception *row = rows->pdata[i];

		if (is_wanted && g_str_equal(row->until, until) && g_str_equal(row->reason, reason))
			is_wanted = FALSE;
		else if (!end(tx, op, row, "設定から削除", error))
			return FALSE;
	}
	return rows != NULL &&
	       (!is_wanted || insert(tx, op, &facts, CONFIGURATION, &ignored, error));
}

gboolean exception_keep(House *house, gint64 now, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autofree char *today = clock_date(now);
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);

	op_init(&op, house, op_daemon_actor(), now);
	return tx != NULL && end_over(tx, &op, today, error) &&
	       take_configuration(tx, &op, today, error) && store_tx_commit(&tx, error);
}
