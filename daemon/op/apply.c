/* SPDX-License-Identifier: Apache-2.0
 * Steps of applications. Every refusal has its sentence here. */
#include "daemon/op/apply.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/apply_lines.h"
#include "daemon/op/apply_rush.h"
#include "daemon/op/apply_tell.h"
#include "daemon/op/deputy.h"
#include "daemon/op/dump.h"
#include "daemon/store/store_card.h"

json_t *apply_body(const Application *row)
{
	json_t *body = json_loads(row->body, 0, NULL);

	return body != NULL ? body : json_object();
}

void apply_set_body(Application *row, json_t *body)
{
	g_free(row->body);
	row->body = dump_json(body);
	json_decref(body);
}

/* The steps since it was last put forward: what was said of an earlier text counts no more. */
static void read_step(const Approval *step, ApplicationFacts *facts)
{
	switch (step->event) {
	case APPLY_DRAFT:
	case APPLY_ACCEPT:
	case APPLY_SUBMIT:
		facts->endorser = 0;
		facts->nominator = 0;
		break;
	case APPLY_ENDORSE:
		facts->endorser = step->person;
		break;
	case APPLY_NOMINATE:
		facts->nominator = step->person;
		break;
	case APPLY_RUSH:
	case APPLY_EXECUTE:
		facts->executor = step->person;
		break;
	case APPLY_REVISE:
	case APPLY_INVESTIGATE:
	case APPLY_APPROVE:
	case APPLY_REJECT:
	case APPLY_SEND_BACK:
	case APPLY_WITHDRAW:
	case APPLY_RECEIVE:
	case APPLY_CLOSE:
	case APPLY_LAPSE:
	case _APPLICATION_EVENT_MAX:
		break;
	}
}

static gboolean is_whole(StoreTx *tx, const Application *row, gboolean *ret_is_whole,
			 GError **error)
{
	g_autoptr(Card) made = NULL;
	json_t *open;

	if (row->form == 7 && row->new_card != NULL) {
		made = store_card_get(tx, row->new_card, error);
		*ret_is_whole = made != NULL && made->lent_on != NULL;
		return made != NULL;
	}
	open = apply_lines_open(tx, row, FALSE, error);
	if (open == NULL)
		return FALSE;
	*ret_is_whole = json_array_size(open) == 0;
	json_decref(open);
	return TRUE;
}

gboolean apply_facts(StoreTx *tx, const Op *op, const Application *row, ApplicationFacts *ret_facts,
		     GError **error)
{
	g_autoptr(GPtrArray) steps =
		row->id != NULL ? store_application_steps(tx, row->id, error) : g_ptr_array_new();
	gint64 person = op->actor->person;
	ApplicationFacts facts = {
		.person = person,
		.roles = op->actor->roles,
		.applicant = row->applicant,
		.is_own = person != 0 && (person == row->applicant || person == row->holder),
		.is_approved = row->approved_at != 0,
	};

	if (steps == NULL || !apply_lines_concern(op, row, &facts, error) ||
	    !is_whole(tx, row, &facts.is_whole, error))
		return FALSE;
	if (!op_manages(op, row->section))
		facts.roles &= ~ROLE_SET(ROLE_SECTION_MANAGER);
	for (guint i = 0; i < steps->len; i++)
		read_step(steps->pdata[i], &facts);
	*ret_facts = facts;
	return TRUE;
}

gboolean apply_check_person(const Op *op, GError **error)
{
	return op->actor->person != 0 ||
	       error_set(error, ERROR_DENIED,
			 N_("%s is no person; only a person applies, decides or carries out (N05)"),
			 op->actor->id);
}

gboolean apply_refuse_state(const Application *row, ApplicationEvent event, GError **error)
{
	g_autofree char *from = application_from_ja(row->form, event);

	return error_set(error, ERROR_STATE,
			 N_("application %s is %s: %s (%s) is possible only in %s"), row->id,
			 application_state_label(row->state), application_event_name(event),
			 application_event_ja(event), from);
}

/* Who acts for a post acts for its holder: what that person must not do, the deputy must not. */
static ApplicationVerdict judge_deputy(const Op *op, const ApplicationRule *rule,
				       const ApplicationFacts *facts)
{
	guint guards = rule->guards;

	if (facts->is_excepted)
		return APPLICATION_ALLOWED;
	if ((guards & APPLICATION_NOT_APPLICANT) != 0 && facts->applicant != 0 &&
	    deputy_stands_for(op, rule->roles, facts->applicant))
		return APPLICATION_REFUSED_APPLICANT;
	if ((guards & APPLICATION_NOT_ENDORSER) != 0 && facts->endorser != 0 &&
	    deputy_stands_for(op, rule->roles, facts->endorser))
		return APPLICATION_REFUSED_ENDORSER;
	if ((guards & APPLICATION_NOT_EXECUTOR) != 0 && facts->executor != 0 &&
	    deputy_stands_for(op, rule->roles, facts->executor))
		return APPLICATION_REFUSED_EXECUTOR;
	return APPLICATION_ALLOWED;
}

/* An exception is leaned on, and so recorded, only where it changes the answer. */
gboolean apply_judge(StoreTx *tx, const Op *op, const ApplicationRule *rule,
		     ApplicationFacts *facts, GError **error)
{
	facts->verdict = application_judge(rule, facts);
	if (facts->verdict == APPLICATION_ALLOWED)
		facts->verdict = judge_deputy(op, rule, facts);
	if (!application_is_separation(facts->verdict))
		return TRUE;
	if (!allow_exception(tx, op, &facts->is_excepted, error))
		return FALSE;
	if (facts->is_excepted)
		facts->verdict = application_judge(rule, facts);
	return TRUE;
}

/* clang-format off */
static const char *const refusals[_APPLICATION_VERDICT_MAX] = {
	[APPLICATION_REFUSED_NOTE]       = N_("application %s: %s must say why with --note to %s"),
	[APPLICATION_REFUSED_APPLICANT]  = N_("application %s: %s applied for it; somebody else must %s it (separation of duties, N05)"),
	[APPLICATION_REFUSED_HOLDER]     = N_("application %s: it concerns %s, and nobody may %s the own one (separation of duties, N05); somebody else, or the chief, does"),
	[APPLICATION_REFUSED_ENDORSER]   = N_("application %s: %s endorsed it and may not %s it as well; the chief decides (N05)"),
	[APPLICATION_REFUSED_EXECUTOR]   = N_("application %s: %s did what it asks for; somebody else must %s it (separation of duties, N05)"),
	[APPLICATION_REFUSED_NOMINATION] = N_("application %s: %s may %s administrative authorities only after a system-admin has nominated their users: `opcardctl application nominate ID` (N47)"),
	[APPLICATION_REFUSED_NOMINATOR]  = N_("application %s: %s nominated the users of administrative authorities; somebody else must %s it (N47)"),
	[APPLICATION_REFUSED_CHIEF]      = N_("application %s: %s may not %s administrative authorities; the chief does (N47)"),
	[APPLICATION_REFUSED_ORDINARY]   = N_("application %s: it names no administrative authority, so %s has nothing to %s (N47)"),
	[APPLICATION_REFUSED_APPROVED]   = N_("application %s: it is approved already; %s has nothing to %s"),
	[APPLICATION_REFUSED_UNDECIDED]  = N_("application %s: nobody approved it yet, so %s may not %s it (N81)"),
	[APPLICATION_REFUSED_OPEN]       = N_("application %s: a card of it is not handed over yet, so %s may not %s it; `opcardctl application show` lists them (T15)"),
};
/* clang-format on */

static gboolean refuse(const Op *op, const Application *row, const ApplicationRule *rule,
		       ApplicationVerdict verdict, GError **error)
{
	const char *id = row->id != NULL ? row->id : "-";
	const char *event = application_event_name(rule->event);
	g_autofree char *needed = role_table_names(op->house->role_table, rule->roles);

	if (verdict == APPLICATION_REFUSED_ROLE)
		return error_set(error, ERROR_DENIED,
				 N_("application %s: %s may not %s it; that takes the role %s of "
				    "section %s"),
				 id, op->actor->id, event, needed, row->section);
	return error_set(error, verdict == APPLICATION_REFUSED_NOTE ? ERROR_INPUT : ERROR_RULE,
			 refusals[verdict], id, op->actor->id, event);
}

const ApplicationRule *apply_allow(StoreTx *tx, const Op *op, const Application *row,
				   const ApplyStep *step, GError **error)
{
	const ApplicationRule *rule = row->id != NULL
					      ? application_find(row->form, row->state, step->event)
					      : application_first(step->event);
	ApplicationFacts facts;

	if (rule == NULL) {
		apply_refuse_state(row, step->event, error);
		return NULL;
	}
	if (!apply_facts(tx, op, row, &facts, error))
		return NULL;
	facts.has_note = step->note != NULL && *step->note != '\0';
	if (!apply_judge(tx, op, rule, &facts, error))
		return NULL;
	if (facts.verdict == APPLICATION_ALLOWED)
		return rule;
	refuse(op, row, rule, facts.verdict, error);
	return NULL;
}

static gboolean record(StoreTx *tx, const Op *op, const Application *row,
		       const ApplicationRule *rule, const Record *record, GError **error)
{
	g_autoptr(Card) card = NULL;
	Record whole = *record;
	json_t *extra = json_pack(
		"{s:s, s:i, s:s, s:s, s:s*, s:s*, s:s*}", "application", row->id, "applicationForm",
		row->form, "applicationState", application_state_name(row->state), "sectionCode",
		row->section, "paper", row->paper, "scan", row->scan, "exception", row->exception);

	if (record->extra != NULL) {
		json_object_update(extra, record->extra);
		json_decref(record->extra);
	}
	whole.kind = application_event_kind(rule->event);
	whole.article = application_article(rule, row->form);
	whole.extra = extra;
	if (row->card == NULL)
		return record_event(tx, op, NULL, &whole, error);
	card = store_card_get(tx, row->card, error);
	if (card == NULL) {
		json_decref(extra);
		return FALSE;
	}
	return record_card(tx, op, card, &whole, error);
}

static gboolean add_step(StoreTx *tx, const Op *op, const Application *row, const ApplyStep *step,
			 GError **error)
{
	Approval approval = {
		.event = step->event,
		.person = step->person != 0 ? step->person : op->actor->person,
		.actor = op->actor->id,
		.at = op->now,
		.note = (char *) step->note,
	};

	return store_application_step(tx, row->id, &approval, error);
}

/* 代決: whoever holds the post looks at it afterwards. */
static gboolean review(StoreTx *tx, const Op *op, const Application *row,
		       const ApplicationRule *rule, GError **error)
{
	RoleSet needed = rule->roles & ~(ROLE_SET(ROLE_HOLDER) | ROLE_SET(ROLE_SECTION_MANAGER));

	if ((op->actor->roles & needed) != 0)
		return deputy_record(tx, op, needed, row->id, error);
	return (rule->roles & ROLE_SET(ROLE_SECTION_MANAGER)) == 0 ||
	       deputy_record_section(tx, op, row->section, row->id, error);
}

static gboolean end_exception(StoreTx *tx, const Op *op, const Application *row,
			      ApplicationEvent event, GError **error)
{
	if (!row->is_urgent || (event != APPLY_APPROVE && event != APPLY_REJECT))
		return TRUE;
	return apply_rush_end(tx, op, row, event == APPLY_APPROVE, error);
}

gboolean apply_go(StoreTx *tx, const Op *op, Application *row, const ApplyStep *step,
		  GError **error)
{
	const ApplicationRule *rule = application_find(row->form, row->state, step->event);
	Record about = { .note = step->note };

	if (rule == NULL)
		return apply_refuse_state(row, step->event, error);
	row->state = rule->to;
	row->changed_at = op->now;
	if (rule->event == APPLY_APPROVE)
		row->approved_at = op->now;
	if (rule->event == APPLY_SUBMIT || rule->event == APPLY_SEND_BACK)
		row->approved_at = 0;
	if (rule->event == APPLY_SUBMIT)
		row->applicant = op->actor->person;
	return store_application_put(tx, row, error) && add_step(tx, op, row, step, error) &&
	       end_exception(tx, op, row, rule->event, error) && review(tx, op, row, rule, error) &&
	       record(tx, op, row, rule, &about, error) &&
	       apply_tell(tx, op, row, rule->event, error);
}

static gboolean insert(StoreTx *tx, const Op *op, Application *row, const ApplyStep *step,
		       GError **error)
{
	int year = clock_year(op->now);
	g_autofree char *counter = g_strdup_printf("application-%d", year);
	gint64 number;

	if (!store_next(tx, counter, &number, error))
		return FALSE;
	row->id = g_strdup_printf("A-%d-%04" G_GINT64_FORMAT, year, number);
	row->opened_at = op->now;
	row->changed_at = op->now;
	return store_application_insert(tx, row, error) && add_step(tx, op, row, step, error);
}

gboolean apply_open(StoreTx *tx, const Op *op, Application *row, const ApplyStep *step,
		    json_t *extra, GError **error)
{
	const ApplicationRule *rule = application_first(step->event);
	Record about = { .note = step->note, .extra = extra };

	row->state = rule->to;
	if (!insert(tx, op, row, step, error)) {
		json_decref(extra);
		return FALSE;
	}
	return record(tx, op, row, rule, &about, error) && review(tx, op, row, rule, error) &&
	       apply_tell(tx, op, row, step->event, error);
}

gboolean apply_settle(StoreTx *tx, const Op *op, Application *row, GError **error)
{
	static const ApplicationEvent course[] = { APPLY_RECEIVE, APPLY_CLOSE };

	for (gsize i = 0; i < G_N_ELEMENTS(course); i++) {
		const ApplicationRule *rule = application_find(row->form, row->state, course[i]);
		ApplyStep step = { .event = course[i] };
		ApplicationFacts facts;

		if (rule == NULL || (rule->roles & ROLE_SET(ROLE_DAEMON)) == 0)
			continue;
		if (!apply_facts(tx, op, row, &facts, error))
			return FALSE;
		facts.roles |= ROLE_SET(ROLE_DAEMON);
		if (application_judge(rule, &facts) == APPLICATION_ALLOWED &&
		    !apply_go(tx, op, row, &step, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean is_of_regulation(const GError *refusal)
{
	switch (error_code(refusal)) {
	case ERROR_USAGE:
	case ERROR_DENIED:
	case ERROR_RULE:
	case ERROR_EXISTS:
		return TRUE;
	case ERROR_INTERNAL:
	case ERROR_INPUT:
	case ERROR_NOT_FOUND:
	case ERROR_STATE:
	case ERROR_CARD:
	case ERROR_READER:
	case ERROR_PIN:
	case ERROR_STORE:
	case ERROR_CA:
	case ERROR_BUSY:
	case ERROR_CLOCK:
	case ERROR_PARTLY:
	case ERROR_LIMIT:
	case ERROR_LARGE:
	case ERROR_PRINTER:
	case _ERROR_CODE_MAX:
		break;
	}
	return FALSE;
}

void apply_record_refusal(Op *op, const char *id, ApplicationEvent event, const GError *refusal,
			  const json_t *lines)
{
	g_autoptr(GError) ignored = NULL;
	g_autoptr(StoreTx) tx = NULL;
	Record about = { .kind = "application-refused", .article = "N72" };

	if (op->is_dry_run || refusal == NULL || !is_of_regulation(refusal))
		return;
	tx = store_tx_begin(op->house->store, STORE_NORMAL, &ignored);
	if (tx == NULL)
		return;
	about.note = error_ja(refusal);
	about.extra = json_pack("{s:s*, s:s, s:O*}", "application", id, "event",
				application_event_name(event), "line", json_array_get(lines, 0));
	if (!record_event(tx, op, NULL, &about, &ignored) || !store_tx_commit(&tx, &ignored))
		return;
}
