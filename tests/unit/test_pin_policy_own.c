/* SPDX-License-Identifier: Apache-2.0
 * T26: the holder's own name, numbers and birthday, the old PIN in disguise, and input that no
 * honest keyboard makes. Every verdict is compared by the names of its rules. */
#include <string.h>

#include "pkcs11/pin_kana.h"
#include "tests/unit/pin_family.h"

static const char *const holder[] = {
	"012345",       "辻󠄂　花子", "ツジタニ　ショウコ", "OP000123",
	"0857-26-7111", "1985-04-12",       "市民部市民課",       "鳥取県",
};

static guint32 ask(const char *const *words, gsize count, const char *pin)
{
	const PinPolicy policy = { .min_length = 6, .classes = 1 };
	PinContext context = { words, count };
	PinBytes bytes = { pin, strlen(pin) };
	PinVerdict verdict;

	(void) pin_policy_check(&policy, &context, &bytes, NULL, &verdict);
	return verdict.broken;
}

static void assert_rule(const char *pin, PinRule rule)
{
	if ((ask(holder, G_N_ELEMENTS(holder), pin) & PIN_FAMILY_RULE(rule)) == 0)
		g_test_message("%s is not refused for %s", pin, pin_policy_rule(rule));
	g_assert_cmpuint(ask(holder, G_N_ELEMENTS(holder), pin) & PIN_FAMILY_RULE(rule), !=, 0);
}

static void test_own_name(void)
{
	static const char *const pins[] = {
		"tsujitani", "tujitani", "tuzitani",    "Tsujitani9x", "kx8TUZITANIq4",
		"shouko",    "shoko7",   "shohko7",     "syouko83",    "syoko194",
		"inatijust", "7okohs!",  "okuoys55",    "t5ujitan1",   "7suj17ani",
		"5h0uk0q8",  "839shoko", "x7shouko2Kq", "shokotsuji7",
	};

	for (guint i = 0; i < G_N_ELEMENTS(pins); i++)
		assert_rule(pins[i], PIN_RULE_OWN_NAME);
}

static gboolean is_own_number(const char *pin)
{
	guint32 broken = ask(holder, G_N_ELEMENTS(holder), pin);

	return (broken & PIN_FAMILY_RULE(PIN_RULE_OWN_NUMBER)) != 0;
}

/* The own number with two figures before or behind it, forwards and backwards. */
static void test_own_number(void)
{
	static const char *const pins[] = { "012345", "000123", "267111", "857267", "085726",
					    "012346", "712345", "123000", "ab12345" };
	static const char *const formats[] = { "012345%02u", "12345%02u", "%02u012345",
					       "%02u12345" };
	guint refused = 0;

	for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
		for (guint rest = 0; rest < 100; rest++) {
			g_autofree char *pin = g_strdup_printf(formats[i], rest);

			refused += is_own_number(pin);
			refused += is_own_number(g_strreverse(pin));
		}
	g_test_message("own number with figures around: refused %u of 800", refused);
	g_assert_cmpuint(refused, ==, 800);
	for (guint i = 0; i < G_N_ELEMENTS(pins); i++)
		assert_rule(pins[i], PIN_RULE_OWN_NUMBER);
}

static void test_own_date(void)
{
	static const char *const pins[] = { "850412", "19850412", "041285", "120485",  "kx0412",
					    "1985qz", "85412x",   "2140xk", "ab1204z", "q5891w" };

	for (guint i = 0; i < G_N_ELEMENTS(pins); i++)
		assert_rule(pins[i], PIN_RULE_OWN_DATE);
}

/* The holder's words refuse nobody else's PIN. */
static void test_strangers(void)
{
	static const char *const pins[] = { "839172", "kz7Qm2xv", "k7#pQ2", "q8shx4w", "ko3xv9m" };
	guint refused = 0;

	for (guint i = 0; i < G_N_ELEMENTS(pins); i++)
		g_assert_cmpuint(ask(holder, G_N_ELEMENTS(holder), pins[i]), ==, 0);
	for (guint number = 0; number < 1000000; number += 7) {
		g_autofree char *pin = g_strdup_printf("%06u", number);

		refused += (ask(holder, G_N_ELEMENTS(holder), pin) &
			    (PIN_FAMILY_RULE(PIN_RULE_OWN_NUMBER) |
			     PIN_FAMILY_RULE(PIN_RULE_OWN_DATE))) != 0;
	}
	g_test_message("numbers refused for one holder's sake: %u of %u", refused, 142858);
	g_assert_cmpuint(refused, ==, 378);
}

/* Hepburn, Kunrei, long vowels as people leave them out, from every kind of kana. */
static void test_kana(void)
{
	static const struct {
		const char *kana;
		const char *letters; /* separated by blanks */
	} rows[] = {
		{ "サトウ", "satou sato satoh" },
		{ "オオノ", "oono ono ohno" },
		{ "シンイチ", "shinichi sinniti shin'ichi sin'iti" },
		{ "ジュンコ", "junko zyunko jyunko" },
		{ "チヅル", "chizuru tizuru chiduru" },
		{ "ハットリ", "hattori" },
		{ "イッチョウ", "itcho icchou ittyou" },
		{ "ナンバ", "nanba namba" },
		{ "ふじい", "fujii huzii" },
		{ "ｶﾞｸﾄ", "gakuto" },
		{ "ﾊﾟﾊﾟｲﾔ", "papaiya" },
		{ "ケーコ", "keko keeko kehko ke-ko" },
		{ "マツシタ", "matsushita matusita matsusita" },
		{ "キャサリン", "kyasarin" },
		{ "フィオナ", "fiona" },
		{ "ヴァン", "van" },
		{ "リョウ", "ryou ryo ryoh" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(GStrv) spellings = g_strsplit(rows[i].letters, " ", -1);
		const char *at = rows[i].kana;
		guint32 word[PIN_KANA_MAX];
		gsize count = 0;

		while (*at != '\0')
			word[count++] = pin_kana_next(&at);
		for (char **one = spellings; *one != NULL; one++) {
			if (pin_kana_match(word, count, *one, strlen(*one)) != strlen(*one))
				g_test_message("%s is not read as %s", rows[i].kana, *one);
			g_assert_cmpuint(pin_kana_match(word, count, *one, strlen(*one)), ==,
					 strlen(*one));
		}
		g_assert_cmpuint(pin_kana_match(word, count, "xyz", 3), ==, 0);
	}
}

static const struct {
	const char *old;
	const char *new;
	guint rule; /* PinRule, or _PIN_RULE_MAX: accepted */
} changes[] = {
	{ "kz7Qm2xv", "kz7Qm2xv", PIN_RULE_SAME_AS_OLD },
	{ "kz7Qm2xv", "KZ7qM2XV", PIN_RULE_SAME_AS_OLD },
	{ "kz7Qm2xv", "kz7Qm3xv", PIN_RULE_SIMILAR_TO_OLD },
	{ "kz7Qm2xv", "kz7Qm2xv9", PIN_RULE_SIMILAR_TO_OLD },
	{ "kz7Qm2xv", "z7Qm2xvb", PIN_RULE_SIMILAR_TO_OLD },
	{ "kz7Qm2xv", "abkz7Qm2xvcd", PIN_RULE_SIMILAR_TO_OLD },
	{ "kz7Qm2xv8p", "kz7Qm2", PIN_RULE_SIMILAR_TO_OLD },
	{ "kz7Qm2xv", "vx2mQ7zk", PIN_RULE_REVERSED_OLD },
	{ "kz7Qm2xv", "m2xvkz7Q", PIN_RULE_ROTATED_OLD },
	{ "kz7Qm2xv", "xvkz7Qm2", PIN_RULE_ROTATED_OLD },
	{ "kz7Qm2xv", "2m7Qzkvx", PIN_RULE_REORDERED_OLD },
	{ "839172", "179283", PIN_RULE_REORDERED_OLD },
	{ "839172", "839173", PIN_RULE_COUNTED_UP },
	{ "839172", "839205", PIN_RULE_COUNTED_UP },
	{ "839999", "840002", PIN_RULE_COUNTED_UP },
	{ "839172", "940283", PIN_RULE_COUNTED_UP },
	{ "Kxm-099", "Kxm-100", PIN_RULE_COUNTED_UP },
	{ "Kxmv9", "Kxmv10", PIN_RULE_COUNTED_UP },
	{ "kz7Qm2xv", "kz8Qm3xv", PIN_RULE_COUNTED_UP },
	{ "kz7Qm2xv", "w4Hd9tRb", _PIN_RULE_MAX },
	{ "839172", "502947", _PIN_RULE_MAX },
	{ "kz7Qm2xv", "839172", _PIN_RULE_MAX },
};

static void test_old(void)
{
	const PinPolicy policy = { .min_length = 6, .classes = 1 };

	for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
		PinBytes new = { changes[i].new, strlen(changes[i].new) };
		PinBytes old = { changes[i].old, strlen(changes[i].old) };
		PinVerdict verdict;
		gboolean is_accepted = pin_policy_check(&policy, NULL, &new, &old, &verdict);

		g_test_message("%s → %s: %x", old.bytes, new.bytes, verdict.broken);
		if (changes[i].rule == _PIN_RULE_MAX)
			g_assert_true(is_accepted);
		else
			g_assert_cmpuint(verdict.broken & PIN_FAMILY_RULE(changes[i].rule), !=, 0);
	}
}

/* How much of the room is left beside an old PIN of six figures. */
static void test_old_room(void)
{
	const PinPolicy policy = { .min_length = 6, .classes = 1 };
	const PinBytes old = { "839172", 6 };
	guint refused = 0;

	for (guint number = 0; number < 1000000; number++) {
		char text[8];
		PinBytes new = { text, 6 };
		PinVerdict verdict;

		g_snprintf(text, sizeof text, "%06u", number);
		(void) pin_policy_check(&policy, NULL, &new, &old, &verdict);
		refused += verdict.broken >> PIN_RULE_SAME_AS_OLD != 0;
	}
	g_test_message("numbers refused for the old one's sake: %u", refused);
	g_assert_cmpuint(refused, ==, 2223);
}

static const struct {
	const char *what;
	const char *bytes;
	gsize length;
	guint32 least; /* of the rules that must be broken */
} oddities[] = {
	{ "nothing", "", 0, PIN_FAMILY_RULE(PIN_RULE_TOO_SHORT) },
	{ "five", "kz7Qm", 5, PIN_FAMILY_RULE(PIN_RULE_TOO_SHORT) },
	{ "a NUL inside", "kz7\0Qm2xv", 9, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "a NUL at the end", "kz7Qm2xv\0", 9, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "a newline at the end", "kz7Qm2xv\n", 9, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "a carriage return", "kz7Qm2xv\r\n", 10, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "a blank", "kz7 Qm2xv", 9, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "an emoji", "kz7Qm2\360\237\230\200", 10, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "full-width figures", "８３９１７２", 18, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "kana", "かなかな", 12, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "cut UTF-8", "kz7Qm2\343\201", 8, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
	{ "0xff", "\377\377\377\377\377\377", 6,
	  PIN_FAMILY_RULE(PIN_RULE_CHARACTER) | PIN_FAMILY_RULE(PIN_RULE_REPEATED) },
	{ "64 characters", "kz7Qm2xvw4Hd9tRbQx83nfWwk7pQ2x9Rv4mf8w2kqbT5hzgq4Zt7pwJ6cYs3Ln0Fu", 64,
	  0 },
	{ "65 characters", "kz7Qm2xvw4Hd9tRbQx83nfWwk7pQ2x9Rv4mf8w2kqbT5hzgq4Zt7pwJ6cYs3Ln0Fu", 65,
	  PIN_FAMILY_RULE(PIN_RULE_TOO_LONG) },
};

static void test_oddities(void)
{
	const PinPolicy policy = { .min_length = 6, .classes = 1 };
	const PinContext context = { holder, G_N_ELEMENTS(holder) };

	for (guint i = 0; i < G_N_ELEMENTS(oddities); i++) {
		/* Exactly as long as it says, so that a sanitizer sees any step beyond. */
		g_autofree char *bytes = g_memdup2(oddities[i].bytes, oddities[i].length);
		PinBytes pin = { bytes, oddities[i].length };
		PinVerdict verdict;
		gboolean is_accepted = pin_policy_check(&policy, &context, &pin, &pin, &verdict);

		g_test_message("%s: %x", oddities[i].what, verdict.broken);
		g_assert_false(is_accepted); /* at least for being the old one */
		(void) pin_policy_check(&policy, &context, &pin, NULL, &verdict);
		g_assert_cmpuint(verdict.broken & oddities[i].least, ==, oddities[i].least);
		g_assert_cmpint(verdict.broken == 0, ==, oddities[i].least == 0);
	}
}

/* Any bytes at all, of any length up to beyond the limit, against any words. */
static void test_garbage(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20260402);
	const PinPolicy policy = { .min_length = 6, .classes = 3 };

	for (guint n = 0; n < 20000; n++) {
		gsize length = (gsize) g_rand_int_range(rand, 0, 70);
		g_autofree char *bytes = g_malloc(length + 1);
		g_autofree char *word = g_malloc0(17);
		PinBytes pin = { bytes, length }, old = { bytes, length / 2 };
		const char *words[] = { word, "ー゛ッャンンンッ", NULL };
		PinContext context = { words, 3 };
		PinVerdict verdict;

		for (gsize i = 0; i < length; i++)
			bytes[i] = (char) (n % 2 == 0 ? g_rand_int_range(rand, 0, 256)
						      : g_rand_int_range(rand, 32, 127));
		for (guint i = 0; i < 16; i++)
			word[i] = (char) g_rand_int_range(rand, 1, 256);
		(void) pin_policy_check(&policy, &context, &pin, &old, &verdict);
		g_assert_cmpuint(verdict.broken >> _PIN_RULE_MAX, ==, 0);
	}
}

static void test_shape(void)
{
	static const struct {
		const char *pin;
		const char *alphabet;
		guint max_length;
		guint classes;
		guint32 broken;
	} rows[] = {
		{ "839172", NULL, 0, 1, 0 },
		{ "839172", NULL, 0, 2, PIN_FAMILY_RULE(PIN_RULE_CLASSES) },
		{ "839172", "0123456789", 0, 2, 0 }, /* the card has one kind only */
		{ "kz7qm2", "0123456789", 0, 1, PIN_FAMILY_RULE(PIN_RULE_CHARACTER) },
		{ "kz7qm2", NULL, 0, 2, 0 },
		{ "kz7qm2", NULL, 0, 3, PIN_FAMILY_RULE(PIN_RULE_CLASSES) },
		{ "kz7Qm2", NULL, 0, 3, 0 },
		{ "kz7Qm2", NULL, 0, 9, PIN_FAMILY_RULE(PIN_RULE_CLASSES) },
		{ "kz7-Qm2", NULL, 0, 9, 0 },
		{ "kz7Qm2xvw", NULL, 8, 1, PIN_FAMILY_RULE(PIN_RULE_TOO_LONG) },
		{ "kz7Qm2xv", NULL, 8, 1, 0 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		PinPolicy policy = { .min_length = 6,
				     .max_length = rows[i].max_length,
				     .alphabet = rows[i].alphabet,
				     .classes = rows[i].classes };
		PinBytes pin = { rows[i].pin, strlen(rows[i].pin) };
		PinVerdict verdict;

		(void) pin_policy_check(&policy, NULL, &pin, NULL, &verdict);
		g_assert_cmpuint(verdict.broken, ==, rows[i].broken);
	}
}

static void test_texts(void)
{
	for (PinRule rule = 0; rule < _PIN_RULE_MAX; rule++) {
		g_assert_cmpuint(strlen(pin_policy_rule(rule)), >, 0);
		g_assert_cmpuint(strlen(pin_policy_en(rule)), >, 0);
		g_assert_cmpuint(strlen(pin_policy_ja(rule)), >, 0);
		for (PinRule other = 0; other < rule; other++)
			g_assert_cmpstr(pin_policy_rule(rule), !=, pin_policy_rule(other));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions(); /* all findings, not only the first */
	g_test_add_func("/pin/own/name", test_own_name);
	g_test_add_func("/pin/own/number", test_own_number);
	g_test_add_func("/pin/own/date", test_own_date);
	g_test_add_func("/pin/own/strangers", test_strangers);
	g_test_add_func("/pin/own/kana", test_kana);
	g_test_add_func("/pin/old/disguises", test_old);
	g_test_add_func("/pin/old/room", test_old_room);
	g_test_add_func("/pin/shape/oddities", test_oddities);
	g_test_add_func("/pin/shape/garbage", test_garbage);
	g_test_add_func("/pin/shape/classes and lengths", test_shape);
	g_test_add_func("/pin/shape/texts", test_texts);
	return g_test_run();
}
