/* SPDX-License-Identifier: Apache-2.0
 * All bad lines of a file are told at once, before anything is sent; the daemon then takes all rows
 * or none. */
#include "daemon/ctl/ctl_import.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_book.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_column.h"
#include "daemon/ctl/ctl_csv.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"

typedef struct Import {
	const char *file;
	const CtlColumn *columns;
	const CtlCsv *csv;
	GPtrArray *order; /* const CtlColumn*, as the columns stand in the file */
	json_t *rows;
	json_t *bad; /* "lines" of the problem */
} Import;

static const CtlCsvRow *row_at(const Import *import, guint i)
{
	return g_ptr_array_index(import->csv->rows, i);
}

static gboolean has_column(const GPtrArray *order, const CtlColumn *column)
{
	for (guint i = 0; i < order->len; i++) {
		if (g_ptr_array_index(order, i) == column)
			return TRUE;
	}
	return FALSE;
}

static gboolean read_heading(Import *import, GError **error)
{
	const CtlCsvRow *heading = row_at(import, 0);
	g_autofree char *known = ctl_column_names(import->columns);

	for (guint i = 0; i < heading->fields->len; i++) {
		const char *name = g_ptr_array_index(heading->fields, i);
		const CtlColumn *column = ctl_column_find(import->columns, name);

		if (column == NULL)
			return ctl_problem_set(
				error, CTL_PROBLEM_USAGE,
				N_("%s:%u: unknown column \"%s\". Known columns: %s"), import->file,
				heading->line, name, known);
		if (has_column(import->order, column))
			return ctl_problem_set(error, CTL_PROBLEM_USAGE,
					       N_("%s:%u: column \"%s\" stands there twice."),
					       import->file, heading->line, name);
		g_ptr_array_add(import->order, (void *) column);
	}
	for (const CtlColumn *column = import->columns; column->field != NULL; column++) {
		if (column->is_required && !has_column(import->order, column))
			return ctl_problem_set(
				error, CTL_PROBLEM_USAGE,
				N_("%s:%u: column %s/%s is missing. Known columns: %s"),
				import->file, heading->line, column->field, column->ja, known);
	}
	return TRUE;
}

G_GNUC_PRINTF(4, 5)
static void add_bad(Import *import, guint line, const char *field, const char *format, ...)
{
	va_list args;
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;

	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(ctl_lang_ja(format), args);
	va_end(args);
	(void) json_array_append_new(import->bad, json_pack("{si ss ss ss}", "line", line, "field",
							    field, "en", en, "ja", ja));
}

/* Told already: it is not empty, it only has no value to take. */
static gboolean is_bad_cell(const Import *import, guint line, guint column)
{
	for (guint i = 0; i < import->csv->bad->len; i++) {
		const CtlCsvBad *bad = &g_array_index(import->csv->bad, CtlCsvBad, i);

		if (bad->line == line && bad->column == column)
			return TRUE;
	}
	return FALSE;
}

static void read_cell(Import *import, const CtlCsvRow *row, guint i, json_t *object)
{
	const CtlColumn *column = g_ptr_array_index(import->order, i);
	const char *text = i < row->fields->len ? g_ptr_array_index(row->fields, i) : "";
	json_t *value = NULL;

	if (*text == '\0' && column->is_required && !is_bad_cell(import, row->line, i))
		add_bad(import, row->line, column->field, N_("must not be empty"));
	if (*text == '\0')
		return;
	value = ctl_column_value(column, text);
	if (value != NULL)
		(void) json_object_set_new(object, column->field, value);
	else if (column->type == CTL_COLUMN_DATE)
		add_bad(import, row->line, column->field,
			N_("\"%s\" is not a date (2026-04-01, 2026/4/1, R8.4.1)"), text);
	else if (column->type == CTL_COLUMN_FLAG)
		add_bad(import, row->line, column->field, N_("\"%s\" is neither yes nor no"), text);
	else
		add_bad(import, row->line, column->field, N_("\"%s\" is not a number"), text);
}

static void read_rows(Import *import)
{
	for (guint n = 1; n < import->csv->rows->len; n++) {
		const CtlCsvRow *row = row_at(import, n);
		json_t *object = json_pack("{si}", "line", row->line);

		for (guint i = 0; i < import->order->len; i++)
			read_cell(import, row, i, object);
		for (guint i = import->order->len; i < row->fields->len; i++) {
			if (*(const char *) g_ptr_array_index(row->fields, i) != '\0')
				add_bad(import, row->line, "",
					N_("has %u fields, the heading has %u"), row->fields->len,
					import->order->len);
		}
		(void) json_array_append_new(import->rows, object);
	}
}

/* Only the cell's stored value could be taken, and that may be of yesterday. */
static void tell_bad_cells(Import *import)
{
	for (guint i = 0; i < import->csv->bad->len; i++) {
		const CtlCsvBad *bad = &g_array_index(import->csv->bad, CtlCsvBad, i);
		const CtlColumn *column = bad->column < import->order->len
						  ? g_ptr_array_index(import->order, bad->column)
						  : NULL;
		const char *field = column != NULL ? column->field : "";

		if (bad->is_formula)
			add_bad(import, bad->line, field,
				N_("is a formula, and formulas are never executed; copy the "
				   "column and paste it as values"));
		else
			add_bad(import, bad->line, field, N_("holds an error such as #REF!"));
	}
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
	const json_t *one = *(json_t *const *) a, *other = *(json_t *const *) b;

	return (gint) (json_integer_value(json_object_get(one, "line")) -
		       json_integer_value(json_object_get(other, "line")));
}

static json_t *sorted_lines(const json_t *lines)
{
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	json_t *sorted = json_array();
	json_t *line;
	size_t i;

	json_array_foreach(lines, i, line) g_ptr_array_add(order, line);
	g_ptr_array_sort(order, compare_lines);
	for (i = 0; i < order->len; i++)
		(void) json_array_append(sorted, g_ptr_array_index(order, i));
	return sorted;
}

static gboolean read_file(Import *import, GError **error)
{
	if (!read_heading(import, error))
		return FALSE;
	tell_bad_cells(import);
	read_rows(import);
	if (json_array_size(import->bad) == 0)
		return TRUE;
	(void) ctl_problem_set(error, CTL_PROBLEM_USAGE,
			       N_("%s has bad lines; nothing was imported."), import->file);
	(void) ctl_problem_add(error, "file", json_string(import->file));
	return ctl_problem_add(error, "lines", sorted_lines(import->bad));
}

/* The heading as it stands in Japanese files beside the English one of the API. */
static void add_headings(const Import *import, const GError *error)
{
	json_t *line;
	size_t i;

	json_array_foreach(json_object_get(ctl_problem_document(error), "lines"), i, line)
	{
		const char *field = json_string_value(json_object_get(line, "field"));
		const CtlColumn *column =
			field != NULL ? ctl_column_find(import->columns, field) : NULL;
		g_auto(GStrv) names = column != NULL ? g_strsplit(column->ja, "|", 2) : NULL;

		if (names != NULL)
			(void) json_object_set_new(line, "heading", json_string(names[0]));
	}
}

static long long count(const json_t *answer, const char *key)
{
	return (long long) json_integer_value(json_object_get(answer, key));
}

static void print_answer(const Ctl *ctl, const json_t *answer, const char *file)
{
	json_t *change;
	size_t i;

	json_array_foreach(json_object_get(answer, "changes"), i, change)
	{
		const char *text = ctl_lang_pick(change, "en", "ja");

		if (count(change, "line") > 0)
			printf("  %s:%lld: %s\n", file, count(change, "line"),
			       text != NULL ? text : "");
		else
			printf("  %s\n", text != NULL ? text : "");
	}
	if (ctl->dry_run)
		printf("%s ", _("Dry run:"));
	printf(_("added %lld, changed %lld, unchanged %lld, ended %lld\n"), count(answer, "added"),
	       count(answer, "changed"), count(answer, "unchanged"), count(answer, "ended"));
	if (ctl->dry_run)
		fprintf(stderr, _("next: %s\n"), _("the same command without --dry-run"));
}

static gboolean send(const Ctl *ctl, const Import *import, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autofree char *name = g_path_get_basename(import->file);
	g_autoptr(CtlReply) reply = NULL;

	if (body == NULL)
		return FALSE;
	(void) json_object_set_new(body, "file", json_string(name));
	(void) json_object_set(body, "rows", import->rows);
	reply = ctl_client_post(ctl->client, ctl->command->route, body, error);
	if (reply == NULL)
		return ctl_problem_add(error, "file", json_string(import->file));
	if (ctl->json)
		ctl_output_json(reply->json);
	else
		print_answer(ctl, reply->json, import->file);
	return TRUE;
}

json_t *ctl_import_rows(const char *file, const char *kind, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(CtlCsv) csv =
		ctl_book_is(file) ? ctl_book_read(file, error) : ctl_csv_read(file, error);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	g_autoptr(json_t) rows = json_array();
	g_autoptr(json_t) bad = json_array();
	Import import = { .file = file,
			  .columns = ctl_column_table(kind),
			  .csv = csv,
			  .order = order,
			  .rows = rows,
			  .bad = bad };

	if (csv == NULL)
		return NULL;
	if (read_file(&import, &failure))
		return g_steal_pointer(&rows);
	add_headings(&import, failure);
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

gboolean ctl_import_file(Ctl *ctl, GError **error)
{
	const char *file = g_ptr_array_index(ctl->operands, 0);
	g_autoptr(GError) failure = NULL;
	g_autoptr(CtlCsv) csv =
		ctl_book_is(file) ? ctl_book_read(file, error) : ctl_csv_read(file, error);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	g_autoptr(json_t) rows = json_array();
	g_autoptr(json_t) bad = json_array();
	Import import = { .file = file,
			  .columns = ctl_column_table(strrchr(ctl->command->route, '/') + 1),
			  .csv = csv,
			  .order = order,
			  .rows = rows,
			  .bad = bad };

	if (csv == NULL)
		return FALSE;
	if (read_file(&import, &failure) && send(ctl, &import, &failure))
		return TRUE;
	add_headings(&import, failure);
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}
