/* SPDX-License-Identifier: Apache-2.0
 * Printing through opcard-form: data out of the store first, then the child, then the record. */
#include "daemon/op/print.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/print_child.h"
#include "daemon/op/record.h"

#define DEADLINE_SECONDS 60
#define PDF_MAX          (256u * 1024 * 1024)
#define FORM_MIN         1
#define FORM_MAX         99
#define INPUT_WRONG      2 /* exit status of opcard-form: form or data, not the machine */

static char *form_path(const Op *op, const PrintRequest *request, GError **error)
{
	int form = request->form;
	g_autofree char *name = request->list != NULL
					? g_strdup_printf("lists/%s.form", request->list)
					: g_strdup_printf("yoshiki%02d.form", form);
	g_autofree char *path = NULL;

	path = g_build_filename(config_text(op->house->config, CONFIG_FORMS_FOLDER), name, NULL);
	if ((request->list != NULL || (form >= FORM_MIN && form <= FORM_MAX)) &&
	    g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return g_steal_pointer(&path);
	error_set(error, ERROR_NOT_FOUND,
		  N_("there is no form %d (%s); see the folder named in [forms] of the "
		     "configuration"),
		  form, path);
	return NULL;
}

static int append_text(const char *text, size_t length, void *bytes)
{
	g_byte_array_append(bytes, (const guint8 *) text, (guint) length);
	return 0;
}

static GBytes *input_of(const json_t *data)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();

	if (data == NULL || json_dump_callback(data, append_text, bytes, JSON_COMPACT) != 0)
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static gboolean check_output(const PrintOutput *output, GError **error)
{
	g_autofree char *text = g_strstrip(g_strdup(output->text));

	if (output->is_late)
		return error_set(error, ERROR_INTERNAL,
				 N_("printing took more than %d seconds and was stopped; narrow it "
				    "to one section, or look at the load of this computer"),
				 DEADLINE_SECONDS);
	if (output->is_large)
		return error_set(error, ERROR_INTERNAL,
				 N_("the print would be larger than %u MiB; narrow it to one "
				    "section"),
				 PDF_MAX / 1024 / 1024);
	if (output->status == INPUT_WRONG)
		return error_set(error, ERROR_USAGE, N_("this cannot be printed: %s"), text);
	if (output->status != 0)
		return error_set(error, ERROR_INTERNAL,
				 N_("the printing program failed (%d): %s; see the daemon's log"),
				 output->status, text);
	if (output->data->len < 5 || memcmp(output->data->data, "%PDF-", 5) != 0)
		return error_set(error, ERROR_INTERNAL,
				 N_("the printing program gave no PDF: %s; see the daemon's log"),
				 text);
	return TRUE;
}

/* T38: kind, time, who and how much. */
static gboolean record_print(Op *op, const PrintRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	size_t rows = json_array_size(json_object_get(request->data, "rows"));
	Record record = { .kind = "print", .article = "T38" };

	if (tx == NULL)
		return FALSE;
	record.extra =
		json_pack("{s:i, s:s*, s:I, s:b, s:s*, s:s*}", "form", request->form, "list",
			  request->list, "rows", (json_int_t) rows, "blank", request->data == NULL,
			  "section", request->section, "asOf", request->as_of);
	return record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}

GBytes *print_form(Op *op, const PrintRequest *request, GError **error)
{
	const char *folder = config_text(op->house->config, CONFIG_LIBEXEC_DIR);
	g_autofree char *program = g_build_filename(folder, "opcard-form", NULL);
	g_autofree char *form = form_path(op, request, error);
	g_autoptr(GBytes) input = input_of(request->data);
	g_auto(PrintOutput) output = { 0 };
	const char *gaiji = config_text(op->house->config, CONFIG_GAIJI);
	const char *argv[10] = { program, "render", form };
	guint n = 3;

	if (form == NULL)
		return NULL;
	if (input != NULL)
		argv[n++] = "-";
	if (*gaiji != '\0') {
		argv[n++] = "--gaiji";
		argv[n++] = gaiji;
	}
	argv[n++] = "-o";
	argv[n] = "-";
	PrintChild child = {
		.program = program,
		.argv = argv,
		.input = input,
		.deadline = g_get_monotonic_time() + DEADLINE_SECONDS * G_USEC_PER_SEC,
		.output_max = PDF_MAX,
	};

	if (!print_child_run(&child, &output, error) || !check_output(&output, error) ||
	    !record_print(op, request, error))
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&output.data));
}
