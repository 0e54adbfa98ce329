/* SPDX-License-Identifier: Apache-2.0
 * Sections: all rows are looked at first, then written in one transaction. */
#include "daemon/op/import_section.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/import_field.h"
#include "daemon/op/record.h"
#include "daemon/op/work_record.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_post.h"

#define TEXT_MAX   100
#define DUTIES_MAX 200
#define ORDER_MAX  999999
#define MAY        (ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_ROOT))

typedef struct Import {
	StoreTx *tx;
	const Op *op;
	ImportResult *result;
	GHashTable *seen;  /* code → row */
	GPtrArray *writes; /* const ImportSectionRow */
} Import;

static gboolean is_code(const char *text)
{
	gsize length = text != NULL ? strlen(text) : 0;

	if (length < 1 || length > 20)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isalnum(text[i]) && text[i] != '-')
			return FALSE;
	return TRUE;
}

static gboolean check_code(const Import *import, const ImportSectionRow *row)
{
	const ImportSectionRow *twin;

	if (!is_code(row->section)) {
		import_result_refuse(import->result, row->line, "section",
				     N_("\"%s\" is no section code: 1 to 20 letters, digits and "
					"hyphens"),
				     row->section != NULL && g_utf8_validate(row->section, -1, NULL)
					     ? row->section
					     : "");
		return FALSE;
	}
	twin = g_hash_table_lookup(import->seen, row->section);
	if (twin != NULL) {
		import_result_refuse(import->result, row->line, "section",
				     N_("the section %s stands in line %d already; delete one of "
					"the two"),
				     row->section, (int) twin->line);
		return FALSE;
	}
	g_hash_table_insert(import->seen, row->section, (gpointer) row);
	return TRUE;
}

static gboolean check_row(const Import *import, const ImportSectionRow *row)
{
	ImportField name = { import->result, row->line, "name" };
	ImportField post = { import->result, row->line, "managerPost" };
	ImportField duties = { import->result, row->line, "duties" };
	ImportField body = { import->result, row->line, "body" };
	ImportField department = { import->result, row->line, "departmentPost" };
	gboolean is_good = check_code(import, row);

	is_good = import_field_needed(&name, row->name, TEXT_MAX) && is_good;
	is_good = import_field_text(&post, row->manager_post, TEXT_MAX) && is_good;
	is_good = import_field_text(&duties, row->duties, DUTIES_MAX) && is_good;
	is_good = import_field_text(&body, row->body, TEXT_MAX) && is_good;
	is_good = import_field_text(&department, row->department, TEXT_MAX) && is_good;
	if (row->order < 0 || row->order > ORDER_MAX) {
		import_result_refuse(import->result, row->line, "order",
				     N_("the order must be a number from 0 to %d"), ORDER_MAX);
		is_good = FALSE;
	}
	return is_good;
}

/* Columns a file does not have leave what is known. */
static gboolean is_same_body(const SectionBody *old, const ImportSectionRow *row)
{
	return (row->body == NULL || g_strcmp0(old->body, row->body) == 0) &&
	       (row->department == NULL || g_strcmp0(old->department, row->department) == 0);
}

static gboolean is_same(const Section *old, const SectionBody *body, const ImportSectionRow *row)
{
	return is_same_body(body, row) && strcmp(old->name, row->name) == 0 &&
	       old->display_order == row->order &&
	       g_strcmp0(old->manager_post, import_field_or_null(row->manager_post)) == 0 &&
	       (old->has_terminal != 0) == (row->has_terminal != 0) &&
	       g_strcmp0(old->duties, import_field_or_null(row->duties)) == 0;
}

static void tell_difference(const Import *import, const Section *old, const ImportSectionRow *row)
{
	if (strcmp(old->name, row->name) != 0)
		import_result_tell(
			import->result, row->line,
			N_("section %s: the name \"%s\" becomes \"%s\"; designations keep "
			   "the old one until their next user report (form 2)"),
			row->section, old->name, row->name);
	else
		import_result_tell(import->result, row->line, N_("section %s (%s) is changed"),
				   row->section, row->name);
}

static gboolean plan_row(Import *import, const ImportSectionRow *row, GError **error)
{
	g_autoptr(Section) old = NULL;
	g_autoptr(SectionBody) body = NULL;

	if (!check_row(import, row))
		return TRUE;
	if (!store_person_find_section(import->tx, row->section, &old, error))
		return FALSE;
	body = store_post_body(import->tx, row->section, error);
	if (body == NULL)
		return FALSE;
	if (old != NULL && is_same(old, body, row)) {
		import->result->unchanged++;
		return TRUE;
	}
	if (old == NULL) {
		import->result->added++;
	} else {
		import->result->changed++;
		tell_difference(import, old, row);
	}
	g_ptr_array_add(import->writes, (gpointer) row);
	return TRUE;
}

static gboolean write_row(StoreTx *tx, const ImportSectionRow *row, GError **error)
{
	Section section = {
		.code = row->section,
		.name = row->name,
		.display_order = row->order,
		.manager_post = (char *) import_field_or_null(row->manager_post),
		.has_terminal = row->has_terminal,
		.duties = (char *) import_field_or_null(row->duties),
	};

	g_autoptr(SectionBody) old = store_post_body(tx, row->section, error);
	SectionBody body;

	if (old == NULL)
		return FALSE;
	body.body = row->body != NULL ? row->body : old->body;
	body.department = row->department != NULL ? row->department : old->department;
	return store_person_put_section(tx, &section, error) &&
	       ((body.body == NULL && body.department == NULL) ||
		store_post_put_body(tx, row->section, &body, error));
}

static gboolean write_all(const Import *import, const ImportSectionRequest *request, GError **error)
{
	const ImportResult *result = import->result;
	Record record = { .kind = "import-sections", .article = "T06" };
	WorkImport work = { WORK_COUNT_SECTIONS, request->file, result };

	for (guint i = 0; i < import->writes->len; i++)
		if (!write_row(import->tx, import->writes->pdata[i], error))
			return FALSE;
	record.extra = json_pack("{s:s, s:i, s:I, s:I}", "file", request->file, "rows",
				 (int) request->rows->len, "added", (json_int_t) result->added,
				 "changed", (json_int_t) result->changed);
	return record_event(import->tx, import->op, NULL, &record, error) &&
	       work_record_import(import->tx, import->op, &work, error);
}

gboolean import_section(Op *op, const ImportSectionRequest *request, ImportResult *ret_result,
			GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) writes = g_ptr_array_new();
	g_autoptr(StoreTx) tx = NULL;
	Import import = { .op = op, .result = ret_result, .seen = seen, .writes = writes };

	if (!op_has_role(op, MAY))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not import sections: it takes the role system-admin "
				    "(T06), or uid 0 when the house is set up"),
				 op->actor->id);
	if (!import_result_check_size(request->rows, IMPORT_SECTION_MAX, request->file, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	import.tx = tx;
	for (guint i = 0; tx != NULL && i < request->rows->len; i++)
		if (!plan_row(&import, request->rows->pdata[i], error))
			return FALSE;
	if (tx == NULL || !import_result_check(ret_result, request->file, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	return write_all(&import, request, error) && store_tx_commit(&tx, error);
}
