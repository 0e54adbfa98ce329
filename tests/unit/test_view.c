/* SPDX-License-Identifier: Apache-2.0
 * JSON views, whose names are promises, and status. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/move.h"
#include "daemon/op/publish.h"
#include "daemon/op/status.h"
#include "daemon/op/suspend.h"
#include "daemon/op/view_card.h"
#include "daemon/op/view_case.h"
#include "daemon/op/view_duty.h"
#include "daemon/op/view_event.h"
#include "daemon/op/view_person.h"
#include "daemon/store/store_intent.h"
#include "tests/unit/record_office.h"

#define DAY 86400

static UnitOffice *with_card(void)
{
	UnitOffice *office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加", "009874|業務管理者|追加", NULL };

	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", rows);
	for (int i = 1; i <= 5; i++) {
		g_autofree char *number = g_strdup_printf("OP%06d", i);

		unit_office_receive(office, number);
	}
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	return office;
}

static json_t *show(UnitOffice *office, const char *number)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(Card) card = store_card_get(tx, number, NULL);
	g_autoptr(GError) error = NULL;
	Op op = { .house = &office->house, .now = office->now };
	json_t *object = view_card(tx, &op, card, &error);

	g_assert_no_error(error);
	return object;
}

/* "holder.name". */
static const char *text_at(const json_t *object, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, ".", -1);

	for (guint i = 0; parts[i] != NULL; i++) {
		object = json_object_get(object, parts[i]);
		g_assert_nonnull(object);
	}
	return json_string_value(object);
}

static void move(UnitOffice *office, const char *card, CardEvent event, const char *reason)
{
	MoveRequest request = { .card = card, .event = event, .facts = { .reason = reason } };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	MoveOutcome outcome;

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	op.is_confirmed = TRUE;
	g_assert_true(move_card(&op, &request, &outcome, NULL, &error));
	g_assert_no_error(error);
}

static void hold(UnitOffice *office, const char *card, HoldReason reason)
{
	SuspendRequest request = { .card = card, .reason = reason };
	g_auto(Op) op = { 0 };

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	g_assert_true(suspend_card(&op, &request, NULL));
}

static void emergency(UnitOffice *office, const char *scope)
{
	EmergencyRequest request = { .scope = scope, .is_stop = TRUE };
	g_auto(Op) op = { 0 };
	MoveOutcome outcome;

	unit_office_op(office, ROLE_SET(ROLE_CHIEF), &op);
	g_assert_true(suspend_emergency(&op, &request, &outcome, NULL, NULL));
}

static void test_card(void)
{
	static const char *const names[] = { "card",        "kind",      "authority",  "state",
					     "reasons",     "place",     "chipSerial", "issuedOn",
					     "lentOn",      "checkedOn", "returnedOn", "holder",
					     "certificate", "pin",       "duty",       "note",
					     "noReuse" };
	g_autoptr(UnitOffice) office = with_card();
	json_auto_t *card = show(office, "OP000001");
	json_auto_t *stock = show(office, "OP000002");
	const char *serial = text_at(card, "certificate.serial");

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_assert_nonnull(json_object_get(card, names[i]));
		g_assert_nonnull(json_object_get(stock, names[i]));
	}
	g_assert_cmpstr(text_at(card, "state"), ==, "ACTIVE");
	g_assert_cmpstr(text_at(card, "holder.staff"), ==, "012345");
	g_assert_cmpstr(text_at(card, "holder.name"), ==, UNIT_TSUJI);
	g_assert_cmpstr(text_at(card, "holder.section"), ==, "市民部市民課");
	g_assert_cmpstr(text_at(card, "holder.subsection"), ==, "窓口係");
	g_assert_cmpstr(text_at(card, "holder.title"), ==, "主事");
	g_assert_cmpuint(strlen(serial), ==, 32);
	g_assert_cmpuint(strspn(serial, "0123456789ABCDEF"), ==, 32);
	g_assert_true(g_str_has_prefix(serial, "5A5A5A5A"));
	g_assert_cmpstr(text_at(card, "certificate.state"), ==, "VALID");
	g_assert_null(text_at(card, "certificate.reason"));
	g_assert_cmpstr(text_at(card, "certificate.notAfter"), ==, "2027-11-21T10:00:00+09:00");
	g_assert_cmpstr(text_at(card, "pin.state"), ==, "VALID");
	g_assert_cmpstr(text_at(card, "pin.changedOn"), ==, "2026-11-21");
	g_assert_cmpstr(text_at(card, "pin.due"), ==, "2027-05-21");
	g_assert_true(json_is_null(json_object_get(card, "duty")));
	g_assert_true(json_is_null(json_object_get(stock, "holder")));
	g_assert_true(json_is_null(json_object_get(stock, "certificate")));
	g_assert_cmpstr(text_at(stock, "pin.state"), ==, "BLOCKED");
}

static void test_card_changes(void)
{
	g_autoptr(UnitOffice) office = with_card();

	hold(office, "OP000001", HOLD_LEAVE);
	emergency(office, "section:0301");
	json_auto_t *held = show(office, "OP000001");
	g_assert_cmpstr(text_at(held, "state"), ==, "SUSPENDED");
	g_assert_cmpuint(json_array_size(json_object_get(held, "reasons")), ==, 2);
	g_assert_cmpstr(text_at(held, "certificate.state"), ==, "HOLD");
	g_assert_cmpstr(text_at(held, "certificate.reason"), ==, "certificateHold");
	move(office, "OP000001", EVENT_RECALL, "RETIREMENT");
	json_auto_t *recalled = show(office, "OP000001");
	g_assert_cmpstr(text_at(recalled, "duty.kind"), ==, "collect");
	g_assert_cmpstr(text_at(recalled, "duty.owner"), ==, "市民課長");
	g_assert_cmpstr(text_at(recalled, "duty.due"), ==, "2026-12-05");
	move(office, "OP000001", EVENT_REPORT_LOST, NULL);
	json_auto_t *lost = show(office, "OP000001");
	g_assert_cmpstr(text_at(lost, "certificate.reason"), ==, "keyCompromise");
	g_assert_true(json_is_true(json_object_get(lost, "noReuse")));
	g_assert_true(json_is_null(json_object_get(lost, "duty")));
}

static void test_card_time(void)
{
	g_autoptr(UnitOffice) office = with_card();

	office->now = clock_day_start("2027-04-21");
	json_auto_t *due = show(office, "OP000001");
	g_assert_cmpstr(text_at(due, "pin.state"), ==, "DUE");
	office->now = clock_day_start("2027-05-22");
	json_auto_t *overdue = show(office, "OP000001");
	g_assert_cmpstr(text_at(overdue, "pin.state"), ==, "OVERDUE");
	office->now = clock_day_start("2027-11-22");
	json_auto_t *expired = show(office, "OP000001");
	g_assert_cmpstr(text_at(expired, "certificate.state"), ==, "EXPIRED");
}

/* Every item once, in order, whatever the page's size. */
static void test_pages(void)
{
	g_autoptr(UnitOffice) office = with_card();
	g_autofree char *after = NULL;
	guint pages = 0, items = 0;

	do {
		g_autoptr(StoreTx) tx = unit_office_read(office);
		StoreCardFilter filter = { .after = after, .limit = 2 };
		Op op = { .house = &office->house, .now = office->now };
		json_auto_t *page = view_card_list(tx, &op, &filter, NULL);
		json_t *list = json_object_get(page, "items");

		for (size_t i = 0; i < json_array_size(list); i++) {
			g_autofree char *number = g_strdup_printf("OP%06u", ++items);

			g_assert_cmpstr(text_at(json_array_get(list, i), "card"), ==, number);
		}
		g_free(after);
		after = g_strdup(text_at(page, "next"));
		pages++;
	} while (after != NULL);
	g_assert_cmpuint(items, ==, 5);
	g_assert_cmpuint(pages, ==, 3);
}

static void test_history(void)
{
	g_autoptr(UnitOffice) office = with_card();
	json_t *events, *last;

	office->now += 60;
	move(office, "OP000001", EVENT_RECALL, "TRANSFER");
	g_autoptr(StoreTx) tx = unit_office_read(office);
	json_auto_t *history = view_event_history(tx, "OP000001", NULL);
	events = json_object_get(history, "events");
	g_assert_cmpuint(json_array_size(events), ==, 4);
	last = json_array_get(events, 3);
	g_assert_cmpstr(text_at(last, "event"), ==, "recall");
	g_assert_cmpstr(text_at(last, "ja"), ==, "回収指示");
	g_assert_cmpstr(text_at(last, "at"), ==, "2026-11-21T10:01:00+09:00");
	g_assert_cmpstr(text_at(last, "by"), ==, "004102");
	g_assert_cmpstr(text_at(last, "byName"), ==, "小谷　秀樹");
	g_assert_cmpstr(text_at(last, "from"), ==, "ACTIVE");
	g_assert_cmpstr(text_at(last, "to"), ==, "RECALLED");
	g_assert_cmpstr(text_at(last, "article"), ==, "T13");
}

static void test_audit(void)
{
	g_autoptr(UnitOffice) office = with_card();
	g_autoptr(StoreTx) tx = unit_office_read(office);
	LedgerFilter filter = { .limit = 3 };
	json_auto_t *page = view_event_list(tx, &filter, NULL);
	json_t *first = json_array_get(json_object_get(page, "items"), 0);
	AuditVerdict verdict;

	g_assert_cmpstr(text_at(page, "next"), ==, "3");
	g_assert_cmpuint(json_array_size(json_object_get(page, "items")), ==, 3);
	g_assert_cmpstr(text_at(first, "kind"), ==, "import-sections");
	g_assert_cmpstr(text_at(first, "ja"), ==, "所属取込");
	g_assert_cmpuint(strlen(text_at(first, "hash")), ==, 64);
	g_assert_true(audit_verify(tx, NULL, &verdict, NULL));
	json_auto_t *whole = view_event_verdict(&verdict);
	g_assert_true(json_is_true(json_object_get(whole, "ok")));
	g_assert_true(json_is_null(json_object_get(whole, "firstBad")));
}

static void test_people(void)
{
	g_autoptr(UnitOffice) office = with_card();
	g_autoptr(StoreTx) tx = unit_office_read(office);
	ViewPersonFilter part = { .part = "ツジ" };
	ViewPersonFilter paged = { .limit = 4 };
	ViewDesignationFilter filter = { .section = "0301", .date = "2026-11-21", .limit = 1 };
	json_auto_t *found = view_person_list(tx, &part, NULL);
	json_auto_t *page = view_person_list(tx, &paged, NULL);
	json_auto_t *sections = view_person_sections(tx, "2026-11-21", NULL);
	json_auto_t *one = view_person_designations(tx, &filter, NULL);
	json_t *person = json_array_get(json_object_get(found, "items"), 0);
	json_t *section = json_array_get(json_object_get(sections, "items"), 1);

	g_assert_cmpuint(json_array_size(json_object_get(found, "items")), ==, 1);
	g_assert_cmpstr(text_at(person, "name"), ==, UNIT_TSUJI);
	g_assert_cmpstr(text_at(person, "section"), ==, "0301");
	g_assert_cmpstr(text_at(person, "sectionName"), ==, "市民部市民課");
	g_assert_cmpstr(json_string_value(json_array_get(json_object_get(person, "cards"), 0)), ==,
			"OP000001");
	g_assert_nonnull(text_at(page, "next"));
	g_assert_cmpstr(text_at(section, "manager.name"), ==, "渡邊󠄊　恵子");
	g_assert_true(json_is_true(json_object_get(section, "hasTerminal")));
	filter.after = text_at(one, "next");
	json_auto_t *two = view_person_designations(tx, &filter, NULL);
	g_assert_cmpuint(unit_office_count(json_object_get(two, "items"), "staff", "012345"), ==,
			 1);
	g_assert_null(text_at(two, "next"));
}

static void test_duties(void)
{
	g_autoptr(UnitOffice) office = with_card();
	EmergencyRequest lift = { .scope = "all" };
	g_autofree char *id = NULL;
	g_auto(Op) op = { 0 };
	MoveOutcome outcome;

	move(office, "OP000001", EVENT_RECALL, "TRANSFER");
	move(office, "OP000002", EVENT_STOCK_LOST, NULL);
	emergency(office, "all");
	unit_office_op(office, ROLE_SET(ROLE_CHIEF), &op);
	g_assert_true(suspend_emergency(&op, &lift, &outcome, &id, NULL));
	g_autoptr(StoreTx) tx = unit_office_read(office);
	StoreDutyFilter open = { .is_all = FALSE };
	json_auto_t *duties = view_duty_list(tx, &op, &open, NULL);
	json_auto_t *cases = view_case_list(tx, NULL, NULL, 0, NULL);
	json_auto_t *asked = view_duty_confirmations(tx, office->now, NULL);
	json_t *duty = json_array_get(json_object_get(duties, "items"), 0);
	json_t *file = json_array_get(json_object_get(cases, "items"), 0);
	json_t *question = json_array_get(json_object_get(asked, "items"), 0);

	g_assert_cmpstr(text_at(duty, "card"), ==, "OP000001");
	g_assert_cmpstr(text_at(duty, "owner"), ==, "市民課長");
	g_assert_null(text_at(duty, "closedOn"));
	g_assert_cmpstr(text_at(file, "kind"), ==, "stock-lost");
	g_assert_cmpstr(text_at(file, "openedOn"), ==, "2026-11-21");
	g_assert_cmpstr(text_at(question, "id"), ==, id);
	g_assert_cmpstr(text_at(question, "event"), ==, "emergency-resume");
	g_assert_cmpstr(text_at(question, "byName"), ==, "小谷　秀樹");
}

static json_t *status_of(UnitOffice *office, const StatusSight *sight)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_t *status;

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	status = status_read(tx, &op, sight, &error);
	g_assert_no_error(error);
	return status;
}

static gboolean has_problem(const json_t *status, const char *part)
{
	return unit_office_count(json_object_get(status, "problems"), "en", part) > 0;
}

static void test_status(void)
{
	g_autoptr(UnitOffice) office = with_card();
	StatusSight sight = { 0 };
	json_auto_t *status = status_of(office, &sight);
	json_t *cards = json_object_get(status, "cards");

	g_assert_cmpint(json_integer_value(json_object_get(cards, "ACTIVE")), ==, 1);
	g_assert_cmpint(json_integer_value(json_object_get(cards, "STOCK")), ==, 4);
	g_assert_cmpint(json_integer_value(json_object_get(cards, "LOST")), ==, 0);
	g_assert_nonnull(json_object_get(cards, "LOST"));
	g_assert_cmpstr(text_at(status, "directory.state"), ==, "off");
	g_assert_cmpuint(strlen(text_at(status, "audit.head")), ==, 64);
	g_assert_cmpstr(text_at(status, "crl.thisUpdate"), ==, "2026-11-21T10:00:00+09:00");
	g_assert_cmpuint(json_array_size(json_object_get(status, "readers")), ==, 0);
	g_assert_cmpuint(json_array_size(json_object_get(status, "problems")), ==, 0);
}

static void check_pins(UnitOffice *office, const char *date, gint64 due, gint64 overdue)
{
	StatusSight sight = { 0 };

	office->now = clock_day_start(date);
	json_auto_t *status = status_of(office, &sight);
	json_t *pin = json_object_get(status, "pin");
	json_auto_t *card = show(office, "OP000001");
	const char *shown = text_at(card, "pin.state");

	g_test_message("%s", date);
	g_assert_cmpint(json_integer_value(json_object_get(pin, "due")), ==, due);
	g_assert_cmpint(json_integer_value(json_object_get(pin, "overdue")), ==, overdue);
	g_assert_true((strcmp(shown, "DUE") == 0) == (due == 1));
	g_assert_true((strcmp(shown, "OVERDUE") == 0) == (overdue == 1));
}

/* The counters agree with the card on every day around the deadlines, also at a month's end. */
static void test_status_pins(void)
{
	static const char *const changes[] = { "2026-11-21", "2026-08-29", "2026-08-30",
					       "2026-08-31", "2026-12-31", "2027-02-28" };

	for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autofree char *deadline = clock_add_months(changes[i], 6);
		g_autoptr(UnitOffice) office = unit_office_new();
		const char *const rows[] = { "012345|一般操作者|追加", NULL };

		unit_office_settle(office);
		unit_office_designate(office, "0301", "2026-08-01", rows);
		unit_office_receive(office, "OP000001");
		office->now = clock_day_start(changes[i]) + DAY - 1;
		unit_office_lend(office, "OP000001", "012345", "一般操作者");
		for (int day = -33; day <= 3; day += day == -28 ? 24 : 1) {
			g_autofree char *date = clock_add_days(deadline, day);

			check_pins(office, date, day >= -30 && day <= 0, day > 0);
		}
	}
}

static void test_status_problems(void)
{
	g_autoptr(UnitOffice) office = with_card();
	json_auto_t *readers = json_pack("[{s:s}]", "reader", "窓口1");
	StatusSight sight = { readers, "syscalls" };
	Intent intent = { .id = "I-2026-000007",
			  .kind = "issue",
			  .card = "OP000003",
			  .step = "begun",
			  .body = "{}",
			  .opened_at = office->now };
	StoreTx *tx = store_tx_begin(office->house.store, STORE_NORMAL, NULL);

	g_assert_true(store_intent_open(tx, &intent, NULL));
	g_assert_true(store_tx_commit(&tx, NULL));
	move(office, "OP000001", EVENT_RECALL, "TRANSFER");
	emergency(office, "all");
	json_auto_t *fresh = status_of(office, &sight);
	g_assert_false(has_problem(fresh, "I-2026-000007"));
	g_assert_false(has_problem(fresh, "should be back"));
	g_assert_true(has_problem(fresh, "syscalls"));
	g_assert_true(has_problem(fresh, "emergency stop is in force for \"all\""));
	office->now += 15 * DAY;
	json_auto_t *later = status_of(office, &sight);
	g_assert_true(has_problem(later, "I-2026-000007 (issue) waits for card OP000003"));
	g_assert_true(has_problem(later, "OP000001 should be back since 2026-12-05"));
	g_assert_true(has_problem(later, "revocation list is overdue"));
	g_assert_cmpuint(json_array_size(json_object_get(later, "readers")), ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/view/card", test_card);
	g_test_add_func("/view/card/changes", test_card_changes);
	g_test_add_func("/view/card/time", test_card_time);
	g_test_add_func("/view/pages", test_pages);
	g_test_add_func("/view/history", test_history);
	g_test_add_func("/view/audit", test_audit);
	g_test_add_func("/view/people", test_people);
	g_test_add_func("/view/duties", test_duties);
	g_test_add_func("/view/status", test_status);
	g_test_add_func("/view/status/pins", test_status_pins);
	g_test_add_func("/view/status/problems", test_status_problems);
	return g_test_run();
}
