/* SPDX-License-Identifier: Apache-2.0
 * Imports of staff, sections and cards: every kind of bad row, all or nothing, texts byte for
 * byte. */
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/import_card.h"
#include "daemon/op/import_section.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_ledger.h"
#include "tests/unit/record_office.h"

static gboolean take_staff(UnitOffice *office, RoleSet roles, ImportStaffRow *rows, gsize count,
			   ImportResult *result)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportStaffRequest request = { "staff.csv", list };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	gboolean is_taken;

	for (gsize i = 0; i < count; i++)
		g_ptr_array_add(list, &rows[i]);
	unit_office_op(office, roles, &op);
	is_taken = import_staff(&op, &request, result, &error);
	g_assert_true(is_taken == (error == NULL));
	return is_taken;
}

static gboolean take_one(UnitOffice *office, ImportStaffRow row, ImportResult *result)
{
	return take_staff(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &row, 1, result);
}

static gint64 ledger_count(UnitOffice *office)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	guint8 hash[STORE_LEDGER_HASH];
	gint64 last;

	g_assert_true(store_ledger_tip(tx, &last, hash, NULL));
	return last;
}

static char *name_of(UnitOffice *office, const char *staff)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(Person) person = NULL;

	g_assert_true(store_person_find(tx, staff, &person, NULL));
	return person != NULL ? g_strdup(person->name) : NULL;
}

static void test_bytes(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	const char *const names[] = { UNIT_TSUJI, UNIT_TSUJI_PLAIN, "葛\xF3\xA0\x84\x82城",
				      "\uFA19谷", "神谷",           "か\u3099",
				      "が",       "𠮷田",           "髙橋",
				      "\uFA11" };

	unit_office_settle(office);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_auto(ImportResult) result = { 0 };
		g_autofree char *kept = NULL;

		g_assert_true(take_one(
			office, (ImportStaffRow){ 2, "900001", (char *) names[i], NULL, "0301" },
			&result));
		kept = name_of(office, "900001");
		g_assert_cmpmem(kept, strlen(kept), names[i], strlen(names[i]));
		g_assert_cmpint(result.added + result.changed, ==, 1);
	}
}

static void test_bad_staff(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	char long_name[101 * 3 + 1];
	const struct {
		ImportStaffRow row;
		const char *field;
		const char *says;
	} bad[] = {
		{ { 2, "", "山", NULL, "0301" }, "staff", "no staff number" },
		{ { 2, NULL, "山", NULL, "0301" }, "staff", "no staff number" },
		{ { 2, "01 23", "山", NULL, "0301" }, "staff", "leading zeros" },
		{ { 2, "０１２３", "山", NULL, "0301" }, "staff", "no staff number" },
		{ { 2, "012345678901234567890", "山", NULL, "0301" }, "staff", "20 letters" },
		{ { 2, "900001", "", NULL, "0301" }, "name", "must not be empty" },
		{ { 2, "900001", "　 ", NULL, "0301" }, "name", "must not be empty" },
		{ { 2, "900001", "山\x07本", NULL, "0301" }, "name", "U+0007" },
		{ { 2, "900001", "山\t本", NULL, "0301" }, "name", "U+0009" },
		{ { 2, "900001", "山\u202E本", NULL, "0301" }, "name", "U+202E" },
		{ { 2, "900001", "山\uE000本", NULL, "0301" }, "name", "gaiji" },
		{ { 2, "900001", "山\uFFFD本", NULL, "0301" }, "name", "lost" },
		{ { 2, "900001", "山\xFF", NULL, "0301" }, "name", "UTF-8" },
		{ { 2, "900001", long_name, NULL, "0301" }, "name", "101 characters" },
		{ { 2, "900001", "山", "\x01", "0301" }, "kana", "U+0001" },
		{ { 2, "900001", "山", NULL, "" }, "section", "must not be empty" },
		{ { 2, "900001", "山", NULL, "9999" }, "section", "9999" },
		{ { 2, "900001", "山", NULL, "0301", "\x01" }, "subsection", "U+0001" },
		{ { 2, "900001", "山", NULL, "0301", NULL, "\x01" }, "title", "U+0001" },
		{ { 2, "900001", "山", NULL, "0301", NULL, NULL, "\x01" }, "employment", "U+0001" },
		{ { 2, "900001", "山", NULL, "0301", NULL, NULL, NULL, "2027/3/31" },
		  "until",
		  "2027/3/31" },
		{ { 2, "900001", "山", NULL, "0301", NULL, NULL, NULL, "2027-02-29" },
		  "until",
		  "calendar" },
	};
	gint64 before;

	for (int i = 0; i < 101; i++)
		memcpy(long_name + 3 * i, "山", 4);
	unit_office_settle(office);
	before = ledger_count(office);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_auto(ImportResult) result = { 0 };

		g_assert_false(take_one(office, bad[i].row, &result));
		g_assert_cmpuint(json_array_size(result.lines), ==, 1);
		g_assert_cmpuint(unit_office_count(result.lines, "field", bad[i].field), ==, 1);
		g_test_message("row %" G_GSIZE_FORMAT, i);
		g_assert_cmpuint(unit_office_count(result.lines, "en", bad[i].says), ==, 1);
	}
	g_assert_null(name_of(office, "900001"));
	g_assert_cmpint(ledger_count(office), ==, before);
}

static void test_all_or_nothing(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	ImportStaffRow rows[] = {
		{ 2, "900001", "一", NULL, "0301" },
		{ 3, "900002", "二", NULL, "9999" },
		{ 4, "900001", "三", NULL, "0301" },
		{ 5, "900004", "", NULL, "8888" },
	};
	g_auto(ImportResult) result = { 0 };
	json_t *first;

	unit_office_settle(office);
	g_assert_false(
		take_staff(office, ROLE_SET(ROLE_SYSTEM_ADMIN), rows, G_N_ELEMENTS(rows), &result));
	g_assert_cmpuint(json_array_size(result.lines), ==, 4);
	first = json_array_get(result.lines, 0);
	g_assert_cmpint(json_integer_value(json_object_get(first, "line")), ==, 3);
	g_assert_nonnull(json_object_get(first, "ja"));
	g_assert_cmpuint(unit_office_count(result.lines, "en", "in line 2 already"), ==, 1);
	g_assert_null(name_of(office, "900001"));
}

static void test_line_limit(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	g_autofree ImportStaffRow *rows = g_new0(ImportStaffRow, 150);
	g_auto(ImportResult) result = { 0 };

	unit_office_settle(office);
	for (int i = 0; i < 150; i++)
		rows[i] = (ImportStaffRow){ i + 2, "", "一", NULL, "0301" };
	g_assert_false(take_staff(office, ROLE_SET(ROLE_SYSTEM_ADMIN), rows, 150, &result));
	g_assert_cmpuint(json_array_size(result.lines), ==, 100);
}

static void test_changes(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	ImportStaffRow same = { 2, "012345", UNIT_TSUJI, "ツジ", "0301", "窓口係", "主事", "" };
	ImportStaffRow moved = { 2, "012345", UNIT_TSUJI_PLAIN, "ツジ", "0402", "窓口係", "主任" };
	g_auto(ImportResult) unchanged = { 0 };
	g_auto(ImportResult) changed = { 0 };

	unit_office_settle(office);
	g_assert_true(take_one(office, same, &unchanged));
	g_assert_cmpint(unchanged.unchanged, ==, 1);
	g_assert_cmpint(unchanged.changed, ==, 0);
	g_assert_true(take_one(office, moved, &changed));
	g_assert_cmpint(changed.changed, ==, 1);
	g_assert_cmpuint(unit_office_count(changed.changes, "en", "section 0301 becomes 0402"), ==,
			 1);
	g_assert_cmpuint(
		unit_office_count(changed.changes, "en", "title \"主事\" becomes \"主任\""), ==, 1);
	g_assert_cmpuint(unit_office_count(changed.changes, "en", UNIT_TSUJI_PLAIN), ==, 1);
	g_assert_cmpuint(json_array_size(changed.changes), ==, 3);
}

static void test_cards_told(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	ImportStaffRow over = { 2,        "012345", UNIT_TSUJI, "ツジ",      "0301",
				"窓口係", "主事",   "",         "2026-11-20" };
	ImportStaffRow last = over, left = over;
	const char *const report[] = { "012345|一般操作者|追加", NULL };
	g_auto(ImportResult) past = { 0 };
	g_auto(ImportResult) today = { 0 };
	g_auto(ImportResult) gone = { 0 };

	last.until = "2026-11-21";
	left.until = NULL;
	left.section = "0402";
	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", report);
	unit_office_receive(office, "OP000001");
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	g_assert_true(take_one(office, over, &past));
	g_assert_cmpuint(unit_office_count(past.changes, "en", "recall OP000001"), ==, 1);
	g_assert_true(take_one(office, last, &today));
	g_assert_cmpuint(unit_office_count(today.changes, "en", "OP000001"), ==, 0);
	g_assert_true(take_one(office, left, &gone));
	g_assert_cmpuint(unit_office_count(gone.changes, "en", "left section 0301"), ==, 1);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_ACTIVE);
}

static void test_staff_roles(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	const struct {
		Role role;
		gboolean may;
	} roles[] = {
		{ ROLE_SYSTEM_ADMIN, TRUE }, { ROLE_ROOT, TRUE },
		{ ROLE_CUSTODIAN, FALSE },   { ROLE_CHIEF, FALSE },
		{ ROLE_AUDITOR, FALSE },     { ROLE_SECTION_MANAGER, FALSE },
		{ ROLE_HOLDER, FALSE },
	};

	unit_office_settle(office);
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
		ImportStaffRow row = { 2, "900001", "一", NULL, "0301" };
		g_auto(ImportResult) result = { 0 };

		g_assert_true(roles[i].may ==
			      take_staff(office, ROLE_SET(roles[i].role), &row, 1, &result));
	}
}

static void test_dry_run(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	ImportStaffRow row = { 2, "900001", "一", NULL, "0301" };
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportStaffRequest request = { "staff.csv", list };
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_t *answer;
	gint64 before;

	unit_office_settle(office);
	before = ledger_count(office);
	g_ptr_array_add(list, &row);
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	op.is_dry_run = TRUE;
	g_assert_true(import_staff(&op, &request, &result, &error));
	answer = import_result_json(&result, TRUE);
	g_assert_cmpint(json_integer_value(json_object_get(answer, "added")), ==, 1);
	g_assert_true(json_is_array(json_object_get(answer, "changes")));
	g_assert_true(json_is_true(json_object_get(answer, "dryRun")));
	json_decref(answer);
	g_assert_null(name_of(office, "900001"));
	g_assert_cmpint(ledger_count(office), ==, before);
}

static void test_size(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	ImportStaffRow row = { 2, "900001", "一", NULL, "0301" };
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportStaffRequest request = { "staff.csv", list };
	g_auto(ImportResult) result = { 0 };
	g_auto(Op) op = { 0 };
	g_autoptr(GError) none = NULL;
	g_autoptr(GError) large = NULL;

	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	g_assert_false(import_staff(&op, &request, &result, &none));
	g_assert_error(none, ERROR_DOMAIN, ERROR_USAGE);
	for (int i = 0; i <= IMPORT_STAFF_MAX; i++)
		g_ptr_array_add(list, &row);
	g_assert_false(import_staff(&op, &request, &result, &large));
	g_assert_error(large, ERROR_DOMAIN, ERROR_LARGE);
}

static gboolean take_sections(UnitOffice *office, ImportSectionRow *rows, gsize count,
			      ImportResult *result)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportSectionRequest request = { "sections.csv", list };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	for (gsize i = 0; i < count; i++)
		g_ptr_array_add(list, &rows[i]);
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	return import_section(&op, &request, result, &error);
}

static void test_sections(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	ImportSectionRow rows[] = {
		{ 2, "0301", "市民部市民課", 30, "市民課長", TRUE, "住民基本台帳" },
		{ 3, "0402", "福祉部国保年金課", 40, "国保年金課長", FALSE, NULL },
		{ 4, "A-1", "議会事務局", 90, "", FALSE, "" },
	};
	ImportSectionRow bad[] = {
		{ 2, "", "名", 1 },
		{ 3, "03.01", "名", 1 },
		{ 4, "0123456789012345678901", "名", 1 },
		{ 5, "0901", "", 1 },
		{ 6, "0902", "名", -1 },
		{ 7, "0903", "名", 1000000 },
		{ 8, "0904", "名", 1, "\x01" },
		{ 9, "0905", "名", 1, NULL, FALSE, "\x01" },
		{ 10, "0906", "名", 1 },
		{ 11, "0906", "名", 2 },
	};
	g_auto(ImportResult) good = { 0 };
	g_auto(ImportResult) refused = { 0 };
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Section) section = NULL;

	unit_office_settle(office);
	g_assert_true(take_sections(office, rows, G_N_ELEMENTS(rows), &good));
	g_assert_cmpint(good.added, ==, 1);
	g_assert_cmpint(good.changed, ==, 1);
	g_assert_cmpint(good.unchanged, ==, 1);
	g_assert_cmpuint(unit_office_count(good.changes, "en", "福祉部国保年金課"), ==, 1);
	g_assert_false(take_sections(office, bad, G_N_ELEMENTS(bad), &refused));
	g_assert_cmpuint(json_array_size(refused.lines), ==, 9);
	g_assert_cmpuint(unit_office_count(refused.lines, "field", "section"), ==, 4);
	g_assert_cmpuint(unit_office_count(refused.lines, "field", "order"), ==, 2);
	tx = unit_office_read(office);
	g_assert_true(store_person_find_section(tx, "0906", &section, NULL));
	g_assert_null(section);
}

static gboolean take_cards(UnitOffice *office, RoleSet roles, ImportCardRow *rows, gsize count,
			   ImportResult *result)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportCardRequest request = { "cards.csv", list };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	for (gsize i = 0; i < count; i++)
		g_ptr_array_add(list, &rows[i]);
	unit_office_op(office, roles, &op);
	return import_card(&op, &request, result, &error);
}

static void test_cards(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	RoleSet custodian = ROLE_SET(ROLE_CUSTODIAN);
	ImportCardRow rows[] = {
		{ 2, "ＯＰ０００００１", NULL, "C0FFEE01", "金庫" },
		{ 3, "op000002", "temporary", NULL, "" },
	};
	ImportCardRow bad[] = {
		{ 2, "OP 1" },
		{ 3, NULL },
		{ 4, "OP000003", "gold" },
		{ 5, "OP000004", NULL, "with blank" },
		{ 6, "OP000005", NULL, "C0FFEE01" },
		{ 7, "OP000001", "shared" },
		{ 8, "OP000001" },
		{ 9, "OP000006", NULL, "C0FFEE09" },
		{ 10, "OP000007", NULL, "C0FFEE09" },
		{ 11, "OP000008", NULL, NULL, "\x01" },
		{ 12, "OP000002", "temporary", "C0FFEE77" },
	};
	g_auto(ImportResult) good = { 0 };
	g_auto(ImportResult) again = { 0 };
	g_auto(ImportResult) refused = { 0 };
	g_auto(ImportResult) denied = { 0 };
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Card) card = NULL;
	gint64 counts[_CARD_STATE_MAX];

	g_assert_false(take_cards(office, ROLE_SET(ROLE_SYSTEM_ADMIN), rows, 2, &denied));
	g_assert_true(take_cards(office, custodian, rows, 2, &good));
	g_assert_cmpint(good.added, ==, 2);
	/* Every import has its work record (N56), also one that changed nothing. */
	g_assert_cmpint(ledger_count(office), ==, 2 + 1);
	g_assert_true(take_cards(office, custodian, rows, 2, &again));
	g_assert_cmpint(again.unchanged, ==, 2);
	g_assert_cmpint(ledger_count(office), ==, 2 + 1 + 1);
	g_assert_false(take_cards(office, custodian, bad, G_N_ELEMENTS(bad), &refused));
	g_assert_cmpuint(json_array_size(refused.lines), ==, 10);
	g_assert_cmpuint(unit_office_count(refused.lines, "en", "already belongs to card OP000001"),
			 ==, 1);
	tx = unit_office_read(office);
	card = store_card_get(tx, "OP000001", NULL);
	g_assert_cmpstr(card->place, ==, "金庫");
	g_assert_cmpstr(card->kind, ==, "operator");
	g_assert_true(store_card_count(tx, counts, NULL));
	g_assert_cmpint(counts[CARD_STOCK], ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/import/staff/bytes", test_bytes);
	g_test_add_func("/import/staff/bad-rows", test_bad_staff);
	g_test_add_func("/import/staff/all-or-nothing", test_all_or_nothing);
	g_test_add_func("/import/staff/line-limit", test_line_limit);
	g_test_add_func("/import/staff/changes", test_changes);
	g_test_add_func("/import/staff/cards-told", test_cards_told);
	g_test_add_func("/import/staff/roles", test_staff_roles);
	g_test_add_func("/import/staff/dry-run", test_dry_run);
	g_test_add_func("/import/staff/size", test_size);
	g_test_add_func("/import/sections", test_sections);
	g_test_add_func("/import/cards", test_cards);
	return g_test_run();
}
