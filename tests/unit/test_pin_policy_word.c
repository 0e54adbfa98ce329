/* SPDX-License-Identifier: Apache-2.0
 * T26, N37: letters. Word lists of the tests' own, with what people put behind, before and inside;
 * walks over keyboards drawn here; and what must pass: random PINs, drawn from a fixed seed. */
#include <string.h>

#include "pkcs11/pin_word.h"
#include "tests/unit/pin_family.h"

#define CONTENTS                                                                                   \
	(~(PIN_FAMILY_RULE(PIN_RULE_TOO_SHORT) | PIN_FAMILY_RULE(PIN_RULE_TOO_LONG) |              \
	   PIN_FAMILY_RULE(PIN_RULE_CHARACTER) | PIN_FAMILY_RULE(PIN_RULE_CLASSES)))

static char **read_words(const char *name)
{
	const char *folder = g_getenv("PIN_DATA");
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;

	g_assert_nonnull(folder);
	path = g_build_filename(folder, name, NULL);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return g_strsplit_set(g_strstrip(text), " \n", -1);
}

static void add_long(PinFamily *family, const char *pin)
{
	if (strlen(pin) >= 6)
		pin_family_add(family, pin, (guint32) CONTENTS);
}

static void test_suffixes(void)
{
	static const char *const formats[] = {
		"%s",    "%s1",    "%s12",   "%s123", "%s1234", "%s01",   "%s007",
		"%s99",  "%s2024", "%s2026", "%s!",   "%s1!",   "%s123!", "%s2024!",
		"%s#1",  "%s85",   "%s0401", "%s@1",  "1%s",    "123%s",  "2024%s",
		"%s.%s", "%s%s",   "!%s!",   "%s_1",  "%s00",   "%s321",
	};
	g_auto(GStrv) words = read_words("words.txt");
	PinFamily family = { .name = "words with suffix", .is_listed = TRUE };

	for (char **word = words; *word != NULL; word++)
		for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
			g_autofree char *pin = g_strdup_printf(formats[i], *word, *word);
			g_autofree char *capital = g_strdup(pin);
			g_autofree char *loud = g_ascii_strup(pin, -1);

			capital[0] = g_ascii_toupper(pin[0]);
			add_long(&family, pin);
			add_long(&family, capital);
			add_long(&family, loud);
		}
	pin_family_assert(&family, 32922, 32453, 98);
}

static char *write_leet(const char *word, const char *from, const char *to)
{
	char *text = g_strdup(word);

	for (char *c = text; *c != '\0'; c++) {
		const char *found = strchr(from, *c);

		if (found != NULL)
			*c = to[found - from];
	}
	return text;
}

static void test_leet(void)
{
	static const char *const keys[][2] = {
		{ "a", "4" },         { "a", "@" },   { "o", "0" },   { "i", "1" },
		{ "i", "!" },         { "e", "3" },   { "s", "5" },   { "s", "$" },
		{ "t", "7" },         { "ao", "40" }, { "ao", "@0" }, { "aeio", "4310" },
		{ "aeios", "@3!0$" },
	};
	g_auto(GStrv) words = read_words("words.txt");
	PinFamily family = { .name = "words in leet", .is_listed = TRUE };

	for (char **word = words; *word != NULL; word++)
		for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
			g_autofree char *leet = write_leet(*word, keys[i][0], keys[i][1]);
			g_autofree char *one = g_strconcat(leet, "1", NULL);
			g_autofree char *year = g_strconcat(leet, "2024", NULL);

			if (strcmp(leet, *word) == 0)
				continue;
			add_long(&family, leet);
			add_long(&family, one);
			add_long(&family, year);
		}
	pin_family_assert(&family, 8714, 8559, 98);
}

static void test_reversed(void)
{
	g_auto(GStrv) words = read_words("words.txt");
	PinFamily family = { .name = "words backwards", .is_listed = TRUE };

	for (char **word = words; *word != NULL; word++) {
		g_autofree char *backwards = g_strreverse(g_strdup(*word));
		g_autofree char *one = g_strconcat(backwards, "1", NULL);

		add_long(&family, backwards);
		add_long(&family, one);
	}
	pin_family_assert(&family, 634, 623, 98);
}

static void test_passwords(void)
{
	g_auto(GStrv) words = read_words("passwords.txt");
	PinFamily family = { .name = "password variants", .is_listed = TRUE };

	for (char **word = words; *word != NULL; word++)
		add_long(&family, *word);
	pin_family_assert(&family, 144, 144, 98);
}

/* Walks from every key, in six directions, that turn where @turns says: a bit a step. */
static void add_walk(PinFamily *family, const char *const rows[4], const int start[2], guint plan)
{
	static const int steps[6][2] = { { 0, 1 },  { 0, -1 }, { 1, 0 },
					 { -1, 0 }, { 1, -1 }, { -1, 1 } };
	char pin[8] = "";
	int row = start[0], column = start[1];

	for (guint i = 0; i < 7; i++) {
		const int *step = i < 4 ? steps[plan % 6] : steps[plan / 6 % 6];

		if (row < 0 || row > 3 || column < 0 || column >= (int) strlen(rows[row])) {
			if (i < 6)
				return;
			break;
		}
		pin[i] = rows[row][column];
		row += plan / 36 > 0 && i % 2 == 1 ? steps[plan / 36 - 1][0] : step[0];
		column += plan / 36 > 0 && i % 2 == 1 ? steps[plan / 36 - 1][1] : step[1];
	}
	if (strspn(pin, "0123456789") < strlen(pin)) /* numbers have their own test */
		pin_family_add(family, pin, (guint32) CONTENTS);
}

static void test_keyboards(void)
{
	static const char *const us[] = { "1234567890-=", "qwertyuiop[]", "asdfghjkl;'",
					  "zxcvbnm,./" };
	static const char *const jis[] = { "1234567890-^", "qwertyuiop@[", "asdfghjkl;:]",
					   "zxcvbnm,./" };
	PinFamily family = { .name = "keyboard walks", .is_listed = TRUE };

	for (int row = 0; row < 4; row++)
		for (int column = 0; column < 12; column++)
			for (guint plan = 0; plan < 36 * 7; plan++) {
				add_walk(&family, us, (int[]){ row, column }, plan);
				add_walk(&family, jis, (int[]){ row, column }, plan);
			}
	pin_family_assert(&family, 7106, 7106, 98);
}

static void test_columns(void)
{
	static const char *const columns[] = { "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn",
					       "7ujm", "qaz",  "wsx",  "edc",  "rfv",  "tgb",
					       "zaq1", "xsw2", "cde3", "zaq",  "qwe",  "asd",
					       "zxc",  "!QAZ", "@WSX", "\"WSX" };
	PinFamily family = { .name = "keyboard columns", .is_listed = TRUE };

	for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
		for (guint j = 0; j < G_N_ELEMENTS(columns); j++) {
			g_autofree char *pin = g_strconcat(columns[i], columns[j], NULL);

			add_long(&family, pin);
		}
	pin_family_assert(&family, 484, 484, 98);
}

static void test_random(void)
{
	static const struct {
		const char *letters;
		guint refused;
	} rows[] = {
		{ "0123456789abcdefghijklmnopqrstuvwxyz", 1024 },
		{ "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 612 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GRand) rand = g_rand_new_with_seed(20260401);
		PinFamily family = { .name = rows[i].letters };
		gint64 start = g_get_monotonic_time();

		for (guint n = 0; n < 50000; n++) {
			char pin[7] = "";

			for (guint at = 0; at < 6; at++)
				pin[at] = rows[i].letters[g_rand_int_range(
					rand, 0, (gint32) strlen(rows[i].letters))];
			pin_family_add(&family, pin, G_MAXUINT32);
		}
		g_test_message("%.1f µs a check",
			       (double) (g_get_monotonic_time() - start) / family.total);
		pin_family_assert(&family, 50000, rows[i].refused, 0);
		g_assert_cmpuint(family.refused, <=, family.total * 3 / 100);
	}
}

/* What a careful holder chooses. */
static void test_good(void)
{
	static const char *const pins[] = {
		"kz7Qm2xv",
		"Qx83nfWw",
		"w4Hd9tRb",
		"k7#pQ2",
		"x9Rv4m",
		"f8w2kq",
		"bT5&hz",
		"839172",
		"502947",
		"gq4-Zt7-pw",
		"correct-Horse7-battery-Staple2",
	};

	for (guint i = 0; i < G_N_ELEMENTS(pins); i++) {
		if (pin_family_broken(pins[i]) != 0)
			g_test_message("refused: %s %x", pins[i], pin_family_broken(pins[i]));
		g_assert_cmpuint(pin_family_broken(pins[i]), ==, 0);
	}
}

static void assert_sorted(const char (*words)[PIN_WORD_SIZE], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]);

		g_assert_cmpuint(strspn(words[i], "abcdefghijklmnopqrstuvwxyz"), ==, length);
		g_assert_cmpuint(length, >=, PIN_WORD_SHORTEST);
		g_assert_true(i == 0 || strcmp(words[i - 1], words[i]) < 0);
		g_assert_cmpuint(pin_word_at(words[i], length) & 1u << length, !=, 0);
	}
}

static void test_tables(void)
{
	assert_sorted(pin_word_places, pin_word_places_count);
	assert_sorted(pin_word_names, pin_word_names_count);
	assert_sorted(pin_word_common, pin_word_common_count);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions(); /* all figures, not only the first wrong one */
	g_test_add_func("/pin/word/tables", test_tables);
	g_test_add_func("/pin/word/suffixes", test_suffixes);
	g_test_add_func("/pin/word/leet", test_leet);
	g_test_add_func("/pin/word/reversed", test_reversed);
	g_test_add_func("/pin/word/passwords", test_passwords);
	g_test_add_func("/pin/word/keyboards", test_keyboards);
	g_test_add_func("/pin/word/columns", test_columns);
	g_test_add_func("/pin/word/random", test_random);
	g_test_add_func("/pin/word/good", test_good);
	return g_test_run();
}
