/* SPDX-License-Identifier: Apache-2.0
 * Applications as JSON. */
#include "daemon/op/view_application.h"

#include "daemon/op/apply_lines.h"
#include "daemon/op/view.h"
#include "daemon/store/store_person.h"

#define FORM_USERS   2
#define FORM_PIN     6
#define FORM_REISSUE 7
#define SEERS                                                                                      \
	(ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF) |           \
	 ROLE_SET(ROLE_AUDITOR) | ROLE_SET(ROLE_ROOT))

gboolean view_application_is_seen(const Op *op, const Application *row)
{
	gint64 person = op->actor->person;

	return (op->actor->roles & SEERS) != 0 || op_manages(op, row->section) ||
	       (person != 0 && (person == row->applicant || person == row->holder));
}

char *view_application_command(const Application *row, ApplicationEvent event)
{
	if (event == _APPLICATION_EVENT_MAX)
		return NULL;
	if (event == APPLY_EXECUTE && row->form == FORM_PIN)
		return g_strdup_printf("opcardctl pin reset %s", row->card);
	if (event == APPLY_EXECUTE && row->form == FORM_REISSUE)
		return g_strdup_printf("opcardctl reissue %s --application %s --reason TEXT",
				       row->card, row->id);
	if (event == APPLY_RECEIVE && row->form == FORM_USERS)
		return g_strdup_printf("opcardctl issue --application-all %s", row->id);
	if (event == APPLY_RECEIVE && row->new_card != NULL)
		return g_strdup_printf("opcardctl hand-over %s", row->new_card);
	return g_strdup_printf("opcardctl application %s %s", application_event_name(event),
			       row->id);
}

/* {"staff","name"} or null; NULL with an error. */
static json_t *person_of(StoreTx *tx, gint64 id, GError **error)
{
	g_autoptr(Person) person = NULL;

	if (id == 0)
		return json_null();
	person = store_person_by_id(tx, id, error);
	return person != NULL
		       ? json_pack("{s:s, s:s}", "staff", person->staff, "name", person->name)
		       : NULL;
}

static gboolean set_person(StoreTx *tx, json_t *view, const char *key, gint64 id, GError **error)
{
	json_t *person = person_of(tx, id, error);

	return person != NULL && json_object_set_new(view, key, person) == 0;
}

static json_t *row_of(StoreTx *tx, const Application *row, GError **error)
{
	ApplicationEvent next = application_next(row->state, row->approved_at != 0);
	g_autofree char *command = view_application_command(row, next);
	g_autoptr(Section) section = NULL;
	json_t *view;

	if (!store_person_find_section(tx, row->section, &section, error))
		return NULL;
	view = json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:o, s:b}", "id", row->id, "form",
			 row->form, "title", application_form_en(row->form), "titleJa",
			 application_form_ja(row->form), "state",
			 application_state_name(row->state), "stateJa",
			 application_state_ja(row->state), "card", view_text(row->card), "urgent",
			 row->is_urgent);
	json_object_set_new(view, "section", json_string(row->section));
	json_object_set_new(view, "sectionName", view_text(section != NULL ? section->name : NULL));
	json_object_set_new(view, "paper", view_text(row->paper));
	json_object_set_new(view, "signedOn", view_text(row->signed_on));
	json_object_set_new(view, "scan", view_text(row->scan));
	json_object_set_new(view, "approvedAt", view_time(row->approved_at));
	json_object_set_new(view, "newCard", view_text(row->new_card));
	json_object_set_new(view, "exception", view_text(row->exception));
	json_object_set_new(view, "openedAt", view_time(row->opened_at));
	json_object_set_new(view, "changedAt", view_time(row->changed_at));
	json_object_set_new(view, "next", view_text(command));
	if (set_person(tx, view, "applicant", row->applicant, error) &&
	    set_person(tx, view, "holder", row->holder, error))
		return view;
	json_decref(view);
	return NULL;
}

static json_t *step_of(StoreTx *tx, const Approval *step, GError **error)
{
	json_t *by = person_of(tx, step->person, error);

	return by != NULL ? json_pack("{s:s, s:s, s:o, s:s, s:o, s:o}", "event",
				      application_event_name(step->event), "ja",
				      application_event_ja(step->event), "by", by, "enteredBy",
				      step->actor, "at", view_time(step->at), "note",
				      view_text(step->note))
			  : NULL;
}

static json_t *steps_of(StoreTx *tx, const Application *row, GError **error)
{
	g_autoptr(GPtrArray) steps = store_application_steps(tx, row->id, error);
	json_t *list = steps != NULL ? json_array() : NULL;

	for (guint i = 0; list != NULL && i < steps->len; i++) {
		json_t *step = step_of(tx, steps->pdata[i], error);

		if (step == NULL)
			g_clear_pointer(&list, json_decref);
		else
			json_array_append_new(list, step);
	}
	return list;
}

json_t *view_application(StoreTx *tx, const Op *op, const Application *row, GError **error)
{
	json_t *view = row_of(tx, row, error);
	json_t *steps = view != NULL ? steps_of(tx, row, error) : NULL;
	json_t *open = steps != NULL ? apply_lines_open(tx, row, TRUE, error) : NULL;
	json_t *body;

	(void) op;
	if (open == NULL) {
		json_decref(steps);
		json_decref(view);
		return NULL;
	}
	body = apply_body(row);
	json_object_update_missing(view, body);
	json_decref(body);
	json_object_set_new(view, "steps", steps);
	json_object_set_new(view, "openLines", open);
	return view;
}

json_t *view_application_list(StoreTx *tx, const Op *op, const ApplicationFilter *filter,
			      GError **error)
{
	guint most = (guint) view_limit(filter->limit);
	ApplicationFilter wanted = *filter;
	g_autoptr(GPtrArray) list = NULL;
	json_t *items;
	const char *next = NULL;

	wanted.limit = (int) most + 1;
	list = store_application_list(tx, &wanted, error);
	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++) {
		json_t *view;

		if (!view_application_is_seen(op, list->pdata[i]))
			continue;
		view = row_of(tx, list->pdata[i], error);
		if (view == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, view);
	}
	if (list->len > most)
		next = ((const Application *) list->pdata[most - 1])->id;
	return view_page(items, next);
}
