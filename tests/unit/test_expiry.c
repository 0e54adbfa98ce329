/* SPDX-License-Identifier: Apache-2.0
 * Warnings of what ends at 90, 60 and 30 days: the list, status and doctor tell the same. */
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/doctor.h"
#include "daemon/op/expiry.h"
#include "daemon/op/status.h"
#include "daemon/store/store_card.h"
#include "tests/unit/record_office.h"

#define DAY  86400
#define LIFE 365 /* days a card of the office has */

static UnitOffice *with_cards(void)
{
	UnitOffice *office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加", "009874|業務管理者|追加", NULL };

	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", rows);
	for (int i = 1; i <= 3; i++) {
		g_autofree char *number = g_strdup_printf("OP%06d", i);

		unit_office_receive(office, number);
	}
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	office->now += 10 * DAY;
	unit_office_lend(office, "OP000002", "009874", "業務管理者");
	office->now -= 10 * DAY;
	return office;
}

static json_t *status_of(UnitOffice *office)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	StatusSight sight = { 0 };
	g_auto(Op) op = { 0 };
	json_t *status;

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	status = status_read(tx, &op, &sight, &error);
	g_assert_no_error(error);
	return status;
}

static guint has_problem(const json_t *status, const char *part)
{
	return unit_office_count(json_object_get(status, "problems"), "en", part);
}

/* The level of the only finding with @part in it, "" when there is none. */
static char *finding(UnitOffice *office, const char *part)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_auto_t *document = NULL;
	const char *level = "";
	json_t *item;
	size_t i;

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	document = doctor_examine(tx, &op, &error);
	g_assert_no_error(error);
	json_array_foreach(json_object_get(document, "findings"), i,
			   item) if (strstr(json_string_value(json_object_get(item, "en")), part) !=
				     NULL) level =
		json_string_value(json_object_get(item, "level"));
	return g_strdup(level);
}

static void check_level(UnitOffice *office, const char *part, const char *level)
{
	g_autofree char *found = finding(office, part);

	g_test_message("%s", part);
	g_assert_cmpstr(found, ==, level);
}

static void check_counts(UnitOffice *office, gint64 ended, gint64 in30, gint64 in60, gint64 in90)
{
	json_auto_t *status = status_of(office);
	json_t *expiring = json_object_get(status, "expiring");

	g_assert_cmpint(json_integer_value(json_object_get(expiring, "ended")), ==, ended);
	g_assert_cmpint(json_integer_value(json_object_get(expiring, "within30")), ==, in30);
	g_assert_cmpint(json_integer_value(json_object_get(expiring, "within60")), ==, in60);
	g_assert_cmpint(json_integer_value(json_object_get(expiring, "within90")), ==, in90);
}

static json_t *list_of(UnitOffice *office, int within, int limit, const char *after)
{
	StoreExpiryFilter filter = { .until = office->now + (gint64) within * DAY, .limit = limit };
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	Op op = { .house = &office->house, .now = office->now };
	json_t *page = expiry_list(tx, &op, &filter, after, &error);

	g_assert_no_error(error);
	return page;
}

static void check_list(UnitOffice *office, int within, const char *numbers)
{
	g_autoptr(GString) found = g_string_new(NULL);
	g_autofree char *after = NULL;
	gboolean is_more = TRUE;

	/* One card a page: the cursor is tried as well. */
	while (is_more) {
		json_auto_t *page = list_of(office, within, 1, after);
		json_t *items = json_object_get(page, "items");

		if (json_array_size(items) > 0)
			g_string_append_printf(found, "%s ",
					       json_string_value(json_object_get(
						       json_array_get(items, 0), "card")));
		g_free(after);
		after = g_strdup(json_string_value(json_object_get(page, "next")));
		is_more = after != NULL;
	}
	g_assert_cmpstr(found->str, ==, numbers);
}

static void test_wave(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	gint64 end = office->now + LIFE * (gint64) DAY; /* of the first card */

	office->now = end - 90 * DAY;
	check_counts(office, 0, 0, 0, 0);
	check_list(office, 90, "");
	check_level(office, "no card's certificate ends within 90 days", "ok");
	office->now = end - 90 * DAY + 1;
	check_counts(office, 0, 0, 0, 1);
	check_list(office, 90, "OP000001 ");
	check_list(office, 60, "");
	check_level(office,
		    "within 30 days: 0, 60 days: 0, 90 days: 1; first OP000001 (2027-11-21)",
		    "warn");
	office->now = end - 55 * DAY;
	check_counts(office, 0, 0, 1, 2);
	check_list(office, 90, "OP000001 OP000002 ");
	check_level(office, "within 30 days: 0, 60 days: 1, 90 days: 1", "warn");
	office->now = end - 25 * DAY;
	check_counts(office, 0, 1, 2, 2);
	check_level(office, "within 30 days: 1, 60 days: 1, 90 days: 0", "error");
	json_auto_t *soon = status_of(office);

	g_assert_cmpuint(
		has_problem(soon, "of 1 cards end within 30 days, the first on 2027-11-21"), ==, 1);
	office->now = end + 1;
	check_counts(office, 1, 2, 2, 2);
	json_auto_t *late = status_of(office);

	g_assert_cmpuint(has_problem(late, "certificates of 1 cards in use have ended"), ==, 1);
	g_assert_cmpuint(
		has_problem(late, "of 1 cards end within 30 days, the first on 2027-12-01"), ==, 1);
	check_list(office, 0, "OP000001 ");
}

/* What comes back or ends anyway is not to be renewed. */
static void test_left_out(void)
{
	g_autoptr(UnitOffice) office = with_cards();

	office->now += (LIFE - 10) * (gint64) DAY;
	check_list(office, 90, "OP000001 OP000002 ");
	unit_office_force(office, "OP000001", CARD_RECALLED, "recall");
	check_list(office, 90, "OP000002 ");
	unit_office_force(office, "OP000002", CARD_LOST, "report-lost");
	check_list(office, 90, "");
	check_counts(office, 0, 0, 0, 0);
}

static void test_authority(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	gint64 end = issuer_not_after(office->house.issuer);

	office->house.responder_ends = end;
	check_level(office, "later than any card issued today", "ok");
	office->now = end - 1000 * DAY;
	check_level(office, "before their 1826 days are over", "warn");
	office->now = end - 89 * DAY;
	check_level(office, "certification authority ends on 2036-11-20, in less than 90 days",
		    "warn");
	office->now = end - 59 * DAY;
	json_auto_t *status = status_of(office);

	g_assert_cmpuint(has_problem(status, "in less than 60 days"), ==, 1);
	office->now = end - 29 * DAY;
	check_level(office, "in less than 30 days", "error");
	office->now = end + 1;
	json_auto_t *over = status_of(office);

	g_assert_cmpuint(has_problem(over, "the certification authority has ended"), ==, 1);
}

static void test_responder(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	gint64 end = office->house.responder_ends;

	office->now = end - 10 * DAY;
	check_level(office, "and renews itself", "ok");
	office->now = end - 9 * DAY + 1;
	check_level(office, "was not renewed in time", "error");
	json_auto_t *late = status_of(office);

	g_assert_cmpuint(has_problem(late, "could not be renewed"), ==, 1);
	office->now = end + 1;
	json_auto_t *over = status_of(office);

	g_assert_cmpuint(has_problem(over, "OCSP answers \"try later\""), ==, 1);
	check_level(office, "OCSP answers \"try later\"", "error");
}

static void test_bad_cursor(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	g_autoptr(StoreTx) tx = unit_office_read(office);
	Op op = { .house = &office->house, .now = office->now };
	static const char *const bad[] = { "", "OP000001", "17", "-1.OP000001", "x.y" };

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		StoreExpiryFilter filter = { .until = office->now };
		g_autoptr(GError) error = NULL;

		g_assert_null(expiry_list(tx, &op, &filter, bad[i], &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/expiry/wave", test_wave);
	g_test_add_func("/expiry/left-out", test_left_out);
	g_test_add_func("/expiry/authority", test_authority);
	g_test_add_func("/expiry/responder", test_responder);
	g_test_add_func("/expiry/bad-cursor", test_bad_cursor);
	return g_test_run();
}
