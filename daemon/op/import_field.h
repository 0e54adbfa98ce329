/* SPDX-License-Identifier: Apache-2.0
 * Rules of single fields that all imports share. Texts are kept byte for byte: names are never
 * normalised, because that would exchange one person's character for another. */
#pragma once

#include "daemon/op/import_result.h"

/* What is being looked at, for the message. */
typedef struct ImportField {
	ImportResult *result;
	gint64 line;
	const char *name; /* of the field, as in JSON */
} ImportField;

/* Printable UTF-8 of at most @max characters; NULL and "" pass. FALSE after refusing the row. */
gboolean import_field_text(const ImportField *field, const char *text, glong max);
/* The same, but not empty. */
gboolean import_field_needed(const ImportField *field, const char *text, glong max);
/* NULL, "" or an ISO date of the calendar. */
gboolean import_field_date(const ImportField *field, const char *text);
/* A staff number. */
gboolean import_field_staff(const ImportField *field, const char *text);
/* NULL for NULL and "". */
const char *import_field_or_null(const char *text);
