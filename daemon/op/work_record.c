/* SPDX-License-Identifier: Apache-2.0
 * Work records. */
#include "daemon/op/work_record.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/doctor.h"
#include "daemon/op/dump.h"
#include "daemon/op/record.h"

#define NAMED_MAX 5

typedef enum WorkSecond {
	SECOND_NEVER,
	SECOND_BY_POLICY,
	SECOND_ALWAYS,
	_WORK_SECOND_MAX,
} WorkSecond;

typedef struct KindRow {
	const char *name;
	const char *ja;
	const char *article;
	WorkSecond second;
} KindRow;

/* N58 binds changes of configuration and program; for batches two persons are our own policy. */
static const KindRow kinds[] = {
	{ "import", "一括取込", "N56", SECOND_BY_POLICY },
	{ "year-change", "年度切替", "N56", SECOND_BY_POLICY },
	{ "configuration", "設定変更", "N57", SECOND_ALWAYS },
	{ "version", "版の更新", "N57", SECOND_ALWAYS },
	{ "installation", "導入", "N57", SECOND_NEVER },
};

static const char *const counted[_WORK_COUNT_MAX] = {
	[WORK_COUNT_STAFF] = "職員",        [WORK_COUNT_SECTIONS] = "所属",
	[WORK_COUNT_CARDS] = "カード",      [WORK_COUNT_HOLIDAYS] = "閉庁日",
	[WORK_COUNT_DESIGNATIONS] = "指定",
};

static const KindRow *kind_row(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const char *work_record_ja(const char *kind)
{
	const KindRow *row = kind_row(kind);

	return row != NULL ? row->ja : kind;
}

const char *work_record_state(const WorkRow *row)
{
	if (row->confirmed_at != 0)
		return "confirmed";
	if (!row->needs_second)
		return "recorded";
	return row->done_at != 0 ? "done" : "waiting";
}

static gboolean needs_second(const Op *op, const KindRow *kind)
{
	g_autofree char *today = clock_date(op->now);

	return kind->second == SECOND_ALWAYS ||
	       (kind->second == SECOND_BY_POLICY &&
		config_policy(op->house->config, POLICY_BATCH_SECOND, today) != 0);
}

static gboolean put(StoreTx *tx, const Op *op, const WorkRow *row, const char *kind, GError **error)
{
	Record record = { .kind = kind,
			  .article = kind_row(row->kind)->article,
			  .note = row->note };
	json_t *before = json_loads(row->before, 0, NULL);
	json_t *after = json_loads(row->after, 0, NULL);
	json_t *tests = row->tests != NULL ? json_loads(row->tests, 0, NULL) : NULL;

	record.extra = json_pack("{s:s, s:s, s:s, s:o*, s:o*, s:o*, s:s*}", "work", row->id,
				 "workKind", row->kind, "content", row->content, "before", before,
				 "after", after, "tests", tests, "result", row->result);
	if (store_work_put(tx, row, error))
		return record_event(tx, op, NULL, &record, error);
	json_decref(record.extra);
	return FALSE;
}

static char *take_text(json_t *object)
{
	json_t *owned = object != NULL ? object : json_object();
	char *text = dump_json(owned);

	json_decref(owned);
	return text;
}

static gboolean insert(StoreTx *tx, const Op *op, WorkRow *row, char **ret_id, GError **error)
{
	int year = clock_year(op->now);
	g_autofree char *counter = g_strdup_printf("work-%d", year);
	g_autofree char *id = NULL;
	gint64 number;

	if (!store_next(tx, counter, &number, error))
		return FALSE;
	id = g_strdup_printf("W-%d-%04" G_GINT64_FORMAT, year, number);
	row->id = id;
	if (!put(tx, op, row, "work-open", error))
		return FALSE;
	if (ret_id != NULL)
		*ret_id = g_steal_pointer(&id);
	return TRUE;
}

gboolean work_record_open(StoreTx *tx, const Op *op, const WorkFacts *facts, char **ret_id,
			  GError **error)
{
	const KindRow *kind = kind_row(facts->kind);
	g_autofree char *before = take_text(facts->before);
	g_autofree char *after = take_text(facts->after);
	WorkRow row = { .kind = (char *) facts->kind,
			.content = (char *) facts->content,
			.before = before,
			.after = after,
			.needs_second = needs_second(op, kind),
			.opened_at = op->now,
			.opened_by = op->actor->id };

	if (op->actor->person != 0) {
		row.done_at = op->now;
		row.done_by = op->actor->id;
	}
	return insert(tx, op, &row, ret_id, error);
}

gboolean work_record_import(StoreTx *tx, const Op *op, const WorkImport *import, GError **error)
{
	const ImportResult *result = import->result;
	g_autofree char *today = clock_date(op->now);
	g_autofree char *content =
		g_strdup_printf("%sの取込（%s）", counted[import->what], import->file);
	WorkFacts facts = { .kind = "import", .content = content };
	gint64 count = 0;

	if (!store_work_count(tx, import->what, today, &count, error))
		return FALSE;
	facts.before = json_pack("{s:I}", counted[import->what],
				 (json_int_t) (count - result->added + result->ended));
	facts.after = json_pack("{s:I, s:I, s:I, s:I}", counted[import->what], (json_int_t) count,
				"追加", (json_int_t) result->added, "変更",
				(json_int_t) result->changed, "終了", (json_int_t) result->ended);
	return work_record_open(tx, op, &facts, NULL, error);
}

static gboolean check_second(StoreTx *tx, const Op *op, const WorkRow *row, GError **error)
{
	gboolean is_excepted;

	if (op->actor->person == 0 ||
	    !op_has_role(op, ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF) |
				     ROLE_SET(ROLE_CUSTODIAN)))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not confirm work record %s: two persons of the office "
				    "do (N58)"),
				 op->actor->id, row->id);
	if (!row->needs_second || row->confirmed_at != 0)
		return error_set(error, ERROR_STATE, N_("work record %s waits for nobody"),
				 row->id);
	if (g_strcmp0(row->done_by, op->actor->id) != 0)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(error, ERROR_RULE,
			 N_("%s did the work of record %s; somebody else must look at it and "
			    "confirm (N58)"),
			 op->actor->id, row->id);
}

typedef struct Tests {
	json_t *list; /* [{"level","text"}] */
	guint passed;
	guint failed;
	GString *named;
} Tests;

static void take_test(Tests *tests, const json_t *finding)
{
	const char *level = json_string_value(json_object_get(finding, "level"));
	const char *text = json_string_value(json_object_get(finding, "ja"));

	json_array_append_new(tests->list, json_pack("{s:s, s:s}", "level", level, "text", text));
	if (!g_str_equal(level, "error")) {
		tests->passed++;
		return;
	}
	if (tests->failed++ < NAMED_MAX)
		g_string_append_printf(tests->named, "%s%s", tests->named->len > 0 ? "; " : "",
				       json_string_value(json_object_get(finding, "en")));
}

/* The predefined tests of N58 are those of doctor: data, registers, keys, files, lists. */
static gboolean run_tests(StoreTx *tx, const Op *op, Tests *tests, GError **error)
{
	json_t *found = doctor_examine(tx, op, error);
	json_t *finding;
	size_t i;

	if (found == NULL)
		return FALSE;
	json_array_foreach(json_object_get(found, "findings"), i, finding)
		take_test(tests, finding);
	json_decref(found);
	return TRUE;
}

static gboolean judge(const Tests *tests, const WorkConfirm *confirm, const char *id,
		      GError **error)
{
	return tests->failed == 0 || confirm->despite != NULL ||
	       error_set(error, ERROR_RULE,
			 N_("%u tests fail: %s; put that right (`opcardctl doctor`), or confirm %s "
			    "with --despite REASON (N58)"),
			 tests->failed, tests->named->str, id);
}

static void set(char **member, const char *text)
{
	g_free(*member);
	*member = g_strdup(text);
}

static void apply(const Op *op, WorkRow *row, const Tests *tests, const WorkConfirm *confirm)
{
	g_autofree char *list = dump_json(tests->list);
	g_autofree char *result = tests->failed == 0
					  ? g_strdup_printf("試験 %u 件　異常なし", tests->passed)
					  : g_strdup_printf("試験 %u 件　異常 %u 件（%s）",
							    tests->passed + tests->failed,
							    tests->failed, confirm->despite);

	set(&row->tests, list);
	set(&row->result, result);
	if (confirm->note != NULL)
		set(&row->note, confirm->note);
	if (row->done_at == 0) {
		row->done_at = op->now;
		set(&row->done_by, op->actor->id);
	} else {
		row->confirmed_at = op->now;
		set(&row->confirmed_by, op->actor->id);
	}
}

static gboolean write_confirmed(Op *op, const char *id, const Tests *tests,
				const WorkConfirm *confirm, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(WorkRow) row = tx != NULL ? store_work_get(tx, id, error) : NULL;

	if (row == NULL || !check_second(tx, op, row, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	apply(op, row, tests, confirm);
	if (!put(tx, op, row, "work-confirm", error) || !store_tx_commit(&tx, error))
		return FALSE;
	return TRUE;
}

/* The tests take a while: they run on a snapshot, and the row is looked at again afterwards. */
static gboolean test(const Op *op, const char *id, Tests *tests, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(WorkRow) row = tx != NULL ? store_work_get(tx, id, error) : NULL;

	return row != NULL && check_second(tx, op, row, error) && run_tests(tx, op, tests, error);
}

gboolean work_record_confirm(Op *op, const char *id, const WorkConfirm *confirm, GError **error)
{
	Tests tests = { .list = json_array(), .named = g_string_new(NULL) };
	gboolean is_done = test(op, id, &tests, error) && judge(&tests, confirm, id, error) &&
			   write_confirmed(op, id, &tests, confirm, error);

	json_decref(tests.list);
	g_string_free(tests.named, TRUE);
	return is_done;
}
