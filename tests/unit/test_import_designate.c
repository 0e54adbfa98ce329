/* SPDX-License-Identifier: Apache-2.0
 * User reports (様式第2号): every kind of bad row, the difference to what was in force, and what it
 * does to cards, certificates and ledger. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_ledger.h"
#include "tests/unit/record_office.h"

#define DAY 86400

typedef struct Report {
	const char *section;
	const char *from;
	const char *const *rows;
	RoleSet roles;
	gboolean is_dry_run;
} Report;

static int take(UnitOffice *office, const Report *report, ImportResult *result)
{
	g_autoptr(GPtrArray) rows = unit_office_rows(report->rows);
	DesignateRequest request = { "report.csv", (char *) report->section, (char *) report->from,
				     "市民発第２号", rows };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	unit_office_op(office, report->roles != 0 ? report->roles : ROLE_SET(ROLE_SYSTEM_ADMIN),
		       &op);
	op.is_dry_run = report->is_dry_run;
	g_assert_true(designate(&op, &request, result, &error) == (error == NULL));
	return error == NULL ? -1 : (int) error_code(error);
}

static int take_rows(UnitOffice *office, const char *from, const char *const *rows,
		     ImportResult *result)
{
	Report report = { "0301", from, rows };

	return take(office, &report, result);
}

static GPtrArray *open_on(UnitOffice *office, const char *section, const char *date)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);

	return store_designation_list(tx, section, 0, date, NULL);
}

static guint records(UnitOffice *office, const char *kind)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	LedgerFilter filter = { .kind = kind, .limit = 1000 };
	g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, NULL);

	return rows->len;
}

static UnitOffice *with_two(void)
{
	UnitOffice *office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加", "009874|業務管理者|追加", NULL };

	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", rows);
	unit_office_receive(office, "OP000001");
	unit_office_receive(office, "OP000002");
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	unit_office_lend(office, "OP000002", "009874", "業務管理者");
	return office;
}

static void test_first(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加|" UNIT_TSUJI, "009874|業務管理者",
				     NULL };
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GPtrArray) list = NULL;
	const Designation *first;

	unit_office_settle(office);
	g_assert_cmpint(take_rows(office, "2026-12-01", rows, &result), ==, -1);
	g_assert_cmpint(result.added, ==, 2);
	list = open_on(office, "0301", "2026-12-01");
	g_assert_cmpuint(list->len, ==, 2);
	first = list->pdata[0];
	g_assert_true(g_str_has_prefix(first->id, "D-2026-000"));
	g_assert_cmpstr(first->section_name, ==, "市民部市民課");
	g_assert_cmpstr(first->title, ==, "係長");
	g_assert_cmpstr(first->from, ==, "2026-12-01");
	g_assert_null(first->until);
	g_assert_cmpstr(first->application, ==, "A-2026-0001");
	g_assert_cmpuint(records(office, "designate"), ==, 2);
}

static void test_bad_rows(void)
{
	const struct {
		const char *row;
		const char *field;
		const char *says;
	} bad[] = {
		{ "01 2345|一般操作者", "staff", "no staff number" },
		{ "999999|一般操作者", "staff", "no staff number 999999" },
		{ "006240|一般操作者", "staff", "belongs to section 0402" },
		{ "012345||", "authority", "must not be empty" },
		{ "012345|あ\x01|", "authority", "U+0001" },
		{ "012345|一般操作者||" UNIT_TSUJI_PLAIN, "name", "last variant" },
		{ "012345|一般操作者|継続する", "designation", "追加, 継続, 削除" },
		{ "012345|一般操作者|追加", "designation", "already designated" },
		{ "012345|業務管理者|継続", "designation", "not designated" },
		{ "012345|業務管理者|削除", "designation", "nothing to end" },
		{ "920017|一般操作者|追加", "staff", "ends on 2026-11-30" },
		{ "009874|業務管理者|継続", "staff", "stands in line 3" },
	};
	g_autoptr(UnitOffice) office = with_two();
	ImportStaffRow short_term = { 2,    "920017", "森", NULL,        "0301",
				      NULL, NULL,     NULL, "2026-11-30" };
	g_autoptr(GPtrArray) staff = g_ptr_array_new();
	ImportStaffRequest request = { "staff.csv", staff };
	g_auto(ImportResult) imported = { 0 };
	g_auto(Op) op = { 0 };

	g_ptr_array_add(staff, &short_term);
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	g_assert_true(import_staff(&op, &request, &imported, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		const char *rows[] = { "005021|一般操作者", "009874|業務管理者", bad[i].row, NULL };
		g_auto(ImportResult) result = { 0 };
		g_autoptr(GPtrArray) list = NULL;

		g_test_message("%s", bad[i].row);
		g_assert_cmpint(take_rows(office, "2026-12-01", rows, &result), ==, ERROR_USAGE);
		g_assert_cmpuint(json_array_size(result.lines), ==, 1);
		g_assert_cmpuint(unit_office_count(result.lines, "field", bad[i].field), ==, 1);
		g_assert_cmpuint(unit_office_count(result.lines, "en", bad[i].says), ==, 1);
		list = open_on(office, "0301", "2026-12-01");
		g_assert_cmpuint(list->len, ==, 2);
	}
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_ACTIVE);
}

static void test_names_shown(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const rows[] = { "012345|一般操作者||" UNIT_TSUJI_PLAIN, NULL };
	g_auto(ImportResult) result = { 0 };

	g_assert_cmpint(take_rows(office, "2026-12-01", rows, &result), ==, ERROR_USAGE);
	g_assert_cmpuint(unit_office_count(result.lines, "en", "\"" UNIT_TSUJI "\""), ==, 1);
	g_assert_cmpuint(unit_office_count(result.lines, "en", "\"" UNIT_TSUJI_PLAIN "\""), ==, 1);
}

static void test_request(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const rows[] = { "012345|一般操作者", NULL };
	const char *const none[] = { NULL };
	const struct {
		Report report;
		int code;
	} cases[] = {
		{ { "0301", "2026-12-01", rows, ROLE_SET(ROLE_ROOT) }, ERROR_DENIED },
		{ { "0301", "2026-12-01", rows, ROLE_SET(ROLE_CUSTODIAN) }, ERROR_DENIED },
		{ { "0301", "2026-12-01", rows, ROLE_SET(ROLE_SECTION_MANAGER) }, ERROR_DENIED },
		{ { "9999", "2026-12-01", rows }, ERROR_NOT_FOUND },
		{ { "0301", "2026-12-32", rows }, ERROR_USAGE },
		{ { "0301", "2062-12-01", rows }, ERROR_USAGE },
		{ { "0301", "2026-12-01", none }, ERROR_USAGE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(ImportResult) result = { 0 };

		g_assert_cmpint(take(office, &cases[i].report, &result), ==, cases[i].code);
	}
	g_assert_cmpint(unit_office_state(office, "OP000002"), ==, CARD_ACTIVE);
}

static void check_recalled(UnitOffice *office, const char *number)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GPtrArray) certificates = store_certificate_of_card(tx, number, NULL);
	const Certificate *certificate = certificates->pdata[0];
	g_autoptr(Duty) duty = NULL;
	LedgerFilter filter = { .card = number, .kind = "recall", .limit = 10 };
	g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, NULL);

	g_assert_cmpint(unit_office_state(office, number), ==, CARD_RECALLED);
	g_assert_cmpint(certificate->state, ==, CERTIFICATE_HOLD);
	g_assert_cmpint(status_index_lookup(office->house.index, 1, certificate->serial, NULL), ==,
			STATUS_HOLD);
	g_assert_true(store_duty_of_card(tx, number, &duty, NULL));
	g_assert_cmpstr(duty->reason, ==, "DESIGNATION_ENDED");
	g_assert_cmpstr(duty->owner_post, ==, "市民課長");
	g_assert_cmpuint(rows->len, ==, 1);
	g_assert_cmpstr(((LedgerRow *) rows->pdata[0])->article, ==, "T13");
	g_assert_nonnull(strstr(((LedgerRow *) rows->pdata[0])->body, "\"state\":\"RECALLED\""));
}

/* 削除 as a row and missing in the snapshot mean the same. */
static void test_end(gconstpointer data)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const missing[] = { "009874|業務管理者|継続", NULL };
	const char *const marked[] = { "012345|一般操作者|削除", "009874|業務管理者|継続", NULL };
	const char *const *rows = data != NULL ? marked : missing;
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GPtrArray) left = NULL;
	PublishFacts before, after;

	publish_facts(office->house.publisher, &before);
	g_assert_cmpint(take_rows(office, "2026-11-21", rows, &result), ==, -1);
	g_assert_cmpint(result.ended, ==, 1);
	g_assert_cmpint(result.unchanged, ==, 1);
	g_assert_cmpuint(unit_office_count(result.changes, "en", "OP000001"), ==, 1);
	check_recalled(office, "OP000001");
	g_assert_cmpint(unit_office_state(office, "OP000002"), ==, CARD_ACTIVE);
	publish_facts(office->house.publisher, &after);
	g_assert_cmpuint(after.number, >, before.number);
	g_assert_cmpuint(after.entries, ==, 1);
	left = open_on(office, "0301", "2026-11-22");
	g_assert_cmpuint(left->len, ==, 1);
	g_assert_cmpuint(records(office, "designation-end"), ==, 1);
}

/* The last day is never in the past: what was done under the right stays right. */
static void test_end_late(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const rows[] = { "009874|業務管理者", NULL };
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GPtrArray) today = NULL;

	g_assert_cmpint(take_rows(office, "2026-11-10", rows, &result), ==, -1);
	today = open_on(office, "0301", "2026-11-21");
	g_assert_cmpuint(today->len, ==, 2);
	list = open_on(office, "0301", "2026-11-22");
	g_assert_cmpuint(list->len, ==, 1);
	check_recalled(office, "OP000001");
}

/* A report for 1 April must not stop anybody in March. */
static void test_end_ahead(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const rows[] = { "009874|業務管理者", NULL };
	g_auto(ImportResult) result = { 0 };
	g_auto(ImportResult) again = { 0 };
	g_auto(Op) op = { 0 };
	guint recalled = 99;

	g_assert_cmpint(take_rows(office, "2026-12-01", rows, &result), ==, -1);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_ACTIVE);
	g_assert_cmpuint(unit_office_count(result.changes, "en", "recalled on 2026-12-01"), ==, 1);
	g_assert_cmpint(take_rows(office, "2026-12-01", rows, &again), ==, -1);
	g_assert_cmpint(again.ended, ==, 0);
	office->now = clock_day_start("2026-12-01") - 1;
	unit_office_op(office, ROLE_SET(ROLE_DAEMON), &op);
	g_assert_true(designate_recall_due(&op, &recalled, NULL));
	g_assert_cmpuint(recalled, ==, 0);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_ACTIVE);
	op.now = office->now = clock_day_start("2026-12-01");
	g_assert_true(designate_recall_due(&op, &recalled, NULL));
	g_assert_cmpuint(recalled, ==, 1);
	check_recalled(office, "OP000001");
	g_assert_cmpint(unit_office_state(office, "OP000002"), ==, CARD_ACTIVE);
	g_assert_true(designate_recall_due(&op, &recalled, NULL));
	g_assert_cmpuint(recalled, ==, 0);
}

static void test_pending(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const rows[] = { "009874|業務管理者", NULL };
	g_auto(ImportResult) result = { 0 };

	unit_office_force(office, "OP000001", CARD_PENDING, "issue-done");
	g_assert_cmpint(take_rows(office, "2026-11-21", rows, &result), ==, -1);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_PENDING);
	g_assert_cmpuint(unit_office_count(result.changes, "en", "cancel OP000001"), ==, 1);
}

/* Row 23: who works on in another section keeps the card. */
static void test_other_right(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const there[] = { "012345|一般操作者|追加", NULL };
	const char *const here[] = { "012345|一般操作者|削除", "009874|業務管理者", NULL };
	ImportStaffRow moved = { 2, "012345", UNIT_TSUJI, "ツジ", "0402", "窓口係", "主事" };
	g_autoptr(GPtrArray) staff = g_ptr_array_new();
	ImportStaffRequest request = { "staff.csv", staff };
	g_auto(ImportResult) imported = { 0 };
	g_auto(ImportResult) result = { 0 };
	g_auto(Op) op = { 0 };

	g_ptr_array_add(staff, &moved);
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	g_assert_true(import_staff(&op, &request, &imported, NULL));
	unit_office_designate(office, "0402", "2026-11-21", there);
	g_assert_cmpint(take_rows(office, "2026-11-21", here, &result), ==, -1);
	g_assert_cmpint(result.ended, ==, 1);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_ACTIVE);
	g_assert_cmpuint(unit_office_count(result.changes, "en", "re-home OP000001 --section 0402"),
			 ==, 1);
}

/* K02: the yearly report keeps the designation and takes over the present title. */
static void test_yearly(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const rows[] = { "012345|一般操作者|継続", "009874|業務管理者|継続", NULL };
	ImportStaffRow promoted = { 2, "012345", UNIT_TSUJI, "ツジ", "0301", "窓口係", "主任" };
	g_autoptr(GPtrArray) staff = g_ptr_array_new();
	ImportStaffRequest request = { "staff.csv", staff };
	g_autoptr(GPtrArray) before = open_on(office, "0301", "2026-11-21");
	g_autoptr(GPtrArray) after = NULL;
	g_auto(ImportResult) imported = { 0 };
	g_auto(ImportResult) result = { 0 };
	g_auto(Op) op = { 0 };

	g_ptr_array_add(staff, &promoted);
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	g_assert_true(import_staff(&op, &request, &imported, NULL));
	g_assert_cmpint(take_rows(office, "2027-04-01", rows, &result), ==, -1);
	g_assert_cmpint(result.changed, ==, 1);
	g_assert_cmpint(result.unchanged, ==, 1);
	after = open_on(office, "0301", "2027-04-01");
	g_assert_cmpuint(after->len, ==, before->len);
	for (guint i = 0; i < after->len; i++) {
		const Designation *was = before->pdata[i], *is = after->pdata[i];

		g_assert_cmpstr(is->id, ==, was->id);
		g_assert_cmpstr(is->from, ==, was->from);
		g_assert_cmpstr(is->application, ==, was->application);
	}
	g_assert_cmpstr(((Designation *) after->pdata[1])->title, ==, "主任");
}

/* The wrong report was taken in; the right one on the same day gives the right back. */
static void test_corrected(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const wrong[] = { "009874|業務管理者", NULL };
	const char *const right[] = { "009874|業務管理者", "012345|一般操作者|継続", NULL };
	g_auto(ImportResult) first = { 0 };
	g_auto(ImportResult) second = { 0 };
	g_autoptr(GPtrArray) list = NULL;

	g_assert_cmpint(take_rows(office, "2026-11-21", wrong, &first), ==, -1);
	g_assert_cmpint(take_rows(office, "2026-11-21", right, &second), ==, -1);
	list = open_on(office, "0301", "2026-12-31");
	g_assert_cmpuint(list->len, ==, 2);
}

static void test_dry_run(void)
{
	g_autoptr(UnitOffice) office = with_two();
	const char *const rows[] = { "009874|業務管理者", "005021|一般操作者", NULL };
	Report report = { "0301", "2026-11-21", rows, 0, TRUE };
	guint before = records(office, NULL);
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GPtrArray) list = NULL;

	g_assert_cmpint(take(office, &report, &result), ==, -1);
	g_assert_cmpint(result.added, ==, 1);
	g_assert_cmpint(result.ended, ==, 1);
	g_assert_cmpuint(unit_office_count(result.changes, "en", "OP000001"), ==, 1);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_ACTIVE);
	g_assert_cmpuint(records(office, NULL), ==, before);
	list = open_on(office, "0301", "2026-11-21");
	g_assert_cmpuint(list->len, ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/designate/first", test_first);
	g_test_add_func("/designate/bad-rows", test_bad_rows);
	g_test_add_func("/designate/names-shown", test_names_shown);
	g_test_add_func("/designate/request", test_request);
	g_test_add_data_func("/designate/end/missing", NULL, test_end);
	g_test_add_data_func("/designate/end/marked", "marked", test_end);
	g_test_add_func("/designate/end/late", test_end_late);
	g_test_add_func("/designate/end/ahead", test_end_ahead);
	g_test_add_func("/designate/pending-is-only-told", test_pending);
	g_test_add_func("/designate/other-right", test_other_right);
	g_test_add_func("/designate/yearly", test_yearly);
	g_test_add_func("/designate/corrected", test_corrected);
	g_test_add_func("/designate/dry-run", test_dry_run);
	return g_test_run();
}
