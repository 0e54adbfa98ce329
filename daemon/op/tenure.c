/* SPDX-License-Identifier: Apache-2.0
 * Orders: looked at by the rules of core/post.c, written in one transaction with their record. */
#include "daemon/op/tenure.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/import_field.h"
#include "daemon/op/incumbent.h"
#include "daemon/op/record.h"
#include "daemon/store/store_post.h"
#include "pkcs11/failpoint.h"

#define POST_MAX  100
#define ORDER_MAX 100
#define MAY       ROLE_SET(ROLE_SYSTEM_ADMIN)
#define IMPORT    (MAY | ROLE_SET(ROLE_ROOT))

typedef struct Assignment {
	Post post;
	Person *person;
	PostHolder holder;
	PostChange change;
	gboolean is_new_post;
} Assignment;

static gboolean check_role(const Op *op, RoleSet roles, GError **error)
{
	return op_has_role(op, roles) ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not fill posts: it takes the role system-admin (T05), or uid 0 "
			    "for an import when the house is set up"),
			 op->actor->id);
}

static gboolean check_text(const char *name, const char *text, glong max, GError **error)
{
	g_auto(ImportResult) result = { 0 };
	ImportField field = { &result, 0, name };

	return import_field_needed(&field, text, max) ||
	       error_set(error, ERROR_USAGE,
			 N_("%s is missing, too long or not printable (at most %d characters)"),
			 name, (int) max);
}

static gboolean check_other(StoreTx *tx, const Op *op, const Person *person, GError **error)
{
	gboolean is_excepted = FALSE;

	if (person->id != op->actor->person)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(
		       error, ERROR_RULE,
		       N_("%s would fill a post with the own person; somebody else must enter the "
			  "order (separation of duties, N05)"),
		       op->actor->id);
}

/* A post that is new takes a section; the manager's post of a section is known by that. */
static gboolean find_post(StoreTx *tx, const TenureRequest *request, Assignment *assignment,
			  Post **ret_old, GError **error)
{
	g_autoptr(GPtrArray) sections = NULL;
	g_autoptr(Section) section = NULL;

	if (!store_post_find(tx, request->post, ret_old, error))
		return FALSE;
	assignment->is_new_post = *ret_old == NULL;
	if (*ret_old != NULL) {
		assignment->post = **ret_old;
		return TRUE;
	}
	assignment->post = (Post){ .name = request->post,
				   .section = request->section,
				   .is_shared = request->is_shared };
	if (request->section != NULL) {
		section = store_person_section(tx, request->section, error);
		return section != NULL;
	}
	sections = store_person_post_sections(tx, request->post, error);
	if (sections != NULL && sections->len == 0)
		return error_set(error, ERROR_NOT_FOUND,
				 N_("there is no post \"%s\"; name its section with --section to "
				    "make a new one"),
				 request->post);
	return sections != NULL;
}

/* The records of a manager's post carry the section of the first it manages. */
static gboolean plan(StoreTx *tx, const Op *op, const TenureRequest *request,
		     Assignment *assignment, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(GPtrArray) rows = NULL;
	const Person *person;

	assignment->person = store_person_get(tx, request->staff, error);
	person = assignment->person;
	if (person == NULL || !check_other(tx, op, person, error))
		return FALSE;
	assignment->holder = (PostHolder){ .post = request->post,
					   .person = person->id,
					   .staff = person->staff,
					   .name = person->name,
					   .since = request->since,
					   .until = request->until,
					   .order = request->order,
					   .entered_at = op->now,
					   .entered_by = op->actor->id };
	rows = store_post_holders(tx, request->post, error);
	if (rows == NULL || !post_plan(&assignment->post, rows, &assignment->holder, today,
				       &assignment->change, error))
		return FALSE;
	return person_is_eligible(person, request->since) ||
	       error_set(error, ERROR_RULE,
			 N_("the term of %s (%s) ends on %s, before the post begins on %s"),
			 person->staff, person->name, person->until, request->since);
}

static gboolean write_record(StoreTx *tx, const Op *op, const PostHolder *holder, const char *kind,
			     GError **error)
{
	Record record = {
		.kind = kind,
		.article = "T05",
		.extra = json_pack("{s:s, s:s, s:s*, s:s}", "post", holder->post, "since",
				   holder->since, "until", holder->until, "order", holder->order),
	};

	return record_event(tx, op, holder->staff, &record, error);
}

static gboolean write_assignment(StoreTx *tx, const Op *op, const Assignment *assignment,
				 GError **error)
{
	const PostChange *change = &assignment->change;

	return store_post_put(tx, &assignment->post, error) &&
	       (change->ends == 0 ||
		store_post_end_holder(tx, change->ends, change->until, error)) &&
	       store_post_put_holder(tx, &assignment->holder, error) &&
	       write_record(tx, op, &assignment->holder, "post-assign", error);
}

static gboolean commit(StoreTx **tx, GError **error)
{
	FAILPOINT("tenure.before");
	if (!store_tx_commit(tx, error))
		return FALSE;
	FAILPOINT("tenure.after");
	return TRUE;
}

gboolean tenure_assign(Op *op, const TenureRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Post) old = NULL;
	Assignment assignment = { 0 };
	gboolean is_done;

	if (!check_role(op, MAY, error) || !check_text("post", request->post, POST_MAX, error) ||
	    !check_text("order", request->order, ORDER_MAX, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	is_done = tx != NULL && find_post(tx, request, &assignment, &old, error) &&
		  plan(tx, op, request, &assignment, error) &&
		  (op->is_dry_run ||
		   (write_assignment(tx, op, &assignment, error) && commit(&tx, error)));
	person_free(assignment.person);
	return is_done;
}

/* The tenure of @staff that has not ended yet, or will begin. */
static const PostHolder *find_tenure(const GPtrArray *rows, const char *staff, const char *today)
{
	for (guint i = 0; i < rows->len; i++) {
		const PostHolder *row = rows->pdata[i];

		if (strcmp(row->staff, staff) == 0 &&
		    (row->until == NULL || strcmp(row->until, today) >= 0))
			return row;
	}
	return NULL;
}

gboolean tenure_end(Op *op, const TenureRequest *request, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	const PostHolder *row;
	PostHolder ended;

	if (!check_role(op, MAY, error) || !check_text("order", request->order, ORDER_MAX, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	rows = tx != NULL ? store_post_holders(tx, request->post, error) : NULL;
	if (rows == NULL)
		return FALSE;
	row = find_tenure(rows, request->staff, today);
	if (row == NULL)
		return error_set(
			error, ERROR_NOT_FOUND,
			N_("%s does not hold the post \"%s\" by an order that was entered; "
			   "see `opcardctl post show`"),
			request->staff, request->post);
	if (!post_plan_end(row, request->until, today, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	ended = *row;
	ended.until = request->until;
	ended.order = request->order;
	return store_post_end_holder(tx, row->id, request->until, error) &&
	       write_record(tx, op, &ended, "post-end", error) && commit(&tx, error);
}

static gboolean is_known_row(StoreTx *tx, const TenureRow *row, gboolean *ret_is_known,
			     GError **error)
{
	g_autoptr(GPtrArray) rows = store_post_holders(tx, row->post, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const PostHolder *old = rows->pdata[i];

		if (strcmp(old->staff, row->staff) == 0 && strcmp(old->since, row->since) == 0 &&
		    g_strcmp0(old->until, import_field_or_null(row->until)) == 0)
			*ret_is_known = TRUE;
	}
	return rows != NULL;
}

static gboolean check_row(ImportResult *result, const TenureRow *row)
{
	ImportField post = { result, row->line, "post" };
	ImportField staff = { result, row->line, "staff" };
	ImportField since = { result, row->line, "since" };
	ImportField until = { result, row->line, "until" };
	ImportField order = { result, row->line, "order" };
	gboolean is_good = import_field_needed(&post, row->post, POST_MAX);

	is_good = import_field_staff(&staff, row->staff) && is_good;
	is_good = import_field_needed(&since, row->since, 10) && is_good;
	is_good = import_field_date(&since, row->since) && is_good;
	is_good = import_field_date(&until, row->until) && is_good;
	return import_field_needed(&order, row->order, ORDER_MAX) && is_good;
}

/* What one order alone is refused for is told with its line; only a broken store ends the import.
 */
static gboolean take_row(StoreTx *tx, const Op *op, const TenureRow *row, ImportResult *result,
			 GError **error)
{
	TenureRequest request = {
		.post = row->post,
		.staff = row->staff,
		.since = row->since,
		.until = (char *) import_field_or_null(row->until),
		.order = row->order,
		.section = (char *) import_field_or_null(row->section),
		.is_shared = row->is_shared,
	};
	g_autoptr(Post) old = NULL;
	g_autoptr(GError) bad = NULL;
	Assignment assignment = { 0 };
	gboolean is_known = FALSE, is_done;

	if (!is_known_row(tx, row, &is_known, error))
		return FALSE;
	if (is_known) {
		result->unchanged++;
		return TRUE;
	}
	is_done = find_post(tx, &request, &assignment, &old, &bad) &&
		  plan(tx, op, &request, &assignment, &bad) &&
		  write_assignment(tx, op, &assignment, &bad);
	person_free(assignment.person);
	if (is_done) {
		result->added++;
		import_result_tell(result, row->line, N_("staff %s holds the post \"%s\" from %s"),
				   row->staff, row->post, row->since);
		return TRUE;
	}
	if (error_code(bad) == ERROR_STORE || error_code(bad) == ERROR_INTERNAL) {
		g_propagate_error(error, g_steal_pointer(&bad));
		return FALSE;
	}
	import_result_refuse_for(result, row->line, "post", bad);
	return TRUE;
}

gboolean tenure_import(Op *op, const TenureImport *request, ImportResult *ret_result,
		       GError **error)
{
	g_autoptr(StoreTx) tx = NULL;

	if (!check_role(op, IMPORT, error) ||
	    !import_result_check_size(request->rows, TENURE_MAX, request->file, error))
		return FALSE;
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	for (guint i = 0; tx != NULL && i < request->rows->len; i++) {
		const TenureRow *row = request->rows->pdata[i];

		if (check_row(ret_result, row) && !take_row(tx, op, row, ret_result, error))
			return FALSE;
	}
	return tx != NULL && import_result_check(ret_result, request->file, error) &&
	       (op->is_dry_run || commit(&tx, error));
}
