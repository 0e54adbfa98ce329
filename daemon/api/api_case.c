/* SPDX-License-Identifier: Apache-2.0
 * Duties, cases and notices: what is still to be done, and what was said about it. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/case_file.h"
#include "daemon/op/notice_send.h"
#include "daemon/op/view_case.h"
#include "daemon/op/view_duty.h"
#include "daemon/op/view_notice.h"

#define TEXT_LONG 2000

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(CaseNote, member), 0, (limit), NULL, NULL     \
	}
#define HEADINGS                                                                                   \
	FIELD("content", JSON_KIND_TEXT, FALSE, content, TEXT_LONG),                               \
		FIELD("parties", JSON_KIND_TEXT, FALSE, parties, TEXT_LONG),                       \
		FIELD("place", JSON_KIND_TEXT, FALSE, place, TEXT_LONG),                           \
		FIELD("note", JSON_KIND_TEXT, FALSE, note, TEXT_LONG),                             \
		FIELD("cause", JSON_KIND_TEXT, FALSE, cause, TEXT_LONG),                           \
		FIELD("response", JSON_KIND_TEXT, FALSE, response, TEXT_LONG),                     \
		FIELD("other", JSON_KIND_TEXT, FALSE, other, TEXT_LONG),                           \
		FIELD("measure", JSON_KIND_TEXT, FALSE, measure, TEXT_LONG),                       \
		FIELD("measureDue", JSON_KIND_DATE, FALSE, measure_due, 0),                        \
		FIELD("policeReport", JSON_KIND_TEXT, FALSE, police_report, 100),                  \
		FIELD("policeOn", JSON_KIND_DATE, FALSE, police_on, 0),                            \
		FIELD("via", JSON_KIND_TEXT, FALSE, via, 100),                                     \
		FIELD("occurredAt", JSON_KIND_TIME, FALSE, occurred_at, 0),                        \
		FIELD("noticedAt", JSON_KIND_TIME, FALSE, noticed_at, 0)

static const JsonField open_fields[] = {
	FIELD("kind", JSON_KIND_TEXT, TRUE, kind, 40),
	FIELD("card", JSON_KIND_TEXT, FALSE, card, 20),
	FIELD("section", JSON_KIND_TEXT, FALSE, section, 20),
	HEADINGS,
};
static const JsonField note_fields[] = { HEADINGS };
static const JsonTable open_table = JSON_TABLE(open_fields, CaseNote);
static const JsonTable note_table = JSON_TABLE(note_fields, CaseNote);

static void note_clear(CaseNote *note)
{
	json_clear(&open_table, note);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CaseNote, note_clear)

static StoreTx *read_tx(Call *call, GError **error)
{
	return store_tx_read(call->api->house->store, error);
}

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

static gboolean check_seen(const Call *call, const char *section, GError **error)
{
	return case_file_sees(&call->op, section) ||
	       error_set(error, ERROR_DENIED, N_("%s may see only the own section"),
			 call->actor->id);
}

HttpReply *handlers_duties(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	StoreDutyFilter filter = {
		.is_all = g_strcmp0(call_query(call, "open"), "false") == 0,
		.after = call_query(call, "after"),
	};

	if (tx == NULL || !call_limit(call, &filter.limit, error) ||
	    !call_section(call, &filter.section, error))
		return NULL;
	return reply(view_duty_list(tx, &call->op, &filter, error));
}

HttpReply *handlers_duty(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	g_autoptr(Duty) duty = tx != NULL ? store_duty_get(tx, call->args[0], error) : NULL;

	if (duty == NULL || !check_seen(call, duty->section, error))
		return NULL;
	return reply(view_duty_one(tx, &call->op, duty, error));
}

HttpReply *handlers_cases(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	const char *section;
	int limit;

	if (tx == NULL || !call_limit(call, &limit, error) || !call_section(call, &section, error))
		return NULL;
	return reply(view_case_list(tx, section, call_query(call, "after"), limit, error));
}

HttpReply *handlers_case(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	g_autoptr(CaseFile) file =
		tx != NULL ? store_duty_case_get(tx, call->args[0], error) : NULL;

	if (file == NULL || !check_seen(call, file->section, error))
		return NULL;
	return reply(view_case_one(tx, file, error));
}

/* The case as it is now and what to do next; @next is an N_() text. */
static HttpReply *case_reply(Call *call, const char *id, const char *next, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	g_autoptr(CaseFile) file = tx != NULL ? store_duty_case_get(tx, id, error) : NULL;
	json_t *view = file != NULL ? view_case_one(tx, file, error) : NULL;

	return view != NULL ? reply_json(200, json_pack("{s:o, s:o}", "case", view, "next",
							call_text(next)))
			    : NULL;
}

HttpReply *handlers_case_open(Call *call, GError **error)
{
	g_auto(CaseNote) note = { 0 };
	g_autofree char *id = NULL;

	if (!json_read(call->body, &open_table, &note, error) ||
	    !case_file_open(&call->op, &note, &id, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return case_reply(call, id,
			  N_("The case is open. Next: fill in its headings and the preventive "
			     "measure with `opcardctl case note`."),
			  error);
}

HttpReply *handlers_case_note(Call *call, GError **error)
{
	g_auto(CaseNote) note = { 0 };

	if (!json_read(call->body, &note_table, &note, error) ||
	    !case_file_write(&call->op, call->args[0], &note, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return case_reply(call, call->args[0],
			  N_("Written. `opcardctl register print incident --case ID` makes the "
			     "report."),
			  error);
}

HttpReply *handlers_case_close(Call *call, GError **error)
{
	g_auto(CaseNote) note = { 0 };

	if (!json_read(call->body, &note_table, &note, error) ||
	    !case_file_close(&call->op, call->args[0], &note, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return case_reply(call, call->args[0], N_("The case is closed."), error);
}

HttpReply *handlers_notices(Call *call, GError **error)
{
	static const struct {
		const char *name;
		OutboxWhich which;
	} states[] = { { "waiting", OUTBOX_WAITING }, { "failed", OUTBOX_FAILED } };
	g_autoptr(StoreTx) tx = read_tx(call, error);
	const char *state = call_query(call, "state");
	OutboxWhich which = OUTBOX_ALL;
	int limit;

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		if (g_strcmp0(state, states[i].name) == 0)
			which = states[i].which;
	if (state != NULL && which == OUTBOX_ALL) {
		error_set(error, ERROR_USAGE, N_("state must be waiting or failed"));
		return NULL;
	}
	if (tx == NULL || !call_limit(call, &limit, error))
		return NULL;
	return reply(view_notice_list(tx, which, call_query(call, "after"), limit, error));
}

HttpReply *handlers_notice_retry(Call *call, GError **error)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(call->args[0], 10, 1, G_MAXINT32, &number, NULL)) {
		error_set(error, ERROR_USAGE, N_("\"%s\" is no number of a notice"), call->args[0]);
		return NULL;
	}
	if (!notice_send_again(&call->op, (gint64) number, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return reply(json_pack("{s:o}", "next", call_text(N_("It is sent again now."))));
}
