/* SPDX-License-Identifier: Apache-2.0
 * Begun is recorded first, so that a power cut in mid-job leaves a trace that is no "printed". */
#include "daemon/op/print_send.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/print_child.h"

#define DEADLINE_SECONDS 3900 /* opcard-form gives a job up after an hour */
#define OUTPUT_MAX       4096
#define PREFIX           "opcard-form: "

static char *find_printer(const Op *op, const char *asked, GError **error)
{
	const char *known = config_text(op->house->config, CONFIG_PRINTER);
	g_auto(GStrv) names = g_strsplit(known, ",", -1);

	for (guint i = 0; names[i] != NULL; i++) {
		const char *name = g_strstrip(names[i]);

		if (*name != '\0' && (asked == NULL || g_str_equal(asked, name)))
			return g_strdup(name);
	}
	if (asked == NULL)
		error_set(
			error, ERROR_USAGE,
			N_("no printer is configured; name it in [forms] printer, or write a file "
			   "with -o"));
	else
		error_set(
			error, ERROR_DENIED,
			N_("%s is none of the printers of [forms] printer (%s); the daemon prints "
			   "on no other"),
			asked, *known != '\0' ? known : "-");
	return NULL;
}

/* The last line it said, without its name; newly allocated. */
static char *last_line(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(lines);

	while (n > 0 && *g_strstrip(lines[n - 1]) == '\0')
		n--;
	if (n == 0)
		return g_strdup("");
	return g_strdup(g_str_has_prefix(lines[n - 1], PREFIX) ? lines[n - 1] + strlen(PREFIX)
							       : lines[n - 1]);
}

static gboolean take_answer(const PrintOutput *output, int *ret_job, GError **error)
{
	g_autofree char *why = last_line(output->text);
	json_t *answer;
	gboolean is_done;

	if (output->is_stopped)
		return error_set(error, ERROR_PRINTER,
				 N_("opcardd was stopped in the middle of the job; it does not "
				    "count as printed"));
	if (output->is_late)
		return error_set(error, ERROR_PRINTER,
				 N_("the printer was not done after %d seconds; it does not count "
				    "as printed"),
				 DEADLINE_SECONDS);
	if (output->status != 0)
		return error_set(error, ERROR_PRINTER, N_("not printed: %s"), why);
	answer = json_loadb((const char *) output->data->data, output->data->len, 0, NULL);
	is_done = g_strcmp0(json_string_value(json_object_get(answer, "state")), "completed") == 0;
	*ret_job = (int) json_integer_value(json_object_get(answer, "job"));
	json_decref(answer);
	return is_done || error_set(error, ERROR_PRINTER, N_("not printed: %s"), why);
}

static gboolean send(const Op *op, const PrintRequest *request, const char *printer, GBytes *pdf,
		     int *ret_job, GError **error)
{
	const char *folder = config_text(op->house->config, CONFIG_LIBEXEC_DIR);
	g_autofree char *program = g_build_filename(folder, "opcard-form", NULL);
	g_autofree char *title = request->list != NULL
					 ? g_strdup(request->list)
					 : g_strdup_printf("yoshiki%02d", request->form);
	const char *argv[] = { program,   "send", "-",      "--printer",   printer,
			       "--title", title,  "--user", op->actor->id, NULL };
	g_auto(PrintOutput) output = { 0 };
	PrintChild child = {
		.program = program,
		.argv = argv,
		.input = pdf,
		.deadline = g_get_monotonic_time() + DEADLINE_SECONDS * (gint64) G_USEC_PER_SEC,
		.output_max = OUTPUT_MAX,
		.stop = op->house->print_stop,
	};

	return print_child_run(&child, &output, error) && take_answer(&output, ret_job, error);
}

static gboolean record_failure(Op *op, const PrintRequest *request, const char *printer,
			       const GError *cause)
{
	g_autoptr(GError) ignored = NULL;

	/* The caller has the first error; this one could only hide it. */
	return print_record(op, "print-failed", request,
			    json_pack("{s:s, s:s}", "printer", printer, "why", error_ja(cause)),
			    &ignored);
}

gboolean print_send(Op *op, const PrintRequest *request, const char *printer, PrintSent *ret_sent,
		    GError **error)
{
	g_autofree char *name = find_printer(op, printer, error);
	g_autoptr(GError) failure = NULL;
	g_autoptr(GBytes) pdf = NULL;
	int pages = 0, job = 0;

	if (name == NULL || op->is_dry_run)
		return name != NULL;
	pdf = print_render(op, request, &pages, error);
	if (pdf == NULL ||
	    !print_record(op, "print-begin", request,
			  json_pack("{s:s, s:i}", "printer", name, "pages", pages), error))
		return FALSE;
	if (!send(op, request, name, pdf, &job, &failure)) {
		(void) record_failure(op, request, name, failure);
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	*ret_sent = (PrintSent){ job, pages };
	return print_record(
		op, "print", request,
		json_pack("{s:s, s:i, s:i}", "printer", name, "pages", pages, "job", job), error);
}
