/* SPDX-License-Identifier: Apache-2.0
 * Case files as JSON: the seven headings (K11), the times, the preventive measure. */
#include "daemon/op/view_case.h"

#include "daemon/op/case_kind.h"
#include "daemon/op/refusal.h"

/* T24, N30: how long the card could still be used after somebody knew. */
static gboolean add_refusal(StoreTx *tx, const CaseFile *file, json_t *object, GError **error)
{
	g_autoptr(Refusal) refusal = NULL;
	gint64 seconds = -1;

	if (!store_refusal_of_card(tx, file->card, file->opened_at, &refusal, error))
		return FALSE;
	if (refusal != NULL && refusal->refused_at != 0) {
		seconds = refusal_seconds(refusal);
		json_object_set_new(object, "refusedAt", view_time(refusal->refused_at));
	}
	json_object_set_new(object, "seconds",
			    seconds < 0 ? json_null() : json_integer((json_int_t) seconds));
	return TRUE;
}

json_t *view_case_one(StoreTx *tx, const CaseFile *file, GError **error)
{
	json_t *object =
		json_pack("{s:s, s:o, s:s, s:s, s:o, s:o}", "id", file->id, "card",
			  view_text(*file->card != '\0' ? file->card : NULL), "kind", file->kind,
			  "kindJa", case_kind_ja(file->kind), "openedOn",
			  view_date(file->opened_at), "closedOn", view_date(file->closed_at));
	const struct {
		const char *name;
		const char *text;
	} texts[] = {
		{ "section", file->section },
		{ "reportedBy", file->reported_by },
		{ "via", file->via },
		{ "policeReport", file->police_report },
		{ "policeOn", file->police_on },
		{ "content", file->content },
		{ "parties", file->parties },
		{ "place", file->place },
		{ "note", file->note },
		{ "cause", file->cause },
		{ "response", file->response },
		{ "other", file->other },
		{ "measure", file->measure },
		{ "measureDue", file->measure_due },
		{ "closedBy", file->closed_by },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		json_object_set_new(object, texts[i].name, view_text(texts[i].text));
	json_object_set_new(object, "occurredAt", view_time(file->occurred_at));
	json_object_set_new(object, "noticedAt", view_time(file->noticed_at));
	json_object_set_new(object, "refusedAt", view_time(file->refused_at));
	if (add_refusal(tx, file, object, error))
		return object;
	json_decref(object);
	return NULL;
}

json_t *view_case_list(StoreTx *tx, const char *section, const char *after, int limit,
		       GError **error)
{
	guint most = (guint) view_limit(limit);
	g_autoptr(GPtrArray) list = store_duty_case_list(tx, section, after, (int) most + 1, error);
	const char *next = NULL;
	json_t *items;

	if (list == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(list->len, most); i++) {
		json_t *item = view_case_one(tx, list->pdata[i], error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	if (list->len > most)
		next = ((const CaseFile *) list->pdata[most - 1])->id;
	return view_page(items, next);
}
