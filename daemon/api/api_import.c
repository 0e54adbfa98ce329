/* SPDX-License-Identifier: Apache-2.0
 * Imports: the rows come parsed from opcardctl, each with its line; bad rows go back with theirs.
 */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/designate.h"
#include "daemon/op/import_card.h"
#include "daemon/op/import_holiday.h"
#include "daemon/op/import_section.h"
#include "daemon/op/import_staff.h"
#include "daemon/op/tenure.h"

#define TEXT(Type, name, member, limit)                                                            \
	{                                                                                          \
		(name), JSON_KIND_TEXT, FALSE, offsetof(Type, member), 0, (limit), NULL, NULL      \
	}
#define NUMBER(Type, name, member)                                                                 \
	{                                                                                          \
		(name), JSON_KIND_INT, TRUE, offsetof(Type, member), 0, G_MAXINT32, NULL, NULL     \
	}
#define ROWS(Type, row_table, limit)                                                               \
	{                                                                                          \
		"rows", JSON_KIND_OBJECTS, TRUE, offsetof(Type, rows), 0, (limit), NULL,           \
			&(row_table)                                                               \
	}

static const JsonField staff_row[] = {
	NUMBER(ImportStaffRow, "line", line),
	TEXT(ImportStaffRow, "staff", staff, 1000),
	TEXT(ImportStaffRow, "name", name, 1000),
	TEXT(ImportStaffRow, "kana", kana, 1000),
	TEXT(ImportStaffRow, "section", section, 1000),
	TEXT(ImportStaffRow, "subsection", subsection, 1000),
	TEXT(ImportStaffRow, "title", title, 1000),
	TEXT(ImportStaffRow, "employment", employment, 1000),
	TEXT(ImportStaffRow, "until", until, 1000),
};
static const JsonTable staff_row_table = JSON_TABLE(staff_row, ImportStaffRow);
static const JsonField staff_fields[] = {
	TEXT(ImportStaffRequest, "file", file, 300),
	ROWS(ImportStaffRequest, staff_row_table, IMPORT_STAFF_MAX + 1),
};
static const JsonTable staff_table = JSON_TABLE(staff_fields, ImportStaffRequest);

static const JsonField section_row[] = {
	NUMBER(ImportSectionRow, "line", line),
	TEXT(ImportSectionRow, "section", section, 1000),
	TEXT(ImportSectionRow, "name", name, 1000),
	NUMBER(ImportSectionRow, "order", order),
	TEXT(ImportSectionRow, "managerPost", manager_post, 1000),
	{ "hasTerminal", JSON_KIND_BOOL, FALSE, offsetof(ImportSectionRow, has_terminal), 0, 0,
	  NULL, NULL },
	TEXT(ImportSectionRow, "duties", duties, 1000),
	TEXT(ImportSectionRow, "body", body, 1000),
	TEXT(ImportSectionRow, "departmentPost", department, 1000),
};
static const JsonTable section_row_table = JSON_TABLE(section_row, ImportSectionRow);
static const JsonField section_fields[] = {
	TEXT(ImportSectionRequest, "file", file, 300),
	ROWS(ImportSectionRequest, section_row_table, IMPORT_SECTION_MAX + 1),
};
static const JsonTable section_table = JSON_TABLE(section_fields, ImportSectionRequest);

static const JsonField card_row[] = {
	NUMBER(ImportCardRow, "line", line),
	TEXT(ImportCardRow, "card", card, 1000),
	TEXT(ImportCardRow, "kind", kind, 1000),
	TEXT(ImportCardRow, "chipSerial", chip_serial, 1000),
	TEXT(ImportCardRow, "place", place, 1000),
};
static const JsonTable card_row_table = JSON_TABLE(card_row, ImportCardRow);
static const JsonField card_fields[] = {
	TEXT(ImportCardRequest, "file", file, 300),
	ROWS(ImportCardRequest, card_row_table, IMPORT_CARD_MAX + 1),
};
static const JsonTable card_table = JSON_TABLE(card_fields, ImportCardRequest);

static const JsonField designate_row[] = {
	NUMBER(DesignateRow, "line", line),
	TEXT(DesignateRow, "staff", staff, 1000),
	TEXT(DesignateRow, "name", name, 1000),
	TEXT(DesignateRow, "authority", authority, 1000),
	TEXT(DesignateRow, "duties", duties, 1000),
	TEXT(DesignateRow, "designation", designation, 1000),
	TEXT(DesignateRow, "note", note, 1000),
};
const JsonTable handlers_designation_row = JSON_TABLE(designate_row, DesignateRow);
static const JsonField designate_fields[] = {
	TEXT(DesignateRequest, "file", file, 300),
	TEXT(DesignateRequest, "section", section, 20),
	{ "from", JSON_KIND_DATE, TRUE, offsetof(DesignateRequest, from), 0, 0, NULL, NULL },
	TEXT(DesignateRequest, "paper", paper, 100),
	ROWS(DesignateRequest, handlers_designation_row, DESIGNATE_MAX + 1),
};
static const JsonTable designate_table = JSON_TABLE(designate_fields, DesignateRequest);

static const JsonField tenure_row[] = {
	NUMBER(TenureRow, "line", line),
	TEXT(TenureRow, "post", post, 1000),
	TEXT(TenureRow, "staff", staff, 1000),
	TEXT(TenureRow, "from", since, 1000),
	TEXT(TenureRow, "until", until, 1000),
	TEXT(TenureRow, "order", order, 1000),
	TEXT(TenureRow, "section", section, 1000),
	{ "shared", JSON_KIND_BOOL, FALSE, offsetof(TenureRow, is_shared), 0, 0, NULL, NULL },
};
static const JsonTable tenure_row_table = JSON_TABLE(tenure_row, TenureRow);
static const JsonField tenure_fields[] = {
	TEXT(TenureImport, "file", file, 300),
	ROWS(TenureImport, tenure_row_table, TENURE_MAX + 1),
};
static const JsonTable tenure_table = JSON_TABLE(tenure_fields, TenureImport);

static const JsonField holiday_row[] = {
	NUMBER(ImportHolidayRow, "line", line),
	TEXT(ImportHolidayRow, "date", date, 1000),
	TEXT(ImportHolidayRow, "name", name, 1000),
};
static const JsonTable holiday_row_table = JSON_TABLE(holiday_row, ImportHolidayRow);
static const JsonField holiday_fields[] = {
	TEXT(ImportHolidayRequest, "file", file, 300),
	ROWS(ImportHolidayRequest, holiday_row_table, IMPORT_HOLIDAY_MAX + 1),
};
static const JsonTable holiday_table = JSON_TABLE(holiday_fields, ImportHolidayRequest);

typedef gboolean (*ImportRun)(Op *op, gpointer request, ImportResult *result, GError **error);

static gboolean run_staff(Op *op, gpointer request, ImportResult *result, GError **error)
{
	return import_staff(op, request, result, error);
}

static gboolean run_section(Op *op, gpointer request, ImportResult *result, GError **error)
{
	return import_section(op, request, result, error);
}

static gboolean run_card(Op *op, gpointer request, ImportResult *result, GError **error)
{
	return import_card(op, request, result, error);
}

static gboolean run_holiday(Op *op, gpointer request, ImportResult *result, GError **error)
{
	return import_holiday(op, request, result, error);
}

static gboolean run_tenure(Op *op, gpointer request, ImportResult *result, GError **error)
{
	return tenure_import(op, request, result, error);
}

static gboolean run_designate(Op *op, gpointer request, ImportResult *result, GError **error)
{
	return designate(op, request, result, error);
}

static const struct {
	const char *name;
	const JsonTable *table;
	ImportRun run;
} imports[] = {
	{ "staff", &staff_table, run_staff },   { "sections", &section_table, run_section },
	{ "cards", &card_table, run_card },     { "holidays", &holiday_table, run_holiday },
	{ "posts", &tenure_table, run_tenure }, { "designations", &designate_table, run_designate },
};

static HttpReply *import(Call *call, const JsonTable *table, ImportRun run, GError **error)
{
	g_autofree gpointer request = g_malloc0(table->size);
	g_auto(ImportResult) result = { 0 };
	gboolean is_done;

	if (!json_read(call->body, table, request, error))
		return NULL;
	is_done = run(&call->op, request, &result, error);
	json_clear(table, request);
	if (is_done)
		return reply_json(200, import_result_json(&result, call->op.is_dry_run));
	if (result.lines != NULL)
		call->extra = json_pack("{s:O}", "lines", result.lines);
	return NULL;
}

HttpReply *handlers_import(Call *call, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(imports); i++)
		if (g_str_equal(imports[i].name, call->args[0]))
			return import(call, imports[i].table, imports[i].run, error);
	error_set(error, ERROR_NOT_FOUND,
		  N_("\"%s\" cannot be imported; staff, sections, designations, cards and holidays "
		     "can"),
		  call->args[0]);
	return NULL;
}
