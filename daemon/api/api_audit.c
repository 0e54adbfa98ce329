/* SPDX-License-Identifier: Apache-2.0
 * The audit trail's own verbs: verify, checkpoints, look-ups, exports, holds, disposal, sign-off.
 */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/audit/audit_checkpoint.h"
#include "daemon/base/error.h"
#include "daemon/op/seal.h"
#include "daemon/op/trail_export.h"
#include "daemon/op/trail_keep.h"
#include "daemon/op/trail_lookup.h"
#include "daemon/op/trail_report.h"
#include "daemon/op/view.h"
#include "daemon/op/view_event.h"

#define WITNESS_LINES 20000

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

static StoreTx *read_tx(Call *call, GError **error)
{
	return store_tx_read(call->api->house->store, error);
}

typedef struct AuditBody {
	char **witness;
	GPtrArray *entries; /* TrailAsked */
	char *staff;
	char *card;
	char *reason;
	char *note;
	char *fiscal_year;
} AuditBody;

static const JsonField asked_fields[] = {
	{ "card", JSON_KIND_TEXT, TRUE, offsetof(TrailAsked, card), 1, 20, NULL, NULL },
	{ "at", JSON_KIND_TIME, TRUE, offsetof(TrailAsked, at), 0, 0, NULL, NULL },
	{ "terminal", JSON_KIND_TEXT, FALSE, offsetof(TrailAsked, terminal), 0, 100, NULL, NULL },
};
static const JsonTable asked_table = JSON_TABLE(asked_fields, TrailAsked);

#define FIELD(name, kind, is_required, member, most, table)                                        \
	{                                                                                          \
		(name), (kind), (is_required), offsetof(AuditBody, member), 0, (most), NULL,       \
			(table)                                                                    \
	}

static const JsonField verify_fields[] = {
	FIELD("witness", JSON_KIND_TEXTS, FALSE, witness, WITNESS_LINES, NULL),
};
static const JsonField lookup_fields[] = {
	FIELD("entries", JSON_KIND_OBJECTS, TRUE, entries, TRAIL_LOOKUP_MAX, &asked_table),
};
static const JsonField hold_fields[] = {
	FIELD("staff", JSON_KIND_TEXT, FALSE, staff, 20, NULL),
	FIELD("card", JSON_KIND_TEXT, FALSE, card, 20, NULL),
	FIELD("reason", JSON_KIND_TEXT, TRUE, reason, 400, NULL),
};
static const JsonField end_fields[] = {
	FIELD("note", JSON_KIND_TEXT, FALSE, note, 400, NULL),
};
static const JsonField year_fields[] = {
	FIELD("fiscalYear", JSON_KIND_TEXT, TRUE, fiscal_year, 4, NULL),
	FIELD("note", JSON_KIND_TEXT, FALSE, note, 400, NULL),
};
static const JsonTable verify_table = JSON_TABLE(verify_fields, AuditBody);
static const JsonTable lookup_table = JSON_TABLE(lookup_fields, AuditBody);
static const JsonTable hold_table = JSON_TABLE(hold_fields, AuditBody);
static const JsonTable end_table = JSON_TABLE(end_fields, AuditBody);
static const JsonTable year_table = JSON_TABLE(year_fields, AuditBody);
static const JsonTable nothing = { NULL, 0, 0 };

HttpReply *handlers_audit_verify(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	AuditBody body = { 0 };
	AuditVerdict verdict;
	gboolean is_done;

	if (tx == NULL || !json_read(call->body, &verify_table, &body, error))
		return NULL;
	AuditWitness witness = { .lines = (const char *const *) body.witness,
				 .key = seal_key(call->api->house) };

	is_done = audit_verify(tx, &witness, &verdict, error);
	json_clear(&verify_table, &body);
	return is_done ? reply(view_event_verdict(&verdict)) : NULL;
}

static json_t *view_checkpoint(const TreeCheckpoint *row)
{
	AuditCheckpoint checkpoint = { 0 };

	(void) audit_checkpoint_parse(row->line, &checkpoint);
	return json_pack("{s:I, s:I, s:o, s:s, s:s}", "number", (json_int_t) row->number, "size",
			 (json_int_t) row->size, "at", view_time(checkpoint.at), "key",
			 checkpoint.key, "line", row->line);
}

HttpReply *handlers_audit_checkpoints(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	const char *after = call_query(call, "after");
	g_autoptr(GPtrArray) rows = NULL;
	g_autofree char *next = NULL;
	guint64 number = 0;
	json_t *items;
	int limit;

	if (tx == NULL || !call_limit(call, &limit, error))
		return NULL;
	if (after != NULL && !g_ascii_string_to_unsigned(after, 10, 0, G_MAXINT32, &number, NULL)) {
		error_set(error, ERROR_USAGE, N_("after must be a record's number, not \"%s\""),
			  after);
		return NULL;
	}
	limit = view_limit(limit);
	rows = store_tree_list(tx, (gint64) number, limit + 1, error);
	if (rows == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(rows->len, (guint) limit); i++)
		json_array_append_new(items, view_checkpoint(rows->pdata[i]));
	if (rows->len > (guint) limit)
		next = g_strdup_printf("%" G_GINT64_FORMAT,
				       ((const TreeCheckpoint *) rows->pdata[limit - 1])->number);
	return reply(view_page(items, next));
}

HttpReply *handlers_audit_checkpoint(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(TreeCheckpoint) last = NULL;

	if (!json_read(call->body, &nothing, NULL, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	if (!seal_now(call->api->house, call->op.now, error))
		return NULL;
	tx = read_tx(call, error);
	if (tx == NULL || !store_tree_last(tx, &last, error))
		return NULL;
	if (last != NULL)
		return reply(view_checkpoint(last));
	error_set(error, ERROR_STATE, N_("there is no checkpoint of the audit trail yet"));
	return NULL;
}

HttpReply *handlers_audit_lookup(Call *call, GError **error)
{
	AuditBody body = { 0 };
	json_t *answer;

	if (!json_read(call->body, &lookup_table, &body, error))
		return NULL;
	answer = trail_lookup(&call->op, body.entries, error);
	json_clear(&lookup_table, &body);
	return reply(answer);
}

HttpReply *handlers_audit_export(Call *call, GError **error)
{
	return reply(trail_export(&call->op, call->args[0], error));
}

HttpReply *handlers_audit_holds(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);

	return reply(tx != NULL ? trail_keep_list(tx, error) : NULL);
}

HttpReply *handlers_audit_hold(Call *call, GError **error)
{
	g_autofree char *id = NULL;
	AuditBody body = { 0 };
	gboolean is_done;

	if (!json_read(call->body, &hold_table, &body, error))
		return NULL;
	is_done = trail_keep_hold(&call->op, body.staff, body.card, body.reason, &id, error);
	json_clear(&hold_table, &body);
	if (!is_done)
		return NULL;
	return call->op.is_dry_run ? call_would(N_("allowed; nothing was changed"))
				   : reply(json_pack("{s:s}", "id", id));
}

HttpReply *handlers_audit_hold_end(Call *call, GError **error)
{
	AuditBody body = { 0 };
	gboolean is_done;

	if (!json_read(call->body, &end_table, &body, error))
		return NULL;
	is_done = trail_keep_end(&call->op, call->args[0], body.note, error);
	json_clear(&end_table, &body);
	if (!is_done)
		return NULL;
	return call->op.is_dry_run ? call_would(N_("allowed; nothing was changed"))
				   : reply(json_pack("{s:s}", "id", call->args[0]));
}

HttpReply *handlers_audit_dispose(Call *call, GError **error)
{
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome = MOVE_WOULD;
	AuditBody body = { 0 };
	gboolean is_done;

	if (!json_read(call->body, &year_table, &body, error))
		return NULL;
	is_done = trail_keep_dispose(&call->op, body.fiscal_year, &outcome, &confirmation, error);
	json_clear(&year_table, &body);
	if (!is_done)
		return NULL;
	return outcome == MOVE_ASKED ? call_asked(confirmation)
				     : call_would(N_("allowed; nothing was changed"));
}

HttpReply *handlers_audit_sign_off(Call *call, GError **error)
{
	AuditBody body = { 0 };
	json_t *answer;

	if (!json_read(call->body, &year_table, &body, error))
		return NULL;
	answer = trail_report_sign(&call->op, body.fiscal_year, body.note, error);
	json_clear(&year_table, &body);
	if (answer != NULL && call->op.is_dry_run) {
		json_decref(answer);
		return call_would(N_("allowed; nothing was changed"));
	}
	return reply(answer);
}
