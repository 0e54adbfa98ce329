/* SPDX-License-Identifier: Apache-2.0
 * The only file that knows libsmartcols, which counts a kanji as two columns. Off the terminal
 * nothing is cut to a width. */
#include "daemon/ctl/ctl_output.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/ctl_date.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_word.h"

typedef struct libscols_table Table;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, scols_unref_table)

/* clang-format off */
static const CtlWords words_of[_CTL_FORMAT_MAX] = {
	[CTL_FORMAT_CARD]        = CTL_WORDS_CARD,
	[CTL_FORMAT_CERTIFICATE] = CTL_WORDS_CERTIFICATE,
	[CTL_FORMAT_PIN]         = CTL_WORDS_PIN,
	[CTL_FORMAT_READER]      = CTL_WORDS_READER,
	[CTL_FORMAT_REASON]      = CTL_WORDS_REASON,
	[CTL_FORMAT_KIND]        = CTL_WORDS_KIND,
};
/* clang-format on */

void ctl_output_json(const json_t *document)
{
	(void) json_dumpf(document, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
}

static const json_t *find(const json_t *object, const char *key)
{
	const char *bar = strchr(key, '|');
	const char *dot = strchr(key, '.');
	g_autofree char *first = NULL;

	if (bar != NULL && dot == NULL) {
		const char *ja = bar + 1;
		const json_t *value = json_object_get(object, ja);

		first = g_strndup(key, (gsize) (bar - key));
		return ctl_lang_is_ja() && value != NULL ? value : json_object_get(object, first);
	}
	if (dot == NULL)
		return json_object_get(object, key);
	first = g_strndup(key, (gsize) (dot - key));
	return find(json_object_get(object, first), dot + 1);
}

static char *show_scalar(const json_t *value, CtlFormat format, gboolean is_short)
{
	const char *text =
		json_string_value(json_is_object(value) ? json_object_get(value, "name") : value);

	if (json_is_boolean(value))
		return g_strdup(json_is_true(value) ? _("yes") : _("no"));
	if (json_is_integer(value))
		return g_strdup_printf("%lld", (long long) json_integer_value(value));
	if (json_is_real(value))
		return g_strdup_printf("%g", json_real_value(value));
	if (text == NULL)
		return g_strdup("");
	if (format == CTL_FORMAT_DATE)
		return ctl_date_show(text, is_short);
	return g_strdup(format >= CTL_FORMAT_CARD ? ctl_word_show(words_of[format], text) : text);
}

static char *show_array(const json_t *array, CtlFormat format)
{
	g_autoptr(GString) list = g_string_new(NULL);
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *) array, i, item)
	{
		const json_t *card = json_object_get(item, "card");
		const json_t *value = card != NULL ? card : item;
		g_autofree char *text = show_scalar(value, format, TRUE);

		g_string_append_printf(list, "%s%s", i == 0 ? "" : _(", "), text);
	}
	return g_strdup(list->str);
}

char *ctl_output_value(const json_t *object, const CtlField *field, gboolean is_short)
{
	const json_t *value = find(object, field->key);
	char *text = json_is_array(value) ? show_array(value, field->format)
					  : show_scalar(value, field->format, is_short);

	/* A name from outside must not move the cursor or start a new row. */
	for (char *at = text; *at != '\0'; at++) {
		if ((guchar) *at < 0x20 || *at == 0x7F)
			*at = ' ';
	}
	return text;
}

static Table *table_new(gboolean has_headings)
{
	Table *table = scols_new_table();

	g_assert(table != NULL);
	(void) scols_table_enable_noheadings(table, !has_headings);
	(void) scols_table_set_column_separator(table, "  ");
	(void) scols_table_set_termforce(table, isatty(STDOUT_FILENO) ? SCOLS_TERMFORCE_AUTO
								      : SCOLS_TERMFORCE_NEVER);
	return table;
}

static gboolean is_empty(const json_t *items, const CtlField *field)
{
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *) items, i, item)
	{
		g_autofree char *value = ctl_output_value(item, field, TRUE);

		if (*value != '\0')
			return FALSE;
	}
	return TRUE;
}

static void fill_column(Table *table, const json_t *items, const CtlField *field, gsize column)
{
	const json_t *item;
	size_t i;

	(void) scols_table_new_column(table, _(field->heading), 0,
				      field->format == CTL_FORMAT_NUMBER ? SCOLS_FL_RIGHT : 0);
	json_array_foreach((json_t *) items, i, item)
	{
		g_autofree char *value = ctl_output_value(item, field, TRUE);

		(void) scols_line_set_data(scols_table_get_line(table, i), column, value);
	}
}

static void print_items(const json_t *items, const CtlField *fields, gboolean has_headings)
{
	g_autoptr(Table) table = table_new(has_headings);
	gsize column = 0;

	if (json_array_size(items) == 0)
		return;
	for (const CtlField *field = fields; field->key != NULL; field++) {
		if (is_empty(items, field))
			continue;
		if (column == 0) {
			for (size_t i = 0; i < json_array_size(items); i++)
				(void) scols_table_new_line(table, NULL);
		}
		fill_column(table, items, field, column++);
	}
	(void) scols_print_table(table);
}

void ctl_output_table(const json_t *items, const CtlField *fields)
{
	print_items(items, fields, TRUE);
}

void ctl_output_lines(const json_t *items, const CtlField *fields)
{
	print_items(items, fields, FALSE);
}

void ctl_output_record(const json_t *object, const CtlField *fields)
{
	g_autoptr(Table) table = table_new(FALSE);

	(void) scols_table_new_column(table, "label", 0, 0);
	(void) scols_table_new_column(table, "value", 0, 0);
	for (const CtlField *field = fields; field->key != NULL; field++) {
		g_autofree char *value = ctl_output_value(object, field, FALSE);
		g_autofree char *label =
			g_strconcat(_(field->heading), ctl_lang_is_ja() ? "：" : ":", NULL);
		struct libscols_line *line = NULL;

		if (*value == '\0')
			continue;
		line = scols_table_new_line(table, NULL);
		(void) scols_line_set_data(line, 0, label);
		(void) scols_line_set_data(line, 1, value);
	}
	(void) scols_print_table(table);
}

gboolean ctl_output_file(const char *file, const void *bytes, gsize length, GError **error)
{
	if (file == NULL || strcmp(file, "-") == 0) {
		if (fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0)
			return TRUE;
		return ctl_problem_set(error, CTL_PROBLEM_FAILED,
				       N_("stdout cannot be written: %s"), strerrordesc_np(errno));
	}
	/* GLib's own text would be Japanese in an English message. */
	if (g_file_set_contents(file, bytes, (gssize) length, NULL))
		return TRUE;
	return ctl_problem_set(error, CTL_PROBLEM_FAILED, N_("%s cannot be written: %s"), file,
			       strerrordesc_np(errno));
}
