/* SPDX-License-Identifier: Apache-2.0
 * libcups without its defaults: the printer is talked to directly, or through the queue that was
 * named. */
#include "forms/printer.h"

#include <cups/cups.h>
#include <stdio.h>
#include <string.h>

#include "forms/form_error.h"

#define CONNECT_MS     10000
#define POLL_FIRST_US  100000
#define POLL_MOST_US   1000000
#define LOST_SECONDS   15 /* of a printer that does not answer any more */
#define TOTAL_SECONDS  3600
#define IPP_PORT       631
#define QUEUE_NAME_MAX 127
#define PDF            "application/pdf"

struct Printer {
	char *uri;
	char *host;
	char *resource;
	int port;
	gboolean is_encrypted;
	http_addrlist_t *addresses;
	http_t *http;
};

typedef struct Follow {
	int id;
	gint64 stopped_since; /* monotonic, 0 while it moves */
	gint64 lost_since;
	ipp_jstate_t state;
	int impressions;
	char told[256];
} Follow;

static gboolean is_queue_name(const char *name)
{
	gsize n = strlen(name);

	for (gsize i = 0; i < n; i++)
		if (!g_ascii_isalnum(name[i]) && strchr("_.-", name[i]) == NULL)
			return FALSE;
	return n > 0 && n <= QUEUE_NAME_MAX && name[0] != '-';
}

/* A queue of the CUPS of this computer, over its socket where there is one. */
static void use_queue(Printer *printer, const char *name)
{
	printer->uri = g_strconcat("ipp://localhost/printers/", name, NULL);
	printer->resource = g_strconcat("/printers/", name, NULL);
	printer->host = g_strdup(cupsServer());
	printer->port = ippPort();
}

static gboolean use_uri(Printer *printer, const char *uri)
{
	char scheme[16], user[64], host[256], resource[256];
	int port = 0;

	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof scheme, user, sizeof user,
			    host, sizeof host, &port, resource,
			    sizeof resource) < HTTP_URI_STATUS_OK)
		return FALSE;
	printer->uri = g_strdup(uri);
	printer->host = g_strdup(host);
	printer->resource = g_strdup(resource);
	printer->port = port != 0 ? port : IPP_PORT;
	printer->is_encrypted = g_str_equal(scheme, "ipps");
	return *host != '\0' && *user == '\0' &&
	       (printer->is_encrypted || g_str_equal(scheme, "ipp"));
}

static const char *no_password(const char *prompt, http_t *http, const char *method,
			       const char *resource, void *data)
{
	(void) prompt;
	(void) http;
	(void) method;
	(void) resource;
	(void) data;
	return NULL;
}

Printer *printer_open(const char *name, GError **error)
{
	g_autoptr(Printer) printer = g_new0(Printer, 1);
	g_autofree char *port = NULL;

	cupsSetPasswordCB2(no_password, NULL);
	if (is_queue_name(name)) {
		use_queue(printer, name);
	} else if (!use_uri(printer, name)) {
		form_error_set(
			error, FORM_ERROR_INPUT,
			"「%s」はプリンタではありません（ipp://…、ipps://… または CUPS "
			"のキュー名）",
			"\"%s\" is no printer (ipp://…, ipps://… or the name of a CUPS queue)",
			name);
		return NULL;
	}
	port = g_strdup_printf("%d", printer->port);
	printer->addresses = httpAddrGetList(printer->host, AF_UNSPEC, port);
	if (printer->addresses != NULL)
		return g_steal_pointer(&printer);
	form_error_set(error, FORM_ERROR_UNREACHABLE, "プリンタ %s のアドレスが分かりません",
		       "printer %s: no address is known", printer->uri);
	return NULL;
}

void printer_free(Printer *printer)
{
	if (printer == NULL)
		return;
	httpClose(printer->http);
	httpAddrFreeList(printer->addresses);
	g_free(printer->uri);
	g_free(printer->host);
	g_free(printer->resource);
	g_free(printer);
}

static ipp_t *new_request(const Printer *printer, ipp_op_t operation, const PrinterJob *job)
{
	ipp_t *request = ippNewRequest(operation);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, printer->uri);
	if (job != NULL && job->user != NULL)
		ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL,
			     job->user);
	return request;
}

/* A rule in both languages about this printer; code tells whether anything was sent. */
#define REFUSE(printer, error, code, ja, en, ...)                                                  \
	form_error_set((error), (code), "プリンタ %s: " ja, "printer %s: " en, (printer)->uri,     \
		       __VA_ARGS__)
#define NOTHING_JA "。何も印刷していません"
#define NOTHING_EN "; nothing was printed"
#define UNSURE_JA  "。印刷されたとは記録しません。排紙を確かめてください"
#define UNSURE_EN  "; it does not count as printed, look at what came out"

static gboolean check_attributes(const Printer *printer, ipp_t *answer, GError **error)
{
	ipp_attribute_t *formats =
		ippFindAttribute(answer, "document-format-supported", IPP_TAG_MIMETYPE);
	ipp_attribute_t *accepting =
		ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);

	if (formats == NULL || !ippContainsString(formats, PDF))
		return REFUSE(printer, error, FORM_ERROR_REFUSED,
			      "%s を受け付けない機種です" NOTHING_JA, "does not take %s" NOTHING_EN,
			      PDF);
	if (accepting != NULL && !ippGetBoolean(accepting, 0))
		return REFUSE(printer, error, FORM_ERROR_REFUSED,
			      "ジョブを受け付けていません（%s）" NOTHING_JA,
			      "takes no jobs at present (%s)" NOTHING_EN,
			      "printer-is-accepting-jobs");
	return TRUE;
}

gboolean printer_check(Printer *printer, const PrinterJob *job, GError **error)
{
	static const char *const wanted[] = { "document-format-supported",
					      "printer-is-accepting-jobs" };
	http_encryption_t encryption =
		printer->is_encrypted ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
	ipp_t *request, *answer;
	gboolean is_good;

	printer->http = httpConnect2(printer->host, printer->port, printer->addresses, AF_UNSPEC,
				     encryption, 1, CONNECT_MS, NULL);
	if (printer->http == NULL)
		return REFUSE(printer, error, FORM_ERROR_UNREACHABLE,
			      "つながりません（%s）" NOTHING_JA,
			      "cannot be reached (%s)" NOTHING_EN, cupsLastErrorString());
	request = new_request(printer, IPP_OP_GET_PRINTER_ATTRIBUTES, job);
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_CONST_TAG(IPP_TAG_KEYWORD),
		      "requested-attributes", G_N_ELEMENTS(wanted), NULL, wanted);
	answer = cupsDoRequest(printer->http, request, printer->resource);
	if (answer == NULL || cupsLastError() > IPP_STATUS_OK_EVENTS_COMPLETE) {
		ippDelete(answer);
		return REFUSE(printer, error, FORM_ERROR_UNREACHABLE,
			      "プリンタとして応答しません（%s）" NOTHING_JA,
			      "does not answer as a printer (%s)" NOTHING_EN,
			      cupsLastErrorString());
	}
	is_good = check_attributes(printer, answer, error);
	ippDelete(answer);
	return is_good;
}

static ipp_t *new_job(const Printer *printer, const PrinterJob *job)
{
	ipp_t *request = new_request(printer, IPP_OP_PRINT_JOB, job);

	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, job->title);
	ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL, PDF);
	return request;
}

/* The job's number, or 0 with an error. */
static int send_document(const Printer *printer, const PrinterJob *job, GBytes *pdf, GError **error)
{
	gsize n = 0;
	const char *bytes = g_bytes_get_data(pdf, &n);
	ipp_t *request = new_job(printer, job);
	http_status_t status =
		cupsSendRequest(printer->http, request, printer->resource, ippLength(request) + n);
	ipp_t *answer;
	int id = 0;

	for (gsize at = 0; status == HTTP_STATUS_CONTINUE && at < n; at += 65536)
		status = cupsWriteRequestData(printer->http, bytes + at, MIN(n - at, 65536));
	answer = status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK
			 ? cupsGetResponse(printer->http, printer->resource)
			 : NULL;
	ippDelete(request);
	if (answer != NULL && cupsLastError() <= IPP_STATUS_OK_EVENTS_COMPLETE)
		id = ippGetInteger(ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER), 0);
	if (id <= 0 && answer != NULL && cupsLastError() >= IPP_STATUS_ERROR_BAD_REQUEST)
		(void) REFUSE(printer, error, FORM_ERROR_REFUSED,
			      "文書を受け取りません（%s）" NOTHING_JA,
			      "refuses the document (%s)" NOTHING_EN, cupsLastErrorString());
	else if (id <= 0)
		(void) REFUSE(printer, error, FORM_ERROR_UNFINISHED,
			      "送信の途中で切れました（%s）" UNSURE_JA,
			      "was gone while the document was sent (%s)" UNSURE_EN,
			      cupsLastErrorString());
	ippDelete(answer);
	return MAX(id, 0);
}

/* Reports stop no printer. A warning may or may not: those that could are told, and count while no
 * page comes out. */
static gboolean is_stop(const char *reason)
{
	static const char *const serious[] = {
		"media-empty", "media-needed", "media-jam",           "cover-open",
		"door-open",   "toner-empty",  "marker-supply-empty", "input-tray-missing",
	};

	if (g_str_equal(reason, "none") || g_str_has_suffix(reason, "-report"))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(serious); i++)
		if (g_str_has_prefix(reason, serious[i]))
			return TRUE;
	return !g_str_has_suffix(reason, "-warning") && !g_str_has_prefix(reason, "wifi-");
}

/* Newly allocated, "" for nothing. */
static char *stop_reasons(ipp_t *answer, const char *name)
{
	ipp_attribute_t *reasons = ippFindAttribute(answer, name, IPP_TAG_KEYWORD);
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; reasons != NULL && i < ippGetCount(reasons); i++) {
		const char *reason = ippGetString(reasons, i, NULL);

		if (is_stop(reason))
			g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", reason);
	}
	return g_strdup(text->str);
}

static ipp_t *ask(const Printer *printer, const PrinterJob *job, int id, const char *const *wanted,
		  int count)
{
	ipp_t *request = new_request(
		printer, id != 0 ? IPP_OP_GET_JOB_ATTRIBUTES : IPP_OP_GET_PRINTER_ATTRIBUTES, NULL);

	if (id != 0)
		ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
	if (job->user != NULL)
		ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL,
			     job->user);
	ippAddStrings(request, IPP_TAG_OPERATION, IPP_CONST_TAG(IPP_TAG_KEYWORD),
		      "requested-attributes", count, NULL, wanted);
	return cupsDoRequest(printer->http, request, printer->resource);
}

/* FALSE while the printer does not answer. */
static gboolean look(const Printer *printer, const PrinterJob *job, Follow *follow)
{
	static const char *const of_job[] = { "job-state", "job-state-reasons",
					      "job-impressions-completed" };
	static const char *const of_printer[] = { "printer-state", "printer-state-reasons" };
	ipp_t *answer = ask(printer, job, follow->id, of_job, G_N_ELEMENTS(of_job));
	ipp_attribute_t *state = ippFindAttribute(answer, "job-state", IPP_TAG_ENUM);
	ipp_attribute_t *count =
		ippFindAttribute(answer, "job-impressions-completed", IPP_TAG_INTEGER);
	g_autofree char *reasons = NULL;
	gboolean is_answered = state != NULL;

	if (is_answered)
		follow->state = (ipp_jstate_t) ippGetInteger(state, 0);
	if (count != NULL && ippGetInteger(count, 0) != follow->impressions) {
		follow->impressions = ippGetInteger(count, 0);
		follow->stopped_since = 0;
	}
	ippDelete(answer);
	if (!is_answered || follow->state >= IPP_JSTATE_CANCELED)
		return is_answered;
	answer = ask(printer, job, 0, of_printer, G_N_ELEMENTS(of_printer));
	reasons = stop_reasons(answer, "printer-state-reasons");
	ippDelete(answer);
	if (*reasons == '\0' && follow->state != IPP_JSTATE_STOPPED &&
	    follow->state != IPP_JSTATE_HELD)
		follow->stopped_since = 0;
	else if (follow->stopped_since == 0)
		follow->stopped_since = g_get_monotonic_time();
	if (g_str_equal(reasons, follow->told))
		return TRUE;
	g_strlcpy(follow->told, reasons, sizeof follow->told);
	fprintf(stderr, "state %s\n", *reasons != '\0' ? reasons : "none");
	return TRUE;
}

static gboolean is_over(gint64 since, int seconds)
{
	return since != 0 && g_get_monotonic_time() - since > (gint64) seconds * G_USEC_PER_SEC;
}

/* A job that nobody waits for any more must not come out of the printer tomorrow. */
static void cancel(const Printer *printer, const PrinterJob *job, Follow *follow)
{
	ipp_t *request = new_request(printer, IPP_OP_CANCEL_JOB, NULL);

	ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", follow->id);
	if (job->user != NULL)
		ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL,
			     job->user);
	ippDelete(cupsDoRequest(printer->http, request, printer->resource));
	(void) look(printer, job, follow);
}

static gboolean judge(const Printer *printer, const Follow *follow, GError **error)
{
	if (follow->state == IPP_JSTATE_COMPLETED)
		return TRUE;
	return form_error_set(error, FORM_ERROR_UNFINISHED,
			      "プリンタ %s: ジョブ %d は %s で終わりました%s%s%s" UNSURE_JA,
			      "printer %s: job %d ended %s%s%s%s" UNSURE_EN, printer->uri,
			      follow->id, ippEnumString("job-state", (int) follow->state),
			      follow->told[0] != '\0' ? " (" : "", follow->told,
			      follow->told[0] != '\0' ? ")" : "");
}

static gboolean follow_job(const Printer *printer, const PrinterJob *job, Follow *follow,
			   GError **error)
{
	gint64 begun = g_get_monotonic_time();
	gulong pause = POLL_FIRST_US;

	while (follow->state < IPP_JSTATE_CANCELED) {
		gboolean is_answered = look(printer, job, follow);

		if (is_answered)
			follow->lost_since = 0;
		else if (follow->lost_since == 0)
			follow->lost_since = g_get_monotonic_time();
		if (is_over(follow->lost_since, LOST_SECONDS))
			return REFUSE(printer, error, FORM_ERROR_UNFINISHED,
				      "印刷の途中で応答しなくなりました（ジョブ %d）" UNSURE_JA,
				      "was gone in the middle of job %d" UNSURE_EN, follow->id);
		if (is_over(follow->stopped_since, job->wait_seconds) ||
		    is_over(begun, TOTAL_SECONDS)) {
			cancel(printer, job, follow);
			return judge(printer, follow, error);
		}
		if (follow->state < IPP_JSTATE_CANCELED)
			g_usleep(pause);
		pause = MIN(pause * 2, POLL_MOST_US);
	}
	return judge(printer, follow, error);
}

gboolean printer_print(Printer *printer, const PrinterJob *job, GBytes *pdf,
		       PrinterResult *ret_result, GError **error)
{
	Follow follow = { .state = IPP_JSTATE_PENDING, .impressions = -1 };

	follow.id = send_document(printer, job, pdf, error);
	if (follow.id == 0)
		return FALSE;
	fprintf(stderr, "job %d\n", follow.id);
	if (!follow_job(printer, job, &follow, error))
		return FALSE;
	*ret_result = (PrinterResult){ follow.id, follow.impressions };
	return TRUE;
}
