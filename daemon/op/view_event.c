/* SPDX-License-Identifier: Apache-2.0
 * The ledger as JSON. */
#include "daemon/op/view_event.h"

#include <libintl.h>

#include "daemon/audit/audit_kind.h"

#define PAGE 500

/* Names of actors already looked up: number → name. */
static const char *name_of(StoreTx *tx, GHashTable *names, const char *actor, GError **error)
{
	const char *known = g_hash_table_lookup(names, actor);
	char *name;

	if (known != NULL)
		return known;
	name = view_actor(tx, actor, error);
	if (name != NULL)
		g_hash_table_insert(names, g_strdup(actor), name);
	return name;
}

/* The mark of what was entered afterwards stands in front. */
static json_t *note_of(const json_t *body)
{
	const char *mark = json_string_value(json_object_get(body, "backEntry"));
	const char *note = json_string_value(json_object_get(body, "note"));
	g_autofree char *both =
		mark != NULL && note != NULL ? g_strdup_printf("%s：%s", mark, note) : NULL;

	return view_text(both != NULL ? both : mark != NULL ? mark : note);
}

static json_t *event_of(const LedgerRow *row, const char *by_name)
{
	json_t *body = json_loads(row->body, 0, NULL);
	json_t *card = json_object_get(body, "card");
	json_t *event = json_pack("{s:I, s:o, s:o, s:s, s:s, s:s, s:s}", "seq",
				  (json_int_t) row->seq, "at", view_time(row->at), "enteredAt",
				  view_time(row->entered_at), "event", row->kind, "ja",
				  audit_kind_ja(row->kind), "by", row->actor, "byName", by_name);

	json_object_set_new(event, "second", view_text(row->second));
	json_object_set_new(event, "article", view_text(row->article));
	json_object_set_new(event, "from",
			    view_text(json_string_value(json_object_get(body, "from"))));
	json_object_set_new(event, "to",
			    view_text(json_string_value(json_object_get(card, "state"))));
	json_object_set_new(event, "note", note_of(body));
	json_object_set_new(event, "reason",
			    view_text(json_string_value(json_object_get(body, "reason"))));
	json_decref(body);
	return event;
}

static gboolean add_events(StoreTx *tx, const GPtrArray *rows, GHashTable *names, json_t *events,
			   GError **error)
{
	for (guint i = 0; i < rows->len; i++) {
		const LedgerRow *row = rows->pdata[i];
		const char *name = name_of(tx, names, row->actor, error);

		if (name == NULL)
			return FALSE;
		json_array_append_new(events, event_of(row, name));
	}
	return TRUE;
}

json_t *view_event_history(StoreTx *tx, const char *card, GError **error)
{
	g_autoptr(GHashTable) names =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	LedgerFilter filter = { .card = card, .limit = PAGE };
	json_t *events = json_array();
	guint count;

	do {
		g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, error);

		if (rows == NULL || !add_events(tx, rows, names, events, error)) {
			json_decref(events);
			return NULL;
		}
		count = rows->len;
		if (count > 0)
			filter.after = ((const LedgerRow *) rows->pdata[count - 1])->seq;
	} while (count == PAGE);
	return json_pack("{s:o}", "events", events);
}

static json_t *hex_of(GBytes *bytes)
{
	gsize length;
	const guint8 *data = g_bytes_get_data(bytes, &length);
	g_autoptr(GString) hex = g_string_new(NULL);

	for (gsize i = 0; i < length; i++)
		g_string_append_printf(hex, "%02x", data[i]);
	return json_string(hex->str);
}

static json_t *record_of(const LedgerRow *row)
{
	json_t *record =
		json_pack("{s:I, s:o, s:o, s:s, s:s, s:s}", "seq", (json_int_t) row->seq, "at",
			  view_time(row->at), "enteredAt", view_time(row->entered_at), "kind",
			  row->kind, "ja", audit_kind_ja(row->kind), "actor", row->actor);

	json_object_set_new(record, "second", view_text(row->second));
	json_object_set_new(record, "card", view_text(row->card));
	json_object_set_new(record, "staff", view_text(row->staff));
	json_object_set_new(record, "article", view_text(row->article));
	json_object_set_new(record, "body", json_loads(row->body, 0, NULL));
	json_object_set_new(record, "hash", hex_of(row->hash));
	return record;
}

json_t *view_event_list(StoreTx *tx, const LedgerFilter *filter, GError **error)
{
	guint limit = (guint) view_limit(filter->limit);
	LedgerFilter wider = *filter;
	g_autoptr(GPtrArray) rows = NULL;
	g_autofree char *next = NULL;
	json_t *items;

	wider.limit = (int) limit + 1;
	rows = store_ledger_list(tx, &wider, error);
	if (rows == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(rows->len, limit); i++)
		json_array_append_new(items, record_of(rows->pdata[i]));
	if (rows->len > limit)
		next = g_strdup_printf("%" G_GINT64_FORMAT,
				       ((const LedgerRow *) rows->pdata[limit - 1])->seq);
	return view_page(items, next);
}

json_t *view_event_verdict(const AuditVerdict *verdict)
{
	const char *reason = verdict->reason;
	gboolean has_bad = verdict->first_bad != 0;
	json_t *bad = has_bad ? json_integer(verdict->first_bad) : json_null();
	json_t *last = has_bad ? json_integer(verdict->last_bad) : json_null();

	return json_pack("{s:b, s:I, s:s, s:o, s:o, s:I, s:I, s:o, s:o}", "ok", verdict->is_ok,
			 "count", (json_int_t) verdict->count, "head", verdict->head, "firstBad",
			 bad, "lastBad", last, "checkpoints", (json_int_t) verdict->checkpoints,
			 "sealed", (json_int_t) verdict->sealed, "reasonEn", view_text(reason),
			 "reasonJa", view_text(reason != NULL ? gettext(reason) : NULL));
}
