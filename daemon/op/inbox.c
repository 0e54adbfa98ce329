/* SPDX-License-Identifier: Apache-2.0
 * What waits, by kind: one function each, run one after another. */
#include "daemon/op/inbox.h"

#include "daemon/op/apply.h"
#include "daemon/op/deputy.h"
#include "daemon/op/pin_permit.h"
#include "daemon/op/view.h"
#include "daemon/op/view_application.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_request.h"

#define ITEMS_MAX 500

#define CONFIRMS (ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF))
#define FOLLOWS  (ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF))

typedef struct Inbox {
	StoreTx *tx;
	const Op *op;
	json_t *items;
} Inbox;

/* What carries @row on, and whether the caller may. */
static gboolean find_event(const Inbox *inbox, const Application *row, ApplicationEvent *ret_event,
			   gboolean *ret_is_mine, GError **error)
{
	ApplicationEvent event = application_next(row->state, row->approved_at != 0);
	ApplicationFacts facts;
	const ApplicationRule *rule;

	if (!apply_facts(inbox->tx, inbox->op, row, &facts, error))
		return FALSE;
	if (event == APPLY_APPROVE && row->state == APPLICATION_INVESTIGATED &&
	    facts.is_administrative && facts.nominator == 0)
		event = APPLY_NOMINATE;
	rule = application_find(row->form, row->state, event);
	/* The cards still to be made are the desk's work; with the last one it is received. */
	if (event == APPLY_RECEIVE && !facts.is_whole) {
		facts.roles &= ~ROLE_SET(ROLE_SECTION_MANAGER);
		facts.is_whole = TRUE;
	}
	*ret_event = event;
	if (rule != NULL && !apply_judge(inbox->tx, inbox->op, rule, &facts, error))
		return FALSE;
	*ret_is_mine = rule != NULL && facts.verdict == APPLICATION_ALLOWED;
	return TRUE;
}

static void add_application(const Inbox *inbox, const Application *row, ApplicationEvent event)
{
	g_autofree char *command = view_application_command(row, event);
	g_autofree char *en = g_strdup_printf("%s: form %d, %s", application_event_name(event),
					      row->form, application_form_en(row->form));
	g_autofree char *ja = g_strdup_printf("%s：様式第%d号 %s", application_event_ja(event),
					      row->form, application_form_ja(row->form));

	json_array_append_new(inbox->items,
			      json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "kind",
					"application", "id", row->id, "en", en, "ja", ja, "command",
					command, "section", row->section, "card",
					view_text(row->card), "since", view_time(row->changed_at)));
}

static gboolean add_applications(const Inbox *inbox, GError **error)
{
	ApplicationFilter filter = { .is_open = TRUE, .limit = ITEMS_MAX };
	g_autoptr(GPtrArray) list = store_application_list(inbox->tx, &filter, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		ApplicationEvent event;
		gboolean is_mine;

		if (!find_event(inbox, list->pdata[i], &event, &is_mine, error))
			return FALSE;
		if (is_mine)
			add_application(inbox, list->pdata[i], event);
	}
	return list != NULL;
}

/* @id is what the command takes. */
static const struct {
	const char *kind;
	const char *en;
	const char *ja;
	const char *command;
} texts[] = {
	{ "confirmation", "a second person must confirm", "二人目の確認待ち", "confirm" },
	{ "duty", "a card is to be collected", "カードの回収", "duty show" },
	{ "review", "what a deputy did is to be looked at", "代決の後閲", "delegation review" },
	{ "case", "a corrective measure is missing", "再発防止策の記入待ち", "case show" },
};

static void add(const Inbox *inbox, const char *kind, const char *id, const char *card,
		gint64 since)
{
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *command = g_strdup_printf("opcardctl %s %s", texts[i].command, id);

		if (!g_str_equal(texts[i].kind, kind))
			continue;
		json_array_append_new(inbox->items,
				      json_pack("{s:s, s:s, s:s, s:s, s:s, s:n, s:o, s:o}", "kind",
						kind, "id", id, "en", texts[i].en, "ja",
						texts[i].ja, "command", command, "section", "card",
						view_text(card), "since", view_time(since)));
	}
}

/* An urgent reset waits as its application. */
static gboolean add_confirmations(const Inbox *inbox, GError **error)
{
	g_autoptr(GPtrArray) list = store_request_open(inbox->tx, inbox->op->now, error);
	gboolean may_confirm = (inbox->op->actor->roles & CONFIRMS) != 0;

	for (guint i = 0; list != NULL && may_confirm && i < list->len; i++) {
		const Confirmation *row = list->pdata[i];
		g_autoptr(Application) urgent = NULL;

		if (g_str_equal(row->event, PIN_PERMIT_EVENT) &&
		    !store_application_of_confirmation(inbox->tx, row->id, &urgent, error))
			return FALSE;
		if (urgent == NULL && g_strcmp0(row->by, inbox->op->actor->id) != 0)
			add(inbox, "confirmation", row->id, row->card, row->at);
	}
	return list != NULL;
}

static gboolean owns(const Inbox *inbox, const char *post, gboolean *ret_owns, GError **error)
{
	const GPtrArray *posts = inbox->op->actor->posts;
	char **code = inbox->op->actor->sections;

	for (guint i = 0; posts != NULL && i < posts->len; i++)
		if (g_strcmp0(posts->pdata[i], post) == 0)
			*ret_owns = TRUE;

	for (; code != NULL && *code != NULL; code++) {
		g_autoptr(Section) section = NULL;

		if (!store_person_find_section(inbox->tx, *code, &section, error))
			return FALSE;
		if (section != NULL && g_strcmp0(section->manager_post, post) == 0)
			*ret_owns = TRUE;
	}
	return TRUE;
}

static gboolean add_duties(const Inbox *inbox, GError **error)
{
	StoreDutyFilter filter = { .limit = ITEMS_MAX };
	g_autoptr(GPtrArray) list = NULL;

	if (inbox->op->actor->sections == NULL && inbox->op->actor->posts == NULL)
		return TRUE;
	list = store_duty_list(inbox->tx, &filter, error);
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Duty *duty = list->pdata[i];
		gboolean is_mine = FALSE;

		if (!owns(inbox, duty->owner_post, &is_mine, error))
			return FALSE;
		if (is_mine)
			add(inbox, "duty", duty->id, duty->card, duty->opened_at);
	}
	return list != NULL;
}

/* 後閲 of what a deputy did. */
static gboolean add_reviews(const Inbox *inbox, GError **error)
{
	g_autoptr(GPtrArray) list = deputy_waiting(inbox->tx, inbox->op, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const DeputyReview *review = list->pdata[i];

		add(inbox, "review", review->id, review->subject, review->at);
	}
	return list != NULL;
}

static gboolean add_cases(const Inbox *inbox, GError **error)
{
	g_autoptr(GPtrArray) list = NULL;

	if ((inbox->op->actor->roles & FOLLOWS) == 0)
		return TRUE;
	list = store_duty_case_open_list(inbox->tx, inbox->op->now, ITEMS_MAX, error);
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const CaseFile *file = list->pdata[i];

		add(inbox, "case", file->id, *file->card != '\0' ? file->card : NULL,
		    file->opened_at);
	}
	return list != NULL;
}

json_t *inbox_list(StoreTx *tx, const Op *op, GError **error)
{
	Inbox inbox = { tx, op, json_array() };

	/* An account without a person has nothing to do. */
	if (op->actor->person == 0 ||
	    (add_applications(&inbox, error) && add_confirmations(&inbox, error) &&
	     add_duties(&inbox, error) && add_reviews(&inbox, error) && add_cases(&inbox, error)))
		return view_page(inbox.items, NULL);
	json_decref(inbox.items);
	return NULL;
}
