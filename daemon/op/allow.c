/* SPDX-License-Identifier: Apache-2.0
 * State, role, and one small function per guard; which guards an event has stands in table A. */
#include "daemon/op/allow.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/permit.h"
#include "daemon/op/behind.h"
#include "daemon/op/deputy.h"
#include "daemon/op/duty_remind.h"
#include "daemon/op/exception.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

typedef gboolean (*GuardCheck)(StoreTx *tx, const Op *op, const AllowRequest *request,
			       GError **error);

gboolean allow_exception(StoreTx *tx, const Op *op, gboolean *ret_is_excepted, GError **error)
{
	g_autofree char *subject = g_strconcat("staff:", op->actor->id, NULL);
	g_autofree char *id = NULL;

	if (!exception_covers(tx, op, "separation", subject, &id, error))
		return FALSE;
	*ret_is_excepted = id != NULL;
	return TRUE;
}

static gboolean is_own(const Op *op, gint64 holder)
{
	return holder != 0 && op->actor->person == holder;
}

gboolean allow_role(StoreTx *tx, const Op *op, const Card *card, RoleSet roles,
		    gboolean *ret_is_allowed, GError **error)
{
	RoleSet everywhere = roles & ~(ROLE_SET(ROLE_SECTION_MANAGER) | ROLE_SET(ROLE_HOLDER));
	g_autoptr(Designation) designation = NULL;
	gboolean is_allowed = op_has_role(op, everywhere);

	if ((roles & ROLE_SET(ROLE_HOLDER)) != 0 && is_own(op, card->holder))
		is_allowed = TRUE;
	if (!is_allowed && (roles & ROLE_SET(ROLE_SECTION_MANAGER)) != 0 &&
	    card->designation != NULL) {
		designation = store_designation_get(tx, card->designation, error);
		if (designation == NULL)
			return FALSE;
		is_allowed = op_manages(op, designation->section);
	}
	*ret_is_allowed = is_allowed;
	return TRUE;
}

static gboolean find_designation(StoreTx *tx, const Op *op, const AllowRequest *request,
				 Designation **ret_designation, GError **error)
{
	const char *authority =
		request->authority != NULL ? request->authority : request->card->authority;
	g_autofree char *today = clock_date(op->now);

	return store_designation_for(tx, request->holder, authority, today, ret_designation, error);
}

/* T03, T35: whether that kind of card is for the authority, and the authority still for them. */
static gboolean check_permit(const Op *op, const AllowRequest *request, const Person *person,
			     const Designation *designation, GError **error)
{
	PermitQuestion question = {
		.authority = designation->authority,
		.kind = request->card->kind,
		.section = designation->section,
		.employment = person->employment,
		.until = person->until,
	};
	g_autoptr(Permit) permit = permit_load(op->house->config, designation->from, error);

	return permit != NULL && permit_check(permit, &question, error);
}

static gboolean check_designated(StoreTx *tx, const Op *op, const AllowRequest *request,
				 GError **error)
{
	g_autoptr(Designation) designation = NULL;
	g_autoptr(Person) person = store_person_by_id(tx, request->holder, error);

	if (person == NULL || !find_designation(tx, op, request, &designation, error))
		return FALSE;
	if (designation == NULL)
		return error_set(
			error, ERROR_RULE,
			N_("%s (%s) is not designated for \"%s\": a card is issued only on "
			   "an accepted user report (form 2, T13); import it with "
			   "`opcardctl designation import`"),
			person->staff, person->name, request->authority);
	if (!person_is_eligible(person, designation->from))
		return error_set(error, ERROR_RULE,
				 N_("the term of %s (%s) ends on %s, before the designation begins "
				    "on %s"),
				 person->staff, person->name, person->until, designation->from);
	return check_permit(op, request, person, designation, error);
}

static gboolean check_eligible(StoreTx *tx, const Op *op, const AllowRequest *request,
			       GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Designation) designation = NULL;
	g_autoptr(Person) person = store_person_by_id(tx, request->holder, error);

	if (person == NULL || !find_designation(tx, op, request, &designation, error))
		return FALSE;
	if (!person_is_eligible(person, today))
		return error_set(error, ERROR_RULE,
				 N_("the term of %s (%s) ended on %s (T13); correct the staff list "
				    "if that is wrong"),
				 person->staff, person->name, person->until);
	if (designation == NULL)
		return error_set(error, ERROR_RULE,
				 N_("%s (%s) has no designation for \"%s\" any more (T13); a new "
				    "user report (form 2) is needed"),
				 person->staff, person->name, request->card->authority);
	if (!person_is_designated(designation, today))
		return error_set(error, ERROR_RULE,
				 N_("card %s may be handed over from %s on, the effective date of "
				    "the designation; today is %s"),
				 request->card->number, designation->from, today);
	return TRUE;
}

static gboolean check_single(StoreTx *tx, const Op *op, const AllowRequest *request, GError **error)
{
	const char *authority =
		request->authority != NULL ? request->authority : request->card->authority;
	g_autoptr(GPtrArray) cards = store_card_of_holder(tx, request->holder, error);

	(void) op;
	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		const Card *other = cards->pdata[i];

		if (card_is_live(other) && g_strcmp0(other->authority, authority) == 0 &&
		    g_strcmp0(other->number, request->replaces) != 0 &&
		    g_strcmp0(other->replaces, request->card->number) != 0 &&
		    g_strcmp0(other->number, request->card->number) != 0)
			return error_set(error, ERROR_RULE,
					 N_("the person already has card %s (%s) for \"%s\"; one "
					    "person has one card per authority (T18): use "
					    "`opcardctl reissue` to replace it"),
					 other->number, card_state_label(card_shown(other)),
					 authority);
	}
	return cards != NULL;
}

static gboolean check_separation(StoreTx *tx, const Op *op, const AllowRequest *request,
				 GError **error)
{
	gboolean is_excepted;

	gboolean is_for_principal = deputy_stands_for(op, op->actor->asked, request->holder);

	if (!is_own(op, request->holder) && !is_for_principal)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	if (is_for_principal && !is_excepted)
		return error_set(error, ERROR_RULE,
				 N_("%s would act in place of the holder on the holder's own card; "
				    "somebody else must do it (separation of duties, N05)"),
				 op->actor->id);
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s would act on the own card; somebody else must do it (separation of "
			    "duties, N05)"),
			 op->actor->id);
}

static gboolean check_witness(StoreTx *tx, const Op *op, const AllowRequest *request,
			      GError **error)
{
	g_autoptr(Person) witness = NULL;
	gboolean is_excepted;

	if (request->witness == NULL)
		return error_set(error, ERROR_INPUT,
				 N_("a witness is needed: name the second person with --witness "
				    "STAFF (N19, N32)"));
	witness = store_person_get(tx, request->witness, error);
	if (witness == NULL)
		return FALSE;
	if (witness->id != op->actor->person)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("the witness %s is the person who acts; name somebody else"),
			 request->witness);
}

static gboolean check_reusable(StoreTx *tx, const Op *op, const AllowRequest *request,
			       GError **error)
{
	g_autofree char *today = clock_date(op->now);

	(void) tx;
	if (request->card->no_reuse)
		return error_set(error, ERROR_RULE,
				 N_("card %s was lost, stolen, damaged or written off once and is "
				    "never used again; dispose of it"),
				 request->card->number);
	if (config_policy(op->house->config, POLICY_REUSE, today) == 0)
		return error_set(error, ERROR_RULE,
				 N_("cards are not used again here (policy \"reuse = 0\"); dispose "
				    "of card %s"),
				 request->card->number);
	return TRUE;
}

static gboolean check_no_other_right(StoreTx *tx, const Op *op, const AllowRequest *request,
				     GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Person) holder = store_person_by_id(tx, request->holder, error);
	g_autoptr(GPtrArray) list =
		holder != NULL ? store_designation_list(tx, NULL, request->holder, today, error)
			       : NULL;

	/* A temporary card goes back whatever else its holder may do. */
	if (list != NULL && (!person_is_eligible(holder, today) ||
			     g_strcmp0(request->card->kind, "temporary") == 0))
		return TRUE;
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Designation *other = list->pdata[i];

		if (person_is_designated(other, today) &&
		    g_strcmp0(other->authority, request->card->authority) == 0 &&
		    g_strcmp0(other->id, request->card->designation) != 0)
			return error_set(error, ERROR_RULE,
					 N_("the holder is also designated by %s (section %s) for "
					    "the same authority; use `opcardctl re-home %s "
					    "--section %s` instead of a recall"),
					 other->section_name, other->section, request->card->number,
					 other->section);
	}
	return list != NULL;
}

static gboolean check_held_only(StoreTx *tx, const Op *op, const AllowRequest *request,
				GError **error)
{
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, request->card->number, error);

	(void) op;
	for (guint i = 0; list != NULL && i < list->len; i++)
		if (((Certificate *) list->pdata[i])->state == CERTIFICATE_HOLD)
			return TRUE;
	return list != NULL && error_set(error, ERROR_RULE,
					 N_("the certificate of card %s is revoked, and a "
					    "revocation is final; issue another card"),
					 request->card->number);
}

static gboolean check_temporary(StoreTx *tx, const Op *op, const AllowRequest *request,
				GError **error)
{
	(void) tx, (void) op;
	return g_strcmp0(request->card->kind, "temporary") == 0 ||
	       error_set(error, ERROR_RULE,
			 N_("card %s is of the kind \"%s\"; only cards received as \"temporary\" "
			    "are lent for a day"),
			 request->card->number, request->card->kind);
}

static gboolean check_escalated(StoreTx *tx, const Op *op, const AllowRequest *request,
				GError **error)
{
	g_autofree char *missing = NULL;

	if (!duty_remind_exhausted(tx, op, request->card->number, &missing, error))
		return FALSE;
	return missing == NULL ||
	       error_set(error, ERROR_RULE,
			 N_("card %s may be written off only when every reminder and escalation "
			    "has failed and the chief knows (T13); the step %s is still to come: "
			    "see `opcardctl duty list`"),
			 request->card->number, missing);
}

/* PRESENT is seen by the operation itself at the reader, SECOND by the confirmation; both are in
 * table A for the matrix. EFFECTIVE is part of ELIGIBLE's designation in force. */
static const struct {
	Guard guard;
	GuardCheck check;
} checks[] = {
	{ GUARD_SEPARATION, check_separation },
	{ GUARD_DESIGNATED, check_designated },
	{ GUARD_ELIGIBLE, check_eligible },
	{ GUARD_SINGLE, check_single },
	{ GUARD_WITNESS, check_witness },
	{ GUARD_REUSABLE, check_reusable },
	{ GUARD_NO_OTHER_RIGHT, check_no_other_right },
	{ GUARD_HELD_ONLY, check_held_only },
	{ GUARD_TEMPORARY, check_temporary },
	{ GUARD_ESCALATED, check_escalated },
};

static gboolean deny(const Op *op, const AllowRequest *request, const LifecycleRule *rule,
		     GError **error)
{
	g_autofree char *needed = role_table_names(op->house->role_table, rule->roles);

	return error_set(error, ERROR_DENIED,
			 N_("%s may not do %s on card %s: it takes the role %s (%s); ask somebody "
			    "who has it, or the administrator to map your account"),
			 op->actor->id, lifecycle_event_name(request->event), request->card->number,
			 needed, rule->article);
}

/* A spare belongs to no section yet: the manager of the designation it is for may act. */
static gboolean manages_future(StoreTx *tx, const Op *op, const AllowRequest *request,
			       gboolean *ret_is_allowed, GError **error)
{
	g_autoptr(Designation) designation = NULL;

	if (request->card->designation != NULL || request->holder == 0 ||
	    request->authority == NULL)
		return TRUE;
	if (!find_designation(tx, op, request, &designation, error))
		return FALSE;
	*ret_is_allowed = designation != NULL && op_manages(op, designation->section);
	return TRUE;
}

gboolean allow_eligible(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	AllowRequest request = { .card = card, .holder = card->holder };

	return behind_check(op->house, error) && check_eligible(tx, op, &request, error);
}

const LifecycleRule *allow_event(StoreTx *tx, const Op *op, const AllowRequest *request,
				 GError **error)
{
	const Card *card = request->card;
	CardState shown = card_shown(card);
	const LifecycleRule *rule = lifecycle_find(shown, request->event);
	gboolean is_allowed = FALSE;

	if (rule == NULL) {
		g_autofree char *from = lifecycle_from_ja(request->event);

		error_set(error, ERROR_STATE, N_("card %s is %s: %s (%s) is possible only in %s"),
			  card->number, card_state_label(shown),
			  lifecycle_event_name(request->event), lifecycle_event_ja(request->event),
			  from);
		return NULL;
	}
	if (!allow_role(tx, op, card, rule->roles, &is_allowed, error) ||
	    (!is_allowed && (rule->roles & ROLE_SET(ROLE_SECTION_MANAGER)) != 0 &&
	     !manages_future(tx, op, request, &is_allowed, error)))
		return NULL;
	if (!is_allowed) {
		deny(op, request, rule, error);
		return NULL;
	}
	if (!behind_check_rule(op->house, rule, error))
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
		if ((rule->guards & checks[i].guard) != 0 &&
		    !checks[i].check(tx, op, request, error))
			return NULL;
	return rule;
}
