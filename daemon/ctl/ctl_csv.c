/* SPDX-License-Identifier: Apache-2.0
 * The encoding is guessed once for the whole file. Text that holds several kanji as good UTF-8 is
 * UTF-8 with a broken byte, not CP932: else names would be imported as rubbish. */
#include "daemon/ctl/ctl_csv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"

#define BOM             "\xEF\xBB\xBF"
#define SURE_OF_UTF8    2 /* three-byte characters */
#define FULLWIDTH_SPACE "　"

typedef struct Reader {
	const char *file;
	const char *at;
	guint line;
} Reader;

static void row_free(void *row)
{
	g_ptr_array_unref(((CtlCsvRow *) row)->fields);
	g_free(row);
}

void ctl_csv_free(CtlCsv *csv)
{
	if (csv == NULL)
		return;
	g_ptr_array_unref(csv->rows);
	g_array_unref(csv->bad);
	g_free(csv);
}

CtlCsv *ctl_csv_new(void)
{
	CtlCsv *csv = g_new0(CtlCsv, 1);

	csv->rows = g_ptr_array_new_with_free_func(row_free);
	csv->bad = g_array_new(FALSE, FALSE, sizeof(CtlCsvBad));
	return csv;
}

CtlCsvRow *ctl_csv_add(CtlCsv *csv, guint line)
{
	CtlCsvRow *row = g_new0(CtlCsvRow, 1);

	row->line = line;
	row->fields = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(csv->rows, row);
	return row;
}

static guint line_of(const char *text, const char *at)
{
	guint line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static guint count_three_byte(const char *text, const char *end)
{
	guint count = 0;

	for (; text < end; text++)
		count += ((guchar) *text & 0xF0) == 0xE0;
	return count;
}

static gboolean set_bad_byte(const char *file, const char *text, const char *at, GError **error)
{
	return ctl_problem_set(
		error, CTL_PROBLEM_USAGE,
		N_("%s:%u: the byte 0x%02X is no character. Save the file as UTF-8 or as "
		   "Shift_JIS (CP932)."),
		file, line_of(text, at), (guchar) *at);
}

/* NULL with a problem. */
static char *decode(const char *file, const char *text, gsize length, GError **error)
{
	gboolean has_bom = length >= strlen(BOM) && memcmp(text, BOM, strlen(BOM)) == 0;
	const char *bad = NULL;
	gsize done = 0;
	char *utf8;

	if (has_bom) {
		text += strlen(BOM);
		length -= strlen(BOM);
	}
	if (g_utf8_validate(text, (gssize) length, &bad))
		return g_strndup(text, length);
	if (*bad == '\0' || has_bom || count_three_byte(text, bad) >= SURE_OF_UTF8) {
		(void) set_bad_byte(file, text, bad, error);
		return NULL;
	}
	utf8 = g_convert(text, (gssize) length, "UTF-8", "CP932", &done, NULL, NULL);
	if (utf8 == NULL || memchr(text, '\0', length) != NULL) {
		g_free(utf8);
		(void) set_bad_byte(file, text, text + MIN(done, length - 1), error);
		return NULL;
	}
	return utf8;
}

char *ctl_csv_strip(const char *text)
{
	const char *end = text + strlen(text);
	gboolean is_more = TRUE;

	while (is_more) {
		is_more = FALSE;
		if (g_str_has_prefix(text, FULLWIDTH_SPACE)) {
			text += strlen(FULLWIDTH_SPACE);
			is_more = TRUE;
		} else if (g_ascii_isspace(*text)) {
			text++;
			is_more = TRUE;
		}
	}
	while (end > text) {
		gsize left = (gsize) (end - text);
		gsize width = strlen(FULLWIDTH_SPACE);

		if (g_ascii_isspace(end[-1]))
			end--;
		else if (left >= width && memcmp(end - width, FULLWIDTH_SPACE, width) == 0)
			end -= width;
		else
			break;
	}
	return g_strndup(text, (gsize) (end - text));
}

static gboolean is_end(const char *at)
{
	return *at == '\0' || *at == '\n' || (at[0] == '\r' && (at[1] == '\n' || at[1] == '\0'));
}

/* Behind the opening quote; leaves the reader behind the closing one. */
static gboolean read_quoted(Reader *reader, GString *field, GError **error)
{
	guint opened = reader->line;

	for (; *reader->at != '\0'; reader->at++) {
		if (reader->at[0] == '"' && reader->at[1] == '"')
			reader->at++;
		else if (reader->at[0] == '"')
			break;
		reader->line += *reader->at == '\n';
		if (reader->at[0] != '\r' || reader->at[1] != '\n')
			g_string_append_c(field, *reader->at);
	}
	if (*reader->at == '\0')
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("%s:%u: a quote is opened here and never closed."),
				       reader->file, opened);
	reader->at++;
	if (*reader->at != ',' && !is_end(reader->at))
		return ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("%s:%u: after a closing quote a comma is expected."),
				       reader->file, reader->line);
	return TRUE;
}

static gboolean read_field(Reader *reader, GPtrArray *fields, GError **error)
{
	g_autoptr(GString) field = g_string_new(NULL);

	if (*reader->at == '"') {
		reader->at++;
		if (!read_quoted(reader, field, error))
			return FALSE;
	} else {
		for (; *reader->at != ',' && !is_end(reader->at); reader->at++)
			g_string_append_c(field, *reader->at);
	}
	g_ptr_array_add(fields, ctl_csv_strip(field->str));
	return TRUE;
}

static gboolean is_blank(const CtlCsvRow *row)
{
	for (guint i = 0; i < row->fields->len; i++) {
		if (*(const char *) g_ptr_array_index(row->fields, i) != '\0')
			return FALSE;
	}
	return TRUE;
}

static gboolean read_row(Reader *reader, CtlCsvRow *row, GError **error)
{
	for (;;) {
		if (!read_field(reader, row->fields, error))
			return FALSE;
		if (*reader->at != ',')
			break;
		reader->at++;
	}
	if (*reader->at == '\r')
		reader->at++;
	if (*reader->at == '\n') {
		reader->at++;
		reader->line++;
	}
	return TRUE;
}

static CtlCsv *parse(const char *file, const char *text, GError **error)
{
	g_autoptr(CtlCsv) csv = ctl_csv_new();
	Reader reader = { file, text, 1 };

	while (*reader.at != '\0') {
		CtlCsvRow *row = ctl_csv_add(csv, reader.line);

		if (!read_row(&reader, row, error))
			return NULL;
		if (is_blank(row))
			g_ptr_array_remove_index(csv->rows, csv->rows->len - 1);
	}
	if (csv->rows->len > 0)
		return g_steal_pointer(&csv);
	(void) ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("%s: the file is empty."), file);
	return NULL;
}

/* One byte more than allowed is read, so that a pipe is limited too. */
static GByteArray *load(const char *file, GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	FILE *stream = fopen(file, "re");
	guint8 buffer[65536];
	gsize got;
	int failure;

	if (stream == NULL) {
		(void) ctl_problem_set(error,
				       errno == ENOENT ? CTL_PROBLEM_NOT_FOUND : CTL_PROBLEM_FAILED,
				       N_("%s cannot be read: %s"), file, strerrordesc_np(errno));
		return NULL;
	}
	while (bytes->len <= CTL_CSV_MAX && (got = fread(buffer, 1, sizeof buffer, stream)) > 0)
		g_byte_array_append(bytes, buffer, (guint) got);
	failure = ferror(stream) ? errno : 0;
	(void) fclose(stream);
	if (failure != 0)
		(void) ctl_problem_set(error, CTL_PROBLEM_FAILED, N_("%s cannot be read: %s"), file,
				       strerrordesc_np(failure));
	else if (bytes->len > CTL_CSV_MAX)
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE, N_("%s is larger than %u MiB."),
				       file, CTL_CSV_MAX / 1024 / 1024);
	else
		return g_steal_pointer(&bytes);
	return NULL;
}

CtlCsv *ctl_csv_read(const char *file, GError **error)
{
	g_autoptr(GByteArray) bytes = load(file, error);
	g_autofree char *text = NULL;

	if (bytes == NULL)
		return NULL;
	g_byte_array_append(bytes, (const guint8 *) "", 1);
	text = decode(file, (const char *) bytes->data, bytes->len - 1, error);
	return text == NULL ? NULL : parse(file, text, error);
}
