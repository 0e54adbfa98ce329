/* SPDX-License-Identifier: Apache-2.0
 * Orders of delegation: checked against the powers they give, written with their record. */
#include "daemon/op/delegate.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/import_field.h"
#include "daemon/op/incumbent.h"
#include "daemon/op/mandate.h"
#include "daemon/op/record.h"
#include "daemon/store/store_delegation.h"
#include "pkcs11/failpoint.h"

#define CHIEF     ROLE_SET(ROLE_CHIEF)
#define MAY       (ROLE_SET(ROLE_SYSTEM_ADMIN) | CHIEF)
#define ORDER_MAX 100

static RoleSet own_roles(const Op *op)
{
	return op->actor->roles & ~op->actor->deputy;
}

static gboolean check_role(const Op *op, GError **error)
{
	return (own_roles(op) & MAY) != 0 ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not order who acts for whom: it takes the role system-admin or "
			    "chief, and not as a deputy (N02)"),
			 op->actor->id);
}

static gboolean check_dates(const Op *op, const DelegateRequest *request, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *latest = NULL;

	if (!clock_is_date(request->since) || !clock_is_date(request->until))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no day of the calendar; write it like 2027-04-01"),
				 clock_is_date(request->since) ? request->until : request->since);
	latest = clock_add_days(request->since, DELEGATE_DAYS - 1);
	if (strcmp(request->since, today) < 0)
		return error_set(error, ERROR_RULE,
				 N_("an order begins today (%s) or later; nothing is delegated "
				    "backwards"),
				 today);
	if (strcmp(request->until, request->since) < 0 || strcmp(request->until, latest) > 0)
		return error_set(error, ERROR_RULE,
				 N_("the last day must lie from %s to %s: an order is confirmed "
				    "every year (N02)"),
				 request->since, latest);
	return TRUE;
}

static gboolean check_known(StoreTx *tx, const char *post, GError **error)
{
	gboolean is_known;

	if (!incumbent_knows(tx, post, &is_known, error))
		return FALSE;
	return is_known ||
	       error_set(error, ERROR_NOT_FOUND,
			 N_("there is no post \"%s\"; see `opcardctl post list`"), post);
}

/* With the post come its powers: whoever orders must not be among those who get them. */
static gboolean check_other(StoreTx *tx, const Op *op, const DelegateRequest *request,
			    GError **error)
{
	g_autoptr(GPtrArray) posts =
		op->actor->posts != NULL ? g_ptr_array_ref(op->actor->posts) : g_ptr_array_new();
	gboolean is_excepted = FALSE;

	if (!g_ptr_array_find_with_equal_func(posts, request->to_post, g_str_equal, NULL))
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s holds the post \"%s\" and would take over the powers of \"%s\" by "
			    "the own order; somebody else must order it (separation of duties, "
			    "N05)"),
			 op->actor->id, request->to_post, request->from_post);
}

static gboolean check_powers(StoreTx *tx, const Op *op, const DelegateRequest *request,
			     GError **error)
{
	char **sections = NULL;
	RoleSet roles;

	if (!mandate_of_post(op->house, tx, request->from_post, &roles, &sections, error))
		return FALSE;
	g_strfreev(sections);
	if (roles == 0)
		return error_set(error, ERROR_RULE,
				 N_("the post \"%s\" carries no role that could be delegated (an "
				    "auditor has no deputy); see [roles]"),
				 request->from_post);
	return (roles & CHIEF) == 0 || (own_roles(op) & CHIEF) != 0 ||
	       error_set(
		       error, ERROR_DENIED,
		       N_("the post \"%s\" carries the role chief; only the chief orders who acts "
			  "for it (N02)"),
		       request->from_post);
}

static gboolean check(StoreTx *tx, const Op *op, const DelegateRequest *request, GError **error)
{
	g_auto(ImportResult) result = { 0 };
	ImportField order = { &result, 0, "order" };

	if (!import_field_needed(&order, request->order, ORDER_MAX))
		return error_set(error, ERROR_USAGE,
				 N_("name the order with --order: its reference, printable and at "
				    "most %d characters (N02)"),
				 ORDER_MAX);
	if (strcmp(request->from_post, request->to_post) == 0)
		return error_set(error, ERROR_USAGE, N_("a post cannot be its own deputy"));
	return check_dates(op, request, error) && check_known(tx, request->from_post, error) &&
	       check_known(tx, request->to_post, error) && check_powers(tx, op, request, error) &&
	       check_other(tx, op, request, error);
}

static gboolean give_id(StoreTx *tx, const Op *op, Delegation *delegation, GError **error)
{
	int year = clock_year(op->now);
	g_autofree char *counter = g_strdup_printf("delegation-%d", year);
	gint64 number;

	if (!store_next(tx, counter, &number, error))
		return FALSE;
	delegation->id = g_strdup_printf("L-%d-%04" G_GINT64_FORMAT, year, number);
	return TRUE;
}

static gboolean write_record(StoreTx *tx, const Op *op, const Delegation *delegation,
			     const char *kind, GError **error)
{
	Record record = {
		.kind = kind,
		.article = "N02",
		.extra = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", delegation->id, "from",
				   delegation->from_post, "to", delegation->to_post, "since",
				   delegation->since, "until", delegation->until, "order",
				   delegation->order),
	};

	return record_event(tx, op, NULL, &record, error);
}

static gboolean commit(StoreTx **tx, GError **error)
{
	FAILPOINT("delegate.before");
	if (!store_tx_commit(tx, error))
		return FALSE;
	FAILPOINT("delegate.after");
	return TRUE;
}

static gboolean add(StoreTx **tx, const Op *op, Delegation *delegation, GError **error)
{
	return give_id(*tx, op, delegation, error) &&
	       store_delegation_put(*tx, delegation, error) &&
	       write_record(*tx, op, delegation, "delegation-add", error) && commit(tx, error);
}

gboolean delegate_add(Op *op, const DelegateRequest *request, char **ret_id, GError **error)
{
	Delegation delegation = { .from_post = request->from_post,
				  .to_post = request->to_post,
				  .since = request->since,
				  .until = request->until,
				  .order = request->order,
				  .by = op->actor->id,
				  .at = op->now };
	g_autoptr(StoreTx) tx = NULL;
	g_autofree char *id = NULL;
	gboolean is_added;

	if (!check_role(op, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	if (tx == NULL || !check(tx, op, request, error))
		return FALSE;
	is_added = op->is_dry_run || add(&tx, op, &delegation, error);
	id = delegation.id;
	if (is_added)
		*ret_id = g_steal_pointer(&id);
	return is_added;
}

gboolean delegate_end(Op *op, const char *id, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Delegation) delegation = NULL;

	if (!check_role(op, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	delegation = tx != NULL ? store_delegation_get(tx, id, error) : NULL;
	if (delegation == NULL)
		return FALSE;
	if (delegation->ended_at != 0)
		return error_set(error, ERROR_STATE, N_("the delegation %s has ended already"), id);
	if (op->is_dry_run)
		return TRUE;
	return store_delegation_end(tx, id, op->now, op->actor->id, error) &&
	       write_record(tx, op, delegation, "delegation-end", error) && commit(&tx, error);
}

static gboolean check_review(const Op *op, const DeputyReview *review, GError **error)
{
	const GPtrArray *posts = op->actor->posts;

	if (review->reviewed_at != 0)
		return error_set(error, ERROR_STATE, N_("%s was looked at already, by %s"),
				 review->id, review->reviewed_by);
	if (review->deputy == op->actor->person)
		return error_set(
			error, ERROR_RULE,
			N_("%s did this as the deputy; whoever holds the post \"%s\" looks "
			   "at it afterwards (separation of duties, N05)"),
			op->actor->id, review->post);
	if (posts != NULL &&
	    g_ptr_array_find_with_equal_func((GPtrArray *) posts, review->post, g_str_equal, NULL))
		return TRUE;
	return error_set(error, ERROR_DENIED,
			 N_("%s does not hold the post \"%s\", for which %s was done (N02)"),
			 op->actor->id, review->post, review->id);
}

gboolean delegate_review(Op *op, const char *id, const char *note, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(DeputyReview) review = NULL;
	DeputyReview seen;
	Record record = { .kind = "deputy-review", .article = "N02", .note = note };

	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	review = tx != NULL ? store_delegation_review(tx, id, error) : NULL;
	if (review == NULL || !check_review(op, review, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	seen = *review;
	seen.reviewed_at = op->now;
	seen.reviewed_by = op->actor->id;
	seen.note = (char *) note;
	record.extra = json_pack("{s:s, s:s, s:s, s:s}", "id", review->id, "post", review->post,
				 "subject", review->subject, "deputy", review->staff);
	return store_delegation_close_review(tx, &seen, error) &&
	       record_event(tx, op, review->staff, &record, error) && commit(&tx, error);
}
