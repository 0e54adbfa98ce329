/* SPDX-License-Identifier: Apache-2.0
 * The execution of a user report: one transaction, then the revocation list. */
#include "daemon/op/apply_execute.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/apply_lines.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/incumbent.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_person.h"
#include "pkcs11/failpoint.h"

#define FORM_USERS 2

static const char *body_text(const json_t *body, const char *key)
{
	return json_string_value(json_object_get(body, key));
}

static gboolean check_same(const Application *row, const json_t *body, const GPtrArray *steps,
			   GError **error)
{
	json_t *lines = apply_lines_of(steps);
	gboolean is_same = apply_lines_are_equal(lines, json_object_get(body, "lines"));

	json_decref(lines);
	return is_same ||
	       error_set(error, ERROR_STATE,
			 N_("application %s: the designations of section %s changed since it was "
			    "put forward, so it would do something else than was approved; send it "
			    "back with `opcardctl application send-back %s --note TEXT`"),
			 row->id, row->section, row->id);
}

/* *ret_body is what was approved, a new reference. */
static GPtrArray *read_lines(const Application *row, json_t **ret_body)
{
	*ret_body = apply_body(row);
	return apply_lines_rows(json_object_get(*ret_body, "lines"));
}

static gboolean carry_out(DesignatePlan *plan, Op *op, Application *row, const json_t *body,
			  GError **error)
{
	StoreTx *tx = plan->tx;
	g_autoptr(GPtrArray) steps = NULL;
	ApplyStep step = { .event = APPLY_EXECUTE };
	const ApplicationRule *rule = apply_allow(tx, op, row, &step, error);

	steps = rule != NULL ? designate_plan(plan, error) : NULL;
	if (steps == NULL || !check_same(row, body, steps, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("apply-execute.before");
	return designate_write(tx, op, steps, plan->request, error) &&
	       apply_go(tx, op, row, &step, error) && apply_settle(tx, op, row, error);
}

static gboolean execute(Op *op, const char *id, ImportResult *result, GError **error)
{
	g_autoptr(StoreTx) tx = op->is_dry_run
					? store_tx_read(op->house->store, error)
					: store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Application) row = tx != NULL ? store_application_get(tx, id, error) : NULL;
	g_autoptr(GPtrArray) rows = NULL;
	DesignateRequest report;
	DesignatePlan plan = { .op = op, .request = &report, .result = result };
	json_t *body;
	gboolean is_done;

	if (row == NULL || !apply_check_person(op, error))
		return FALSE;
	if (row->form != FORM_USERS)
		return error_set(error, ERROR_RULE,
				 N_("application %s is a form %d: it is carried out with the card, "
				    "by `opcardctl pin reset` (form 6) or `opcardctl reissue "
				    "--application` (form 7)"),
				 id, row->form);
	rows = read_lines(row, &body);
	report = (DesignateRequest){ .file = row->id,
				     .section = row->section,
				     .from = (char *) body_text(body, "from"),
				     .paper = row->paper != NULL ? row->paper : row->id,
				     .rows = rows,
				     .application = row->id };
	plan.tx = tx;
	is_done = carry_out(&plan, op, row, body, error);
	json_decref(body);
	if (!is_done) {
		cert_status_forget(op);
		return FALSE;
	}
	if (op->is_dry_run)
		return TRUE;
	if (!cert_status_commit(op, &tx, error))
		return FALSE;
	FAILPOINT("apply-execute.after");
	return !op->is_list_due || publish_now(op->house, op->now, error);
}

gboolean apply_execute(Op *op, const char *id, ImportResult *result, GError **error)
{
	GError *refusal = NULL;

	if (execute(op, id, result, &refusal))
		return TRUE;
	apply_record_refusal(op, id, APPLY_EXECUTE, refusal, result->lines);
	g_propagate_error(error, refusal);
	return FALSE;
}

static gboolean find_manager(StoreTx *tx, const Op *op, const char *code, Person **ret_person,
			     GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Section) section = store_person_section(tx, code, error);

	return section != NULL && incumbent_manager(tx, section, today, ret_person, error);
}

/* The seal of the section's manager is on the paper. */
static gboolean take_in(StoreTx *tx, const Op *op, Application *row, const Person *signer,
			GError **error)
{
	ApplyStep accept = { .event = APPLY_ACCEPT };
	Approval seal = {
		.event = APPLY_ENDORSE, .actor = op->actor->id, .at = op->now, .note = row->paper
	};
	json_t *extra = json_pack("{s:s*}", "signedBy", signer != NULL ? signer->staff : NULL);

	if (!apply_open(tx, op, row, &accept, extra, error))
		return FALSE;
	seal.person = row->applicant;
	return row->applicant == 0 || store_application_step(tx, row->id, &seal, error);
}

static gboolean pass(StoreTx *tx, const Op *op, Application *row, ApplicationEvent event,
		     GError **error)
{
	ApplyStep step = { .event = event };
	const ApplicationRule *rule = apply_allow(tx, op, row, &step, error);

	return rule != NULL && apply_go(tx, op, row, &step, error);
}

gboolean apply_execute_paper(StoreTx *tx, const Op *op, const DesignateRequest *request,
			     const GPtrArray *steps, Application **ret_row, GError **error)
{
	g_autoptr(Application) row = g_new0(Application, 1);
	g_autoptr(Person) signer = NULL;
	ApplyStep accept = { .event = APPLY_ACCEPT };

	row->form = FORM_USERS;
	row->section = g_strdup(request->section);
	row->paper = g_strdup(request->paper);
	apply_set_body(row, json_pack("{s:s, s:o}", "from", request->from, "lines",
				      apply_lines_of(steps)));
	if (!find_manager(tx, op, request->section, &signer, error))
		return FALSE;
	row->applicant = signer != NULL ? signer->id : 0;
	if (apply_allow(tx, op, row, &accept, error) == NULL)
		return FALSE;
	if (!op->is_dry_run &&
	    (!take_in(tx, op, row, signer, error) || !pass(tx, op, row, APPLY_APPROVE, error) ||
	     !pass(tx, op, row, APPLY_EXECUTE, error)))
		return FALSE;
	*ret_row = g_steal_pointer(&row);
	return TRUE;
}
