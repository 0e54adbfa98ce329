/* SPDX-License-Identifier: Apache-2.0
 * 様式第2, 6, 7号 as data: filled from the application as it was put forward (T45, T49, T50). */
#include "daemon/base/clock.h"
#include "daemon/op/apply.h"
#include "daemon/op/incumbent.h"
#include "daemon/op/register.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

#define FORM_USERS 2

static void set(json_t *values, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(values, key, json_string(text));
}

/* The day and the seal: of the paper, else of the last submission and endorsement. */
static gboolean find_seal(StoreTx *tx, const Application *row, char **ret_day, gint64 *ret_person,
			  GError **error)
{
	g_autoptr(GPtrArray) steps = store_application_steps(tx, row->id, error);
	gint64 at = row->opened_at;

	*ret_person = 0;
	for (guint i = 0; steps != NULL && i < steps->len; i++) {
		const Approval *step = steps->pdata[i];

		if (step->event == APPLY_SUBMIT) {
			at = step->at;
			*ret_person = 0;
		}
		if (step->event == APPLY_ENDORSE)
			*ret_person = step->person;
	}
	if (steps != NULL)
		*ret_day = row->signed_on != NULL ? g_strdup(row->signed_on) : clock_date(at);
	return steps != NULL;
}

/* "市民課長　渡邊　恵子"; who endorsed, else who holds the post. */
static gboolean set_manager(StoreTx *tx, const Application *row, gint64 endorser, json_t *values,
			    GError **error)
{
	g_autofree char *day =
		row->signed_on != NULL ? g_strdup(row->signed_on) : clock_date(row->changed_at);
	g_autoptr(Section) section = NULL;
	g_autoptr(Person) person = NULL;
	g_autofree char *text = NULL;

	if (!store_person_find_section(tx, row->section, &section, error))
		return FALSE;
	if (endorser != 0) {
		person = store_person_by_id(tx, endorser, error);
		if (person == NULL)
			return FALSE;
	} else if (section != NULL && !incumbent_manager(tx, section, day, &person, error)) {
		return FALSE;
	}
	if (person != NULL)
		text = g_strdup_printf("%s　%s",
				       section != NULL && section->manager_post != NULL
					       ? section->manager_post
					       : "",
				       person->name);
	set(values, "所属長", text);
	return TRUE;
}

static gboolean set_holder(StoreTx *tx, const Application *row, json_t *values, GError **error)
{
	g_autoptr(Person) holder = store_person_by_id(tx, row->holder, error);
	json_t *body = apply_body(row);

	set(values, "理由", json_string_value(json_object_get(body, "reason")));
	json_decref(body);
	set(values, "カード番号", row->card);
	if (holder == NULL)
		return FALSE;
	set(values, "職名", holder->title);
	set(values, "氏名", holder->name);
	return TRUE;
}

json_t *register_application(StoreTx *tx, const Op *op, const Application *row, GError **error)
{
	g_autofree char *now = clock_time(op->now);
	g_autofree char *day = NULL;
	json_t *values = json_object();
	json_t *body = apply_body(row);
	json_t *lines = json_object_get(body, "lines");
	json_t *data = NULL;
	gint64 endorser;

	set(values, "団体名", config_text(op->house->config, CONFIG_ORGANISATION));
	set(values, "作成日時", now);
	if (find_seal(tx, row, &day, &endorser, error) &&
	    set_manager(tx, row, endorser, values, error) &&
	    (row->form == FORM_USERS || set_holder(tx, row, values, error))) {
		set(values, row->form == FORM_USERS ? "報告日" : "申請日", day);
		data = json_pack("{s:O, s:o}", "values", values, "rows",
				 lines != NULL ? json_incref(lines) : json_array());
	}
	json_decref(values);
	json_decref(body);
	return data;
}
