/* SPDX-License-Identifier: Apache-2.0
 * The table of routes and the way every request goes: route, principal, role, body, idempotency,
 * handler. */
#include "daemon/api/route.h"

#include <string.h>

#include "daemon/api/denial.h"
#include "daemon/api/door.h"
#include "daemon/api/handlers.h"
#include "daemon/api/idempotency.h"
#include "daemon/api/limit.h"
#include "daemon/api/metrics.h"
#include "daemon/api/openapi.h"
#include "daemon/api/principal.h"
#include "daemon/api/problem.h"
#include "daemon/api/reply.h"
#include "daemon/api/workers.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/base/log.h"
#include "daemon/op/clock_guard.h"

#define PREFIX      "/api/v1"
#define IMPORT_BODY (8 * 1024 * 1024)

#define R(role) ROLE_SET(ROLE_##role)
#define DESK    (R(CUSTODIAN) | R(SYSTEM_ADMIN))
#define OFFICE  (DESK | R(SECTION_MANAGER))
#define READERS (OFFICE | R(CHIEF) | R(AUDITOR) | R(ROOT))
#define PERSONS (READERS | R(HOLDER))
/* Roles that an account has without a person: ANYONE does not mean them. */
#define DEVICES (R(NIGHT_DESK) | R(MONITOR))
#define REPORTS (R(ANYONE) | R(NIGHT_DESK))
#define APPLIES (OFFICE | R(HOLDER))
#define DECIDES (R(SYSTEM_ADMIN) | R(CHIEF))

/* clang-format off */
static const RouteRow rows[] = {
	{ HTTP_GET,  "/whoami",                    R(ANYONE) | DEVICES,  ROUTE_READ,   handlers_whoami,         _CARD_EVENT_MAX },
	{ HTTP_GET,  "/status",                    READERS,              ROUTE_READ,   handlers_status,         _CARD_EVENT_MAX },
	{ HTTP_GET,  "/doctor",                    DESK | R(AUDITOR) | R(ROOT), ROUTE_WAIT, handlers_doctor,    _CARD_EVENT_MAX },
	{ HTTP_GET,  "/cards",                     READERS,              ROUTE_READ,   handlers_cards,          _CARD_EVENT_MAX },
	{ HTTP_GET,  "/cards/{}",                  PERSONS,              ROUTE_READ,   handlers_card,           _CARD_EVENT_MAX },
	{ HTTP_GET,  "/cards/{}/history",          READERS,              ROUTE_READ,   handlers_history,        _CARD_EVENT_MAX },
	{ HTTP_GET,  "/lookup",                    DESK | R(NIGHT_DESK), ROUTE_READ,   handlers_lookup,        _CARD_EVENT_MAX },
	{ HTTP_GET,  "/metrics",                   READERS | R(MONITOR), ROUTE_READ,   handlers_metrics,        _CARD_EVENT_MAX },
	{ HTTP_GET,  "/staff",                     READERS,              ROUTE_READ,   handlers_staff_list,     _CARD_EVENT_MAX },
	{ HTTP_GET,  "/staff/{}",                  READERS,              ROUTE_READ,   handlers_staff,          _CARD_EVENT_MAX },
	{ HTTP_GET,  "/sections",                  READERS,              ROUTE_READ,   handlers_sections,       _CARD_EVENT_MAX },
	{ HTTP_GET,  "/posts",                     READERS,              ROUTE_READ,   handlers_posts,          _CARD_EVENT_MAX },
	{ HTTP_GET,  "/posts/{}",                  READERS,              ROUTE_READ,   handlers_post,           _CARD_EVENT_MAX },
	{ HTTP_POST, "/posts/{}/assign",           R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_post_assign,    _CARD_EVENT_MAX },
	{ HTTP_POST, "/posts/{}/end",              R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_post_end,       _CARD_EVENT_MAX },
	{ HTTP_GET,  "/delegations",               READERS,              ROUTE_READ,   handlers_delegations,    _CARD_EVENT_MAX },
	{ HTTP_POST, "/delegations",               R(SYSTEM_ADMIN) | R(CHIEF), ROUTE_CHANGE, handlers_delegate, _CARD_EVENT_MAX },
	{ HTTP_POST, "/delegations/{}/end",        R(SYSTEM_ADMIN) | R(CHIEF), ROUTE_CHANGE, handlers_delegate_end, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/deputy-reviews",            R(HOLDER),            ROUTE_READ,   handlers_deputy_reviews, _CARD_EVENT_MAX },
	{ HTTP_POST, "/deputy-reviews/{}",         R(HOLDER),            ROUTE_CHANGE, handlers_deputy_review,  _CARD_EVENT_MAX },
	{ HTTP_GET,  "/role-grants",               DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_grants, _CARD_EVENT_MAX },
	{ HTTP_POST, "/role-grants/{}",            R(HOLDER),            ROUTE_CHANGE, handlers_break_glass,    _CARD_EVENT_MAX },
	{ HTTP_POST, "/role-grants/{}/end",        R(HOLDER),            ROUTE_CHANGE, handlers_break_glass_end, _CARD_EVENT_MAX },
	{ HTTP_POST, "/role-grants/{}/review",     R(CHIEF),             ROUTE_CHANGE, handlers_break_glass_review, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/designations",              READERS,              ROUTE_READ,   handlers_designations,   _CARD_EVENT_MAX },
	{ HTTP_GET,  "/duties",                    READERS,              ROUTE_READ,   handlers_duties,         _CARD_EVENT_MAX },
	{ HTTP_GET,  "/duties/{}",                 READERS,              ROUTE_READ,   handlers_duty,           _CARD_EVENT_MAX },
	{ HTTP_GET,  "/cases",                     READERS,              ROUTE_READ,   handlers_cases,          _CARD_EVENT_MAX },
	{ HTTP_POST, "/cases",                     OFFICE | R(CHIEF),    ROUTE_CHANGE, handlers_case_open,      _CARD_EVENT_MAX },
	{ HTTP_GET,  "/cases/{}",                  READERS,              ROUTE_READ,   handlers_case,           _CARD_EVENT_MAX },
	{ HTTP_POST, "/cases/{}/note",             OFFICE | R(CHIEF),    ROUTE_CHANGE, handlers_case_note,      _CARD_EVENT_MAX },
	{ HTTP_POST, "/cases/{}/close",            R(SYSTEM_ADMIN) | R(CHIEF), ROUTE_CHANGE, handlers_case_close, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/notices",                   DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_notices, _CARD_EVENT_MAX },
	{ HTTP_POST, "/notices/{}/retry",          R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_notice_retry,   _CARD_EVENT_MAX },
	{ HTTP_GET,  "/refusals",                  DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_refusals, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/exceptions",                READERS,              ROUTE_READ,   handlers_exceptions,     _CARD_EVENT_MAX },
	{ HTTP_GET,  "/exceptions/{}",             READERS,              ROUTE_READ,   handlers_exception,      _CARD_EVENT_MAX },
	{ HTTP_POST, "/exceptions",                OFFICE | R(CHIEF),    ROUTE_CHANGE, handlers_exception_open, _CARD_EVENT_MAX },
	{ HTTP_POST, "/exceptions/{}/approve",     R(CHIEF),             ROUTE_CHANGE, handlers_exception_approve, _CARD_EVENT_MAX },
	{ HTTP_POST, "/exceptions/{}/review",      R(CHIEF) | R(SYSTEM_ADMIN), ROUTE_CHANGE, handlers_exception_review, _CARD_EVENT_MAX },
	{ HTTP_POST, "/exceptions/{}/end",         R(CHIEF) | R(SYSTEM_ADMIN), ROUTE_RESTRICT, handlers_exception_end, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/findings",                  READERS,              ROUTE_READ,   handlers_findings,       _CARD_EVENT_MAX },
	{ HTTP_GET,  "/findings/{}",               READERS,              ROUTE_READ,   handlers_finding,        _CARD_EVENT_MAX },
	{ HTTP_POST, "/findings",                  R(AUDITOR) | R(SYSTEM_ADMIN) | R(CHIEF) | R(SECTION_MANAGER), ROUTE_CHANGE, handlers_finding_open, _CARD_EVENT_MAX },
	{ HTTP_POST, "/findings/{}/answer",        R(HOLDER) | OFFICE | R(CHIEF), ROUTE_CHANGE, handlers_finding_answer, _CARD_EVENT_MAX },
	{ HTTP_POST, "/findings/{}/close",         R(AUDITOR),           ROUTE_CHANGE, handlers_finding_close,  _CARD_EVENT_MAX },
	{ HTTP_GET,  "/orders",                    R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_orders, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/works",                     READERS,              ROUTE_READ,   handlers_works,          _CARD_EVENT_MAX },
	{ HTTP_GET,  "/works/{}",                  READERS,              ROUTE_READ,   handlers_work,           _CARD_EVENT_MAX },
	{ HTTP_POST, "/works/{}/confirm",          DESK | R(CHIEF),      ROUTE_CHANGE, handlers_work_confirm,   _CARD_EVENT_MAX },
	{ HTTP_GET,  "/yearly",                    READERS,              ROUTE_READ,   handlers_yearly,         _CARD_EVENT_MAX },
	{ HTTP_POST, "/yearly/{}/done",            R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR), ROUTE_CHANGE, handlers_yearly_done, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/readers",                   READERS,              ROUTE_READ,   handlers_readers,        _CARD_EVENT_MAX },
	{ HTTP_GET,  "/registers/{}",              READERS,              ROUTE_WAIT,   handlers_register,       _CARD_EVENT_MAX },
	{ HTTP_GET,  "/forms/{}",                  READERS,              ROUTE_WAIT,   handlers_form,           _CARD_EVENT_MAX },
	{ HTTP_POST, "/print",                     READERS,              ROUTE_WORK,   handlers_print,          _CARD_EVENT_MAX },
	{ HTTP_GET,  "/audit",                     DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_audit, _CARD_EVENT_MAX },
	{ HTTP_POST, "/audit/verify",              DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_WAIT, handlers_audit_verify, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/audit/checkpoints", DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_audit_checkpoints, _CARD_EVENT_MAX },
	{ HTTP_POST, "/audit/checkpoint", R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_WAIT, handlers_audit_checkpoint, _CARD_EVENT_MAX },
	{ HTTP_POST, "/audit/lookup", R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR), ROUTE_CHANGE, handlers_audit_lookup, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/audit/export/{}", R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR), ROUTE_WAIT, handlers_audit_export, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/audit/holds", R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR), ROUTE_READ, handlers_audit_holds, _CARD_EVENT_MAX },
	{ HTTP_POST, "/audit/holds", R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR), ROUTE_CHANGE, handlers_audit_hold, _CARD_EVENT_MAX },
	{ HTTP_POST, "/audit/holds/{}/end", R(CHIEF) | R(AUDITOR), ROUTE_CHANGE, handlers_audit_hold_end, _CARD_EVENT_MAX },
	{ HTTP_POST, "/audit/dispose", R(SYSTEM_ADMIN), ROUTE_CHANGE, handlers_audit_dispose, _CARD_EVENT_MAX },
	{ HTTP_POST, "/audit/sign-off", R(SYSTEM_ADMIN) | R(CHIEF), ROUTE_CHANGE, handlers_audit_sign_off, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/audit/pack",                R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_WAIT, handlers_audit_pack, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/ca",                        READERS,              ROUTE_READ,   handlers_ca,             _CARD_EVENT_MAX },
	{ HTTP_POST, "/ca/init",                   R(SYSTEM_ADMIN) | R(ROOT), ROUTE_WORK, handlers_ca_init,     _CARD_EVENT_MAX },
	{ HTTP_POST, "/ca/renew",                  R(SYSTEM_ADMIN) | R(ROOT), ROUTE_WORK, handlers_ca_renew,    _CARD_EVENT_MAX },
	{ HTTP_POST, "/ca/crl",                    R(SYSTEM_ADMIN) | R(ROOT), ROUTE_WORK, handlers_ca_publish,  _CARD_EVENT_MAX },
	{ HTTP_POST, "/clock/accept",              R(SYSTEM_ADMIN) | R(CHIEF), ROUTE_RESTRICT, handlers_clock_accept, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/config",                    R(SYSTEM_ADMIN) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_config, _CARD_EVENT_MAX },
	{ HTTP_POST, "/backup",                    R(SYSTEM_ADMIN) | R(ROOT), ROUTE_WAIT, handlers_backup,       _CARD_EVENT_MAX },
	{ HTTP_GET,  "/backups/{}",                R(SYSTEM_ADMIN) | R(ROOT), ROUTE_WAIT, handlers_backup_file,  _CARD_EVENT_MAX },
	{ HTTP_GET,  "/jobs/{}",                   R(ANYONE),            ROUTE_WAIT,   handlers_job,            _CARD_EVENT_MAX },
	{ HTTP_GET,  "/confirmations",             READERS,              ROUTE_READ,   handlers_confirmations,  _CARD_EVENT_MAX },
	{ HTTP_POST, "/confirmations/{}",          DESK | R(CHIEF),     ROUTE_RESTRICT, handlers_confirm, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/inbox",                     PERSONS,              ROUTE_READ,   handlers_inbox,          _CARD_EVENT_MAX },
	{ HTTP_GET,  "/applications",              PERSONS,              ROUTE_READ,   handlers_applications,   _CARD_EVENT_MAX },
	{ HTTP_GET,  "/applications/{}",           PERSONS,              ROUTE_READ,   handlers_application,    _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications",              APPLIES,              ROUTE_CHANGE, handlers_apply,          _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/accept",       DESK,                 ROUTE_CHANGE, handlers_apply_accept,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/revise",    APPLIES,              ROUTE_CHANGE, handlers_apply_revise,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/submit",    APPLIES,              ROUTE_CHANGE, handlers_apply_decide,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/endorse",   R(SECTION_MANAGER) | R(CHIEF), ROUTE_CHANGE, handlers_apply_decide, _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/investigate", DESK,               ROUTE_CHANGE, handlers_apply_decide,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/nominate",  R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_apply_decide,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/approve",   DECIDES,              ROUTE_CHANGE, handlers_apply_decide,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/reject",    DECIDES | R(SECTION_MANAGER), ROUTE_CHANGE, handlers_apply_decide, _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/send-back", OFFICE | R(CHIEF),    ROUTE_CHANGE, handlers_apply_decide,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/withdraw",  APPLIES,              ROUTE_CHANGE, handlers_apply_decide,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/execute",   R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_apply_execute,  _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/receive",   R(CUSTODIAN) | R(SECTION_MANAGER), ROUTE_CHANGE, handlers_apply_decide, _CARD_EVENT_MAX },
	{ HTTP_POST, "/applications/{}/close",     R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_apply_decide,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/import/{}",                 DESK | R(ROOT),       ROUTE_CHANGE, handlers_import,         _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards",                     R(CUSTODIAN),         ROUTE_CHANGE, handlers_receive,        EVENT_RECEIVE },
	{ HTTP_POST, "/cards/{}/prepare",          R(CUSTODIAN),         ROUTE_WORK,   handlers_prepare,        EVENT_PREPARE },
	{ HTTP_POST, "/cards/{}/issue",            R(CUSTODIAN),         ROUTE_WORK,   handlers_issue,          EVENT_ISSUE_BEGIN },
	{ HTTP_POST, "/cards/{}/reissue",          R(CUSTODIAN),         ROUTE_WORK,   handlers_reissue,        EVENT_ISSUE_BEGIN },
	{ HTTP_POST, "/cards/{}/hand-over",        R(CUSTODIAN) | R(SECTION_MANAGER), ROUTE_WORK, handlers_hand_over, EVENT_HAND_OVER },
	{ HTTP_POST, "/cards/{}/pin-change",       R(CUSTODIAN) | R(HOLDER), ROUTE_WORK, handlers_pin_change,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards/{}/pin-reset",        DESK,                 ROUTE_WORK,   handlers_pin_reset,      _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards/{}/pin-leak",         R(ANYONE),            ROUTE_RESTRICT, handlers_pin_leak,       _CARD_EVENT_MAX },
	{ HTTP_GET,  "/pins/due",                  READERS,              ROUTE_WAIT,   handlers_pins_due,       _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards/{}/cancel",           R(SYSTEM_ADMIN),      ROUTE_RESTRICT, handlers_move,           EVENT_CANCEL },
	{ HTTP_POST, "/cards/{}/suspend",          R(ANYONE),            ROUTE_RESTRICT, handlers_suspend,        EVENT_SUSPEND },
	{ HTTP_POST, "/cards/{}/check",            R(CUSTODIAN) | R(SECTION_MANAGER) | R(HOLDER), ROUTE_WORK, handlers_check, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/check-rounds",              READERS,              ROUTE_READ,   handlers_check_rounds,   _CARD_EVENT_MAX },
	{ HTTP_GET,  "/check-rounds/{}",           READERS,              ROUTE_READ,   handlers_check_round,    _CARD_EVENT_MAX },
	{ HTTP_POST, "/check-rounds",              OFFICE,               ROUTE_CHANGE, handlers_check_round_open, _CARD_EVENT_MAX },
	{ HTTP_POST, "/check-rounds/{}/hold",      OFFICE,               ROUTE_CHANGE, handlers_check_round_hold, _CARD_EVENT_MAX },
	{ HTTP_POST, "/check-rounds/{}/close",     OFFICE,               ROUTE_CHANGE, handlers_check_round_close, _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards/{}/resume",           OFFICE,               ROUTE_CHANGE, handlers_resume,         EVENT_RESUME },
	{ HTTP_POST, "/cards/{}/report-lost",      REPORTS,              ROUTE_RESTRICT, handlers_move,           EVENT_REPORT_LOST },
	{ HTTP_POST, "/cards/{}/report-stolen",    REPORTS,              ROUTE_RESTRICT, handlers_move,           EVENT_REPORT_STOLEN },
	{ HTTP_POST, "/cards/{}/report-damaged",   OFFICE | R(HOLDER),   ROUTE_RESTRICT, handlers_move,           EVENT_REPORT_DAMAGED },
	{ HTTP_POST, "/cards/{}/recall",           R(SYSTEM_ADMIN),      ROUTE_RESTRICT, handlers_move,           EVENT_RECALL },
	{ HTTP_POST, "/cards/{}/recall-cancel",    R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_move,           EVENT_RECALL_CANCEL },
	{ HTTP_POST, "/cards/{}/return",           R(CUSTODIAN),         ROUTE_CHANGE, handlers_move,           EVENT_RETURN },
	{ HTTP_POST, "/cards/{}/found",            R(CUSTODIAN),         ROUTE_CHANGE, handlers_move,           EVENT_FOUND },
	{ HTTP_POST, "/cards/{}/erase",            R(CUSTODIAN),         ROUTE_WORK,   handlers_erase,          EVENT_ERASE },
	{ HTTP_POST, "/cards/{}/reuse",            R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_move,           EVENT_REUSE },
	{ HTTP_POST, "/cards/{}/dispose",          R(CUSTODIAN),         ROUTE_CHANGE, handlers_move,           EVENT_DISPOSE },
	{ HTTP_POST, "/cards/{}/write-off",        R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_move,           EVENT_WRITE_OFF },
	{ HTTP_POST, "/cards/{}/stock-lost",       R(CUSTODIAN),         ROUTE_RESTRICT, handlers_move,           EVENT_STOCK_LOST },
	{ HTTP_POST, "/cards/{}/set-aside",        R(CUSTODIAN),         ROUTE_RESTRICT, handlers_move,           EVENT_SET_ASIDE },
	{ HTTP_POST, "/cards/{}/re-home",          R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_re_home,        EVENT_RE_HOME },
	{ HTTP_POST, "/cards/{}/renew",            R(CUSTODIAN) | R(HOLDER), ROUTE_WORK, handlers_renew,        EVENT_RENEW },
	{ HTTP_POST, "/cards/{}/lend-temporary",   R(SECTION_MANAGER),   ROUTE_WORK,   handlers_lend_temporary, EVENT_LEND_TEMPORARY },
	{ HTTP_POST, "/cards/{}/dispatch",         R(CUSTODIAN) | R(SECTION_MANAGER), ROUTE_CHANGE, handlers_dispatch, _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards/{}/arrive",           R(SECTION_MANAGER),   ROUTE_CHANGE, handlers_arrive,         _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards/{}/breach",           R(CUSTODIAN) | R(SECTION_MANAGER), ROUTE_CHANGE, handlers_breach, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/transits",                  READERS,              ROUTE_READ,   handlers_transits,       _CARD_EVENT_MAX },
	{ HTTP_GET,  "/places",                    DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_places, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/lend-approvals",            READERS,              ROUTE_READ,   handlers_approvals,      _CARD_EVENT_MAX },
	{ HTTP_POST, "/lend-approvals",            R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_approval_add,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/lend-approvals/{}/end",     R(SYSTEM_ADMIN),      ROUTE_CHANGE, handlers_approval_end,   _CARD_EVENT_MAX },
	{ HTTP_GET,  "/sessions",                  DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_sessions, _CARD_EVENT_MAX },
	{ HTTP_GET,  "/sessions/{}",               DESK | R(CHIEF) | R(AUDITOR) | R(ROOT), ROUTE_READ, handlers_session, _CARD_EVENT_MAX },
	{ HTTP_POST, "/sessions",                  R(CUSTODIAN),         ROUTE_CHANGE, handlers_session_open,   _CARD_EVENT_MAX },
	{ HTTP_POST, "/sessions/{}/close",         R(CUSTODIAN),         ROUTE_CHANGE, handlers_session_close,  _CARD_EVENT_MAX },
	{ HTTP_POST, "/cards/{}/place",            R(CUSTODIAN) | R(SECTION_MANAGER), ROUTE_CHANGE, handlers_place, _CARD_EVENT_MAX },
	{ HTTP_POST, "/emergency",                 R(SYSTEM_ADMIN) | R(CHIEF), ROUTE_RESTRICT, handlers_emergency, EVENT_EMERGENCY_STOP },
};
/* clang-format on */

const RouteRow *route_row(guint index)
{
	return index < G_N_ELEMENTS(rows) ? &rows[index] : NULL;
}

/* TRUE when @path fits @pattern; the {} parts go to @args. */
static gboolean matches(const char *pattern, const char *path, char **args)
{
	g_auto(GStrv) want = g_strsplit(pattern, "/", -1);
	g_auto(GStrv) have = g_strsplit(path, "/", -1);
	guint n = 0;

	if (g_strv_length(want) != g_strv_length(have))
		return FALSE;
	for (guint i = 0; want[i] != NULL; i++)
		if (!g_str_equal(want[i], "{}") && !g_str_equal(want[i], have[i]))
			return FALSE;
	for (guint i = 0; want[i] != NULL; i++)
		if (g_str_equal(want[i], "{}"))
			args[n++] = g_strdup(have[i]);
	return TRUE;
}

/* /metrics is where monitors look for it; everything else stands below PREFIX. */
static const char *path_of(const HttpRequest *request)
{
	if (g_str_equal(request->path, "/metrics"))
		return request->path;
	return g_str_has_prefix(request->path, PREFIX "/") ? request->path + strlen(PREFIX) : NULL;
}

static const RouteRow *find(const HttpRequest *request, char **args, GString *allowed)
{
	const char *path = path_of(request);
	HttpMethod method = request->method == HTTP_HEAD ? HTTP_GET : request->method;

	for (gsize i = 0; path != NULL && i < G_N_ELEMENTS(rows); i++) {
		char *ignored[2] = { NULL };
		gboolean is_row = rows[i].method == method;

		if (!matches(rows[i].path, path, is_row ? args : ignored))
			continue;
		if (is_row)
			return &rows[i];
		g_free(ignored[0]);
		g_free(ignored[1]);
		g_string_append_printf(allowed, "%s%s", allowed->len > 0 ? ", " : "",
				       http_request_method_name(rows[i].method));
	}
	return NULL;
}

static HttpReply *not_found(const HttpRequest *request, const GString *allowed)
{
	g_autoptr(GError) error = NULL;

	if (allowed->len > 0)
		return reply_not_allowed(allowed->str);
	error_set(&error, ERROR_NOT_FOUND,
		  N_("there is nothing at %s; the API is described at /openapi.yaml"),
		  request->path);
	return problem_reply(error, NULL);
}

/* What needs no principal; NULL to go on. */
static HttpReply *answer_at_once(Call *call)
{
	const HttpRequest *request = call->request;
	g_autoptr(GString) allowed = g_string_new(NULL);
	HttpReply *refusal = limit_refuse(call->api->limit, request);

	if (refusal != NULL)
		return refusal;
	if (request->method == HTTP_GET && g_str_equal(request->path, "/openapi.yaml"))
		return reply_bytes(200, "application/yaml", openapi_text());
	call->route = find(request, call->args, allowed);
	return call->route == NULL ? not_found(request, allowed) : NULL;
}

static void count(const Call *call, const HttpReply *reply)
{
	metrics_count(call->api->metrics, call->route != NULL ? call->route->path : NULL,
		      call->request->method, reply->status);
}

HttpVerdict route_dispatch(HttpRequest *request, HttpReply **ret_reply, gpointer data)
{
	Api *api = data;
	g_autoptr(Call) call = g_new0(Call, 1);
	HttpReply *reply;
	gboolean is_waiting;

	call->api = api;
	call->request = request;
	reply = answer_at_once(call);
	if (reply != NULL) {
		count(call, reply);
		*ret_reply = reply;
		return HTTP_REPLIED;
	}
	is_waiting = call->route->kind == ROUTE_WAIT;
	workers_push(api->workers, g_steal_pointer(&call), is_waiting);
	return HTTP_DEFERRED;
}

gsize route_body_limit(const HttpRequest *request, gpointer data)
{
	(void) data;
	return g_str_has_prefix(request->path, PREFIX "/import/") ||
			       g_str_has_prefix(request->path, PREFIX "/audit/") ||
			       g_str_has_prefix(request->path, PREFIX "/applications")
		       ? IMPORT_BODY
		       : 65536;
}

/* A terminal may do what its own role is named for, and not what anyone may. */
static gboolean has_role(const Call *call)
{
	RoleSet own = call->actor->roles;

	if (call->actor->person == 0 && (own & DEVICES) != 0)
		return (own & call->route->roles) != 0;
	return op_has_role(&call->op, call->route->roles);
}

static gboolean authorise(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autofree char *needed = NULL;
	gint64 now = clock_now();

	if (tx == NULL)
		return FALSE;
	call->actor = principal_resolve(call->api->house, tx, call->request->peer, now, error);
	if (call->actor == NULL)
		return FALSE;
	call->actor->asked = call->route->roles;
	op_init(&call->op, call->api->house, call->actor, now);
	call->op.is_clock_bad = clock_guard_ask(call->api->house, now) != CLOCK_TRUST_GOOD;
	if (has_role(call))
		return limit_check_desk(call->api->limit, call, error);
	needed = role_table_names(call->api->house->role_table, call->route->roles);
	return error_set(error, ERROR_DENIED,
			 N_("%s has no role for this; it takes one of: %s. The administrator maps "
			    "accounts to persons in [accounts] and persons to roles in [roles]"),
			 call->actor->id, needed);
}

/* N77: by a clock that cannot be right nothing is granted; what only restricts still goes. */
static gboolean check_clock(const Call *call, GError **error)
{
	RouteKind kind = call->route->kind;
	House *house = call->api->house;

	if (kind != ROUTE_CHANGE && kind != ROUTE_WORK && kind != ROUTE_RESTRICT)
		return TRUE;
	clock_guard_settle(house, call->op.now);
	return kind == ROUTE_RESTRICT || clock_guard_check(house, call->op.now, error);
}

/* The body without "dryRun", which every change takes. */
static gboolean read_body(Call *call, GError **error)
{
	json_t *dry_run;

	if (call->request->method != HTTP_POST)
		return TRUE;
	if (call->request->body_length == 0)
		call->body = json_object();
	else
		call->body = json_load(call->request->body, call->request->body_length, error);
	if (call->body == NULL)
		return FALSE;
	dry_run = json_object_get(call->body, "dryRun");
	if (dry_run != NULL && !json_is_boolean(dry_run))
		return error_set(error, ERROR_USAGE, N_("dryRun must be true or false"));
	call->op.is_dry_run = json_is_true(dry_run);
	json_object_del(call->body, "dryRun");
	return TRUE;
}

static gboolean check_key(const Call *call, GError **error)
{
	if (call->route->kind != ROUTE_WORK || call->request->idempotency_key != NULL ||
	    call->op.is_dry_run)
		return TRUE;
	return error_set(error, ERROR_USAGE,
			 N_("the header Idempotency-Key is needed here, so that a repeated request "
			    "does not touch a card twice"));
}

static HttpReply *answer(Call *call, GError **error)
{
	g_autoptr(HttpReply) reply = NULL;
	g_autoptr(GError) not_kept = NULL;

	if (!authorise(call, error) || !check_clock(call, error) || !read_body(call, error) ||
	    !check_key(call, error))
		return NULL;
	if (!idempotency_replay(call, &reply, error))
		return NULL;
	if (reply != NULL)
		return g_steal_pointer(&reply);
	reply = call->route->handler(call, error);
	/* What was done is told even if the answer cannot be kept for a repeated request. */
	if (reply != NULL && !idempotency_keep(call, reply, &not_kept))
		log_error(call->route->path, call->args[0], call->principal, not_kept);
	return g_steal_pointer(&reply);
}

/* After /ca/…, or what a second person confirmed, there may be another authority whose cards TLS is
 * to know. */
static void follow_up(Call *call)
{
	g_autoptr(GError) error = NULL;

	if (call->request->method == HTTP_POST &&
	    (g_str_has_prefix(call->route->path, "/ca/") ||
	     g_str_has_prefix(call->route->path, "/confirmations/")) &&
	    !door_reload(call->api, &error))
		log_error("TLS", NULL, NULL, error);
}

static HttpReply *problem_of(Call *call, GError *error)
{
	json_t *extra = call->extra;
	HttpReply *reply;

	log_error(call->route->path, call->args[0], call->actor != NULL ? call->actor->id : NULL,
		  error);
	if (error_code(error) == ERROR_DENIED)
		denial_record(call, error);
	call->extra = NULL;
	reply = problem_reply(error, extra);
	if (call->retry_after != 0) {
		g_autofree char *seconds = g_strdup_printf("%u", call->retry_after);

		http_reply_add_header(reply, "Retry-After", seconds);
	}
	return reply;
}

HttpReply *route_answer(Call *call)
{
	g_autoptr(GError) error = NULL;
	HttpReply *reply = answer(call, &error);

	idempotency_land(call);
	if (reply == NULL && error == NULL)
		error_set(&error, ERROR_INTERNAL, N_("a handler failed without saying why"));
	if (reply == NULL)
		reply = problem_of(call, error);
	else
		follow_up(call);
	count(call, reply);
	return reply;
}
