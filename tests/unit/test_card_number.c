/* SPDX-License-Identifier: Apache-2.0
 * Face numbers as people type them, and what a card shows of itself. */
#include "daemon/core/card.h"
#include "daemon/core/person.h"

static void check(const char *typed, const char *expected)
{
	g_autofree char *number = card_number_fold(typed);

	g_assert_cmpstr(number, ==, expected);
}

static void test_taken(void)
{
	check("OP000123", "OP000123");
	check("op000123", "OP000123");
	check("ＯＰ０００１２３", "OP000123");
	check("ｏｐ０００１２３", "OP000123");
	check("ＯP－００1", "OP-001");
	check("0", "0");
	check("-", "-");
	check("ABCDEFGHIJKLMNOPQRST", "ABCDEFGHIJKLMNOPQRST");
	check("ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴ", "ABCDEFGHIJKLMNOPQRST");
}

static void test_refused(void)
{
	static const char *const rows[] = {
		"",
		" ",
		"OP 000123",
		"OP000123 ",
		"OP_1",
		"OP/1",
		"OP.1",
		"オペ",
		"ｵﾍﾟ",
		"OP\n",
		"OP\xE2\x80\x93"
		"1",
		"'; --x",
		"OP＿１",
		"＠",
		"OP\xCC\x81",
		"\xFF\xFE",
		"OP\xEF\xBC",
		"OP１\xE3\x80\x80",
		"ABCDEFGHIJKLMNOPQRSTU",
		"ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵ",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		check(rows[i], NULL);
}

/* Folding what was folded changes nothing, so a number is the same wherever it is typed. */
static void test_stable(void)
{
	GRand *rand = g_rand_new_with_seed(20261121);

	for (int i = 0; i < 2000; i++) {
		g_autoptr(GString) typed = g_string_new(NULL);

		for (int n = g_rand_int_range(rand, 1, 21); n > 0; n--) {
			gunichar c = (gunichar) g_rand_int_range(rand, 0x21, 0x7F);

			g_string_append_unichar(typed, g_rand_boolean(rand) ? c + 0xFEE0 : c);
		}
		g_autofree char *once = card_number_fold(typed->str);
		g_autofree char *twice = once != NULL ? card_number_fold(once) : NULL;

		g_assert_cmpstr(once, ==, twice);
	}
	g_rand_free(rand);
}

static void test_shown(void)
{
	for (int state = 0; state < _CARD_STATE_MAX; state++) {
		Card card = { .state = (CardState) state };

		g_assert_cmpint(card_shown(&card), ==, state);
		g_assert_true(card_is_live(&card) ==
			      (state == CARD_PERSONALIZING || state == CARD_PENDING ||
			       state == CARD_ACTIVE));
		card.is_held = TRUE;
		g_assert_cmpint(card_shown(&card), ==,
				state == CARD_ACTIVE ? CARD_SUSPENDED : (CardState) state);
	}
}

static void test_staff_number(void)
{
	g_assert_true(person_is_staff_number("012345"));
	g_assert_true(person_is_staff_number("K-2026"));
	g_assert_true(person_is_staff_number("12345678901234567890"));
	g_assert_false(person_is_staff_number("123456789012345678901"));
	g_assert_false(person_is_staff_number(""));
	g_assert_false(person_is_staff_number(NULL));
	g_assert_false(person_is_staff_number("０１２３４５"));
	g_assert_false(person_is_staff_number("01 23"));
	g_assert_false(person_is_staff_number("opcardd\n"));
}

static void test_terms(void)
{
	Person person = { .until = (char *) "2027-03-31" };
	Designation designation = { .from = (char *) "2026-04-01", .until = (char *) "2027-03-31" };

	g_assert_true(person_is_eligible(&person, "2027-03-31"));
	g_assert_false(person_is_eligible(&person, "2027-04-01"));
	person.until = NULL;
	g_assert_true(person_is_eligible(&person, "9999-12-31"));
	g_assert_false(person_is_designated(&designation, "2026-03-31"));
	g_assert_true(person_is_designated(&designation, "2026-04-01"));
	g_assert_true(person_is_designated(&designation, "2027-03-31"));
	g_assert_false(person_is_designated(&designation, "2027-04-01"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card-number/taken", test_taken);
	g_test_add_func("/card-number/refused", test_refused);
	g_test_add_func("/card-number/stable", test_stable);
	g_test_add_func("/card/shown", test_shown);
	g_test_add_func("/person/staff-number", test_staff_number);
	g_test_add_func("/person/terms", test_terms);
	return g_test_run();
}
