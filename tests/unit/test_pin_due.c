/* SPDX-License-Identifier: Apache-2.0
 * Lists by deadline, the wave in status, closed days, and the holds of many cards at once. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/import_holiday.h"
#include "daemon/op/pin_due.h"
#include "daemon/op/pin_overdue.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_pin.h"
#include "tests/unit/record_office.h"

#define DAY 86400

/* @count cards of 012345 (section 0301) lent on @date, numbered from @first on. */
static void lend(UnitOffice *office, int first, int count, const char *date)
{
	office->now = clock_day_start(date) + 9 * 3600;
	for (int i = first; i < first + count; i++) {
		g_autofree char *number = g_strdup_printf("OP%06d", i);

		unit_office_receive(office, number);
		unit_office_lend(office, number, "012345", "一般操作者");
	}
}

static UnitOffice *new_office(void)
{
	UnitOffice *office = unit_office_new();
	const char *const citizens[] = { "012345|一般操作者|追加", NULL };
	const char *const insurance[] = { "006240|一般操作者|追加", NULL };

	office->now = clock_day_start("2026-01-05");
	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-01-05", citizens);
	unit_office_designate(office, "0402", "2026-01-05", insurance);
	return office;
}

static json_t *list(UnitOffice *office, const PinDueFilter *filter, RoleSet roles)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_t *page;

	unit_office_op(office, roles, &op);
	page = pin_due_list(tx, &op, filter, &error);
	g_assert_no_error(error);
	return page;
}

static size_t count(UnitOffice *office, PinDueWhich which, int within, RoleSet roles)
{
	PinDueFilter filter = { .which = which, .within = within, .limit = 500 };
	json_auto_t *page = list(office, &filter, roles);

	return json_array_size(json_object_get(page, "items"));
}

static json_int_t number_at(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* T27: who, where, until when, how many days; the nearest first. */
static void test_list(void)
{
	g_autoptr(UnitOffice) office = new_office();
	PinDueFilter filter = { .which = PIN_DUE_ALL, .within = 30 };
	const json_t *item;

	lend(office, 1, 1, "2026-04-20");
	lend(office, 2, 1, "2026-04-10");
	lend(office, 3, 1, "2026-05-01");
	office->now = clock_day_start("2026-10-13");
	json_auto_t *page = list(office, &filter, ROLE_SET(ROLE_CUSTODIAN));
	json_t *items = json_object_get(page, "items");

	g_assert_cmpuint(json_array_size(items), ==, 3);
	item = json_array_get(items, 0);
	g_assert_cmpstr(text_at(item, "card"), ==, "OP000002");
	g_assert_cmpstr(text_at(item, "staff"), ==, "012345");
	g_assert_cmpstr(text_at(item, "name"), ==, UNIT_TSUJI);
	g_assert_cmpstr(text_at(item, "section"), ==, "市民部市民課");
	g_assert_cmpstr(text_at(item, "changedOn"), ==, "2026-04-10");
	g_assert_cmpstr(text_at(item, "due"), ==, "2026-10-10");
	g_assert_cmpstr(text_at(item, "state"), ==, "OVERDUE");
	g_assert_cmpint(number_at(item, "days"), ==, -3);
	item = json_array_get(items, 1);
	g_assert_cmpstr(text_at(item, "due"), ==, "2026-10-20");
	g_assert_cmpint(number_at(item, "days"), ==, 7);
	g_assert_cmpint(number_at(item, "warned"), ==, 7);
	g_assert_cmpstr(text_at(item, "warnOn"), ==, "2026-10-16");
	g_assert_cmpuint(count(office, PIN_DUE_LATE, 30, ROLE_SET(ROLE_AUDITOR)), ==, 1);
	g_assert_cmpuint(count(office, PIN_DUE_TO_COME, 30, ROLE_SET(ROLE_AUDITOR)), ==, 2);
	g_assert_cmpuint(count(office, PIN_DUE_TO_COME, 7, ROLE_SET(ROLE_AUDITOR)), ==, 1);
	g_assert_cmpuint(count(office, PIN_DUE_TO_COME, 6, ROLE_SET(ROLE_AUDITOR)), ==, 0);
}

/* A section's manager sees the own section, a person without a role nobody. */
static void test_who_sees_whom(void)
{
	g_autoptr(UnitOffice) office = new_office();
	char *own[] = { "0301", NULL };
	char *other[] = { "0402", NULL };
	RoleSet manager = ROLE_SET(ROLE_SECTION_MANAGER);

	lend(office, 1, 2, "2026-04-20");
	office->now = clock_day_start("2026-10-13");
	office->actor.sections = own;
	g_assert_cmpuint(count(office, PIN_DUE_ALL, 30, manager), ==, 2);
	office->actor.sections = other;
	g_assert_cmpuint(count(office, PIN_DUE_ALL, 30, manager), ==, 0);
	g_assert_cmpuint(count(office, PIN_DUE_ALL, 30, ROLE_SET(ROLE_HOLDER)), ==, 0);
	office->actor.sections = NULL;
}

/* Every card once, in order, whatever the page's size and however many share one second. */
static void test_pages(void)
{
	g_autoptr(UnitOffice) office = new_office();
	g_autofree char *after = NULL;
	guint items = 0, pages = 0;

	lend(office, 1, 7, "2026-04-20");
	office->now = clock_day_start("2026-10-13");
	do {
		PinDueFilter filter = {
			.which = PIN_DUE_ALL, .within = 30, .after = after, .limit = 3
		};
		json_auto_t *page = list(office, &filter, ROLE_SET(ROLE_CUSTODIAN));
		json_t *rows = json_object_get(page, "items");

		for (size_t i = 0; i < json_array_size(rows); i++) {
			g_autofree char *number = g_strdup_printf("OP%06u", ++items);

			g_assert_cmpstr(text_at(json_array_get(rows, i), "card"), ==, number);
		}
		g_free(after);
		after = g_strdup(text_at(page, "next"));
		pages++;
	} while (after != NULL);
	g_assert_cmpuint(items, ==, 7);
	g_assert_cmpuint(pages, ==, 3);
}

static void test_foreign_cursor_is_refused(void)
{
	g_autoptr(UnitOffice) office = new_office();
	const char *const cursors[] = { "x", "12", "12/", "/OP000001" };

	for (gsize i = 0; i < G_N_ELEMENTS(cursors); i++) {
		PinDueFilter filter = { .within = 30, .after = cursors[i] };
		g_autoptr(StoreTx) tx = unit_office_read(office);
		g_autoptr(GError) error = NULL;
		g_auto(Op) op = { 0 };

		unit_office_op(office, UNIT_ALL_ROLES, &op);
		g_assert_null(pin_due_list(tx, &op, &filter, &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	}
}

static json_t *counts(UnitOffice *office)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_t *object;

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	object = pin_due_counts(tx, &op, &error);
	g_assert_no_error(error);
	return object;
}

static void check_wave(UnitOffice *office, const char *expected)
{
	json_auto_t *object = counts(office);
	g_autofree char *text = json_dumps(object, JSON_COMPACT);

	g_assert_cmpstr(text, ==, expected);
}

/* The wave of 1 April is seen four weeks before 1 October; 29 to 31 August come together. */
static void test_wave(void)
{
	g_autoptr(UnitOffice) office = new_office();

	lend(office, 1, 12, "2026-04-01");
	lend(office, 21, 2, "2026-04-02");
	lend(office, 31, 3, "2026-03-25");
	lend(office, 41, 1, "2026-04-03");
	office->now = clock_day_start("2026-09-01") - 1;
	check_wave(office, "{\"due\":3,\"overdue\":0,\"wave\":["
			   "{\"date\":\"2026-09-25\",\"count\":3}]}");
	office->now = clock_day_start("2026-09-03");
	check_wave(office, "{\"due\":18,\"overdue\":0,\"wave\":["
			   "{\"date\":\"2026-10-01\",\"count\":12},"
			   "{\"date\":\"2026-09-25\",\"count\":3}]}");
	office->now = clock_day_start("2026-09-26");
	check_wave(office, "{\"due\":15,\"overdue\":3,\"wave\":["
			   "{\"date\":\"2026-10-01\",\"count\":12},"
			   "{\"date\":\"2026-10-02\",\"count\":2},"
			   "{\"date\":\"2026-10-03\",\"count\":1}]}");
	lend(office, 51, 1, "2026-10-10");
	lend(office, 61, 2, "2027-08-29");
	lend(office, 71, 2, "2027-08-31");
	office->now = clock_day_start("2028-02-20");
	check_wave(office, "{\"due\":4,\"overdue\":19,\"wave\":["
			   "{\"date\":\"2028-02-29\",\"count\":4}]}");
}

/* T27: 45 cards in three transactions, each with its record, and one list for each. */
static void test_holds_in_batches(void)
{
	g_autoptr(UnitOffice) office = new_office();
	g_autoptr(GError) error = NULL;
	PublishFacts before, after;
	guint held = 0;

	lend(office, 1, 45, "2026-04-01");
	lend(office, 91, 1, "2026-04-02");
	office->now = clock_day_start("2026-10-02");
	publish_facts(office->house.publisher, &before);
	g_assert_true(pin_overdue_hold(&office->house, office->now, &held, &error));
	g_assert_no_error(error);
	publish_facts(office->house.publisher, &after);
	g_assert_cmpuint(held, ==, 45);
	g_assert_cmpuint(after.number - before.number, ==, 3);
	g_assert_cmpuint(after.entries - before.entries, ==, 45);
	g_assert_cmpint(unit_office_state(office, "OP000045"), ==, CARD_SUSPENDED);
	g_assert_cmpint(unit_office_state(office, "OP000091"), ==, CARD_ACTIVE);
	g_assert_true(pin_overdue_hold(&office->house, office->now, &held, &error));
	g_assert_cmpuint(held, ==, 0);
}

/* A list that cannot be written keeps no card in use. */
static void test_holds_without_a_list(void)
{
	g_autoptr(UnitOffice) office = new_office();
	g_autofree char *folder = g_build_filename(office->folder, "public", "crl", NULL);
	g_autofree char *away = g_strconcat(folder, ".away", NULL);
	g_autoptr(GError) error = NULL;
	guint held = 77;

	lend(office, 1, 25, "2026-04-01");
	office->now = clock_day_start("2026-10-02");
	g_assert_cmpint(g_rename(folder, away), ==, 0);
	g_assert_false(pin_overdue_hold(&office->house, office->now, &held, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_PARTLY);
	g_assert_cmpuint(held, ==, 77);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_SUSPENDED);
	g_assert_cmpint(unit_office_state(office, "OP000025"), ==, CARD_SUSPENDED);
}

/* Only cards in use: one that came back or was never handed over has no deadline. */
static void test_other_cards_are_left_alone(void)
{
	g_autoptr(UnitOffice) office = new_office();
	g_autoptr(GError) error = NULL;
	guint held = 0;

	lend(office, 1, 2, "2026-04-01");
	unit_office_force(office, "OP000001", CARD_RECALLED, "recall");
	unit_office_force(office, "OP000002", CARD_LOST, "report-lost");
	office->now = clock_day_start("2027-10-02");
	g_assert_true(pin_overdue_hold(&office->house, office->now, &held, &error));
	g_assert_cmpuint(held, ==, 0);
	g_assert_cmpuint(count(office, PIN_DUE_ALL, 366, UNIT_ALL_ROLES), ==, 0);
}

static gboolean import(UnitOffice *office, RoleSet roles, const char *const *days,
		       ImportResult *result, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
	ImportHolidayRequest request = { "closed.csv", rows };
	g_auto(Op) op = { 0 };

	for (guint i = 0; days[i] != NULL; i += 2) {
		ImportHolidayRow *row = g_new0(ImportHolidayRow, 1);

		*row = (ImportHolidayRow){ i / 2 + 2, (char *) days[i], (char *) days[i + 1] };
		g_ptr_array_add(rows, row);
	}
	unit_office_op(office, roles, &op);
	return import_holiday(&op, &request, result, error);
}

/* T27: a warning that would fall on a closed day comes before it. */
static void test_closed_days(void)
{
	g_autoptr(UnitOffice) office = new_office();
	const char *const days[] = { "2026-10-16", "創立記念日", "2026-11-03", "文化の日", NULL };
	const char *const changed[] = { "2026-10-16", "", "2026-11-03", "ぶんかのひ", NULL };
	PinDueFilter filter = { .within = 30 };
	g_auto(ImportResult) first = { 0 };
	g_auto(ImportResult) second = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_true(import(office, ROLE_SET(ROLE_SYSTEM_ADMIN), days, &first, &error));
	g_assert_no_error(error);
	g_assert_cmpint(first.added, ==, 2);
	lend(office, 1, 1, "2026-04-20");
	office->now = clock_day_start("2026-10-13");
	json_auto_t *page = list(office, &filter, UNIT_ALL_ROLES);

	g_assert_cmpstr(text_at(json_array_get(json_object_get(page, "items"), 0), "warnOn"), ==,
			"2026-10-15");
	g_assert_true(import(office, ROLE_SET(ROLE_SYSTEM_ADMIN), changed, &second, &error));
	g_assert_cmpint(second.ended, ==, 1);
	g_assert_cmpint(second.changed, ==, 1);
	json_auto_t *again = list(office, &filter, UNIT_ALL_ROLES);

	g_assert_cmpstr(text_at(json_array_get(json_object_get(again, "items"), 0), "warnOn"), ==,
			"2026-10-16");
}

static void test_bad_closed_days_are_refused(void)
{
	g_autoptr(UnitOffice) office = new_office();
	const char *const good[] = { "2026-05-03", "憲法記念日", NULL };
	const char *const twice[] = { "2026-05-03", "a", "2026-05-03", "b", NULL };
	const char *const none[] = { "2026-05-03", "a", "2026-02-30", "b", NULL };
	g_auto(ImportResult) first = { 0 };
	g_auto(ImportResult) second = { 0 };
	g_auto(ImportResult) third = { 0 };
	g_auto(ImportResult) fourth = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_false(import(office, ROLE_SET(ROLE_CUSTODIAN), good, &first, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_DENIED);
	g_clear_error(&error);
	g_assert_false(import(office, UNIT_ALL_ROLES, twice, &second, &error));
	g_assert_cmpuint(unit_office_count(second.lines, "en", "twice"), ==, 1);
	g_clear_error(&error);
	g_assert_false(import(office, UNIT_ALL_ROLES, none, &third, &error));
	g_assert_cmpuint(unit_office_count(third.lines, "en", "calendar"), ==, 1);
	g_clear_error(&error);
	g_assert_true(import(office, UNIT_ALL_ROLES, good, &fourth, &error));
	g_assert_cmpint(fourth.added, ==, 1);
}

/* The lists go through the index by the day of the change, not through the table. */
static void test_index_is_used(void)
{
	g_autoptr(UnitOffice) office = new_office();
	g_autofree char *path = g_build_filename(office->folder, "state", "opcard.db", NULL);
	sqlite3_stmt *plan = NULL;
	gboolean is_used = FALSE;
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
	g_assert_cmpint(
		sqlite3_prepare_v2(
			db,
			"EXPLAIN QUERY PLAN SELECT p.card FROM pin p CROSS JOIN card c"
			" ON c.number = p.card WHERE p.state IN ('SET', 'LOCKED', 'UNKNOWN')"
			" AND (p.changed_at, p.card) > (1, '~') AND p.changed_at <= 2"
			" ORDER BY p.changed_at, p.card LIMIT 20",
			-1, &plan, NULL),
		==, SQLITE_OK);
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *line = (const char *) sqlite3_column_text(plan, 3);

		g_assert_null(strstr(line, "SCAN"));
		g_assert_null(strstr(line, "TEMP B-TREE"));
		if (strstr(line, "pin_changed") != NULL)
			is_used = TRUE;
	}
	g_assert_true(is_used);
	sqlite3_finalize(plan);
	sqlite3_close(db);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pin-due/T27-list", test_list);
	g_test_add_func("/pin-due/who-sees-whom", test_who_sees_whom);
	g_test_add_func("/pin-due/pages", test_pages);
	g_test_add_func("/pin-due/foreign-cursor-is-refused", test_foreign_cursor_is_refused);
	g_test_add_func("/pin-due/T27-wave", test_wave);
	g_test_add_func("/pin-due/T27-holds-in-batches", test_holds_in_batches);
	g_test_add_func("/pin-due/holds-without-a-list", test_holds_without_a_list);
	g_test_add_func("/pin-due/other-cards-are-left-alone", test_other_cards_are_left_alone);
	g_test_add_func("/pin-due/T27-closed-days", test_closed_days);
	g_test_add_func("/pin-due/bad-closed-days-are-refused", test_bad_closed_days_are_refused);
	g_test_add_func("/pin-due/index-is-used", test_index_is_used);
	return g_test_run();
}
