/* SPDX-License-Identifier: Apache-2.0
 * Files are open and the address is known before the cage; inside, only what TLS needs can be
 * read. */
#include "forms/verb_send.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "forms/form_error.h"
#include "forms/input.h"
#include "forms/printer.h"
#include "pkcs11/cage.h"

#define PDF_BYTES_MAX (256u * 1024 * 1024)
#define WAIT_SECONDS  120
#define WAIT_MAX      3600

typedef struct Send {
	const char *path;
	const char *printer;
	PrinterJob job;
	int fd;
} Send;

static gboolean refuse_usage(GError **error)
{
	return form_error_set(error, FORM_ERROR_INPUT,
			      "引数が正しくありません（opcard-form --help）",
			      "wrong arguments (see opcard-form --help)");
}

static gboolean take_wait(Send *send, const char *text)
{
	guint64 wait;

	if (!g_ascii_string_to_unsigned(text, 10, 1, WAIT_MAX, &wait, NULL))
		return FALSE;
	send->job.wait_seconds = (int) wait;
	return TRUE;
}

static gboolean read_arguments(int argc, char **argv, Send *send, GError **error)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		gboolean is_option = g_str_has_prefix(argv[i], "--") && value != NULL;

		if (is_option && g_str_equal(argv[i], "--printer"))
			send->printer = argv[++i];
		else if (is_option && g_str_equal(argv[i], "--title"))
			send->job.title = argv[++i];
		else if (is_option && g_str_equal(argv[i], "--user"))
			send->job.user = argv[++i];
		else if (is_option && g_str_equal(argv[i], "--wait") && take_wait(send, value))
			i++;
		else if (send->path == NULL && (argv[i][0] != '-' || argv[i][1] == '\0'))
			send->path = argv[i];
		else
			return refuse_usage(error);
	}
	return (send->path != NULL && send->printer != NULL) || refuse_usage(error);
}

static gboolean enter_cage(const Send *send, GError **error)
{
	static const char *const readable[] = { "/usr/lib",
						"/lib",
						"/lib64",
						"/etc/ssl",
						"/usr/share/ca-certificates",
						"/etc/cups/client.conf",
						"/etc/ld.so.cache",
						NULL };
	static const char *const writable[] = { NULL };
	CageProfile profile = { .read_paths = readable,
				.write_paths = writable,
				.keep = &send->fd,
				.keep_count = 1,
				.families = CAGE_INET | CAGE_UNIX };
	CageReport report;
	int wrong = cage_enter(&profile, &report);

	return wrong == 0 || form_error_set(error, FORM_ERROR_FAILED, "囲いを作れません（%s）",
					    "the cage cannot be built (%s)", g_strerror(wrong));
}

static GBytes *read_pdf(const Send *send, GError **error)
{
	g_autoptr(GByteArray) bytes = input_read(send->fd, send->path, PDF_BYTES_MAX, error);

	if (bytes == NULL)
		return NULL;
	if (bytes->len >= 5 && memcmp(bytes->data, "%PDF-", 5) == 0)
		return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
	form_error_set(error, FORM_ERROR_INPUT, "%s: PDF ではありません", "%s: not a PDF",
		       send->path);
	return NULL;
}

static gboolean deliver(Printer *printer, const Send *send, GError **error)
{
	g_autoptr(GBytes) pdf = read_pdf(send, error);
	PrinterResult result;

	if (pdf == NULL || !printer_check(printer, &send->job, error) ||
	    !printer_print(printer, &send->job, pdf, &result, error))
		return FALSE;
	printf("{\"state\":\"completed\",\"job\":%d,\"impressions\":%d}\n", result.id,
	       result.impressions);
	return fflush(stdout) == 0 || form_error_set(error, FORM_ERROR_FAILED, "%s に書けません",
						     "%s cannot be written", "stdout");
}

gboolean verb_send_run(int argc, char **argv, GError **error)
{
	Send send = { .job = {
			      .title = "opcard", .user = "opcard", .wait_seconds = WAIT_SECONDS } };
	g_autoptr(Printer) printer = NULL;

	(void) signal(SIGPIPE, SIG_IGN);
	if (!read_arguments(argc, argv, &send, error) || !input_open(send.path, &send.fd, error))
		return FALSE;
	printer = printer_open(send.printer, error);
	return printer != NULL && enter_cage(&send, error) && deliver(printer, &send, error);
}
