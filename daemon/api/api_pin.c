/* SPDX-License-Identifier: Apache-2.0
 * PINs besides the holder's own change: reset, leak, and the lists by deadline. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/api/workers.h"
#include "daemon/base/error.h"
#include "daemon/op/pin_due.h"
#include "daemon/op/pin_leak.h"
#include "daemon/op/pin_permit.h"
#include "daemon/op/pin_reset.h"
#include "daemon/op/print.h"

#define WITHIN     30
#define WITHIN_MAX 366

typedef struct PinBody {
	char *paper;
	char *reader;
	char *note;
	gboolean is_absent;
	gboolean is_urgent;
	Secret *pin;
} PinBody;

#define FIELD(name, kind, member, limit)                                                           \
	{                                                                                          \
		(name), (kind), FALSE, offsetof(PinBody, member), 0, (limit), NULL, NULL           \
	}
#define NOTE FIELD("note", JSON_KIND_TEXT, note, 500)

static const JsonField reset_fields[] = {
	FIELD("paper", JSON_KIND_TEXT, paper, 100),
	FIELD("reader", JSON_KIND_TEXT, reader, 64),
	NOTE,
	FIELD("absent", JSON_KIND_BOOL, is_absent, 0),
	FIELD("urgent", JSON_KIND_BOOL, is_urgent, 0),
	FIELD("pin", JSON_KIND_SECRET, pin, 64),
};
static const JsonTable reset_table = JSON_TABLE(reset_fields, PinBody);

static gboolean run_reset(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			  GError **error)
{
	const PinBody *body = data;
	PinResetRequest request = { .card = card,
				    .reader = body->reader,
				    .pin = body->pin,
				    .note = body->note,
				    .is_absent = body->is_absent,
				    .is_urgent = body->is_urgent };

	(void) outcome;
	if (body->pin == NULL)
		return error_set(error, ERROR_INPUT,
				 N_("card %s: the new PIN is missing; the holder enters it at the "
				    "custodian's desk"),
				 card);
	return pin_reset_card(op, &request, error);
}

/* A body with "paper" authorises; one without it is the work at the desk. */
static gboolean check_paper(const PinBody *body, const char *card, GError **error)
{
	if (*body->paper == '\0')
		return error_set(error, ERROR_INPUT,
				 N_("card %s: name the form 6 as received (--paper REF)"), card);
	if (body->pin != NULL || body->is_absent || body->is_urgent || body->reader != NULL)
		return error_set(error, ERROR_USAGE,
				 N_("card %s: with the form 6 (paper) a reset is only authorised; "
				    "the custodian does it afterwards without naming it"),
				 card);
	return TRUE;
}

static HttpReply *permit(Call *call, const char *card, GError **error)
{
	g_autofree PinBody *body = g_new0(PinBody, 1);
	PinPermitRequest request = { .card = card };
	gboolean is_done;

	if (!json_read(call->body, &reset_table, body, error))
		return NULL;
	request.paper = body->paper;
	is_done = check_paper(body, card, error) && pin_permit_accept(&call->op, &request, error);
	json_clear(&reset_table, body);
	if (!is_done)
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return call_card_reply(call, card,
			       N_("One reset of this card is authorised. Next: the holder brings "
				  "the card to the custodian, who starts `opcardctl pin reset`."),
			       error);
}

HttpReply *handlers_pin_reset(Call *call, GError **error)
{
	static const JobOrder order = { "pin-reset", run_reset, &reset_table };
	g_autofree char *card = call_card(call, error);

	if (card == NULL)
		return NULL;
	if (json_is_string(json_object_get(call->body, "paper")))
		return permit(call, card, error);
	return workers_start(call, card, &order, error);
}

HttpReply *handlers_pin_leak(Call *call, GError **error)
{
	static const JsonField fields[] = { NOTE };
	static const JsonTable table = JSON_TABLE(fields, PinBody);
	g_autofree PinBody *body = g_new0(PinBody, 1);
	g_autofree char *card = call_card(call, error);
	PinLeakRequest request = { .card = card };
	gboolean is_done;

	if (card == NULL || !json_read(call->body, &table, body, error))
		return NULL;
	request.note = body->note;
	is_done = pin_leak_report(&call->op, &request, error);
	json_clear(&table, body);
	if (!is_done)
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return call_card_reply(call, card,
			       N_("The card is refused everywhere now. Next: the holder changes "
				  "the PIN with `opcardctl pin change`; that lifts the hold."),
			       error);
}

static gboolean read_filter(const Call *call, PinDueFilter *filter, GError **error)
{
	const char *within = call_query(call, "within");
	const char *overdue = call_query(call, "overdue");
	guint64 days = WITHIN;
	int limit;

	if (within != NULL && !g_ascii_string_to_unsigned(within, 10, 0, WITHIN_MAX, &days, NULL))
		return error_set(error, ERROR_USAGE, N_("%s must be a number up to %u"), "within",
				 (unsigned) WITHIN_MAX);
	if (overdue != NULL && !g_str_equal(overdue, "true") && !g_str_equal(overdue, "false"))
		return error_set(error, ERROR_USAGE, N_("overdue must be true or false"));
	if (!call_limit(call, &limit, error))
		return FALSE;
	*filter = (PinDueFilter){
		.which = overdue == NULL                ? PIN_DUE_ALL
			 : g_str_equal(overdue, "true") ? PIN_DUE_LATE
							: PIN_DUE_TO_COME,
		.within = (int) days,
		.section = call_query(call, "section"),
		.after = call_query(call, "after"),
		.limit = limit,
	};
	return TRUE;
}

static HttpReply *print(Call *call, const PinDueFilter *filter, json_t *data, PrintFormat format,
			GError **error)
{
	PrintRequest request = {
		.list = filter->which == PIN_DUE_LATE ? "pin-overdue" : "pin-due",
		.data = data,
		.section = filter->section,
		.format = format,
	};
	GBytes *file = print_form(&call->op, &request, error);

	return file != NULL ? reply_bytes(200, print_format_type(format), file) : NULL;
}

HttpReply *handlers_pins_due(Call *call, GError **error)
{
	const char *format = call_query(call, "format");
	PrintFormat kind = PRINT_PDF;
	gboolean is_paper = format != NULL && print_format_parse(format, &kind);
	g_autoptr(StoreTx) tx = NULL;
	PinDueFilter filter;
	HttpReply *reply;
	json_t *data;

	if (format != NULL && !is_paper && !g_str_equal(format, "json")) {
		error_set(error, ERROR_USAGE,
			  N_("format must be json, pdf, xlsx, csv or csv-cp932"));
		return NULL;
	}
	if (!read_filter(call, &filter, error))
		return NULL;
	tx = store_tx_read(call->api->house->store, error);
	if (tx == NULL)
		return NULL;
	data = is_paper ? pin_due_form(tx, &call->op, &filter, error)
			: pin_due_list(tx, &call->op, &filter, error);
	g_clear_pointer(&tx, store_tx_abort);
	if (data == NULL || !is_paper)
		return data != NULL ? reply_json(200, data) : NULL;
	reply = print(call, &filter, data, kind, error);
	json_decref(data);
	return reply;
}
