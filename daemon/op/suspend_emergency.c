/* SPDX-License-Identifier: Apache-2.0
 * Emergency stops by scope (K10): one row stops every card it covers, also cards issued later;
 * lifting it gives back exactly what was before, because nothing else was changed. One transaction,
 * however many cards, and no statement a card but the one that changes its certificate. */
#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/record.h"
#include "daemon/op/refusal.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_scope.h"
#include "pkcs11/failpoint.h"

#define MAY (ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF))

typedef gboolean (*ScopeCheck)(StoreTx *tx, const Op *op, const char *name, GError **error);

/* A stop of a section that does not exist would stop nothing and look done. */
static gboolean check_section(StoreTx *tx, const Op *op, const char *name, GError **error)
{
	g_autoptr(Section) section = store_person_section(tx, name, error);

	(void) op;
	return section != NULL;
}

/* Section codes of a group of [terminal-groups], NULL when there is no such group. */
static char **find_group(const Op *op, const char *name)
{
	const GPtrArray *lines = config_lines(op->house->config);

	for (guint i = lines->len; i > 0; i--) {
		const ConfigLine *line = lines->pdata[i - 1];
		char **codes;

		if (!g_str_equal(line->section, "terminal-groups") || !g_str_equal(line->key, name))
			continue;
		codes = g_strsplit(line->value, ",", -1);
		for (char **code = codes; *code != NULL; code++)
			g_strstrip(*code);
		return codes;
	}
	return NULL;
}

static gboolean check_group(StoreTx *tx, const Op *op, const char *name, GError **error)
{
	g_auto(GStrv) codes = find_group(op, name);

	if (codes == NULL)
		return error_set(error, ERROR_NOT_FOUND,
				 N_("there is no terminal group \"%s\"; the administrator names "
				    "groups of sections in [terminal-groups]"),
				 name);
	for (char **code = codes; *code != NULL; code++)
		if (!check_section(tx, op, *code, error))
			return FALSE;
	return TRUE;
}

/* clang-format off */
static const struct {
	const char *prefix;
	ScopeCheck check; /* of a stop; NULL: any name */
} scopes[] = {
	{ "section:",   check_section },
	{ "authority:", NULL },
	{ "terminals:", check_group },
	{ "batch:",     NULL },
};
/* clang-format on */

static gboolean check_scope(StoreTx *tx, const Op *op, const EmergencyRequest *request,
			    GError **error)
{
	const char *scope = request->scope;

	if (g_strcmp0(scope, "all") == 0)
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++) {
		const char *name = scope + strlen(scopes[i].prefix);

		if (g_str_has_prefix(scope, scopes[i].prefix) && *name != '\0')
			return !request->is_stop || scopes[i].check == NULL ||
			       scopes[i].check(tx, op, name, error);
	}
	return error_set(error, ERROR_USAGE,
			 N_("the scope \"%s\" is unknown; write all, section:CODE, authority:NAME, "
			    "terminals:GROUP or batch:NUMBER-BEGINNING"),
			 scope);
}

static gboolean check_known(StoreTx *tx, const EmergencyRequest *request, Hold **ret_stop,
			    GError **error)
{
	if (!store_scope_find(tx, request->scope, ret_stop, error))
		return FALSE;
	if (request->is_stop && *ret_stop != NULL)
		return error_set(error, ERROR_EXISTS,
				 N_("%s is stopped already, by %s; two persons lift it with "
				    "`opcardctl emergency resume`"),
				 request->scope, (*ret_stop)->by);
	if (!request->is_stop && *ret_stop == NULL)
		return error_set(error, ERROR_NOT_FOUND, N_("there is no emergency stop for %s"),
				 request->scope);
	return TRUE;
}

static gboolean freeze_group(StoreTx *tx, const Op *op, const Hold *stop, GError **error)
{
	g_auto(GStrv) codes = NULL;

	if (!g_str_has_prefix(stop->scope, "terminals:"))
		return TRUE;
	codes = find_group(op, stop->scope + strlen("terminals:"));
	for (char **code = codes; *code != NULL; code++)
		if (!store_scope_add_section(tx, stop->id, *code, error))
			return FALSE;
	return TRUE;
}

static gboolean set_certificates(StoreTx *tx, Op *op, const Hold *stop, gboolean is_stop,
				 GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_VALID };
	g_autoptr(GPtrArray) list = store_scope_certificates(tx, stop->id, is_stop, error);

	if (is_stop)
		order = (CertStatusOrder){ .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	for (guint i = 0; list != NULL && i < list->len; i++)
		if (!cert_status_set_one(tx, op, list->pdata[i], &order, error))
			return FALSE;
	return list != NULL;
}

static gboolean open_stop(StoreTx *tx, Op *op, const EmergencyRequest *request, Hold **ret_stop,
			  GError **error)
{
	Hold hold = { .scope = (char *) request->scope,
		      .reason = HOLD_EMERGENCY,
		      .since = op->now,
		      .by = op->actor->id,
		      .note = (char *) request->note };

	return store_hold_open(tx, &hold, error) &&
	       store_scope_find(tx, request->scope, ret_stop, error) &&
	       freeze_group(tx, op, *ret_stop, error);
}

/* @stop is the one to be lifted; NULL for a stop, which is opened here. */
static gboolean change(StoreTx *tx, Op *op, const EmergencyRequest *request, Hold *stop,
		       GError **error)
{
	g_autoptr(Hold) opened = NULL;
	RefusalFacts facts = { .event = "emergency-stop",
			       .scope = request->scope,
			       .noticed_at = request->noticed_at };
	Record record = {
		.kind = request->is_stop ? "emergency-stop" : "emergency-resume",
		.article = "K10",
		.note = request->note,
	};

	if (request->is_stop
		    ? !open_stop(tx, op, request, &opened, error)
		    : !store_hold_lift_scope(tx, request->scope, op->now, op->actor->id, error))
		return FALSE;
	if (request->is_stop)
		stop = opened;
	if (!set_certificates(tx, op, stop, request->is_stop, error) ||
	    !store_scope_count(tx, stop->id, &facts.cards, error) ||
	    (request->is_stop && !refusal_open(tx, op, &facts, error)))
		return FALSE;
	record.extra =
		json_pack("{s:s, s:I}", "scope", request->scope, "cards", (json_int_t) facts.cards);
	return record_event(tx, op, NULL, &record, error);
}

static gboolean ask(StoreTx **tx, Op *op, const EmergencyRequest *request, char **ret_confirmation,
		    GError **error)
{
	json_t *body = json_pack("{s:s, s:s, s:s*}", "event", "emergency-resume", "scope",
				 request->scope, "note", request->note);
	MoveQuestion question = { "emergency-resume", NULL, body };
	gboolean is_asked = move_ask(tx, op, &question, ret_confirmation, error);

	json_decref(body);
	return is_asked;
}

gboolean suspend_emergency(Op *op, const EmergencyRequest *request, MoveOutcome *ret_outcome,
			   char **ret_confirmation, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Hold) stop = NULL;

	if (!op_has_role(op, MAY))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not do this: an emergency stop takes the role "
				    "system-admin or chief (K10)"),
				 op->actor->id);
	tx = store_tx_begin(op->house->store, STORE_URGENT, error);
	if (tx == NULL || !check_scope(tx, op, request, error) ||
	    !check_known(tx, request, &stop, error))
		return FALSE;
	if (op->is_dry_run) {
		*ret_outcome = MOVE_WOULD;
		return TRUE;
	}
	if (!request->is_stop && !op->is_confirmed) {
		*ret_outcome = MOVE_ASKED;
		return ask(&tx, op, request, ret_confirmation, error);
	}
	FAILPOINT("emergency.before");
	if (!change(tx, op, request, stop, error) || !cert_status_commit(op, &tx, error))
		return FALSE;
	FAILPOINT("emergency.after");
	*ret_outcome = MOVE_DONE;
	return refusal_finish(op, error);
}
