/* SPDX-License-Identifier: Apache-2.0
 * 閉庁日: public holidays and the office's own closed days, which warnings before a deadline are
 * moved over. Days the file does not name stay as they are. */
#pragma once

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"

#define IMPORT_HOLIDAY_MAX 5000

typedef struct ImportHolidayRow {
	gint64 line;
	char *date;
	char *name; /* NULL or "": an ordinary day again */
} ImportHolidayRow;

typedef struct ImportHolidayRequest {
	char *file;
	GPtrArray *rows; /* ImportHolidayRow */
} ImportHolidayRequest;

gboolean import_holiday(Op *op, const ImportHolidayRequest *request, ImportResult *ret_result,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
