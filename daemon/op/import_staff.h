/* SPDX-License-Identifier: Apache-2.0
 * Import of the staff list. Who is not in the file stays as he is: a list that lacks somebody takes
 * no rights away, a user report (様式第2号) or the directory does. */
#pragma once

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"

/* Absent texts are NULL or "". All members are filled by the JSON reader. */
typedef struct ImportStaffRow {
	gint64 line;
	char *staff;
	char *name;
	char *kana;
	char *section; /* code */
	char *subsection;
	char *title;
	char *employment; /* "" = 常勤 */
	char *until;      /* ISO date */
} ImportStaffRow;

#define IMPORT_STAFF_MAX 20000

typedef struct ImportStaffRequest {
	char *file;
	GPtrArray *rows; /* ImportStaffRow */
} ImportStaffRequest;

/* One transaction, by a system-admin, or root while the house is set up. @ret_result must be empty;
 * on ERROR_USAGE its lines name the bad rows, on other errors it says nothing. */
gboolean import_staff(Op *op, const ImportStaffRequest *request, ImportResult *ret_result,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
