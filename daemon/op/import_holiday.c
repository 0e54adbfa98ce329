/* SPDX-License-Identifier: Apache-2.0
 * Closed days: one transaction, all rows or none. The Cabinet Office's list of public holidays can
 * be taken as it is published. */
#include "daemon/op/import_holiday.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/import_field.h"
#include "daemon/op/record.h"
#include "daemon/op/work_record.h"
#include "daemon/store/store_holiday.h"

#define NAME_MAX_CHARACTERS 100
#define MAY                 (ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_ROOT))

static gboolean check_row(ImportResult *result, const ImportHolidayRow *row, GHashTable *seen)
{
	ImportField name = { result, row->line, "name" };
	gboolean is_good = import_field_text(&name, row->name, NAME_MAX_CHARACTERS);

	if (row->date == NULL || !clock_is_date(row->date)) {
		import_result_refuse(result, row->line, "date",
				     N_("must be a day of the calendar, written like 2026-05-03"));
		return FALSE;
	}
	if (g_hash_table_add(seen, row->date))
		return is_good;
	import_result_refuse(result, row->line, "date",
			     N_("the day %s stands there twice; delete one of the two"), row->date);
	return FALSE;
}

/* The transaction of a dry run or of a bad file is rolled back, so every row may be written. */
static gboolean take_row(StoreTx *tx, const ImportHolidayRow *row, ImportResult *result,
			 GError **error)
{
	const char *name = import_field_or_null(row->name);
	g_autofree char *old = NULL;

	if (!store_holiday_find(tx, row->date, &old, error))
		return FALSE;
	if (g_strcmp0(old, name) == 0)
		result->unchanged++;
	else if (old == NULL)
		result->added++;
	else if (name == NULL)
		result->ended++;
	else
		result->changed++;
	return store_holiday_put(tx, row->date, name, error);
}

static gboolean write_record(StoreTx *tx, const Op *op, const ImportHolidayRequest *request,
			     const ImportResult *result, GError **error)
{
	Record record = { .kind = "import-holidays", .article = "T27" };
	WorkImport work = { WORK_COUNT_HOLIDAYS, request->file, result };

	record.extra =
		json_pack("{s:s, s:i, s:I, s:I, s:I}", "file", request->file, "rows",
			  (int) request->rows->len, "added", (json_int_t) result->added, "changed",
			  (json_int_t) result->changed, "ended", (json_int_t) result->ended);
	return record_event(tx, op, NULL, &record, error) &&
	       work_record_import(tx, op, &work, error);
}

gboolean import_holiday(Op *op, const ImportHolidayRequest *request, ImportResult *ret_result,
			GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(StoreTx) tx = NULL;

	if (!op_has_role(op, MAY))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not import closed days: it takes the role "
				    "system-admin, or uid 0 when the house is set up"),
				 op->actor->id);
	if (!import_result_check_size(request->rows, IMPORT_HOLIDAY_MAX, request->file, error))
		return FALSE;
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	for (guint i = 0; tx != NULL && i < request->rows->len; i++) {
		const ImportHolidayRow *row = request->rows->pdata[i];

		if (check_row(ret_result, row, seen) && !take_row(tx, row, ret_result, error))
			return FALSE;
	}
	return tx != NULL && import_result_check(ret_result, request->file, error) &&
	       write_record(tx, op, request, ret_result, error) &&
	       (op->is_dry_run || store_tx_commit(&tx, error));
}
