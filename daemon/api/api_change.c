/* SPDX-License-Identifier: Apache-2.0
 * Changes that need no reader. One body for all moves; each event reads only its own fields. */
#include "daemon/api/api_order.h"
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/api/route.h"
#include "daemon/base/error.h"
#include "daemon/core/recall.h"
#include "daemon/op/pin_leak.h"
#include "daemon/op/re_home.h"
#include "daemon/op/receive.h"
#include "daemon/op/spool_report.h"
#include "daemon/op/suspend.h"
#include "daemon/store/store_request.h"

typedef struct ChangeBody {
	char **cards;
	char *kind;
	char *place;
	char *chip_serial;
	char *note;
	char *reason;
	char *by;
	char *via;
	char *police_report;
	char *due;
	char *witness;
	char *method;
	char *evidence;
	char *section;
	char *session;
	char *handed_in_by;
	char *seal;
	gint64 occurred_at;
	gint64 noticed_at;
	gint64 happened_at;
	gboolean is_usable;
	gboolean is_broken;
} ChangeBody;

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(ChangeBody, member), 0, (limit), NULL, NULL   \
	}
#define NOTE     FIELD("note", JSON_KIND_TEXT, FALSE, note, 500)
#define BY       FIELD("by", JSON_KIND_TEXT, TRUE, by, 100)
#define OCCURRED FIELD("occurredAt", JSON_KIND_TIME, FALSE, occurred_at, 0)
#define NOTICED  FIELD("noticedAt", JSON_KIND_TIME, FALSE, noticed_at, 0)
/* Of an event that is entered afterwards. */
#define HAPPENED FIELD("occurredAt", JSON_KIND_TIME, FALSE, happened_at, 0)
#define VIA      FIELD("via", JSON_KIND_TEXT, FALSE, via, 100)

static const JsonField note_fields[] = { NOTE };
static const JsonField past_fields[] = { NOTE, HAPPENED };
static const JsonField lost_fields[] = { BY, OCCURRED, NOTICED, VIA, NOTE };
static const JsonField stolen_fields[] = {
	BY,  OCCURRED, NOTICED,
	VIA, NOTE,     FIELD("policeReport", JSON_KIND_TEXT, FALSE, police_report, 100),
};
static const JsonField damaged_fields[] = {
	BY,
	NOTE,
	HAPPENED,
	FIELD("usable", JSON_KIND_BOOL, FALSE, is_usable, 0),
};
static const JsonField recall_fields[] = {
	FIELD("reason", JSON_KIND_TEXT, TRUE, reason, 40),
	FIELD("due", JSON_KIND_DATE, FALSE, due, 0),
	NOTE,
	HAPPENED,
};
static const JsonField return_fields[] = {
	NOTE,
	HAPPENED,
	FIELD("chipSerial", JSON_KIND_TEXT, FALSE, chip_serial, 32),
	FIELD("handedInBy", JSON_KIND_TEXT, FALSE, handed_in_by, 20),
	FIELD("seal", JSON_KIND_TEXT, FALSE, seal, 100),
	FIELD("broken", JSON_KIND_BOOL, FALSE, is_broken, 0),
};
static const JsonField dispose_fields[] = {
	FIELD("witness", JSON_KIND_TEXT, FALSE, witness, 20),
	FIELD("session", JSON_KIND_TEXT, FALSE, session, 20),
	HAPPENED,
	FIELD("method", JSON_KIND_TEXT, TRUE, method, 100),
	FIELD("evidence", JSON_KIND_TEXT, TRUE, evidence, 200),
};
static const JsonField stock_lost_fields[] = { BY, NOTE, HAPPENED };

typedef struct MoveRow {
	CardEvent event;
	const JsonField *fields;
	gsize n_fields;
	const char *next; /* N_() */
} MoveRow;

#define MOVE(event, fields, next)                                                                  \
	{                                                                                          \
		(event), (fields), G_N_ELEMENTS(fields), (next)                                    \
	}

/* clang-format off */
static const MoveRow moves[] = {
	MOVE(EVENT_CANCEL,         past_fields,       N_("The certificate is revoked. Erase the card, or use it again.")),
	MOVE(EVENT_REPORT_LOST,    lost_fields,       N_("The card is refused everywhere now. Next: reissue, and enter the preventive measure in the case.")),
	MOVE(EVENT_REPORT_STOLEN,  stolen_fields,     N_("The card is refused everywhere now. Next: the police report number, reissue, and the preventive measure.")),
	MOVE(EVENT_REPORT_DAMAGED, damaged_fields,    N_("Next: collect the damaged card and reissue (form 7).")),
	MOVE(EVENT_RECALL,         recall_fields,     N_("The card is on hold and a collection duty is open. Next: `opcardctl return` when it is handed in.")),
	MOVE(EVENT_RECALL_CANCEL,  note_fields,       N_("The recall is taken back; the card works again.")),
	MOVE(EVENT_RETURN,         return_fields,     N_("Next: erase the card before a witness.")),
	MOVE(EVENT_FOUND,          past_fields,       N_("The card is never used again. Next: erase it and dispose of it.")),
	MOVE(EVENT_REUSE,          note_fields,       N_("The card is a spare again.")),
	MOVE(EVENT_DISPOSE,        dispose_fields,    N_("The card's life has ended; its rows stay in the registers.")),
	MOVE(EVENT_WRITE_OFF,      past_fields,       N_("The chief is to be informed. If the card turns up: `opcardctl found`.")),
	MOVE(EVENT_STOCK_LOST,     stock_lost_fields, N_("A case is open; enter the preventive measure.")),
	MOVE(EVENT_SET_ASIDE,      past_fields,       N_("The card is set aside. Next: dispose of it before a witness.")),
};
/* clang-format on */

static void body_clear(ChangeBody *body)
{
	g_strfreev(body->cards);
	g_free(body->kind);
	g_free(body->place);
	g_free(body->chip_serial);
	g_free(body->note);
	g_free(body->reason);
	g_free(body->by);
	g_free(body->via);
	g_free(body->police_report);
	g_free(body->due);
	g_free(body->witness);
	g_free(body->method);
	g_free(body->evidence);
	g_free(body->section);
	g_free(body->session);
	g_free(body->handed_in_by);
	g_free(body->seal);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ChangeBody, body_clear)

static const MoveRow *find_move(CardEvent event)
{
	for (gsize i = 0; i < G_N_ELEMENTS(moves); i++)
		if (moves[i].event == event)
			return &moves[i];
	return NULL;
}

/* For whoever takes a call at night (宿直) and is no specialist. */
static const char *const held_steps[] = {
	N_("1. The card is refused everywhere from now on; nothing else has to be switched off."),
	N_("2. Write down who called, when and where the card was last seen, and how to call "
	   "back."),
	N_("3. If it may have been stolen, ask the caller to report it to the police and to note "
	   "the "
	   "number of the report."),
	N_("4. Tell the caller to inform the own section's manager, and hand your note to the "
	   "custodian at the next opening of the office."),
	NULL,
};

/* The reporter's part is done; what is left is the office's. */
static HttpReply *spooled(void)
{
	json_t *steps = json_array();

	json_array_append_new(steps, call_text(N_("1. The card is refused everywhere from now on; "
						  "the report is kept safely.")));
	json_array_append_new(steps,
			      call_text(N_("2. The register cannot be written at the moment. "
					   "The report is entered by itself as soon as it "
					   "can.")));
	return reply_json(200, json_pack("{s:b, s:o, s:o}", "spooled", 1, "steps", steps, "next",
					 call_text(N_("Tell the administrator at once: `opcardctl "
						      "doctor` says what is wrong."))));
}

static HttpReply *outcome_reply(Call *call, const char *card, MoveOutcome outcome,
				const char *confirmation, const char *next, GError **error)
{
	switch (outcome) {
	case MOVE_ASKED:
		return call_asked(confirmation);
	case MOVE_WOULD:
		return call_would(N_("allowed; nothing was changed"));
	case MOVE_HELD:
		next = N_("The card is suspended at once. The custodian confirms with report-lost; "
			  "otherwise it becomes lost by itself after the time of the policy.");
		break;
	case MOVE_SPOOLED:
		return spooled();
	case MOVE_DONE:
	case _MOVE_OUTCOME_MAX:
		break;
	}
	if (card == NULL)
		return reply_json(200, json_pack("{s:o}", "next", call_text(next)));
	if (outcome == MOVE_HELD)
		return call_steps_reply(call, card, held_steps, next, error);
	return call_card_reply(call, card, next, error);
}

static gboolean check_reason(const ChangeBody *body, CardEvent event, GError **error)
{
	g_autofree char *choices = recall_choices();
	RecallReason reason;

	if (event != EVENT_RECALL || recall_parse(body->reason, &reason))
		return TRUE;
	return error_set(error, ERROR_USAGE, N_("the reason \"%s\" is unknown; reasons are: %s"),
			 body->reason, choices);
}

static gboolean check_times(const Call *call, const ChangeBody *body, GError **error)
{
	if (body->occurred_at <= call->op.now && body->noticed_at <= call->op.now)
		return TRUE;
	return error_set(error, ERROR_USAGE,
			 N_("the time it happened or was noticed lies in the future"));
}

static MoveRequest move_request(const char *card, CardEvent event, const ChangeBody *body,
				const char *evidence)
{
	return (MoveRequest) {
		.card = card,
		.event = event,
		.witness = body->witness,
		.evidence = evidence,
		.chip_serial = body->chip_serial,
		.session = body->session,
		.handed_in_by = body->handed_in_by,
		.seal = body->seal,
		.is_broken = body->is_broken,
		.facts = {
			.reason = event == EVENT_REPORT_DAMAGED ? "DAMAGE" : body->reason,
			.due = body->due,
			.reported_by = body->by,
			.via = body->via,
			.police_report = body->police_report,
			.note = body->note,
			.occurred_at = body->occurred_at,
			.noticed_at = body->noticed_at,
			.happened_at = body->happened_at,
			.is_usable = body->is_usable,
		},
	};
}

HttpReply *handlers_move(Call *call, GError **error)
{
	const MoveRow *row = find_move(call->route->event);
	JsonTable table = { row->fields, row->n_fields, sizeof(ChangeBody) };
	g_auto(ChangeBody) body = { 0 };
	g_autofree char *card = call_card(call, error);
	g_autofree char *evidence = NULL;
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;

	if (card == NULL || !json_read(call->body, &table, &body, error) ||
	    !check_reason(&body, row->event, error) || !check_times(call, &body, error))
		return NULL;
	if (body.method != NULL)
		evidence = g_strdup_printf("%s（%s）", body.method, body.evidence);
	MoveRequest request = move_request(card, row->event, &body, evidence);

	if (!spool_report_move(&call->op, &request, &outcome, &confirmation, error))
		return NULL;
	return outcome_reply(call, card, outcome, confirmation, row->next, error);
}

HttpReply *handlers_receive(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("cards", JSON_KIND_TEXTS, TRUE, cards, 1000),
		FIELD("kind", JSON_KIND_TEXT, FALSE, kind, 40),
		FIELD("place", JSON_KIND_TEXT, FALSE, place, 100),
		FIELD("chipSerial", JSON_KIND_TEXT, FALSE, chip_serial, 32),
	};
	static const JsonTable table = JSON_TABLE(fields, ChangeBody);
	g_auto(ChangeBody) body = { 0 };

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	ReceiveRequest request = {
		.cards = body.cards,
		.kind = body.kind != NULL ? body.kind : "operator",
		.place = body.place != NULL ? body.place : "暗証番号管理者の保管庫",
		.chip_serial = body.chip_serial,
	};

	if (!receive_cards(&call->op, &request, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return reply_json(200, json_pack("{s:i}", "received", (int) g_strv_length(body.cards)));
}

static const JsonField hold_fields[] = {
	FIELD("reason", JSON_KIND_TEXT, TRUE, reason, 20),
	HAPPENED,
	FIELD("deposit", JSON_KIND_TEXT, FALSE, place, 100),
	NOTE,
};
static const JsonTable hold_table = JSON_TABLE(hold_fields, ChangeBody);

/* What was lifted is lifted from now on only. */
static const JsonField lift_fields[] = {
	FIELD("reason", JSON_KIND_TEXT, TRUE, reason, 20),
	FIELD("deposit", JSON_KIND_TEXT, FALSE, place, 100),
	NOTE,
};
static const JsonTable lift_table = JSON_TABLE(lift_fields, ChangeBody);

static gboolean read_hold(Call *call, const JsonTable *table, ChangeBody *body,
			  HoldReason *ret_reason, GError **error)
{
	g_autofree char *choices = hold_choices();

	if (!json_read(call->body, table, body, error))
		return FALSE;
	return hold_parse(body->reason, ret_reason) ||
	       error_set(error, ERROR_USAGE, N_("the reason \"%s\" is unknown; reasons are: %s"),
			 body->reason, choices);
}

/* A leak is more than a hold, whichever way it is reported. */
static gboolean hold(Call *call, const SuspendRequest *request, GError **error)
{
	PinLeakRequest leak = { .card = request->card, .note = request->note };

	return request->reason == HOLD_PIN_LEAKED ? pin_leak_report(&call->op, &leak, error)
						  : suspend_card(&call->op, request, error);
}

HttpReply *handlers_suspend(Call *call, GError **error)
{
	g_auto(ChangeBody) body = { 0 };
	g_autofree char *card = call_card(call, error);
	g_auto(ApiOrder) order = { 0 };
	SuspendRequest request = { .card = card };
	StopOrderFacts facts;

	if (card == NULL || !api_order_take(call->body, &order, error) ||
	    !read_hold(call, &hold_table, &body, &request.reason, error))
		return NULL;
	facts = api_order_facts(&order);
	request.order = &facts;
	request.note = body.note;
	request.happened_at = body.happened_at;
	request.place = body.place;
	if (!hold(call, &request, error))
		return NULL;
	return outcome_reply(call, card, call->op.is_dry_run ? MOVE_WOULD : MOVE_DONE, NULL,
			     N_("The card is refused everywhere now; `opcardctl resume` takes it "
				"back."),
			     error);
}

HttpReply *handlers_resume(Call *call, GError **error)
{
	g_auto(ChangeBody) body = { 0 };
	g_autofree char *card = call_card(call, error);
	g_autofree char *confirmation = NULL;
	SuspendRequest request = { .card = card };
	MoveOutcome outcome;

	if (card == NULL || !read_hold(call, &lift_table, &body, &request.reason, error))
		return NULL;
	request.note = body.note;
	if (!suspend_resume(&call->op, &request, &outcome, &confirmation, error))
		return NULL;
	return outcome_reply(call, card, outcome, confirmation,
			     N_("The suspension for this reason is lifted."), error);
}

HttpReply *handlers_re_home(Call *call, GError **error)
{
	static const JsonField fields[] = { FIELD("section", JSON_KIND_TEXT, TRUE, section, 20) };
	static const JsonTable table = JSON_TABLE(fields, ChangeBody);
	g_auto(ChangeBody) body = { 0 };
	g_autofree char *card = call_card(call, error);

	if (card == NULL || !json_read(call->body, &table, &body, error) ||
	    !re_home_card(&call->op, card, body.section, error))
		return NULL;
	return outcome_reply(call, card, call->op.is_dry_run ? MOVE_WOULD : MOVE_DONE, NULL,
			     N_("The other section's manager has taken over."), error);
}
