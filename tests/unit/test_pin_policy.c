/* SPDX-License-Identifier: Apache-2.0
 * T26, N37: numbers. Every PIN of six figures is asked about once; each family is then generated
 * from its description and must be refused for its own reason, all of it. */
#include <string.h>

#include "tests/unit/pin_family.h"

#define ALL 1000000

static guint32 *broken;     /* of every number of six figures */
static gboolean *is_member; /* of the family looked at */

static void mark(guint number)
{
	g_assert_cmpuint(number, <, ALL);
	is_member[number] = TRUE;
}

typedef void (*TakeDay)(const int day[3], gpointer data); /* year, month, day of month */

static void each_day(int first_year, int last_year, TakeDay take, gpointer data)
{
	GDate date;

	g_date_set_dmy(&date, 1, G_DATE_JANUARY, (GDateYear) first_year);
	for (; g_date_get_year(&date) <= last_year; g_date_add_days(&date, 1))
		take((int[]){ g_date_get_year(&date), (int) g_date_get_month(&date),
			      g_date_get_day(&date) },
		     data);
}

static void mark_date(const int day[3], G_GNUC_UNUSED gpointer data)
{
	guint y = day[0] % 100, m = day[1], d = day[2];

	mark(y * 10000 + m * 100 + d);
	mark(d * 10000 + m * 100 + y);
	mark(m * 10000 + d * 100 + y);
}

static void mark_dates(void)
{
	each_day(1930, 2026, mark_date, NULL);
}

static void mark_short_dates(void)
{
	for (guint year = 1930; year <= 2026; year++)
		for (guint month = 1; month <= 9; month++)
			for (guint day = 1; day <= 9; day++)
				mark(year * 100 + month * 10 + day);
}

static void mark_era_date(const int day[3], gpointer before)
{
	mark((guint) ((day[0] - *(int *) before) * 10000 + day[1] * 100 + day[2]));
}

/* Days before an era's begin and after its end are left in: people write them too. */
static void mark_wareki(void)
{
	static int before[] = { 1867, 1911, 1925, 1988, 2018 };
	static const int years[] = { 45, 15, 64, 31, 8 };

	for (guint era = 0; era < G_N_ELEMENTS(before); era++)
		each_day(before[era] + 1, before[era] + years[era], mark_era_date, &before[era]);
}

static void mark_year_and_month(void)
{
	for (guint year = 1930; year <= 2026; year++)
		for (guint month = 1; month <= 12; month++) {
			mark(year * 100 + month);
			mark(month * 10000 + year);
		}
}

static void mark_periods(void)
{
	for (guint part = 0; part < 1000; part++)
		mark(part * 1001);
	for (guint part = 0; part < 100; part++)
		mark(part * 10101);
}

static void mark_palindromes(void)
{
	for (guint part = 0; part < 1000; part++)
		mark(part * 1000 + part % 10 * 100 + part / 10 % 10 * 10 + part / 100);
}

/* 112233, 111222 */
static void mark_blocks(void)
{
	for (guint a = 0; a < 10; a++)
		for (guint b = 0; b < 10; b++) {
			mark(a * 111000 + b * 111);
			mark(a * 110000 + b * 1111);
			mark(a * 111100 + b * 11);
			for (guint c = 0; c < 10; c++)
				mark(a * 110000 + b * 1100 + c * 11);
		}
}

static void mark_steps(int least, int most)
{
	for (int first = 0; first < 10; first++)
		for (int step = least; step <= most; step++) {
			guint number = 0;

			for (int i = 0; i < 6; i++)
				number = number * 10 + (guint) (first + i * step + 100) % 10;
			mark(number);
		}
}

static void mark_sequences(void)
{
	mark_steps(1, 1);
	mark_steps(-1, -1);
}

static void mark_arithmetic(void)
{
	mark_steps(-9, -1);
	mark_steps(1, 9);
}

/* 246810, 369121, 510152, 101112 */
static void mark_counting(void)
{
	for (guint first = 1; first < 100; first++)
		for (guint step = 1; step <= 10; step++) {
			g_autoptr(GString) text = g_string_new(NULL);

			for (guint value = first; text->len < 6; value += step)
				g_string_append_printf(text, "%u", value);
			g_string_truncate(text, 6);
			mark((guint) g_ascii_strtoull(text->str, NULL, 10));
		}
}

/* 102030, 010203, 153045: three numbers of two figures in constant steps. */
static void mark_pairs(void)
{
	for (int first = 0; first < 100; first++)
		for (int step = -49; step < 50; step++)
			if (step != 0 && first + 2 * step >= 0 && first + 2 * step < 100)
				mark((guint) (first * 10000 + (first + step) * 100 + first +
					      2 * step));
}

/* 192837: tens and units each go up by one, down by one, or stay. */
static void mark_two_rows(void)
{
	for (guint start = 0; start < 100; start++)
		for (guint steps = 0; steps < 9; steps++) {
			guint number = 0;

			for (guint i = 0; i < 3; i++)
				number = number * 100 +
					 (start / 10 + 9 * i + i * (steps / 3)) % 10 * 10 +
					 (start % 10 + 9 * i + i * (steps % 3)) % 10;
			mark(number);
		}
}

/* 123124, 123234, 123789, 135246 */
static void mark_threes(void)
{
	for (guint three = 0; three < 999; three++) {
		mark(three * 1001 + 1);
		mark((three + 1) * 1000 + three);
	}
	for (guint a = 0; a < 10; a++)
		for (guint b = 0; b < 10; b++)
			for (guint step = 1; step <= 2; step++)
				mark(a * 100000 + (a + step) % 10 * 10000 +
				     (a + 2 * step) % 10 * 1000 + b * 100 + (b + step) % 10 * 10 +
				     (b + 2 * step) % 10);
}

/* Rows, columns and diagonals of three keys, two after each other, on both kinds of pads. */
static void mark_keypad(void)
{
	static const guint
		lines[] = { 123, 456, 789, 147, 258, 369, 159, 357, 321, 654, 987,
			    741, 852, 963, 951, 753, 580, 85,  520, 25,  410, 14 /* with the 0 */ };

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		for (guint j = 0; j < G_N_ELEMENTS(lines); j++)
			mark(lines[i] * 1000 + lines[j]);
}

/* Snakes and rings: 123654, 147896, 125896, 789632. */
static void mark_keypad_walks(void)
{
	static const char *const around[] = { "8",    "24",  "135", "26",   "157",
					      "2468", "359", "48",  "5790", "68" };

	for (guint number = 0; number < ALL; number++) {
		g_autofree char *text = g_strdup_printf("%06u", number);
		gboolean is_walk = TRUE;

		for (int i = 0; is_walk && i < 5; i++)
			is_walk = strchr(around[text[i] - '0'], text[i + 1]) != NULL;
		if (is_walk)
			mark(number);
	}
}

static void mark_repeated(void)
{
	for (guint number = 0; number < ALL; number++) {
		g_autofree char *text = g_strdup_printf("%06u", number);
		guint kinds = 0;

		for (char figure = '0'; figure <= '9'; figure++)
			kinds += strchr(text, figure) != NULL;
		if (kinds <= 2)
			mark(number);
	}
	for (guint figure = 0; figure < 10; figure++)
		for (guint rest = 0; rest < 100; rest++) {
			mark(figure * 111100 + rest);
			mark(figure * 1111 + rest * 10000);
			mark(rest / 10 * 100000 + figure * 11110 + rest % 10);
		}
}

static void mark_known(void)
{
	static const guint known[] = { 314159, 271828, 141421, 173205, 142857, 114514, 110119 };
	static const guint puns[] = { 4649, 5963, 1192, 2525 };

	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		mark(known[i]);
	for (guint i = 0; i < G_N_ELEMENTS(puns); i++)
		for (guint rest = 0; rest < 100; rest++) {
			mark(puns[i] * 100 + rest);
			mark(rest * 10000 + puns[i]);
		}
}

/* clang-format off */
static const struct {
	const char *name;
	void (*generate)(void);
	PinRule rule;
	guint total;
} families[] = {
	{ "dates",          mark_dates,          PIN_RULE_DATE,        83239 },
	{ "short dates",    mark_short_dates,    PIN_RULE_DATE,        7857 },
	{ "wareki",         mark_wareki,         PIN_RULE_WAREKI_DATE, 23396 },
	{ "year and month", mark_year_and_month, PIN_RULE_YEAR,        2328 },
	{ "periods",        mark_periods,        PIN_RULE_PERIOD,      1090 },
	{ "palindromes",    mark_palindromes,    PIN_RULE_PALINDROME,  1000 },
	{ "blocks",         mark_blocks,         PIN_RULE_BLOCKS,      1090 },
	{ "threes",         mark_threes,         PIN_RULE_BLOCKS,      2198 },
	{ "sequences",      mark_sequences,      PIN_RULE_SEQUENCE,    20 },
	{ "arithmetic",     mark_arithmetic,     PIN_RULE_ARITHMETIC,  90 },
	{ "counting",       mark_counting,       PIN_RULE_ARITHMETIC,  981 },
	{ "pairs",          mark_pairs,          PIN_RULE_PAIRS,       4900 },
	{ "two rows",       mark_two_rows,       PIN_RULE_PAIRS,       900 },
	{ "keypad lines",   mark_keypad,         PIN_RULE_KEYPAD,      484 },
	{ "keypad walks",   mark_keypad_walks,   PIN_RULE_KEYPAD,      1790 },
	{ "repeated",       mark_repeated,       PIN_RULE_REPEATED,    4960 },
	{ "known numbers",  mark_known,          PIN_RULE_WORD,        806 },
};
/* clang-format on */

static void test_family(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data), total = 0, refused = 0;

	memset(is_member, 0, ALL * sizeof *is_member);
	families[i].generate();
	for (guint number = 0; number < ALL; number++) {
		gboolean is_refused = (broken[number] & PIN_FAMILY_RULE(families[i].rule)) != 0;

		total += is_member[number];
		refused += is_member[number] && is_refused;
		if (is_member[number] && !is_refused && total - refused < 10)
			g_test_message("%s passes: %06u", families[i].name, number);
	}
	g_test_message("%s: refused %u of %u", families[i].name, refused, total);
	g_assert_cmpuint(refused, ==, total);
	g_assert_cmpuint(total, ==, families[i].total);
}

static void test_all_numbers(void)
{
	guint refused = 0;

	for (guint number = 0; number < ALL; number++)
		refused += broken[number] != 0;
	g_test_message("all numbers of six figures: refused %u (%.2f %%)", refused,
		       refused * 100.0 / ALL);
	g_assert_cmpuint(refused, ==, 118531);
	g_assert_cmpuint(refused, <=, ALL * 12 / 100);
}

static void add_long_date(const int day[3], gpointer family)
{
	static const char *const formats[] = { "%1$04d%2$02d%3$02d", "%3$02d%2$02d%1$04d",
					       "%2$02d%3$02d%1$04d" };

	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autofree char *pin = g_strdup_printf(formats[i], day[0], day[1], day[2]);

		pin_family_add(family, pin, PIN_FAMILY_RULE(PIN_RULE_DATE));
	}
}

static void test_long_dates(void)
{
	PinFamily family = { .name = "dates of eight figures", .is_listed = TRUE };

	each_day(1930, 2026, add_long_date, &family);
	pin_family_assert(&family, 106287, 106287, 100);
}

typedef struct Era {
	const char *codes[2]; /* the number first */
	int before;
	int years;
	PinFamily *family;
} Era;

static void add_era_forms(const int day[3], gpointer data)
{
	static const char *const formats[] = { "%s%02d%02d%02d", "%s%d%02d%02d", "%s%02d%d%d" };
	Era *era = data;

	for (guint code = 0; code < G_N_ELEMENTS(era->codes); code++)
		for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
			g_autofree char *pin = g_strdup_printf(
				formats[i], era->codes[code], day[0] - era->before, day[1], day[2]);

			/* The number is a code only with all figures behind it. */
			if (strlen(pin) >= 6 && (code > 0 || i == 0))
				pin_family_add(era->family, pin,
					       PIN_FAMILY_RULE(PIN_RULE_WAREKI_DATE));
		}
}

static void test_eras(void)
{
	PinFamily family = { .name = "era, year, month, day", .is_listed = TRUE };
	Era eras[] = { { { "3", "S" }, 1925, 64, &family },
		       { { "4", "h" }, 1988, 31, &family },
		       { { "5", "R" }, 2018, 8, &family } };

	for (guint i = 0; i < G_N_ELEMENTS(eras); i++)
		each_day(eras[i].before + 1, eras[i].before + eras[i].years, add_era_forms,
			 &eras[i]);
	pin_family_assert(&family, 142137, 142137, 100);
}

static void test_longer_numbers(void)
{
	static const char *const pins[] = {
		"12345678",  "987654321",  "11223344",     "12121212", "123123123",
		"13579135",  "19852012",   "00000001",     "10203040", "147258369",
		"159753159", "1234567890", "123456789012", "31415926", "11111111111111111111",
		"100200300", "24681012",
	};
	static const char *const good[] = { "83917264", "5820937146", "7305918", "48027395" };

	for (guint i = 0; i < G_N_ELEMENTS(pins); i++) {
		if (pin_family_broken(pins[i]) == 0)
			g_test_message("passes: %s", pins[i]);
		g_assert_cmpuint(pin_family_broken(pins[i]), !=, 0);
	}
	for (guint i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_cmpuint(pin_family_broken(good[i]), ==, 0);
}

int main(int argc, char **argv)
{
	int result;
	gint64 start;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions(); /* all figures, not only the first wrong one */
	broken = g_new(guint32, ALL);
	is_member = g_new(gboolean, ALL);
	start = g_get_monotonic_time();
	for (guint number = 0; number < ALL; number++) {
		char text[8];

		g_snprintf(text, sizeof text, "%06u", number);
		broken[number] = pin_family_broken(text);
	}
	g_test_message("%.2f µs a check", (double) (g_get_monotonic_time() - start) / ALL);
	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		g_autofree char *path = g_strdup_printf("/pin/number/%s", families[i].name);

		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_family);
	}
	g_test_add_func("/pin/number/all", test_all_numbers);
	g_test_add_func("/pin/number/long dates", test_long_dates);
	g_test_add_func("/pin/number/eras", test_eras);
	g_test_add_func("/pin/number/longer", test_longer_numbers);
	result = g_test_run();
	g_free(broken);
	g_free(is_member);
	return result;
}
