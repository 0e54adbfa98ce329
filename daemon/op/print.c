/* SPDX-License-Identifier: Apache-2.0
 * Printing through opcard-form: data out of the store first, then the child, then the record. */
#include "daemon/op/print.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/print_child.h"
#include "daemon/op/record.h"
#include "daemon/store/store_tree.h"

#define DEADLINE_SECONDS 60
#define PDF_MAX          (256u * 1024 * 1024)
#define FORM_MIN         1
#define FORM_MAX         99
#define INPUT_WRONG      2 /* exit status of opcard-form: form or data, not the machine */

/* clang-format off */
static const struct {
	const char *name;
	const char *type;
	const char *magic;
} formats[_PRINT_FORMAT_MAX] = {
	[PRINT_PDF]       = { "pdf",       "application/pdf",           "%PDF-" },
	[PRINT_XLSX]      = { "xlsx",      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK" },
	[PRINT_CSV]       = { "csv",       "text/csv; charset=utf-8",   "\xEF\xBB\xBF" },
	[PRINT_CSV_CP932] = { "csv-cp932", "text/csv; charset=windows-31j", "" },
};
/* clang-format on */

gboolean print_format_parse(const char *name, PrintFormat *ret_format)
{
	for (int i = 0; i < _PRINT_FORMAT_MAX; i++)
		if (g_str_equal(formats[i].name, name)) {
			*ret_format = (PrintFormat) i;
			return TRUE;
		}
	return FALSE;
}

const char *print_format_type(PrintFormat format)
{
	return formats[format].type;
}

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
	if (request->list != NULL)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no form %s (%s); see the folder named in [forms] of the "
			     "configuration"),
			  request->list, path);
	else
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

static gboolean check_output(const PrintOutput *output, PrintFormat format, GError **error)
{
	const char *magic = formats[format].magic;
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
	if (output->data->len < strlen(magic) ||
	    memcmp(output->data->data, magic, strlen(magic)) != 0)
		return error_set(error, ERROR_INTERNAL,
				 N_("the printing program gave no %s: %s; see the daemon's log"),
				 formats[format].name, text);
	return TRUE;
}

/* T38: kind, time, who and how much. */
gboolean print_record(Op *op, const char *kind, const PrintRequest *request, json_t *extra,
		      GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	size_t rows = json_array_size(json_object_get(request->data, "rows"));
	Record record = { .kind = kind, .article = "T38" };

	record.extra = json_pack("{s:i, s:s*, s:I, s:b, s:s*, s:s*, s:s}", "form", request->form,
				 "list", request->list, "rows", (json_int_t) rows, "blank",
				 request->data == NULL, "section", request->section, "asOf",
				 request->as_of, "format", formats[request->format].name);
	json_object_update(record.extra, extra);
	json_decref(extra);
	if (tx != NULL)
		return record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
	json_decref(record.extra);
	return FALSE;
}

/* "pages 12" of its report. */
static int pages_of(const char *text)
{
	return g_str_has_prefix(text, "pages ") ? (int) g_ascii_strtoll(text + 6, NULL, 10) : 0;
}

/* N73: every printed register is a witness of the trail as it was then. Into the data itself: what
 * is printed is not used again. */
static gboolean add_checkpoint(const Op *op, const PrintRequest *request, GError **error)
{
	json_t *values = json_object_get(request->data, "values");
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(TreeCheckpoint) last = NULL;
	g_auto(GStrv) parts = NULL;
	g_autofree char *text = NULL;

	if (values == NULL || request->format != PRINT_PDF)
		return TRUE;
	tx = store_tx_read(op->house->store, error);
	if (tx == NULL || !store_tree_last(tx, &last, error))
		return FALSE;
	if (last == NULL)
		return TRUE;
	parts = g_strsplit(last->line, " ", 5);
	if (g_strv_length(parts) < 5)
		return TRUE;
	text = g_strdup_printf("%s %s %s %s", parts[0], parts[1], parts[2], parts[3]);
	json_object_set_new(values, "監査記録", json_string(text));
	return TRUE;
}

GBytes *print_render(const Op *op, const PrintRequest *request, int *ret_pages, GError **error)
{
	const char *folder = config_text(op->house->config, CONFIG_LIBEXEC_DIR);
	g_autofree char *program = g_build_filename(folder, "opcard-form", NULL);
	g_autofree char *form = form_path(op, request, error);
	gboolean is_ready = add_checkpoint(op, request, error);
	g_autoptr(GBytes) input = is_ready ? input_of(request->data) : NULL;
	g_auto(PrintOutput) output = { 0 };
	const char *gaiji = config_text(op->house->config, CONFIG_GAIJI);
	const char *argv[14] = {
		program, "render", form, "--format", formats[request->format].name, "--report"
	};
	guint n = 6;

	if (form == NULL || !is_ready)
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

	if (!print_child_run(&child, &output, error) ||
	    !check_output(&output, request->format, error))
		return NULL;
	if (ret_pages != NULL)
		*ret_pages = pages_of(output.text);
	return g_byte_array_free_to_bytes(g_steal_pointer(&output.data));
}

GBytes *print_form(Op *op, const PrintRequest *request, GError **error)
{
	int pages = 0;
	g_autoptr(GBytes) file = print_render(op, request, &pages, error);
	json_t *extra;

	if (file == NULL)
		return NULL;
	extra = pages > 0 ? json_pack("{s:i}", "pages", pages) : NULL;
	return print_record(op, "print", request, extra, error) ? g_steal_pointer(&file) : NULL;
}
