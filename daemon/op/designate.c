/* SPDX-License-Identifier: Apache-2.0
 * A user report, straight down: check, plan, write, commit, revocation list. */
#include "daemon/op/designate.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/permit.h"
#include "daemon/op/apply_execute.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/designate_cards.h"
#include "daemon/op/designate_plan.h"
#include "daemon/op/import_field.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/op/work_record.h"
#include "daemon/store/store_designation.h"
#include "pkcs11/failpoint.h"

#define PAPER_MAX      100
#define AHEAD_MONTHS   12
#define RECALLS_A_TIME 20

static gboolean check_paper(const DesignateRequest *request, GError **error)
{
	g_auto(ImportResult) result = { 0 };
	ImportField field = { &result, 0, "paper" };

	if (import_field_needed(&field, request->paper, PAPER_MAX))
		return TRUE;
	return error_set(error, ERROR_USAGE,
			 N_("name the accepted user report (form 2) with --paper: its reference, "
			    "printable and at most %d characters (T13)"),
			 PAPER_MAX);
}

gboolean designate_check_day(const Op *op, const char *day, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *latest = clock_add_months(today, AHEAD_MONTHS);

	if (day == NULL || !clock_is_date(day))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no day of the calendar; write the effective date "
				    "like 2027-04-01"),
				 day != NULL ? day : "");
	return strcmp(day, latest) <= 0 ||
	       error_set(error, ERROR_USAGE,
			 N_("the effective date %s lies more than a year ahead (latest "
			    "%s); correct it"),
			 day, latest);
}

static gboolean check_request(const Op *op, const DesignateRequest *request, GError **error)
{
	if (!op_has_role(op, ROLE_SET(ROLE_SYSTEM_ADMIN)))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not take in a user report (form 2): it takes the role "
				    "system-admin (T13)"),
				 op->actor->id);
	return designate_check_day(op, request->from, error) && check_paper(request, error) &&
	       import_result_check_size(request->rows, DESIGNATE_MAX, request->file, error);
}

static gboolean give_id(StoreTx *tx, const Op *op, Designation *designation, GError **error)
{
	int year = clock_year(op->now);
	g_autofree char *counter = g_strdup_printf("designation-%d", year);
	gint64 number;

	if (!store_next(tx, counter, &number, error))
		return FALSE;
	designation->id = g_strdup_printf("D-%d-%04" G_GINT64_FORMAT, year, number);
	return TRUE;
}

static gboolean record_step(StoreTx *tx, const Op *op, const DesignateStep *step,
			    const DesignateRequest *request, GError **error)
{
	const Designation *designation = step->designation;
	const char *note = step->row != NULL ? import_field_or_null(step->row->note) : NULL;
	Record record = {
		.kind = step->action == DESIGNATE_END ? "designation-end" : "designate",
		.article = step->action == DESIGNATE_KEEP ? "K02" : "T13",
		.note = note,
		.extra = json_pack(
			"{s:s, s:s, s:s, s:s, s:s*, s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:b}", "id",
			designation->id, "section", designation->section, "sectionName",
			designation->section_name, "authority", designation->authority, "title",
			designation->title, "since", designation->from, "until", designation->until,
			"duties", designation->duties, "paper", request->paper, "application",
			request->application, "file", request->file, "goesOn",
			step->action == DESIGNATE_KEEP),
	};

	return record_event(tx, op, step->person->staff, &record, error);
}

static gboolean recall_all(StoreTx *tx, Op *op, const GPtrArray *numbers, GError **error)
{
	for (guint i = 0; numbers != NULL && i < numbers->len; i++)
		if (!designate_cards_recall(tx, op, numbers->pdata[i], error))
			return FALSE;
	return TRUE;
}

static gboolean write_step(StoreTx *tx, Op *op, const DesignateStep *step,
			   const DesignateRequest *request, GError **error)
{
	Designation *designation = step->designation;

	if (step->action == DESIGNATE_ADD) {
		g_free(designation->application);
		designation->application = g_strdup(request->application);
		if (!give_id(tx, op, designation, error))
			return FALSE;
	}
	if (step->action == DESIGNATE_KEEP ? !store_designation_confirm(tx, designation, error)
					   : !store_designation_put(tx, designation, error))
		return FALSE;
	if (!record_step(tx, op, step, request, error))
		return FALSE;
	if (step->action == DESIGNATE_KEEP && step->is_changed &&
	    !designate_cards_record(tx, op, designation, error))
		return FALSE;
	return recall_all(tx, op, step->recalls, error);
}

static gboolean count_designations(StoreTx *tx, const Op *op, gint64 *ret_count, GError **error)
{
	g_autofree char *today = clock_date(op->now);

	return store_work_count(tx, WORK_COUNT_DESIGNATIONS, today, ret_count, error);
}

/* N56: one work record a report, beside the record of every line. */
static gboolean note_work(StoreTx *tx, const Op *op, gint64 before, const GPtrArray *steps,
			  const DesignateRequest *request, GError **error)
{
	g_autofree char *content =
		g_strdup_printf("使用者報告書の取込（所属 %s、%s）", request->section,
				request->paper != NULL ? request->paper : request->application);
	WorkFacts facts = { .kind = "import", .content = content };
	gint64 sums[_DESIGNATE_ACTION_MAX] = { 0 }, after;

	if (!count_designations(tx, op, &after, error))
		return FALSE;
	for (guint i = 0; i < steps->len; i++)
		sums[((const DesignateStep *) steps->pdata[i])->action]++;
	facts.before = json_pack("{s:I}", "指定", (json_int_t) before);
	facts.after = json_pack("{s:I, s:I, s:I, s:I}", "指定", (json_int_t) after, "追加",
				(json_int_t) sums[DESIGNATE_ADD], "継続",
				(json_int_t) sums[DESIGNATE_KEEP], "削除",
				(json_int_t) sums[DESIGNATE_END]);
	return work_record_open(tx, op, &facts, NULL, error);
}

gboolean designate_write(StoreTx *tx, Op *op, const GPtrArray *steps,
			 const DesignateRequest *request, GError **error)
{
	gint64 before;

	if (!count_designations(tx, op, &before, error))
		return FALSE;
	for (guint i = 0; i < steps->len; i++)
		if (!write_step(tx, op, steps->pdata[i], request, error))
			return FALSE;
	return note_work(tx, op, before, steps, request, error);
}

/* The paper is taken in as an application that is approved and executed at once. */
static gboolean write_all(StoreTx **tx, Op *op, const GPtrArray *steps,
			  const DesignateRequest *request, GError **error)
{
	g_autoptr(Application) row = NULL;
	DesignateRequest report = *request;

	FAILPOINT("designate.before");
	if (!apply_execute_paper(*tx, op, request, steps, &row, error))
		return FALSE;
	report.application = row->id;
	if (!designate_write(*tx, op, steps, &report, error) ||
	    !apply_settle(*tx, op, row, error)) {
		cert_status_forget(op);
		return FALSE;
	}
	if (!cert_status_commit(op, tx, error))
		return FALSE;
	FAILPOINT("designate.after");
	return !op->is_list_due || publish_now(op->house, op->now, error);
}

/* An administrative authority takes nomination and the approval of the CISO, which one person at
 * the desk cannot give by taking a paper in (N47). */
static gboolean check_administrative(const Op *op, const DesignateRequest *request,
				     const GPtrArray *steps, GError **error)
{
	g_autoptr(Permit) permit = permit_load(op->house->config, request->from, error);

	for (guint i = 0; permit != NULL && i < steps->len; i++) {
		const DesignateStep *step = steps->pdata[i];
		const char *authority = step->designation->authority;

		if (step->action == DESIGNATE_ADD && permit_is_administrative(permit, authority))
			return error_set(
				error, ERROR_RULE,
				N_("\"%s\" is an administrative authority: staff %s needs a "
				   "nomination and the approval of the %s first (N47). Take the "
				   "report in with `opcardctl application accept 2` instead"),
				authority, step->person->staff,
				role_table_ja(op->house->role_table, ROLE_CHIEF));
	}
	return permit != NULL;
}

static gboolean take_in(Op *op, const DesignateRequest *request, ImportResult *ret_result,
			GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(GPtrArray) steps = NULL;
	g_autoptr(Application) row = NULL;
	DesignatePlan plan = { .op = op, .request = request, .result = ret_result };

	if (!check_request(op, request, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	plan.tx = tx;
	steps = tx != NULL ? designate_plan(&plan, error) : NULL;
	if (steps == NULL || !check_administrative(op, request, steps, error))
		return FALSE;
	return op->is_dry_run ? apply_execute_paper(tx, op, request, steps, &row, error)
			      : write_all(&tx, op, steps, request, error);
}

gboolean designate(Op *op, const DesignateRequest *request, ImportResult *ret_result,
		   GError **error)
{
	GError *refusal = NULL;

	if (take_in(op, request, ret_result, &refusal))
		return TRUE;
	apply_record_refusal(op, NULL, APPLY_ACCEPT, refusal, ret_result->lines);
	g_propagate_error(error, refusal);
	return FALSE;
}

/* TRUE with *ret_recalled 0 when nothing is left. */
static gboolean recall_some(Op *op, guint *ret_recalled, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_URGENT, error);
	g_autoptr(GPtrArray) numbers =
		tx != NULL ? store_designation_ended_cards(tx, today, RECALLS_A_TIME, error) : NULL;

	if (numbers == NULL)
		return FALSE;
	if (!recall_all(tx, op, numbers, error)) {
		cert_status_forget(op);
		return FALSE;
	}
	*ret_recalled = numbers->len;
	return cert_status_commit(op, &tx, error);
}

gboolean designate_recall_due(Op *op, guint *ret_recalled, GError **error)
{
	guint total = 0, some = 0;
	gboolean is_done;

	do {
		is_done = recall_some(op, &some, error);
		total += is_done ? some : 0;
	} while (is_done && some == RECALLS_A_TIME);
	if (op->is_list_due)
		is_done = publish_now(op->house, op->now, is_done ? error : NULL) && is_done;
	*ret_recalled = total;
	return is_done;
}
