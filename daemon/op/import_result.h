/* SPDX-License-Identifier: Apache-2.0
 * What an import tells: counts, remarks, and every bad row with its rule and the way out. A file is
 * taken as a whole or not at all. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct ImportResult {
	gint64 added;
	gint64 changed;
	gint64 unchanged;
	gint64 ended;
	json_t *changes; /* [{"line","en","ja"}], line 0 = not about a row; at most 1,000; or NULL
			  */
	json_t *lines;   /* of a refused file: [{"line","field","en","ja"}], at most 100 */
} ImportResult;

void import_result_clear(ImportResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImportResult, import_result_clear)

/* {"added","changed","unchanged","ended","changes"}, and "dryRun" when it is one. */
json_t *import_result_json(const ImportResult *result, gboolean is_dry_run);

/* A bad row. @format is an N_() literal. */
void import_result_refuse(ImportResult *result, gint64 line, const char *field, const char *format,
			  ...) G_GNUC_PRINTF(4, 5);
/* The same with the text of @why. */
void import_result_refuse_for(ImportResult *result, gint64 line, const char *field,
			      const GError *why);
/* Something worth reading about a good row. */
void import_result_tell(ImportResult *result, gint64 line, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
/* TRUE while no row is bad; otherwise ERROR_USAGE. */
gboolean import_result_check(const ImportResult *result, const char *file,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE with ERROR_USAGE for an empty file, ERROR_LARGE for more than @max rows. */
gboolean import_result_check_size(const GPtrArray *rows, guint max, const char *file,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
