/* SPDX-License-Identifier: Apache-2.0
 * Emergency stops by scope (K10): one row stops every card it covers, also cards issued later;
 * lifting it gives back exactly what was before, because nothing else was changed. */
#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_person.h"

#define SECTION "section:"
#define MAY     (ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF))

static gboolean check_scope(const char *scope, GError **error)
{
	static const char *const prefixes[] = { SECTION, "authority:", "batch:" };

	if (g_strcmp0(scope, "all") == 0)
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(scope, prefixes[i]) && scope[strlen(prefixes[i])] != '\0')
			return TRUE;
	return error_set(
		error, ERROR_USAGE,
		N_("the scope \"%s\" is unknown; write all, section:CODE, authority:NAME or "
		   "batch:NUMBER-BEGINNING"),
		scope);
}

/* A stop of a section that does not exist would stop nothing and look done. */
static gboolean check_known(StoreTx *tx, const EmergencyRequest *request, GError **error)
{
	g_autoptr(GPtrArray) stops = NULL;
	g_autoptr(Section) section = NULL;

	if (request->is_stop && g_str_has_prefix(request->scope, SECTION)) {
		section = store_person_section(tx, request->scope + strlen(SECTION), error);
		return section != NULL;
	}
	if (request->is_stop)
		return TRUE;
	stops = store_hold_scopes(tx, error);
	for (guint i = 0; stops != NULL && i < stops->len; i++)
		if (g_strcmp0(((Hold *) stops->pdata[i])->scope, request->scope) == 0)
			return TRUE;
	return stops != NULL && error_set(error, ERROR_NOT_FOUND,
					  N_("there is no emergency stop for %s"), request->scope);
}

static gboolean is_stopped(StoreTx *tx, const char *number, GError **error, gboolean *ret_is_held)
{
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, number, error);

	if (holds == NULL)
		return FALSE;
	*ret_is_held = holds->len > 0;
	return TRUE;
}

static gboolean set_certificates(StoreTx *tx, Op *op, const EmergencyRequest *request,
				 GError **error)
{
	g_autoptr(GPtrArray) numbers = store_card_in_scope(tx, request->scope, error);

	for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
		CertStatusOrder order = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
		gboolean is_held;

		if (!is_stopped(tx, numbers->pdata[i], error, &is_held))
			return FALSE;
		if (!is_held)
			order = (CertStatusOrder){ .to = CERTIFICATE_VALID };
		if (!cert_status_set(tx, op, numbers->pdata[i], &order, error))
			return FALSE;
	}
	return numbers != NULL;
}

static gboolean change(StoreTx *tx, Op *op, const EmergencyRequest *request, GError **error)
{
	Hold hold = { .scope = (char *) request->scope,
		      .reason = HOLD_EMERGENCY,
		      .since = op->now,
		      .by = op->actor->id,
		      .note = (char *) request->note };
	Record record = {
		.kind = request->is_stop ? "emergency-stop" : "emergency-resume",
		.article = "K10",
		.note = request->note,
	};

	if (request->is_stop
		    ? !store_hold_open(tx, &hold, error)
		    : !store_hold_lift_scope(tx, request->scope, op->now, op->actor->id, error))
		return FALSE;
	if (!set_certificates(tx, op, request, error))
		return FALSE;
	record.extra = json_pack("{s:s}", "scope", request->scope);
	return record_event(tx, op, NULL, &record, error);
}

gboolean suspend_emergency(Op *op, const EmergencyRequest *request, MoveOutcome *ret_outcome,
			   char **ret_confirmation, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;

	if (!check_scope(request->scope, error))
		return FALSE;
	if (!op_has_role(op, MAY))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not do this: an emergency stop takes the role "
				    "system-admin or chief (K10)"),
				 op->actor->id);
	tx = store_tx_begin(op->house->store, STORE_URGENT, error);
	if (tx == NULL || !check_known(tx, request, error))
		return FALSE;
	if (op->is_dry_run) {
		*ret_outcome = MOVE_WOULD;
		return TRUE;
	}
	if (!request->is_stop && !op->is_confirmed) {
		json_t *body = json_pack("{s:s, s:s, s:s*}", "event", "emergency-resume", "scope",
					 request->scope, "note", request->note);
		MoveQuestion question = { "emergency-resume", NULL, body };
		gboolean is_asked = move_ask(&tx, op, &question, ret_confirmation, error);

		json_decref(body);
		*ret_outcome = MOVE_ASKED;
		return is_asked;
	}
	if (!change(tx, op, request, error) || !cert_status_commit(op, &tx, error))
		return FALSE;
	*ret_outcome = MOVE_DONE;
	return !op->is_list_due || publish_now(op->house, op->now, error);
}
