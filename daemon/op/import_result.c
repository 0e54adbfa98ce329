/* SPDX-License-Identifier: Apache-2.0
 * Texts of imports in both languages, and the limits that keep an answer readable. */
#include "daemon/op/import_result.h"

#include <libintl.h>

#include "daemon/base/error.h"

#define LINES_MAX   100
#define CHANGES_MAX 1000

void import_result_clear(ImportResult *result)
{
	g_clear_pointer(&result->changes, json_decref);
	g_clear_pointer(&result->lines, json_decref);
	*result = (ImportResult){ 0 };
}

json_t *import_result_json(const ImportResult *result, gboolean is_dry_run)
{
	json_t *object =
		json_pack("{s:I, s:I, s:I, s:I}", "added", (json_int_t) result->added, "changed",
			  (json_int_t) result->changed, "unchanged", (json_int_t) result->unchanged,
			  "ended", (json_int_t) result->ended);

	json_object_set_new(object, "changes",
			    result->changes != NULL ? json_incref(result->changes) : json_array());
	if (is_dry_run)
		json_object_set_new(object, "dryRun", json_true());
	return object;
}

static void add(json_t **list, json_t *entry)
{
	if (*list == NULL)
		*list = json_array();
	json_array_append_new(*list, entry);
}

void import_result_refuse(ImportResult *result, gint64 line, const char *field, const char *format,
			  ...)
{
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;
	va_list args;

	if (json_array_size(result->lines) >= LINES_MAX)
		return;
	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(gettext(format), args);
	va_end(args);
	add(&result->lines, json_pack("{s:I, s:s, s:s, s:s}", "line", (json_int_t) line, "field",
				      field, "en", en, "ja", ja));
}

void import_result_refuse_for(ImportResult *result, gint64 line, const char *field,
			      const GError *why)
{
	if (json_array_size(result->lines) < LINES_MAX)
		add(&result->lines,
		    json_pack("{s:I, s:s, s:s, s:s}", "line", (json_int_t) line, "field", field,
			      "en", why->message, "ja", error_ja(why)));
}

void import_result_tell(ImportResult *result, gint64 line, const char *format, ...)
{
	const char *more = N_("… and more that are not shown here");
	gsize count = json_array_size(result->changes);
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;
	va_list args;

	if (count > CHANGES_MAX)
		return;
	if (count == CHANGES_MAX) {
		add(&result->changes,
		    json_pack("{s:i, s:s, s:s}", "line", 0, "en", more, "ja", gettext(more)));
		return;
	}
	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(gettext(format), args);
	va_end(args);
	add(&result->changes,
	    json_pack("{s:I, s:s, s:s}", "line", (json_int_t) line, "en", en, "ja", ja));
}

gboolean import_result_check(const ImportResult *result, const char *file, GError **error)
{
	gsize count = json_array_size(result->lines);

	if (count == 0)
		return TRUE;
	if (count >= LINES_MAX)
		return error_set(error, ERROR_USAGE,
				 N_("%s has %d or more mistakes; nothing was taken over. Correct "
				    "the lines named and import the file again"),
				 file, LINES_MAX);
	return error_set(error, ERROR_USAGE,
			 N_("%s has %d mistakes; nothing was taken over. Correct the lines named "
			    "and import the file again"),
			 file, (int) count);
}

gboolean import_result_check_size(const GPtrArray *rows, guint max, const char *file,
				  GError **error)
{
	if (rows == NULL || rows->len == 0)
		return error_set(error, ERROR_USAGE,
				 N_("%s has no rows; nothing was changed. A heading line and at "
				    "least one row are needed"),
				 file);
	if (rows->len > max)
		return error_set(error, ERROR_LARGE,
				 N_("%s has %u rows, and at most %u are taken at once; split the "
				    "file and import the parts"),
				 file, rows->len, max);
	return TRUE;
}
