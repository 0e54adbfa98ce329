/* SPDX-License-Identifier: Apache-2.0
 * Collection duties and other reminders day by day, on a clock of the test's own (T13, T24, T27,
 * N03): what is due is given once, to the right people, and again after nothing. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/case_file.h"
#include "daemon/op/duty_remind.h"
#include "daemon/op/move.h"
#include "daemon/op/notice_kind.h"
#include "daemon/op/notice_text.h"
#include "daemon/op/remind.h"
#include "daemon/store/store_holiday.h"
#include "daemon/store/store_outbox.h"
#include "tests/unit/record_office.h"

#define DAY 86400

/* Recalled on Monday 2026-11-02. */
static UnitOffice *recalled(const char *due)
{
	static const char *const rows[] = { "012345|一般操作者|追加", NULL };
	UnitOffice *office = unit_office_new();
	g_auto(Op) op = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *ignored = NULL;
	MoveOutcome outcome;
	MoveRequest request = {
		.card = "OP000001",
		.event = EVENT_RECALL,
		.facts = { .reason = "TRANSFER", .due = due },
	};

	unit_office_settle(office);
	office->now = clock_day_start("2026-11-02") + 10 * 3600;
	unit_office_designate(office, "0301", "2026-11-02", rows);
	unit_office_receive(office, "OP000001");
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	unit_office_op(office, UNIT_ALL_ROLES, &op);
	g_assert_true(move_card(&op, &request, &outcome, &ignored, &error));
	g_assert_no_error(error);
	return office;
}

static void at_day(UnitOffice *office, const char *date)
{
	g_autoptr(GError) error = NULL;

	office->now = clock_day_start(date) + 9 * 3600;
	g_assert_true(remind_due(&office->house, office->now, &error));
	g_assert_no_error(error);
}

/* Yearly tasks fall due whatever a test is about: shown only where they are what it is about. */
static gboolean shows_yearly;

/* "kind>receiver …" of all notices after the first @skip, oldest first. */
static char *notices(UnitOffice *office, guint skip)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GPtrArray) list = store_outbox_list(tx, OUTBOX_ALL, 0, 500, NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = list->len - MIN(skip, list->len); i > 0; i--) {
		const OutboxNotice *notice = ((OutboxDelivery *) list->pdata[i - 1])->notice;

		if (g_str_equal(notice->kind, "yearly-task") && !shows_yearly)
			continue;
		g_string_append_printf(text, "%s%s>%s", text->len > 0 ? " " : "", notice->kind,
				       notice->recipient);
	}
	return g_strdup(text->str);
}

static guint count(UnitOffice *office)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GPtrArray) list = store_outbox_list(tx, OUTBOX_ALL, 0, 500, NULL);

	return list->len;
}

/* What the day brings, given twice: the second time is nothing. */
static void check_day(UnitOffice *office, const char *date, const char *wanted)
{
	guint before = count(office);
	g_autofree char *got = NULL;

	at_day(office, date);
	at_day(office, date);
	got = notices(office, before);
	g_assert_cmpstr(got, ==, wanted);
}

static void close_office(UnitOffice *office, const char *date)
{
	g_autoptr(StoreTx) tx = store_tx_begin(office->house.store, STORE_NORMAL, NULL);

	g_assert_true(store_holiday_put(tx, date, "休", NULL));
	g_assert_true(store_tx_commit(&tx, NULL));
}

static void test_ladder(void)
{
	g_autoptr(UnitOffice) office = recalled(NULL);
	g_autofree char *opened = notices(office, 0);

	g_assert_true(g_str_has_suffix(opened, " collect-new>post:市民課長"));
	close_office(office, "2026-11-23");
	check_day(office, "2026-11-04", "");
	check_day(office, "2026-11-05", "collect-reminder>post:市民課長"); /* day 3 */
	check_day(office, "2026-11-06", "");
	check_day(office, "2026-11-09", "collect-reminder>post:市民課長"); /* day 7 */
	check_day(office, "2026-11-13", "");
	check_day(office, "2026-11-16", "collect-reminder>post:市民課長"); /* day 14, due */
	check_day(office, "2026-11-22", "");
	check_day(office, "2026-11-23", "");                                    /* day 21: closed */
	check_day(office, "2026-11-24", "collect-escalated>role:system-admin"); /* and moved */
	check_day(office, "2026-11-29", "");
	check_day(office, "2026-11-30", "collect-escalated>role:chief"); /* day 28 */
	check_day(office, "2027-03-01", "");
}

/* After weeks without the daemon only the newest reminder is worth its mail; every step of the
 * escalation is taken. */
static void test_ladder_after_a_long_stop(void)
{
	g_autoptr(UnitOffice) office = recalled(NULL);

	check_day(office, "2026-12-28",
		  "collect-reminder>post:市民課長 collect-escalated>role:system-admin"
		  " collect-escalated>role:chief");
}

/* Twelve weeks to go: the last reminder is on the due date. */
static void test_ladder_of_a_later_due_date(void)
{
	g_autoptr(UnitOffice) office = recalled("2027-01-29");

	check_day(office, "2026-12-01", "");
	check_day(office, "2027-01-18", "collect-reminder>post:市民課長"); /* 14 - 3 days before */
	check_day(office, "2027-01-29", "collect-reminder>post:市民課長");
	check_day(office, "2027-02-04", "");
	check_day(office, "2027-02-05", "collect-escalated>role:system-admin");
}

static gboolean move(UnitOffice *office, CardEvent event, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autofree char *ignored = NULL;
	MoveOutcome outcome;
	MoveRequest request = { .card = "OP000001",
				.event = event,
				.facts = { .note = "連絡不能" } };

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	return move_card(&op, &request, &outcome, &ignored, error);
}

static void test_write_off_waits_for_the_escalation(void)
{
	g_autoptr(UnitOffice) office = recalled(NULL);
	g_autoptr(GError) error = NULL;

	at_day(office, "2026-11-24");
	g_assert_false(move(office, EVENT_WRITE_OFF, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_RULE);
	g_assert_nonnull(strstr(error->message, "escalate-28"));
	at_day(office, "2026-11-30");
	g_clear_error(&error);
	check_day(office, "2026-12-01", "");
	g_assert_true(move(office, EVENT_WRITE_OFF, &error));
	g_assert_no_error(error);
	g_assert_cmpint(unit_office_state(office, "OP000001"), ==, CARD_UNRECOVERABLE);
	g_autofree char *all = notices(office, 0);
	g_assert_true(g_str_has_suffix(all, "written-off>role:chief"));
}

static void test_return_ends_the_reminders(void)
{
	g_autoptr(UnitOffice) office = recalled(NULL);
	g_autoptr(GError) error = NULL;

	check_day(office, "2026-11-05", "collect-reminder>post:市民課長");
	g_assert_true(move(office, EVENT_RETURN, &error));
	g_assert_no_error(error);
	check_day(office, "2026-12-28", "");
}

/* A PIN changed on 2 November ends on 2 May, a Sunday in Golden Week. */
static void test_pin_warnings(void)
{
	static const char *const rows[] = { "012345|一般操作者|追加", NULL };
	g_autoptr(UnitOffice) office = unit_office_new();

	unit_office_settle(office);
	office->now = clock_day_start("2026-11-02") + 10 * 3600;
	unit_office_designate(office, "0301", "2026-11-02", rows);
	unit_office_receive(office, "OP000001");
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	close_office(office, "2027-04-29");
	check_day(office, "2027-03-31", "");
	check_day(office, "2027-04-01", "");
	check_day(office, "2027-04-02", "pin-due>staff:012345"); /* 30 */
	check_day(office, "2027-04-15", "");
	check_day(office, "2027-04-16", "pin-due>staff:012345"); /* 14: the 18th is a Sunday */
	check_day(office, "2027-04-23", "pin-due>staff:012345"); /* 7 */
	check_day(office, "2027-04-28", "pin-due>staff:012345"); /* 3: the 29th is closed */
	check_day(office, "2027-04-29", "");
	check_day(office, "2027-04-30", "pin-due>staff:012345"); /* 1 */
	check_day(office, "2027-05-03", "");
}

static void test_certificate_warnings(void)
{
	g_autoptr(UnitOffice) office = recalled(NULL);
	guint before;
	g_autofree char *got = NULL;

	/* The CA of the office and the card end on days that differ; both are warned of once. */
	at_day(office, "2026-12-28");
	before = count(office);
	at_day(office, "2036-09-01");
	at_day(office, "2036-09-01");
	got = notices(office, before);
	g_assert_nonnull(strstr(got, "authority-ends>role:system-admin"));
	g_assert_null(strstr(strstr(got, "authority-ends>role:system-admin") + 1,
			     "authority-ends>role:system-admin"));
}

static void test_case_reminders_and_close(void)
{
	g_autoptr(UnitOffice) office = recalled(NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *id = NULL;
	CaseNote note = { .kind = (char *) "fault",
			  .section = (char *) "0301",
			  .content = (char *) "リーダ故障" };
	CaseNote measure = { .measure = (char *) "予備のリーダを置く" };
	CaseNote blank = { .measure = (char *) " 　" };
	g_auto(Op) op = { 0 };

	g_assert_true(move(office, EVENT_RETURN, &error));
	unit_office_op(office, UNIT_ALL_ROLES, &op);
	g_assert_true(case_file_open(&op, &note, &id, &error));
	g_assert_no_error(error);
	check_day(office, "2026-11-15", "");
	check_day(office, "2026-11-17", "case-open>role:system-admin case-open>section:0301");
	check_day(office, "2026-11-18", "");
	check_day(office, "2026-12-01", "case-open>role:system-admin case-open>section:0301");
	g_assert_false(case_file_close(&op, id, &blank, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_RULE);
	g_clear_error(&error);
	g_assert_true(case_file_close(&op, id, &measure, &error));
	g_assert_no_error(error);
	g_assert_false(case_file_write(&op, id, &measure, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_STATE);
	check_day(office, "2027-02-01", "");
}

/* T33, K02, T43: audit, self-inspection and analysis by 31 March, 90 days ahead; the confirmation
 * of designations by 30 April. Each once when it comes near and once when it is late. */
static void test_yearly_tasks(void)
{
#define BOTH "yearly-task>role:system-admin yearly-task>role:chief"
	static const char *const rows[] = { "012345|一般操作者|追加", NULL };
	g_autoptr(UnitOffice) office = unit_office_new();

	unit_office_settle(office);
	office->now = clock_day_start("2026-11-02") + 10 * 3600;
	unit_office_designate(office, "0301", "2026-11-02", rows);
	shows_yearly = TRUE;
	check_day(office, "2026-12-30", "");
	check_day(office, "2026-12-31", BOTH " " BOTH " " BOTH);
	check_day(office, "2027-03-31", "");
	check_day(office, "2027-04-01", BOTH " " BOTH " " BOTH " " BOTH);
	check_day(office, "2027-04-30", "");
	check_day(office, "2027-05-01", BOTH);
	shows_yearly = FALSE;
#undef BOTH
}

/* Every text in both languages, with no place left and nothing that must not leave the house. */
static void test_texts(void)
{
	const NoticeKind *kind;

	for (guint i = 0; (kind = notice_kind_row(i)) != NULL; i++)
		for (int english = 0; english < 2; english++) {
			OutboxNotice notice = {
				.kind = (char *) kind->name,
				.body = (char *) "{\"card\":\"{holder}\\r\\nBcc: x\"}"
			};
			g_auto(NoticeText) text = { NULL, NULL };
			g_autofree char *mail = NULL;

			notice_text_make(&notice, english, &text);
			mail = notice_text_mail(&notice, &text, "a@example.jp");
			g_assert_null(strpbrk(text.subject, "\r\n"));
			g_assert_null(strstr(mail, "\nBcc:"));
			g_assert_nonnull(strstr(mail, "\r\n\r\n"));
			for (const char *c = mail; *c != '\0'; c++)
				g_assert_true(g_ascii_isprint(*c) || *c == '\r' || *c == '\n');
			g_assert_null(strstr(text.body, "死亡"));
			g_assert_null(strstr(text.body, "{due}"));
		}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/duty/T13-N03-ladder", test_ladder);
	g_test_add_func("/duty/T13-ladder-after-a-long-stop", test_ladder_after_a_long_stop);
	g_test_add_func("/duty/T13-ladder-of-a-later-due-date", test_ladder_of_a_later_due_date);
	g_test_add_func("/duty/T13-write-off-waits", test_write_off_waits_for_the_escalation);
	g_test_add_func("/duty/T13-return-ends-it", test_return_ends_the_reminders);
	g_test_add_func("/duty/T27-pin-warnings", test_pin_warnings);
	g_test_add_func("/duty/T29-certificate-warnings", test_certificate_warnings);
	g_test_add_func("/duty/T24-N62-cases", test_case_reminders_and_close);
	g_test_add_func("/duty/T33-K02-yearly-tasks", test_yearly_tasks);
	g_test_add_func("/duty/texts", test_texts);
	return g_test_run();
}
