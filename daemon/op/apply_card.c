/* SPDX-License-Identifier: Apache-2.0
 * Applications and cards. */
#include "daemon/op/apply_card.h"

#include "daemon/base/error.h"
#include "daemon/op/apply_lines.h"
#include "daemon/op/apply_new.h"
#include "daemon/store/store_designation.h"

#define FORM_USERS   2
#define FORM_PIN     6
#define FORM_REISSUE 7
#define NO_REASON    "再発行"

static Application *get_approved(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Application) row = store_application_get(tx, id, error);

	if (row == NULL)
		return NULL;
	if (row->form == FORM_REISSUE && row->state == APPLICATION_APPROVED)
		return g_steal_pointer(&row);
	error_set(error, ERROR_RULE,
		  N_("application %s is a form %d and %s: a card is reissued on an approved form 7 "
		     "(T29); leave --application out to have it approved afterwards"),
		  id, row->form, application_state_label(row->state));
	return NULL;
}

gboolean apply_card_check_reissue(StoreTx *tx, const Op *op, const char *id, const Card *old,
				  GError **error)
{
	g_autoptr(Application) row = get_approved(tx, id, error);
	ApplyStep step = { .event = APPLY_EXECUTE };

	if (row == NULL)
		return FALSE;
	if (g_strcmp0(row->card, old->number) != 0 || row->holder != old->holder)
		return error_set(error, ERROR_RULE,
				 N_("application %s is about card %s, not about %s (T29)"), id,
				 row->card, old->number);
	return apply_allow(tx, op, row, &step, error) != NULL;
}

static gboolean reissued(StoreTx *tx, const Op *op, const IssueRequest *request, GError **error)
{
	g_autoptr(Application) row = get_approved(tx, request->application, error);
	ApplyStep step = { .event = APPLY_EXECUTE, .note = request->card };
	const ApplicationRule *rule = row != NULL ? apply_allow(tx, op, row, &step, error) : NULL;

	if (rule == NULL)
		return FALSE;
	row->new_card = g_strdup(request->card);
	return apply_go(tx, op, row, &step, error);
}

static gboolean rushed(StoreTx *tx, const Op *op, const IssueRequest *request, GError **error)
{
	g_autoptr(Application) row = NULL;
	const char *reason = request->reason != NULL ? request->reason : NO_REASON;
	ApplyRequest wanted = { .form = FORM_REISSUE,
				.card = (char *) request->replaces,
				.reason = (char *) reason,
				.paper = (char *) request->paper };

	if (!apply_new_rush(tx, op, &wanted, &row, error))
		return FALSE;
	row->new_card = g_strdup(request->card);
	return store_application_put(tx, row, error);
}

gboolean apply_card_issued(StoreTx *tx, const Op *op, const IssueRequest *request, GError **error)
{
	if (request->replaces == NULL)
		return TRUE;
	return request->application != NULL ? reissued(tx, op, request, error)
					    : rushed(tx, op, request, error);
}

gboolean apply_card_handed_over(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	g_autoptr(Application) made = NULL;
	g_autoptr(Application) report = NULL;
	g_autoptr(Designation) designation = NULL;

	if (!store_application_of_new_card(tx, card->number, &made, error) ||
	    (made != NULL && !apply_settle(tx, op, made, error)))
		return FALSE;
	designation = store_designation_get(tx, card->designation, error);
	if (designation == NULL)
		return FALSE;
	/* Designations of an older schema name the paper. */
	if (!g_str_has_prefix(designation->application, "A-"))
		return TRUE;
	report = store_application_get(tx, designation->application, error);
	return report != NULL && apply_settle(tx, op, report, error);
}

gboolean apply_card_reset(StoreTx *tx, const Op *op, const char *card, GError **error)
{
	g_autoptr(Application) row = NULL;
	ApplyStep step = { .event = APPLY_EXECUTE };
	const ApplicationRule *rule;

	if (!store_application_of_card(tx, card, FORM_PIN, APPLICATION_APPROVED, &row, error))
		return FALSE;
	if (row == NULL)
		return TRUE;
	rule = apply_allow(tx, op, row, &step, error);
	return rule != NULL && apply_go(tx, op, row, &step, error) &&
	       apply_settle(tx, op, row, error);
}

gboolean apply_card_lapse(StoreTx *tx, const Op *op, const char *card, GError **error)
{
	g_autoptr(Application) row = NULL;
	ApplyStep step = { .event = APPLY_LAPSE };

	if (!store_application_of_card(tx, card, FORM_PIN, APPLICATION_APPROVED, &row, error))
		return FALSE;
	return row == NULL || apply_go(tx, op, row, &step, error);
}

static const char *text_of(const json_t *line, const char *key)
{
	return json_string_value(json_object_get(line, key));
}

/* TRUE with *ret_line NULL after an error was set. */
static json_t *find_line(const Application *row, const json_t *open, const char *staff,
			 GError **error)
{
	json_t *line, *found = NULL;
	guint count = 0;
	size_t i;

	json_array_foreach((json_t *) open, i, line)
	{
		if (staff != NULL && g_strcmp0(staff, text_of(line, "staff")) != 0)
			continue;
		found = found != NULL ? found : line;
		count++;
	}
	if (count == 0 && staff != NULL)
		error_set(error, ERROR_RULE,
			  N_("application %s adds no authority for %s that has no card yet (T13)"),
			  row->id, staff);
	else if (count == 0)
		error_set(error, ERROR_RULE,
			  N_("application %s: every line of it has its card already"), row->id);
	else if (count > 1 && staff == NULL)
		error_set(error, ERROR_INPUT,
			  N_("application %s has %u lines without a card; name the person with "
			     "--staff NO, or use --application-all"),
			  row->id, count);
	else
		return found;
	return NULL;
}

static gboolean pick(StoreTx *tx, const Application *row, const char *staff, char **ret_staff,
		     char **ret_authority, GError **error)
{
	json_t *open = apply_lines_open(tx, row, TRUE, error);
	const json_t *line = open != NULL ? find_line(row, open, staff, error) : NULL;

	if (line != NULL) {
		*ret_staff = g_strdup(text_of(line, "staff"));
		*ret_authority = g_strdup(text_of(line, "authority"));
	}
	json_decref(open);
	return line != NULL;
}

gboolean apply_card_pick(Op *op, const char *id, const char *staff, char **ret_staff,
			 char **ret_authority, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Application) row = tx != NULL ? store_application_get(tx, id, error) : NULL;

	if (row == NULL)
		return FALSE;
	if (row->form != FORM_USERS)
		return error_set(error, ERROR_RULE,
				 N_("application %s is a form %d; a first card is issued on a user "
				    "report (form 2, T13)"),
				 id, row->form);
	if (row->state != APPLICATION_EXECUTED && row->state != APPLICATION_RECEIVED &&
	    row->state != APPLICATION_CLOSED)
		return error_set(
			error, ERROR_RULE,
			N_("application %s is %s: cards are issued once it is approved and "
			   "executed (`opcardctl application execute %s`, T13)"),
			id, application_state_label(row->state), id);
	return pick(tx, row, staff, ret_staff, ret_authority, error);
}
