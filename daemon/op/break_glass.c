/* SPDX-License-Identifier: Apache-2.0
 * Roles taken for a time. */
#include "daemon/op/break_glass.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/exception.h"
#include "daemon/op/import_field.h"
#include "daemon/op/mandate.h"
#include "daemon/op/notice.h"
#include "daemon/op/record.h"
#include "daemon/store/store_grant.h"
#include "pkcs11/failpoint.h"

#define SECTION    "break-glass"
#define ARTICLE    "N05"
#define REASON_MAX 500
#define MINUTE     60

static gboolean check_reason(const char *reason, GError **error)
{
	g_auto(ImportResult) result = { 0 };
	ImportField field = { &result, 0, "reason" };

	return import_field_needed(&field, reason, REASON_MAX) ||
	       error_set(error, ERROR_USAGE,
			 N_("say with --reason why, printable and at most %d characters"),
			 REASON_MAX);
}

/* 0 for what is no period, or too long to be counted. */
static gint64 seconds_of(const char *period)
{
	g_autofree char *digits = g_strndup(period, MAX(strlen(period), 1) - 1);
	guint64 number;

	if (!g_ascii_string_to_unsigned(digits, 10, 1, 100000, &number, NULL))
		return 0;
	if (g_str_has_suffix(period, "m"))
		return (gint64) number * MINUTE;
	return g_str_has_suffix(period, "h") ? (gint64) number * 60 * MINUTE : 0;
}

static gboolean check(const Op *op, const BreakGlassRequest *request, Role *ret_role,
		      GError **error)
{
	gint64 seconds = seconds_of(request->period);
	const Actor *actor = op->actor;
	Role role;

	if (actor->person == 0)
		return error_set(error, ERROR_DENIED,
				 N_("%s is no person; only a person takes a role (N05)"),
				 actor->id);
	if (!role_table_find(op->house->role_table, request->role, &role) || role == _ROLE_MAX)
		return error_set(error, ERROR_USAGE, N_("there is no role \"%s\""), request->role);
	if (!mandate_lists(op->house, SECTION, role, actor->id, actor->posts))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not take the role %s %s for a time: [break-glass] does "
				    "not list that person or the posts held today (N05)"),
				 actor->id, role_name(role),
				 role_table_ja(op->house->role_table, role));
	if ((actor->roles & ROLE_SET(role)) != 0)
		return error_set(error, ERROR_STATE, N_("%s has the role %s already"), actor->id,
				 role_name(role));
	if (seconds < MINUTE || seconds > BREAK_GLASS_LONGEST)
		return error_set(error, ERROR_RULE,
				 N_("a role is taken for at least a minute and at most 24 hours; "
				    "write for example --for 2h (N05)"));
	*ret_role = role;
	return check_reason(request->reason, error);
}

static gboolean write_record(StoreTx *tx, const Op *op, const RoleGrant *grant, const char *kind,
			     const char *note, GError **error)
{
	g_autofree char *until = clock_time(grant->until);
	Record record = {
		.kind = kind,
		.article = ARTICLE,
		.note = note,
		.extra = json_pack("{s:s, s:s, s:s, s:s, s:s*}", "id", grant->id, "role",
				   grant->role, "reason", grant->reason, "until", until,
				   "exception", grant->exception),
	};

	return record_event(tx, op, grant->staff, &record, error);
}

static gboolean commit(StoreTx **tx, GError **error)
{
	FAILPOINT("break-glass.before");
	if (!store_tx_commit(tx, error))
		return FALSE;
	FAILPOINT("break-glass.after");
	return TRUE;
}

static gboolean open_exception(StoreTx *tx, const Op *op, RoleGrant *grant, GError **error)
{
	g_autofree char *subject = g_strconcat("staff:", op->actor->id, NULL);
	g_autofree char *until = clock_date(grant->until);
	ExceptionFacts facts = { .kind = "break-glass",
				 .subject = subject,
				 .content = grant->role,
				 .reason = grant->reason,
				 .until = until };

	return exception_open(tx, op, &facts, &grant->exception, error);
}

static gboolean tell_chief(StoreTx *tx, const Op *op, const RoleGrant *grant, GError **error)
{
	g_autofree char *until = clock_time(grant->until);
	Notice notice = {
		.kind = "break-glass",
		.to = "role:chief",
		.about = grant->id,
		.values = json_pack("{s:s, s:s, s:s, s:s}", "who", op->actor->name, "role",
				    grant->role, "reason", grant->reason, "until", until),
	};

	return notice_add(tx, op, &notice, error);
}

static gboolean take(StoreTx **tx, const Op *op, RoleGrant *grant, GError **error)
{
	int year = clock_year(op->now);
	g_autofree char *counter = g_strdup_printf("role-grant-%d", year);
	gint64 number;

	if (!store_next(*tx, counter, &number, error))
		return FALSE;
	grant->id = g_strdup_printf("G-%d-%04" G_GINT64_FORMAT, year, number);
	return open_exception(*tx, op, grant, error) && store_grant_put(*tx, grant, error) &&
	       tell_chief(*tx, op, grant, error) &&
	       write_record(*tx, op, grant, "break-glass", NULL, error) && commit(tx, error);
}

gboolean break_glass_take(Op *op, const BreakGlassRequest *request, char **ret_id, GError **error)
{
	RoleGrant grant = { .person = op->actor->person,
			    .staff = op->actor->id,
			    .reason = request->reason,
			    .since = op->now,
			    .until = op->now + seconds_of(request->period) };
	g_autoptr(StoreTx) tx = NULL;
	Role role = _ROLE_MAX;
	gboolean is_taken;

	if (!check(op, request, &role, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	grant.role = (char *) role_name(role);
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	is_taken = tx != NULL && take(&tx, op, &grant, error);
	if (is_taken)
		*ret_id = g_steal_pointer(&grant.id);
	g_free(grant.id);
	g_free(grant.exception);
	return is_taken;
}

static StoreTx *begin(const Op *op, GError **error)
{
	return op->is_dry_run ? store_tx_read(op->house->store, error)
			      : store_tx_begin(op->house->store, STORE_NORMAL, error);
}

gboolean break_glass_end(Op *op, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = begin(op, error);
	g_autoptr(RoleGrant) grant = tx != NULL ? store_grant_get(tx, id, error) : NULL;

	if (grant == NULL)
		return FALSE;
	if (grant->person != op->actor->person && !op_has_role(op, ROLE_SET(ROLE_CHIEF)))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not end %s: whoever took the role does, or the chief "
				    "(N05)"),
				 op->actor->id, id);
	if (grant->ended_at != 0 || grant->until <= op->now)
		return error_set(error, ERROR_STATE, N_("%s has ended already"), id);
	if (op->is_dry_run)
		return TRUE;
	return store_grant_end(tx, id, op->now, error) &&
	       write_record(tx, op, grant, "break-glass-end", NULL, error) && commit(&tx, error);
}

static gboolean check_review(const Op *op, const RoleGrant *grant, GError **error)
{
	if (!op_has_role(op, ROLE_SET(ROLE_CHIEF)))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not review %s: it takes the role chief %s (N05)"),
				 op->actor->id, grant->id,
				 role_table_ja(op->house->role_table, ROLE_CHIEF));
	if (grant->person == op->actor->person)
		return error_set(error, ERROR_RULE,
				 N_("%s took the role %s; somebody else must review it (separation "
				    "of duties, N05)"),
				 op->actor->id, grant->role);
	if (grant->ended_at == 0 && grant->until > op->now)
		return error_set(error, ERROR_STATE,
				 N_("%s has not ended yet; it is reviewed afterwards"), grant->id);
	return grant->reviewed_at == 0 ||
	       error_set(error, ERROR_STATE, N_("%s was looked at already, by %s"), grant->id,
			 grant->reviewed_by);
}

gboolean break_glass_review(Op *op, const char *id, const char *note, GError **error)
{
	g_autoptr(StoreTx) tx = begin(op, error);
	g_autoptr(RoleGrant) grant = tx != NULL ? store_grant_get(tx, id, error) : NULL;
	RoleGrant seen;

	if (grant == NULL || !check_review(op, grant, error) || !check_reason(note, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	seen = *grant;
	seen.reviewed_at = op->now;
	seen.reviewed_by = op->actor->id;
	seen.note = (char *) note;
	return store_grant_review(tx, &seen, error) &&
	       write_record(tx, op, grant, "break-glass-review", note, error) && commit(&tx, error);
}
