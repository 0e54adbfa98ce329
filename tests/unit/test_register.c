/* SPDX-License-Identifier: Apache-2.0
 * 発行簿, 管理簿 and 受領書 as data; above all: what the ledger tells of a day is what the tables
 * told on that day (invariant 5), over random walks. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/move.h"
#include "daemon/op/register.h"
#include "daemon/op/suspend.h"
#include "daemon/op/transit.h"
#include "daemon/store/store_card.h"
#include "tests/unit/record_office.h"

#define DAY        86400
#define WALK_DAYS  12
#define DAY_STEPS  25
#define WALK_CARDS 14

typedef json_t *(*Reader)(StoreTx *tx, const Op *op, const RegisterRequest *request,
			  GError **error);

static json_t *rows_of(UnitOffice *office, Reader reader, const char *as_of, const char *section)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	RegisterRequest request = { as_of, section };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_t *document, *rows;

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	document = reader(tx, &op, &request, &error);
	g_assert_no_error(error);
	rows = json_incref(json_object_get(document, "rows"));
	json_decref(document);
	return rows;
}

static const char *cell(const json_t *rows, size_t i, const char *column)
{
	return json_string_value(json_object_get(json_array_get(rows, i), column));
}

static UnitOffice *with_cards(void)
{
	UnitOffice *office = unit_office_new();
	const char *const here[] = { "012345|一般操作者|追加", "009874|業務管理者|追加", NULL };
	const char *const there[] = { "011208|システム管理|追加", NULL };

	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", here);
	unit_office_designate(office, "0101", "2026-11-01", there);
	for (int i = 1; i <= 4; i++) {
		g_autofree char *number = g_strdup_printf("OP%06d", i);

		unit_office_receive(office, number);
	}
	unit_office_lend(office, "OP000002", "012345", "一般操作者");
	unit_office_lend(office, "OP000003", "011208", "システム管理");
	return office;
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

static void test_card_rows(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	json_auto_t *rows = rows_of(office, register_card, NULL, NULL);
	json_auto_t *section = rows_of(office, register_card, NULL, "0301");

	g_assert_cmpuint(json_array_size(rows), ==, 4);
	g_assert_cmpstr(cell(rows, 0, "card"), ==, "OP000003");
	g_assert_cmpstr(cell(rows, 1, "card"), ==, "OP000002");
	g_assert_cmpstr(cell(rows, 1, "name"), ==, UNIT_TSUJI);
	g_assert_cmpstr(cell(rows, 1, "section"), ==, "市民部市民課");
	g_assert_cmpstr(cell(rows, 1, "title"), ==, "主事");
	g_assert_cmpstr(cell(rows, 1, "kind"), ==, "操作者用");
	g_assert_cmpstr(cell(rows, 1, "lentOn"), ==, "2026-11-21");
	g_assert_null(cell(rows, 1, "note"));
	g_assert_cmpstr(cell(rows, 2, "card"), ==, "OP000001");
	g_assert_cmpstr(cell(rows, 2, "note"), ==, "在庫（情報政策課保管庫）");
	g_assert_null(cell(rows, 2, "name"));
	g_assert_cmpstr(cell(rows, 3, "card"), ==, "OP000004");
	g_assert_cmpuint(json_array_size(section), ==, 1);
	g_assert_cmpstr(cell(section, 0, "card"), ==, "OP000002");
}

static void test_card_past(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	json_auto_t *lent = NULL;
	json_auto_t *back = NULL;
	json_auto_t *before = NULL;

	office->now += 3 * DAY;
	move(office, "OP000002", EVENT_RECALL, "TRANSFER");
	office->now += 2 * DAY;
	move(office, "OP000002", EVENT_RETURN, NULL);
	before = rows_of(office, register_card, "2026-11-20", NULL);
	g_assert_cmpuint(json_array_size(before), ==, 0);
	lent = rows_of(office, register_card, "2026-11-23", NULL);
	g_assert_cmpuint(unit_office_count(lent, "name", UNIT_TSUJI), ==, 1);
	g_assert_cmpuint(unit_office_count(lent, "note", "回収待ち"), ==, 0);
	json_decref(lent);
	lent = rows_of(office, register_card, "2026-11-24", NULL);
	g_assert_cmpuint(unit_office_count(lent, "name", UNIT_TSUJI), ==, 1);
	g_assert_cmpuint(unit_office_count(lent, "note", "回収待ち"), ==, 1);
	back = rows_of(office, register_card, "2026-11-26", NULL);
	g_assert_cmpuint(unit_office_count(back, "name", UNIT_TSUJI), ==, 0);
	g_assert_cmpuint(unit_office_count(back, "note", "返納済"), ==, 1);
}

static void test_issue_rows(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	json_auto_t *now = NULL;
	json_auto_t *past = NULL;
	json_auto_t *section = NULL;
	json_auto_t *none = NULL;

	office->now += 3 * DAY;
	move(office, "OP000002", EVENT_RECALL, "TRANSFER");
	move(office, "OP000002", EVENT_RETURN, NULL);
	now = rows_of(office, register_issue, NULL, NULL);
	g_assert_cmpuint(json_array_size(now), ==, 2);
	g_assert_cmpstr(cell(now, 0, "card"), ==, "OP000002");
	g_assert_cmpstr(cell(now, 0, "name"), ==, UNIT_TSUJI);
	g_assert_cmpstr(cell(now, 0, "issuedOn"), ==, "2026-11-21");
	g_assert_cmpstr(cell(now, 0, "returnedOn"), ==, "2026-11-24");
	g_assert_cmpstr(cell(now, 0, "reason"), ==, "人事異動");
	past = rows_of(office, register_issue, "2026-11-23", NULL);
	g_assert_cmpuint(json_array_size(past), ==, 2);
	g_assert_null(cell(past, 0, "returnedOn"));
	g_assert_null(cell(past, 0, "reason"));
	section = rows_of(office, register_issue, NULL, "0101");
	g_assert_cmpuint(json_array_size(section), ==, 1);
	none = rows_of(office, register_issue, "2026-11-20", NULL);
	g_assert_cmpuint(json_array_size(none), ==, 0);
}

static void test_refused(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	const struct {
		RegisterRequest request;
		ErrorCode code;
	} bad[] = {
		{ { "2026-11-22", NULL }, ERROR_USAGE },
		{ { "2026-02-30", NULL }, ERROR_USAGE },
		{ { NULL, "9999" }, ERROR_NOT_FOUND },
	};
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_auto(Op) op = { 0 };

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) one = NULL;
		g_autoptr(GError) other = NULL;

		g_assert_null(register_card(tx, &op, &bad[i].request, &one));
		g_assert_error(one, ERROR_DOMAIN, (int) bad[i].code);
		g_assert_null(register_issue(tx, &op, &bad[i].request, &other));
		g_assert_error(other, ERROR_DOMAIN, (int) bad[i].code);
	}
}

static void test_values(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	g_autoptr(StoreTx) tx = unit_office_read(office);
	RegisterRequest request = { .as_of = "2026-11-21" };
	g_auto(Op) op = { 0 };
	json_t *values;

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	json_auto_t *document = register_card(tx, &op, &request, NULL);
	values = json_object_get(document, "values");
	g_assert_cmpstr(json_string_value(json_object_get(values, "団体名")), ==, "試験市");
	g_assert_cmpstr(json_string_value(json_object_get(values, "出力者")), ==, "小谷　秀樹");
	g_assert_cmpstr(json_string_value(json_object_get(values, "基準日")), ==, "2026-11-21");
	g_assert_cmpstr(json_string_value(json_object_get(values, "出力日時")), ==,
			"2026-11-21T10:00:00+09:00");
}

static json_t *receipt(UnitOffice *office, const char *const *cards, int *ret_code)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_t *document;

	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN), &op);
	document = register_receipt(tx, &op, cards, &error);
	*ret_code = error != NULL ? (int) error_code(error) : -1;
	return document;
}

static const char *value(const json_t *document, const char *name)
{
	return json_string_value(json_object_get(json_object_get(document, "values"), name));
}

static void test_receipt(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	const char *const one[] = { "OP000002", NULL };
	const char *const two[] = { "OP000002", "OP000001", NULL };
	int code;

	json_auto_t *single = receipt(office, one, &code);
	g_assert_cmpint(code, ==, -1);
	g_assert_cmpstr(value(single, "権限種別"), ==, "一般操作者");
	g_assert_cmpstr(value(single, "カード番号"), ==, "OP000002");
	g_assert_cmpstr(value(single, "パスワード確認"), ==, "良");
	g_assert_cmpstr(value(single, "受領日"), ==, "2026-11-21");
	g_assert_cmpstr(value(single, "所属名"), ==, "市民部市民課");
	g_assert_cmpstr(value(single, "職氏名"), ==, "課長　渡邊󠄊　恵子");
	unit_office_lend(office, "OP000001", "009874", "業務管理者");
	json_auto_t *several = receipt(office, two, &code);
	g_assert_cmpint(code, ==, -1);
	g_assert_null(value(several, "カード番号"));
	g_assert_cmpuint(json_array_size(json_object_get(several, "rows")), ==, 2);
	g_assert_cmpstr(cell(json_object_get(several, "rows"), 1, "authority"), ==, "業務管理者");
	g_assert_cmpstr(cell(json_object_get(several, "rows"), 1, "check"), ==, "良");
}

static void test_receipt_refused(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	const char *const none[] = { NULL };
	const char *const sections[] = { "OP000002", "OP000003", NULL };
	const char *const stock[] = { "OP000004", NULL };
	const char *const days[] = { "OP000002", "OP000001", NULL };
	const char *const unknown[] = { "OP999999", NULL };
	int code;

	g_assert_null(receipt(office, none, &code));
	g_assert_cmpint(code, ==, ERROR_USAGE);
	g_assert_null(receipt(office, sections, &code));
	g_assert_cmpint(code, ==, ERROR_USAGE);
	g_assert_null(receipt(office, stock, &code));
	g_assert_cmpint(code, ==, ERROR_STATE);
	g_assert_null(receipt(office, unknown, &code));
	g_assert_cmpint(code, ==, ERROR_NOT_FOUND);
	office->now += DAY;
	unit_office_lend(office, "OP000001", "009874", "業務管理者");
	g_assert_null(receipt(office, days, &code));
	g_assert_cmpint(code, ==, ERROR_USAGE);
}

static guint differences(UnitOffice *office)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_auto(Op) op = { 0 };
	gint64 count = 0;

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	g_autoptr(GPtrArray) numbers = register_differences(tx, &op, &count, NULL);
	g_assert_nonnull(numbers);
	g_assert_cmpint(count, >, 0);
	return numbers->len;
}

/* A card changed past the daemon is found. */
static void test_tampered(void)
{
	g_autoptr(UnitOffice) office = with_cards();
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Card) card = NULL;

	g_assert_cmpuint(differences(office), ==, 0);
	tx = store_tx_begin(office->house.store, STORE_NORMAL, NULL);
	card = store_card_get(tx, "OP000002", NULL);
	g_free(card->lent_on);
	card->lent_on = g_strdup("2026-11-20");
	g_assert_true(store_card_put(tx, card, NULL));
	g_assert_true(store_tx_commit(&tx, NULL));
	g_assert_cmpuint(differences(office), ==, 1);
}

static char *number_at(int i)
{
	return g_strdup_printf("OP%06d", i);
}

/* Whatever table A allows in this state; refusals are fine. */
static void random_move(UnitOffice *office, GRand *rand)
{
	g_autofree char *number = number_at(g_rand_int_range(rand, 1, WALK_CARDS + 1));
	MoveRequest request = {
		.card = number,
		.event = (CardEvent) g_rand_int_range(rand, EVENT_CANCEL, _CARD_EVENT_MAX),
		.witness = "011208",
		.evidence = "破砕",
		.facts = { .reason = "TRANSFER",
			   .note = "任意",
			   .is_usable = g_rand_boolean(rand) },
	};
	g_autoptr(GError) ignored = NULL;
	g_auto(Op) op = { 0 };
	MoveOutcome outcome;

	if (request.event == EVENT_SUSPEND || request.event == EVENT_RESUME ||
	    request.event == EVENT_RENEW || request.event == EVENT_RE_HOME ||
	    request.event == EVENT_ERASE || request.event == EVENT_EMERGENCY_STOP ||
	    request.event == EVENT_EMERGENCY_RESUME || request.event == EVENT_LEND_TEMPORARY)
		return;
	unit_office_op(office, UNIT_ALL_ROLES, &op);
	op.is_confirmed = TRUE;
	g_assert_true(move_card(&op, &request, &outcome, NULL, &ignored) == (ignored == NULL));
}

static void random_hold(UnitOffice *office, GRand *rand)
{
	g_autofree char *number = number_at(g_rand_int_range(rand, 1, WALK_CARDS + 1));
	SuspendRequest request = { .card = number,
				   .reason = HOLD_LEAVE,
				   .note = "休職",
				   .place = g_rand_boolean(rand) ? "課長預り" : NULL };
	EmergencyRequest emergency = { .scope = "section:0301", .is_stop = g_rand_boolean(rand) };
	g_autoptr(GError) ignored = NULL;
	g_auto(Op) op = { 0 };
	MoveOutcome outcome;

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	op.is_confirmed = TRUE;
	if (g_rand_int_range(rand, 0, 3) == 0)
		(void) !suspend_emergency(&op, &emergency, &outcome, NULL, &ignored);
	else if (g_rand_boolean(rand))
		(void) !suspend_card(&op, &request, &ignored);
	else
		(void) !suspend_resume(&op, &request, &outcome, NULL, &ignored);
}

static void random_place(UnitOffice *office, GRand *rand)
{
	g_autofree char *number = number_at(g_rand_int_range(rand, 1, WALK_CARDS + 1));
	g_autoptr(GError) ignored = NULL;
	g_auto(Op) op = { 0 };

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	TransitRequest request = { .card = number, .goal = "第二庁舎", .seal = "1" };

	(void) !(g_rand_boolean(rand) ? transit_send(&op, &request, &ignored)
				      : transit_place(&op, number, "第二保管庫", &ignored));
}

/* 改姓 and 昇任: the staff list, and the report that takes the title over. */
static void random_staff(UnitOffice *office, GRand *rand)
{
	const char *const report[] = { "012345|一般操作者", "009874|業務管理者", NULL };
	ImportStaffRow row = { 2,
			       "012345",
			       g_rand_boolean(rand) ? UNIT_TSUJI : UNIT_TSUJI_PLAIN,
			       "ツジ",
			       "0301",
			       "窓口係",
			       g_rand_boolean(rand) ? "主事" : "主任" };
	g_autofree char *today = clock_date(office->now);
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	ImportStaffRequest request = { "staff.csv", rows };
	g_auto(ImportResult) result = { 0 };
	g_auto(Op) op = { 0 };

	g_ptr_array_add(rows, &row);
	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	g_assert_true(import_staff(&op, &request, &result, NULL));
	if (g_rand_boolean(rand))
		unit_office_designate(office, "0301", today, report);
}

static void random_loan(UnitOffice *office, GRand *rand)
{
	const struct {
		const char *staff, *authority;
	} people[] = { { "012345", "一般操作者" },
		       { "009874", "業務管理者" },
		       { "011208", "システム管理" } };
	g_autofree char *number = number_at(g_rand_int_range(rand, 1, WALK_CARDS + 1));
	int i = g_rand_int_range(rand, 0, G_N_ELEMENTS(people));
	CardState state = unit_office_state(office, number);

	if (state == CARD_RETURNED && g_rand_boolean(rand))
		unit_office_force(office, number, CARD_ERASED, "erase");
	else if (state == CARD_STOCK || state == CARD_SPARE)
		unit_office_lend(office, number, people[i].staff, people[i].authority);
}

static void step(UnitOffice *office, GRand *rand)
{
	void (*const steps[])(UnitOffice *, GRand *) = {
		random_move,  random_move,  random_move, random_hold,
		random_place, random_staff, random_loan, random_loan,
	};

	steps[g_rand_int_range(rand, 0, G_N_ELEMENTS(steps))](office, rand);
}

typedef struct Evening {
	char *date;
	json_t *cards;
	json_t *issues;
} Evening;

static void clear_evening(gpointer data)
{
	Evening *evening = data;

	g_free(evening->date);
	json_decref(evening->cards);
	json_decref(evening->issues);
}

static void check_evening(UnitOffice *office, const Evening *evening)
{
	json_auto_t *cards = rows_of(office, register_card, evening->date, NULL);
	json_auto_t *issues = rows_of(office, register_issue, evening->date, NULL);

	g_assert_true(json_equal(cards, evening->cards));
	g_assert_true(json_equal(issues, evening->issues));
}

static void walk(guint32 seed)
{
	g_autoptr(UnitOffice) office = with_cards();
	GRand *rand = g_rand_new_with_seed(seed);
	g_autoptr(GArray) evenings = g_array_new(FALSE, FALSE, sizeof(Evening));

	g_array_set_clear_func(evenings, clear_evening);
	for (int i = 5; i <= WALK_CARDS; i++) {
		g_autofree char *number = number_at(i);

		unit_office_receive(office, number);
	}
	for (int day = 0; day < WALK_DAYS; day++) {
		Evening evening = { .date = clock_date(office->now) };

		for (int i = 0; i < DAY_STEPS; i++) {
			office->now += 60;
			step(office, rand);
			g_assert_cmpuint(differences(office), ==, 0);
		}
		evening.cards = rows_of(office, register_card, NULL, NULL);
		evening.issues = rows_of(office, register_issue, NULL, NULL);
		g_array_append_val(evenings, evening);
		office->now += DAY - DAY_STEPS * 60;
	}
	for (guint i = 0; i < evenings->len; i++)
		check_evening(office, &g_array_index(evenings, Evening, i));
	g_rand_free(rand);
}

static void test_walks(void)
{
	for (guint32 seed = 1; seed <= 4; seed++) {
		g_test_message("seed %u", seed);
		walk(seed);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/register/card/rows", test_card_rows);
	g_test_add_func("/register/card/past", test_card_past);
	g_test_add_func("/register/issue/rows", test_issue_rows);
	g_test_add_func("/register/refused", test_refused);
	g_test_add_func("/register/values", test_values);
	g_test_add_func("/register/receipt", test_receipt);
	g_test_add_func("/register/receipt/refused", test_receipt_refused);
	g_test_add_func("/register/tampered", test_tampered);
	g_test_add_func("/register/walks", test_walks);
	return g_test_run();
}
