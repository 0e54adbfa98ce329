/* SPDX-License-Identifier: Apache-2.0
 * opcard-form: form definition and data in, PDF/A-1b out. Everything named by the arguments is
 * opened first; then the program shuts itself in; only then does it parse foreign bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "forms/form_error.h"
#include "forms/form_file.h"
#include "forms/form_output.h"
#include "forms/input.h"
#include "forms/pages.h"
#include "forms/render.h"
#include "forms/sheet.h"
#include "forms/side.h"
#include "forms/verb_read.h"
#include "forms/verb_send.h"
#include "pkcs11/cage.h"

#define FORM_BYTES_MAX  (1024 * 1024)
#define DESCRIPTORS_MAX (4 + SIDE_FILES)
#define DATA_BYTES_MAX  (512 * 1024 * 1024)

#ifdef __SANITIZE_ADDRESS__
/* The leak checker wants to clone and ptrace, which the cage forbids. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:abort_on_error=1";
}
#endif

typedef struct Request {
	gboolean check; /* render the blank form and throw it away */
	const char *form_path;
	const char *data_path; /* NULL: a blank form */
	const char *out_path;
	SheetFormat sheet;     /* _SHEET_FORMAT_MAX: a PDF */
	gboolean report;       /* say on stderr how many pages it became */
	const char *font_path; /* NULL: the office has no characters of its own */
	int form_fd, data_fd;
	Side side;
	FormOutput *output;
} Request;

static const char usage[] =
	"使い方 / Usage:\n"
	"  opcard-form render FORM.form [DATA.json|-] [-o FILE|-] "
	"[--format pdf|xlsx|csv|csv-cp932] [--gaiji FONT] [--report]\n"
	"      様式を PDF/A-1b にする。DATA がなければ白紙の様式 / make a "
	"PDF/A-1b; blank without DATA\n"
	"      一覧表は xlsx と csv にもなる。--report は頁数を標準エラーへ / a "
	"register as xlsx or CSV too; --report tells the pages on stderr\n"
	"      --gaiji は外字の書体 / --gaiji is the font of the office's own "
	"characters\n"
	"  opcard-form read FILE.xlsx [-o FILE|-]\n"
	"      ブックの最初のシートを JSON にする / the first sheet of a workbook "
	"as JSON\n"
	"  opcard-form check FORM.form [--gaiji FONT]\n"
	"      様式の定義を確かめる / check a form definition\n"
	"  opcard-form --help | --version\n";

static gboolean refuse_usage(GError **error)
{
	return form_error_set(error, FORM_ERROR_INPUT,
			      "引数が正しくありません（opcard-form --help）",
			      "wrong arguments (see opcard-form --help)");
}

static void read_format(const char *word, Request *request, gboolean *ret_is_known)
{
	request->sheet = sheet_format(word);
	*ret_is_known = request->sheet != _SHEET_FORMAT_MAX || g_str_equal(word, "pdf");
}

static gboolean read_arguments(int argc, char **argv, Request *request, GError **error)
{
	const char *paths[2] = { NULL, NULL };
	gboolean has_format = TRUE;
	int n = 0;

	request->out_path = "-";
	request->sheet = _SHEET_FORMAT_MAX;
	request->check = argc > 1 && g_str_equal(argv[1], "check");
	if (argc < 3 || (!request->check && !g_str_equal(argv[1], "render")))
		return refuse_usage(error);
	for (int i = 2; i < argc; i++) {
		if (g_str_equal(argv[i], "-o") && i + 1 < argc && !request->check)
			request->out_path = argv[++i];
		else if (g_str_equal(argv[i], "--format") && i + 1 < argc && !request->check)
			read_format(argv[++i], request, &has_format);
		else if (g_str_equal(argv[i], "--gaiji") && i + 1 < argc)
			request->font_path = argv[++i];
		else if (g_str_equal(argv[i], "--report") && !request->check)
			request->report = TRUE;
		else if (n < (request->check ? 1 : 2) &&
			 (argv[i][0] != '-' || (n == 1 && argv[i][1] == '\0')))
			paths[n++] = argv[i];
		else
			return refuse_usage(error);
	}
	request->form_path = paths[0];
	request->data_path = paths[1];
	return (n > 0 && has_format) || refuse_usage(error);
}

static gboolean open_all(Request *request, GError **error)
{
	if (!input_open(request->form_path, &request->form_fd, error))
		return FALSE;
	if (request->data_path != NULL && !input_open(request->data_path, &request->data_fd, error))
		return FALSE;
	if (!side_open(&request->side, request->form_path, request->font_path, error))
		return FALSE;
	if (request->check)
		return TRUE;
	request->output = form_output_open(request->out_path, error);
	return request->output != NULL;
}

static int compare_descriptors(const void *a, const void *b)
{
	return *(const int *) a - *(const int *) b;
}

static size_t descriptors(const Request *request, int ret_fds[DESCRIPTORS_MAX])
{
	size_t n = 0;

	ret_fds[n++] = request->form_fd;
	if (request->data_fd >= 0)
		ret_fds[n++] = request->data_fd;
	n += (size_t) side_descriptors(&request->side, ret_fds + n);
	if (request->output != NULL)
		n += (size_t) form_output_descriptors(request->output, ret_fds + n);
	qsort(ret_fds, n, sizeof(int), compare_descriptors);
	return n;
}

/* From here on the program has no network, starts no other program, reads fonts and their
 * configuration and nothing else, and renames one file inside the folder of the output. */
static gboolean enter_cage(const Request *request, GError **error)
{
	static const char *const readable[] = {
		"/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig",
		NULL
	};
	g_autofree char *folder = g_path_get_dirname(request->out_path);
	const char *writable[] = { folder, NULL };
	int keep[DESCRIPTORS_MAX];
	CageProfile profile = {
		.read_paths = readable,
		.write_paths = request->output != NULL && !g_str_equal(request->out_path, "-")
				       ? writable
				       : writable + 1,
		.keep = keep,
		.keep_count = descriptors(request, keep),
		.files = 256,
	};
	CageReport report;
	int wrong = cage_enter(&profile, &report);

	return wrong == 0 || form_error_set(error, FORM_ERROR_FAILED, "囲いを作れません（%s）",
					    "the cage cannot be built (%s)", g_strerror(wrong));
}

static Form *read_form(const Request *request, GError **error)
{
	g_autoptr(GByteArray) bytes =
		input_read(request->form_fd, request->form_path, FORM_BYTES_MAX, error);

	return bytes == NULL ? NULL
			     : form_file_read(request->form_path, (const char *) bytes->data,
					      bytes->len, error);
}

static Data *read_data(const Request *request, GError **error)
{
	g_autoptr(GByteArray) bytes =
		input_read(request->data_fd, request->data_path, DATA_BYTES_MAX, error);

	return bytes == NULL ? NULL
			     : data_read(request->data_path, (const char *) bytes->data, bytes->len,
					 error);
}

static EraDate now_in_japan(void)
{
	time_t now = time(NULL) + 9 * 3600;
	struct tm tm;

	gmtime_r(&now, &tm);
	return (EraDate){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			  tm.tm_hour,        tm.tm_min,     tm.tm_sec };
}

static GBytes *make(const Request *request, const Form *form, const Data *data, GError **error)
{
	EraDate now = now_in_japan();
	RenderFiles files = { NULL, NULL };
	GBytes *pdf;

	if (request->sheet != _SHEET_FORMAT_MAX)
		return sheet_make(form, data, request->sheet, error);
	if (!side_read(&request->side, &files, error))
		return NULL;
	pdf = render_pdf(form, data, &now, &files, error);
	g_clear_pointer(&files.font, g_bytes_unref);
	g_clear_pointer(&files.underlay, g_bytes_unref);
	return pdf;
}

static gboolean perform(const Request *request, GError **error)
{
	g_autoptr(Form) form = read_form(request, error);
	g_autoptr(Data) data = NULL;
	g_autoptr(GBytes) file = NULL;

	if (form == NULL)
		return FALSE;
	if (request->data_path != NULL && (data = read_data(request, error)) == NULL)
		return FALSE;
	file = make(request, form, data, error);
	if (file == NULL || (!request->check && !form_output_finish(request->output, file, error)))
		return FALSE;
	if (request->report && request->sheet == _SHEET_FORMAT_MAX)
		fprintf(stderr, "pages %d\n", pages_count(file));
	return TRUE;
}

/* A key of the data may hold anything, and a terminal obeys controls. */
static void print_error(const GError *error)
{
	g_autofree char *message = g_strdup(error->message);

	for (char *c = message; *c != '\0'; c++) {
		if (g_ascii_iscntrl(*c))
			*c = '?';
	}
	fprintf(stderr, "opcard-form: %s\n", message);
}

static gboolean run_render(int argc, char **argv, GError **error)
{
	Request request = { .form_fd = -1,
			    .data_fd = -1,
			    .side = { .font_fd = -1, .underlay_fd = -1 } };
	gboolean done = read_arguments(argc, argv, &request, error) && open_all(&request, error) &&
			enter_cage(&request, error) && perform(&request, error);

	form_output_free(request.output);
	side_clear(&request.side);
	return done;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	gboolean done;

	if (argc == 2 && g_str_equal(argv[1], "--help"))
		return fputs(usage, stdout) < 0;
	if (argc == 2 && g_str_equal(argv[1], "--version"))
		return puts("opcard-form " OPCARD_VERSION) < 0;
	if (argc > 1 && g_str_equal(argv[1], "read"))
		done = verb_read_run(argc - 1, argv + 1, &error);
	else if (argc > 1 && g_str_equal(argv[1], "send"))
		done = verb_send_run(argc - 1, argv + 1, &error);
	else
		done = run_render(argc, argv, &error);
	if (!done)
		print_error(error);
	return done ? EXIT_SUCCESS : form_error_exit(error);
}
