/* SPDX-License-Identifier: Apache-2.0
 * Problems as errors. A daemon's document that lacks "exit" gets one from its HTTP status. */
#include "daemon/ctl/ctl_problem.h"

#include <stdio.h>

#include "daemon/ctl/ctl_lang.h"

typedef struct CtlProblemPrivate {
	json_t *document;
} CtlProblemPrivate;

static void ctl_problem_private_init(CtlProblemPrivate *priv)
{
	priv->document = NULL;
}

static void ctl_problem_private_copy(const CtlProblemPrivate *from, CtlProblemPrivate *to)
{
	to->document = json_incref(from->document);
}

static void ctl_problem_private_clear(CtlProblemPrivate *priv)
{
	json_decref(priv->document);
}

G_DEFINE_EXTENDED_ERROR(CtlProblem, ctl_problem)

typedef struct KindRow {
	const char *name;
	const char *title;
	int status;
	int exit;
} KindRow;

/* clang-format off */
static const KindRow rows[_CTL_PROBLEM_MAX] = {
	[CTL_PROBLEM_FAILED]      = { "failed",       N_("Failed"),                       500, 1 },
	[CTL_PROBLEM_USAGE]       = { "usage",        N_("Invalid request"),              400, 2 },
	[CTL_PROBLEM_INPUT]       = { "input-needed", N_("Input needed"),                 422, 2 },
	[CTL_PROBLEM_NOT_FOUND]   = { "not-found",    N_("Not found"),                    404, 4 },
	[CTL_PROBLEM_CARD]        = { "card",         N_("Card problem"),                 422, 6 },
	[CTL_PROBLEM_UNREACHABLE] = { "unreachable",  N_("opcardd cannot be reached"),    503, 7 },
	[CTL_PROBLEM_PARTLY]      = { "partly",       N_("Partly done"),                  207, 8 },
};
/* clang-format on */

static int exit_of_status(long status)
{
	switch (status) {
	case 207:
		return 8;
	case 400:
	case 413:
		return 2;
	case 401:
	case 403:
		return 3;
	case 404:
		return 4;
	case 409:
		return 5;
	default:
		return 1;
	}
}

static CtlProblemPrivate *private_of(const GError *error)
{
	return ctl_problem_get_private(error);
}

gboolean ctl_problem_set(GError **error, CtlProblem kind, const char *format, ...)
{
	const KindRow *row = &rows[kind];
	g_autofree char *type = g_strconcat("urn:opcard:problem:", row->name, NULL);
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;
	va_list args;

	if (error == NULL)
		return FALSE;
	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(ctl_lang_ja(format), args);
	va_end(args);
	*error = g_error_new_literal(CTL_PROBLEM_DOMAIN, row->exit, ctl_lang_is_ja() ? ja : en);
	private_of(*error)->document =
		json_pack("{ss ss ss ss ss si si}", "type", type, "title", row->title, "titleJa",
			  ctl_lang_ja(row->title), "detail", en, "detailJa", ja, "status",
			  row->status, "exit", row->exit);
	return FALSE;
}

gboolean ctl_problem_set_document(GError **error, long status, json_t *document)
{
	const char *text = ctl_lang_pick(document, "detail", "detailJa");
	json_t *code = json_object_get(document, "exit");
	json_t *own_status = json_object_get(document, "status");

	if (document == NULL)
		return ctl_problem_set(
			error, CTL_PROBLEM_FAILED,
			N_("opcardd answered HTTP %ld without an explanation; see its log "
			   "(journalctl -u opcardd)"),
			status);
	if (error == NULL)
		return FALSE;
	if (json_is_integer(own_status))
		status = (long) json_integer_value(own_status);
	if (text == NULL)
		text = ctl_lang_pick(document, "title", "titleJa");
	*error = g_error_new_literal(CTL_PROBLEM_DOMAIN,
				     json_is_integer(code) ? (int) json_integer_value(code)
							   : exit_of_status(status),
				     text != NULL ? text : _("Failed"));
	private_of(*error)->document = json_incref(document);
	return FALSE;
}

gboolean ctl_problem_add(GError **error, const char *key, json_t *value)
{
	if (error == NULL || *error == NULL)
		json_decref(value);
	else
		(void) json_object_set_new(private_of(*error)->document, key, value);
	return FALSE;
}

json_t *ctl_problem_document(const GError *error)
{
	return private_of(error)->document;
}

int ctl_problem_exit(const GError *error)
{
	return error->code > 0 && error->code < 126 ? error->code : 1;
}

static void print_line(const json_t *line, const char *file)
{
	json_t *number = json_object_get(line, "line");
	const char *field = json_string_value(json_object_get(line, "field"));
	const char *heading = json_string_value(json_object_get(line, "heading"));
	const char *text = ctl_lang_pick(line, "en", "ja");

	fputs("  ", stderr);
	if (json_is_integer(number))
		fprintf(stderr, "%s%s%lld: ", file != NULL ? file : _("line "),
			file != NULL ? ":" : "", (long long) json_integer_value(number));
	if (field != NULL && *field != '\0')
		fprintf(stderr, "%s%s%s: ", field, heading != NULL ? "/" : "",
			heading != NULL ? heading : "");
	fprintf(stderr, "%s\n", text != NULL ? text : "");
}

void ctl_problem_print(const GError *error, const char *file)
{
	json_t *document = ctl_problem_document(error);
	json_t *tries = json_object_get(document, "triesLeft");
	const char *next = ctl_lang_pick(json_object_get(document, "next"), "en", "ja");
	json_t *line;
	size_t i;

	fprintf(stderr, "opcardctl: %s\n", error->message);
	json_array_foreach(json_object_get(document, "lines"), i, line) print_line(line, file);
	if (json_is_integer(tries)) {
		fprintf(stderr, _("  tries left: %lld"), (long long) json_integer_value(tries));
		fputc('\n', stderr);
	}
	if (next != NULL)
		fprintf(stderr, _("next: %s\n"), next);
}
