/* SPDX-License-Identifier: Apache-2.0
 * Applications as a list for the audit. One that was carried out and not approved says so: that is
 * what an auditor looks for. */
#include "daemon/op/report_apply.h"

#include "daemon/op/apply.h"
#include "daemon/store/store_person.h"

#define PAGE         500
#define FORM_USERS   2
#define NOT_APPROVED "（承認なし）"

static gboolean is_carried_out(const Application *row)
{
	return row->state == APPLICATION_EXECUTED || row->state == APPLICATION_RECEIVED ||
	       row->state == APPLICATION_CLOSED;
}

/* Who approved it last; *ret_name NULL when nobody did. */
static gboolean approver(const Report *report, const Application *row, char **ret_name,
			 GError **error)
{
	g_autoptr(GPtrArray) steps = store_application_steps(report->tx, row->id, error);
	gint64 person = 0;

	for (guint i = 0; steps != NULL && i < steps->len; i++) {
		const Approval *step = steps->pdata[i];

		if (step->event == APPLY_APPROVE)
			person = step->person;
	}
	if (row->approved_at != 0 && person != 0) {
		g_autoptr(Person) found = store_person_by_id(report->tx, person, error);

		if (found == NULL)
			return FALSE;
		*ret_name = g_strdup(found->name);
	}
	return steps != NULL;
}

static gboolean set_name(const Report *report, json_t *line, const Application *row, GError **error)
{
	g_autoptr(Person) person = NULL;

	if (row->applicant == 0)
		return TRUE;
	person = store_person_by_id(report->tx, row->applicant, error);
	if (person == NULL)
		return FALSE;
	report_set(line, "name", person->name);
	return TRUE;
}

static gboolean set_section(const Report *report, json_t *line, const Application *row,
			    GError **error)
{
	g_autoptr(Section) section = NULL;

	if (!store_person_find_section(report->tx, row->section, &section, error))
		return FALSE;
	report_set(line, "section", section != NULL ? section->name : row->section);
	return TRUE;
}

static void set_content(json_t *line, const Application *row)
{
	json_t *body = apply_body(row);
	g_autofree char *users = g_strdup_printf(
		"使用者 %u 人", (guint) json_array_size(json_object_get(body, "lines")));

	report_set(line, "content",
		   row->form == FORM_USERS ? users
					   : json_string_value(json_object_get(body, "reason")));
	json_decref(body);
}

static gboolean add_row(Report *report, const Application *row, GError **error)
{
	g_autofree char *category = g_strdup_printf("様式第%d号", row->form);
	g_autofree char *name = NULL;
	json_t *line = json_object();

	json_array_append_new(report->rows, line);
	report_set(line, "number", row->id);
	report_set(line, "category", category);
	report_set(line, "card", row->card);
	report_set_day(line, "date", row->opened_at);
	report_set_time(line, "at", row->approved_at);
	report_set(line, "state", application_state_ja(row->state));
	set_content(line, row);
	if (!set_name(report, line, row, error) || !set_section(report, line, row, error) ||
	    !approver(report, row, &name, error))
		return FALSE;
	report_set(line, "by", name == NULL && is_carried_out(row) ? NOT_APPROVED : name);
	return TRUE;
}

gboolean report_apply_list(Report *report, GError **error)
{
	g_autofree char *after = NULL;
	guint count;

	do {
		ApplicationFilter filter = { .section = report->request->section,
					     .after = after,
					     .limit = PAGE };
		g_autoptr(GPtrArray) page = store_application_list(report->tx, &filter, error);

		if (page == NULL)
			return FALSE;
		count = page->len;
		for (guint i = 0; i < count; i++) {
			const Application *row = page->pdata[i];

			if (row->opened_at >= report->begin && row->opened_at < report->end &&
			    !add_row(report, row, error))
				return FALSE;
		}
		g_free(after);
		after = count > 0 ? g_strdup(((Application *) page->pdata[count - 1])->id) : NULL;
	} while (count == PAGE);
	return TRUE;
}
