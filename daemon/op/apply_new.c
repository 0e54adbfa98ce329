/* SPDX-License-Identifier: Apache-2.0
 * New applications: what they say is checked against the register before anything is kept. */
#include "daemon/op/apply_new.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/apply_lines.h"
#include "daemon/op/apply_rush.h"
#include "daemon/op/import_field.h"
#include "daemon/op/incumbent.h"
#include "daemon/op/reissue.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

#define FORM_USERS   2
#define FORM_PIN     6
#define FORM_REISSUE 7
#define REASON_MAX   500
#define HASH_LENGTH  64

static gboolean check_text(const char *text, const char *what, glong max, GError **error)
{
	g_auto(ImportResult) result = { 0 };
	ImportField field = { &result, 0, what };

	return import_field_needed(&field, text, max) ||
	       error_set(error, ERROR_USAGE,
			 N_("%s must be printable text of 1 to %ld characters (N72)"), what, max);
}

gboolean apply_new_check_day(const Op *op, const char *day, GError **error)
{
	g_autofree char *today = clock_date(op->now);

	if (!designate_check_day(op, day, error))
		return FALSE;
	return strcmp(day, today) >= 0 ||
	       error_set(error, ERROR_USAGE,
			 N_("the effective date %s is past; no right begins in the past: write %s "
			    "or a later day (N72)"),
			 day, today);
}

static gboolean fill_users(StoreTx *tx, const Op *op, const ApplyRequest *request,
			   ImportResult *result, Application *row, GError **error)
{
	g_autoptr(GPtrArray) current = NULL;
	g_autoptr(GPtrArray) steps = NULL;
	DesignateRequest report = { .file = request->file != NULL ? request->file : (char *) "-",
				    .section = request->section,
				    .from = request->from,
				    .rows = request->rows };
	DesignatePlan plan = { tx, op, &report, result };

	if (request->section == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("name the section of the user report (form 2): --section "
				    "CODE"));
	if (!apply_new_check_day(op, request->from, error))
		return FALSE;
	if (request->is_current)
		current = apply_lines_current(tx, request->section, request->from, error);
	if (request->is_current && current == NULL)
		return FALSE;
	if (request->is_current == (request->rows != NULL))
		return error_set(error, ERROR_USAGE,
				 N_("a user report (form 2) is made of a table of all users, or of "
				    "the designations in force (--current), not of both"));
	if (current != NULL)
		report.rows = current;
	if (!import_result_check_size(report.rows, DESIGNATE_MAX, report.file, error))
		return FALSE;
	steps = designate_plan(&plan, error);
	if (steps == NULL)
		return FALSE;
	apply_set_body(row, json_pack("{s:s, s:o}", "from", request->from, "lines",
				      apply_lines_of(steps)));
	if (row->section == NULL)
		row->section = g_strdup(request->section);
	return TRUE;
}

static gboolean check_card(const Application *row, const Card *card, GError **error)
{
	if (row->form == FORM_PIN && card->state != CARD_ACTIVE)
		return error_set(error, ERROR_STATE,
				 N_("card %s is %s: only the PIN of a card in use is reset; a "
				    "hand-over that was cut off is done again with `opcardctl "
				    "hand-over`"),
				 card->number, card_state_label(card_shown(card)));
	if (row->form == FORM_REISSUE && !reissue_is_replaceable(card))
		return error_set(error, ERROR_STATE,
				 N_("card %s is %s: there is nothing to replace; use `opcardctl "
				    "issue`"),
				 card->number, card_state_label(card_shown(card)));
	return TRUE;
}

static gboolean fill_card(StoreTx *tx, const ApplyRequest *request, Application *row,
			  GError **error)
{
	g_autoptr(Card) card = NULL;
	g_autoptr(Designation) designation = NULL;

	if (request->card == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("name the card the form %d is about: --card CARD"), row->form);
	if (!check_text(request->reason, "reason", REASON_MAX, error))
		return FALSE;
	card = store_card_get(tx, request->card, error);
	if (card == NULL || !check_card(row, card, error))
		return FALSE;
	if (card->holder == 0 || card->designation == NULL)
		return error_set(error, ERROR_STATE,
				 N_("card %s is %s: it is nobody's, so nobody applies for it"),
				 card->number, card_state_label(card_shown(card)));
	designation = store_designation_get(tx, card->designation, error);
	if (designation == NULL)
		return FALSE;
	if (row->card == NULL)
		row->card = g_strdup(card->number);
	row->holder = card->holder;
	g_free(row->section);
	row->section = g_strdup(designation->section);
	apply_set_body(row, json_pack("{s:s}", "reason", request->reason));
	return TRUE;
}

static gboolean fill(StoreTx *tx, const Op *op, const ApplyRequest *request, ImportResult *result,
		     Application *row, GError **error)
{
	if (!application_is_form(request->form))
		return error_set(error, ERROR_USAGE,
				 N_("form %d is no application; applications are the forms 2, 6 "
				    "and 7"),
				 (int) request->form);
	row->form = (int) request->form;
	return row->form == FORM_USERS ? fill_users(tx, op, request, result, row, error)
				       : fill_card(tx, request, row, error);
}

static gboolean draft(Op *op, const ApplyRequest *request, ImportResult *result, char **ret_id,
		      GError **error)
{
	g_autoptr(StoreTx) tx = op->is_dry_run
					? store_tx_read(op->house->store, error)
					: store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Application) row = g_new0(Application, 1);
	ApplyStep step = { .event = APPLY_DRAFT };

	if (tx == NULL || !apply_check_person(op, error) ||
	    !fill(tx, op, request, result, row, error) ||
	    apply_allow(tx, op, row, &step, error) == NULL)
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	row->applicant = op->actor->person;
	if (!apply_open(tx, op, row, &step, NULL, error) || !store_tx_commit(&tx, error))
		return FALSE;
	*ret_id = g_strdup(row->id);
	return TRUE;
}

gboolean apply_new(Op *op, const ApplyRequest *request, ImportResult *result, char **ret_id,
		   GError **error)
{
	GError *refusal = NULL;

	if (draft(op, request, result, ret_id, &refusal))
		return TRUE;
	apply_record_refusal(op, NULL, APPLY_DRAFT, refusal, result->lines);
	g_propagate_error(error, refusal);
	return FALSE;
}

static gboolean is_hash(const char *text)
{
	return strlen(text) == HASH_LENGTH && strspn(text, "0123456789abcdef") == HASH_LENGTH;
}

static gboolean check_paper(const Op *op, const ApplyRequest *request, GError **error)
{
	g_autofree char *today = clock_date(op->now);

	if (!check_text(request->paper, "paper", APPLY_NEW_PAPER_MAX, error))
		return FALSE;
	if (request->signed_on != NULL && !clock_is_date(request->signed_on))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no day of the calendar; write the day it was sealed "
				    "like 2027-04-01 (N72)"),
				 request->signed_on);
	if (request->signed_on != NULL && strcmp(request->signed_on, today) > 0)
		return error_set(error, ERROR_USAGE,
				 N_("the paper was sealed on %s, and today is %s; correct the day "
				    "(N72)"),
				 request->signed_on, today);
	return request->scan == NULL || is_hash(request->scan) ||
	       error_set(
		       error, ERROR_USAGE,
		       N_("scan must be the SHA-256 of the scanned paper, 64 hexadecimal digits"));
}

/* The seal on the paper is that of the section's manager of that day unless somebody else is named.
 */
static gboolean find_signer(StoreTx *tx, const ApplyRequest *request, const Application *row,
			    Person **ret_person, GError **error)
{
	g_autoptr(Section) section = NULL;

	if (request->signed_by != NULL) {
		*ret_person = store_person_get(tx, request->signed_by, error);
		return *ret_person != NULL;
	}
	section = store_person_section(tx, row->section, error);
	return section != NULL && incumbent_manager(tx, section, row->signed_on, ret_person, error);
}

static gboolean add_seal(StoreTx *tx, const Op *op, const Application *row, GError **error)
{
	Approval seal = { .event = APPLY_ENDORSE,
			  .person = row->applicant,
			  .actor = op->actor->id,
			  .at = op->now,
			  .note = row->paper };

	return row->applicant == 0 || store_application_step(tx, row->id, &seal, error);
}

static gboolean take_in(StoreTx *tx, const Op *op, const ApplyRequest *request,
			const ApplyStep *step, Application *row, GError **error)
{
	g_autoptr(Person) signer = NULL;
	json_t *extra;

	row->signed_on =
		request->signed_on != NULL ? g_strdup(request->signed_on) : clock_date(op->now);
	if (!find_signer(tx, request, row, &signer, error))
		return FALSE;
	row->applicant = signer != NULL ? signer->id : 0;
	row->paper = g_strdup(request->paper);
	row->scan = g_strdup(request->scan);
	extra = json_pack("{s:s*, s:s}", "signedBy", signer != NULL ? signer->staff : NULL,
			  "signedOn", row->signed_on);
	return apply_open(tx, op, row, step, extra, error) && add_seal(tx, op, row, error);
}

gboolean apply_new_accept_in(StoreTx *tx, const Op *op, const ApplyRequest *request,
			     Application **ret_row, ImportResult *result, GError **error)
{
	g_autoptr(Application) row = g_new0(Application, 1);
	ApplyStep step = { .event = APPLY_ACCEPT };

	if (!check_paper(op, request, error) || !fill(tx, op, request, result, row, error) ||
	    apply_allow(tx, op, row, &step, error) == NULL)
		return FALSE;
	if (!op->is_dry_run && !take_in(tx, op, request, &step, row, error))
		return FALSE;
	*ret_row = g_steal_pointer(&row);
	return TRUE;
}

static gboolean accept_paper(Op *op, const ApplyRequest *request, ImportResult *result,
			     char **ret_id, GError **error)
{
	g_autoptr(StoreTx) tx = op->is_dry_run
					? store_tx_read(op->house->store, error)
					: store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Application) row = NULL;

	if (tx == NULL || !apply_new_accept_in(tx, op, request, &row, result, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	if (!store_tx_commit(&tx, error))
		return FALSE;
	*ret_id = g_strdup(row->id);
	return TRUE;
}

gboolean apply_new_accept(Op *op, const ApplyRequest *request, ImportResult *result, char **ret_id,
			  GError **error)
{
	GError *refusal = NULL;

	if (accept_paper(op, request, result, ret_id, &refusal))
		return TRUE;
	apply_record_refusal(op, NULL, APPLY_ACCEPT, refusal, result->lines);
	g_propagate_error(error, refusal);
	return FALSE;
}

gboolean apply_new_rush(StoreTx *tx, const Op *op, const ApplyRequest *request,
			Application **ret_row, GError **error)
{
	g_autoptr(Application) row = g_new0(Application, 1);
	ApplyStep step = { .event = APPLY_RUSH, .note = request->reason };

	row->form = (int) request->form;
	if (!fill_card(tx, request, row, error) || apply_allow(tx, op, row, &step, error) == NULL)
		return FALSE;
	row->is_urgent = TRUE;
	row->paper = g_strdup(request->paper);
	if (!apply_open(tx, op, row, &step, NULL, error) ||
	    !apply_rush_open(tx, op, row, request->reason, error))
		return FALSE;
	*ret_row = g_steal_pointer(&row);
	return TRUE;
}

static gboolean revise(Op *op, const char *id, const ApplyRequest *request, ImportResult *result,
		       GError **error)
{
	g_autoptr(StoreTx) tx = op->is_dry_run
					? store_tx_read(op->house->store, error)
					: store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Application) row = tx != NULL ? store_application_get(tx, id, error) : NULL;
	ApplyStep step = { .event = APPLY_REVISE };
	ApplyRequest whole = *request;
	const ApplicationRule *rule;
	json_t *body;
	gboolean is_filled;

	if (row == NULL)
		return FALSE;
	rule = apply_allow(tx, op, row, &step, error);
	if (rule == NULL)
		return FALSE;
	body = apply_body(row);
	whole.form = row->form;
	whole.card = row->card;
	whole.section = row->section;
	if (whole.from == NULL)
		whole.from = (char *) json_string_value(json_object_get(body, "from"));
	is_filled = fill(tx, op, &whole, result, row, error);
	json_decref(body);
	return is_filled && (op->is_dry_run ||
			     (apply_go(tx, op, row, &step, error) && store_tx_commit(&tx, error)));
}

gboolean apply_new_revise(Op *op, const char *id, const ApplyRequest *request, ImportResult *result,
			  GError **error)
{
	GError *refusal = NULL;

	if (revise(op, id, request, result, &refusal))
		return TRUE;
	apply_record_refusal(op, id, APPLY_REVISE, refusal, result->lines);
	g_propagate_error(error, refusal);
	return FALSE;
}
