/* SPDX-License-Identifier: Apache-2.0
 * Registers, lists and forms: as JSON, as a file, or on paper. The snapshot of the store is closed
 * before a child draws or a printer is waited for. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/api/workers.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/pack.h"
#include "daemon/op/print_send.h"
#include "daemon/op/register.h"
#include "daemon/op/report.h"
#include "daemon/op/view_application.h"
#include "daemon/store/store_card.h"

#define FORM_RECEIPT 4

static StoreTx *read_tx(Call *call, GError **error)
{
	return store_tx_read(call->api->house->store, error);
}

/* NULL is JSON. */
static gboolean read_format(const Call *call, const char **ret_name, PrintFormat *ret_format,
			    GError **error)
{
	const char *name = call_query(call, "format");

	*ret_name = name == NULL || g_str_equal(name, "json") ? NULL : name;
	return *ret_name == NULL || print_format_parse(*ret_name, ret_format) ||
	       error_set(error, ERROR_USAGE,
			 N_("format must be json, pdf, xlsx, csv or csv-cp932"));
}

static gboolean check_report(Call *call, const char *name, GError **error)
{
	g_autofree char *names = report_names();

	if (report_roles(name) == 0)
		return error_set(error, ERROR_NOT_FOUND,
				 N_("there is no register \"%s\"; registers are %s"), name, names);
	return op_has_role(&call->op, report_roles(name)) ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may not see the register \"%s\", which tells of the whole house"),
			 call->actor->id, name);
}

static PrintRequest print_of(const ReportRequest *report, json_t *data)
{
	PrintRequest print = { .data = data, .section = report->section, .as_of = report->as_of };

	(void) report_form(report->name, &print.form, &print.list);
	return print;
}

static HttpReply *file_reply(Call *call, const PrintRequest *print, GError **error)
{
	GBytes *file = print_form(&call->op, print, error);

	return file != NULL ? reply_bytes(200, print_format_type(print->format), file) : NULL;
}

/* Printed beforehand, to be filled in by hand while the daemon stands still (K04). */
static gboolean check_blank(const ReportRequest *request, PrintFormat kind, GError **error)
{
	return (request->as_of == NULL && request->fiscal_year == NULL && request->staff == NULL &&
		request->card == NULL && request->case_id == NULL && kind == PRINT_PDF) ||
	       error_set(error, ERROR_USAGE,
			 N_("a blank register has no date, person, card or case, and is a PDF"));
}

static HttpReply *blank_register(Call *call, const ReportRequest *request, PrintFormat kind,
				 GError **error)
{
	PrintRequest print = print_of(request, NULL);

	if (!check_blank(request, kind, error))
		return NULL;
	print.section = NULL;
	return file_reply(call, &print, error);
}

HttpReply *handlers_register(Call *call, GError **error)
{
	ReportRequest request = {
		.name = call->args[0],
		.as_of = call_query(call, "asOf"),
		.fiscal_year = call_query(call, "fiscalYear"),
		.staff = call_query(call, "staff"),
		.card = call_query(call, "card"),
		.case_id = call_query(call, "case"),
	};
	PrintFormat kind = PRINT_PDF;
	const char *format;
	PrintRequest print;
	HttpReply *reply;
	json_t *data = NULL;
	StoreTx *tx;

	if (!check_report(call, request.name, error) || !read_format(call, &format, &kind, error) ||
	    !call_section(call, &request.section, error))
		return NULL;
	if (g_strcmp0(call_query(call, "blank"), "true") == 0)
		return blank_register(call, &request, kind, error);
	tx = read_tx(call, error);
	if (tx != NULL)
		data = report_make(tx, &call->op, &request, error);
	g_clear_pointer(&tx, store_tx_abort);
	if (data == NULL || format == NULL)
		return data != NULL ? reply_json(200, data) : NULL;
	print = print_of(&request, data);
	print.format = kind;
	reply = file_reply(call, &print, error);
	json_decref(data);
	return reply;
}

/* A section's manager prints receipts of the own section. */
static gboolean may_print(Call *call, StoreTx *tx, char **cards, GError **error)
{
	const char *section;

	if (!call_section(call, &section, error))
		return FALSE;
	for (char **number = cards; section != NULL && *number != NULL; number++) {
		g_autoptr(Card) card = store_card_get(tx, *number, error);
		gboolean is_allowed;

		if (card == NULL || !allow_role(tx, &call->op, card, ROLE_SET(ROLE_SECTION_MANAGER),
						&is_allowed, error))
			return FALSE;
		if (!is_allowed)
			return error_set(error, ERROR_DENIED, N_("%s may see only the own section"),
					 call->actor->id);
	}
	return TRUE;
}

/* Form @form filled from the application @id, for whoever may see that. */
static json_t *application_data(StoreTx *tx, const Op *op, int form, const char *id, GError **error)
{
	g_autoptr(Application) row = store_application_get(tx, id, error);

	if (row == NULL)
		return NULL;
	if (!view_application_is_seen(op, row)) {
		error_set(error, ERROR_DENIED,
			  N_("application %s is of section %s, and %s may see only the own ones"),
			  row->id, row->section, op->actor->id);
		return NULL;
	}
	if (row->form != form) {
		error_set(error, ERROR_USAGE, N_("application %s is a form %d, not a form %d"), id,
			  row->form, form);
		return NULL;
	}
	return register_application(tx, op, row, error);
}

static HttpReply *application_form(Call *call, int form, const char *id, GError **error)
{
	PrintRequest print = { .form = form };
	StoreTx *tx = read_tx(call, error);
	HttpReply *reply;

	if (tx != NULL)
		print.data = application_data(tx, &call->op, form, id, error);
	g_clear_pointer(&tx, store_tx_abort);
	if (print.data == NULL)
		return NULL;
	reply = file_reply(call, &print, error);
	json_decref(print.data);
	return reply;
}

HttpReply *handlers_form(Call *call, GError **error)
{
	const char *list = call_query(call, "cards");
	const char *application = call_query(call, "application");
	g_auto(GStrv) cards = list != NULL ? g_strsplit(list, ",", -1) : NULL;
	PrintRequest print = { 0 };
	StoreTx *tx;
	guint64 form;
	HttpReply *reply;

	if (!g_ascii_string_to_unsigned(call->args[0], 10, 1, 7, &form, NULL)) {
		error_set(error, ERROR_NOT_FOUND, N_("there is no form %s; forms are 1 to 7"),
			  call->args[0]);
		return NULL;
	}
	if (application != NULL)
		return application_form(call, (int) form, application, error);
	print.form = (int) form;
	if (cards == NULL || form != FORM_RECEIPT)
		return file_reply(call, &print, error);
	tx = read_tx(call, error);
	if (tx != NULL && may_print(call, tx, cards, error))
		print.data = register_receipt(tx, &call->op, (const char *const *) cards, error);
	g_clear_pointer(&tx, store_tx_abort);
	if (print.data == NULL)
		return NULL;
	reply = file_reply(call, &print, error);
	json_decref(print.data);
	return reply;
}

typedef struct PrintBody {
	char *name; /* of a register, or NULL */
	gint64 form;
	char **cards;
	char *as_of;
	char *fiscal_year;
	char *section;
	char *staff;
	char *card;
	char *case_id;
	char *application;
	char *printer;
	gboolean is_blank;
} PrintBody;

#define FIELD(name, kind, member, most)                                                            \
	{                                                                                          \
		(name), (kind), FALSE, offsetof(PrintBody, member), 0, (most), NULL, NULL          \
	}

static const JsonField print_fields[] = {
	FIELD("register", JSON_KIND_TEXT, name, 40),
	{ "form", JSON_KIND_INT, FALSE, offsetof(PrintBody, form), 1, 7, NULL, NULL },
	FIELD("cards", JSON_KIND_TEXTS, cards, 100),
	FIELD("asOf", JSON_KIND_DATE, as_of, 0),
	FIELD("fiscalYear", JSON_KIND_TEXT, fiscal_year, 4),
	FIELD("section", JSON_KIND_TEXT, section, 40),
	FIELD("staff", JSON_KIND_TEXT, staff, 20),
	FIELD("card", JSON_KIND_TEXT, card, 20),
	FIELD("case", JSON_KIND_TEXT, case_id, 40),
	FIELD("application", JSON_KIND_TEXT, application, 40),
	FIELD("printer", JSON_KIND_TEXT, printer, 200),
	FIELD("blank", JSON_KIND_BOOL, is_blank, 0),
};
static const JsonTable print_table = JSON_TABLE(print_fields, PrintBody);

static json_t *data_of(StoreTx *tx, const Op *op, const PrintBody *body,
		       const ReportRequest *report, GError **error)
{
	if (body->name != NULL)
		return report_make(tx, op, report, error);
	if (body->application != NULL)
		return application_data(tx, op, (int) body->form, body->application, error);
	return register_receipt(tx, op, (const char *const *) body->cards, error);
}

static ReportRequest report_of(const PrintBody *body)
{
	ReportRequest report = { .name = body->name,
				 .as_of = body->as_of,
				 .fiscal_year = body->fiscal_year,
				 .section = body->is_blank ? NULL : body->section,
				 .staff = body->staff,
				 .card = body->card,
				 .case_id = body->case_id };

	return report;
}

static gboolean run_print(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			  GError **error)
{
	const PrintBody *body = data;
	ReportRequest report = report_of(body);
	gboolean has_data = (body->name != NULL && !body->is_blank) || body->cards != NULL ||
			    body->application != NULL;
	StoreTx *tx = has_data ? store_tx_read(op->house->store, error) : NULL;
	json_t *json = tx != NULL ? data_of(tx, op, body, &report, error) : NULL;
	PrintRequest print = { .form = (int) body->form };
	PrintSent sent = { 0 };
	gboolean is_done;

	(void) card;
	g_clear_pointer(&tx, store_tx_abort);
	if (has_data && json == NULL)
		return FALSE;
	if (body->name != NULL)
		print = print_of(&report, json);
	print.data = json;
	steps_add(op->steps, "print", N_("printing; the job is followed to its end"));
	is_done = print_send(op, &print, body->printer, &sent, error);
	json_decref(json);
	if (is_done)
		outcome->result =
			json_pack("{s:i, s:i}", "printerJob", sent.job, "pages", sent.pages);
	return is_done;
}

/* The section that a manager did not name is put into the body. */
static gboolean check_print(Call *call, const PrintBody *body, GError **error)
{
	ReportRequest report = report_of(body);
	const char *section;
	StoreTx *tx;
	gboolean is_allowed;

	if ((body->name == NULL) == (body->form == 0))
		return error_set(error, ERROR_USAGE, N_("name either a register or a form"));
	if (body->name != NULL) {
		if (!check_report(call, body->name, error) ||
		    (body->is_blank && !check_blank(&report, PRINT_PDF, error)) ||
		    !call_narrow(call, body->section, &section, error))
			return FALSE;
		if (section != NULL)
			json_object_set_new(call->body, "section", json_string(section));
		return TRUE;
	}
	if (body->cards == NULL)
		return TRUE;
	if (body->form != FORM_RECEIPT || body->cards[0] == NULL)
		return error_set(error, ERROR_USAGE,
				 N_("only form 4, the receipt, is printed for cards"));
	tx = read_tx(call, error);
	is_allowed = tx != NULL && may_print(call, tx, body->cards, error);
	g_clear_pointer(&tx, store_tx_abort);
	return is_allowed;
}

HttpReply *handlers_print(Call *call, GError **error)
{
	static const JobOrder order = { "print", run_print, &print_table, .is_print = TRUE };
	PrintBody body = { 0 };
	gboolean is_allowed;

	if (!json_read(call->body, &print_table, &body, error))
		return NULL;
	is_allowed = check_print(call, &body, error);
	json_clear(&print_table, &body);
	return is_allowed ? workers_start(call, "", &order, error) : NULL;
}

HttpReply *handlers_audit_pack(Call *call, GError **error)
{
	const char *year = call_query(call, "fiscalYear");
	GBytes *file;

	if (year == NULL) {
		error_set(error, ERROR_USAGE, N_("which fiscal year? Name it by fiscalYear=2026"));
		return NULL;
	}
	file = pack_make(&call->op, year, error);
	return file != NULL ? reply_bytes(200, "application/zip", file) : NULL;
}
