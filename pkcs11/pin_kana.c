/* SPDX-License-Identifier: Apache-2.0
 * Each kana offers its spellings, and every combination that fits the text is followed. */
#include "pkcs11/pin_kana.h"

#include <string.h>

#include "pkcs11/pin_word.h"

#define FIRST      0x30A1
#define SMALL_TSU  0x30C3
#define SMALL_YA   0x30E3
#define SMALL_YO   0x30E7
#define KANA_U     0x30A6
#define KANA_O     0x30AA
#define LONG_MARK  0x30FC
#define SPELLING   8
#define UNREADABLE 0xFFFD

/* clang-format off */
static const char *const spellings[] = { /* from U+30A1; variants behind a bar */
	"a", "a", "i", "i", "u", "u", "e", "e", "o", "o",
	"ka", "ga", "ki", "gi", "ku", "gu", "ke", "ge", "ko", "go",
	"sa", "za", "shi|si|ci", "ji|zi", "su", "zu", "se", "ze", "so", "zo",
	"ta", "da", "chi|ti", "ji|zi|di", "", "tsu|tu", "zu|du|dzu", "te", "de", "to", "do",
	"na", "ni", "nu", "ne", "no",
	"ha", "ba", "pa", "hi", "bi", "pi", "fu|hu", "bu", "pu", "he", "be", "pe", "ho", "bo", "po",
	"ma", "mi", "mu", "me", "mo", "ya", "ya", "yu", "yu", "yo", "yo",
	"ra", "ri", "ru", "re", "ro", "wa", "wa", "i|wi", "e|we", "o|wo", "n|m|nn|n'|n-", "vu|bu", "ka", "ga|ke|ka",
};
/* U+FF66 to U+FF9D */
static const uint16_t half_width[] = {
	0x30F2, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3, 0x30FC, 0x30A2,
	0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF, 0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9,
	0x30BB, 0x30BD, 0x30BF, 0x30C1, 0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE,
	0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2, 0x30E4, 0x30E6,
	0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF, 0x30F3,
};
/* clang-format on */

typedef struct Reading {
	const uint32_t *word;
	size_t count;
	const char *at;
	size_t left;
	size_t longest;
	uint64_t seen[PIN_KANA_MAX]; /* bit n: that kana was tried at the n-th character */
} Reading;

static uint32_t decode(const char **at)
{
	const unsigned char *bytes = (const unsigned char *) *at;
	unsigned more = bytes[0] >= 0xF0 ? 3 : bytes[0] >= 0xE0 ? 2 : bytes[0] >= 0xC0 ? 1 : 0;
	uint32_t character = more == 0 ? bytes[0] : bytes[0] & (0x3Fu >> more);

	if (bytes[0] == '\0')
		return 0;
	(*at)++;
	if (bytes[0] >= 0x80 && more == 0)
		return UNREADABLE;
	for (unsigned i = 1; i <= more; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return UNREADABLE;
		character = character << 6 | (bytes[i] & 0x3F);
		(*at)++;
	}
	return character;
}

static uint32_t fold(uint32_t character)
{
	if (character >= 0xFF01 && character <= 0xFF5E)
		return character - 0xFF01 + '!';
	if (character == 0x3000)
		return ' ';
	if (character >= 0x3041 && character <= 0x3096)
		return character + 0x60;
	if (character >= 0xFF66 && character <= 0xFF9D)
		return half_width[character - 0xFF66];
	return character;
}

/* Kana that take the marks ﾞ and ﾟ stand before their marked forms. */
static uint32_t marked(uint32_t character, uint32_t mark)
{
	bool is_ha = character >= 0x30CF && character <= 0x30DB && (character - 0x30CF) % 3 == 0;
	bool is_before_tsu = character >= 0x30AB && character <= 0x30C1 && character % 2 == 1;
	bool is_behind_tsu = character >= 0x30C4 && character <= 0x30C8 && character % 2 == 0;

	if (is_ha)
		return character + mark;
	return mark == 1 && (is_before_tsu || is_behind_tsu) ? character + 1 : character;
}

uint32_t pin_kana_next(const char **at)
{
	uint32_t character = fold(decode(at));
	const char *next = *at;
	uint32_t mark = character != 0 ? decode(&next) : 0;

	if (mark == 0xFF9E || mark == 0x3099 || mark == 0xFF9F || mark == 0x309A) {
		*at = next;
		character = marked(character, mark == 0xFF9E || mark == 0x3099 ? 1 : 2);
	}
	return character;
}

int pin_kana_is(uint32_t character)
{
	return character == LONG_MARK ||
	       (character >= FIRST && character < FIRST + sizeof spellings / sizeof spellings[0]);
}

static const char *spelling_of(uint32_t kana)
{
	return kana == LONG_MARK ? "" : spellings[kana - FIRST];
}

static bool is_small_y(uint32_t kana)
{
	return kana >= SMALL_YA && kana <= SMALL_YO && kana % 2 == 1;
}

static bool is_small_vowel(uint32_t kana)
{
	return kana >= FIRST && kana <= KANA_O && kana % 2 == 1;
}

static char vowel_of(uint32_t kana)
{
	const char *spelling = spelling_of(kana);
	size_t length = strcspn(spelling, "|");

	return length > 0 ? spelling[length - 1] : '\0';
}

static void read_on(Reading *reading, size_t kana, size_t used);

static void try_text(Reading *reading, size_t next, size_t used, const char *text)
{
	for (; *text != '\0'; text++, used++)
		if (used == reading->left || !pin_word_is_letter(reading->at[used], *text))
			return;
	read_on(reading, next, used);
}

/* シャ: sha, sya; ジャ: ja, jya, zya; ファ: fa, fua. */
static void try_joined(Reading *reading, size_t kana, size_t used, const char *base)
{
	char text[SPELLING] = "";
	size_t stem = strlen(base) - 1;
	char vowel[2] = { vowel_of(reading->word[kana + 1]), '\0' };
	bool has_y = is_small_y(reading->word[kana + 1]);

	if (!has_y)
		try_text(reading, kana + 1, used, base);
	memcpy(text, base, stem);
	if (has_y && base[stem] == 'i') {
		strcpy(text + stem, "y");
		strcat(text, vowel);
		try_text(reading, kana + 2, used, text);
		text[stem] = '\0';
	}
	if (!has_y || strcmp(text, "sh") == 0 || strcmp(text, "ch") == 0 || strcmp(text, "j") == 0)
		try_text(reading, kana + 2, used, strcat(text, vowel));
}

static void try_spellings(Reading *reading, size_t kana, size_t used)
{
	const char *spelling = spelling_of(reading->word[kana]);
	uint32_t next = kana + 1 < reading->count ? reading->word[kana + 1] : 0;

	while (*spelling != '\0') {
		char base[SPELLING] = "";
		size_t length = strcspn(spelling, "|");

		memcpy(base, spelling, length);
		if (is_small_y(next) || is_small_vowel(next))
			try_joined(reading, kana, used, base);
		else
			try_text(reading, kana + 1, used, base);
		spelling += length + (spelling[length] == '|');
	}
}

/* ー, う behind o or u, お behind o: often left out or written h. */
static bool is_lengthening(const Reading *reading, size_t kana)
{
	uint32_t own = reading->word[kana];
	char before = kana > 0 ? vowel_of(reading->word[kana - 1]) : '\0';

	return own == LONG_MARK || (own == KANA_U && (before == 'o' || before == 'u')) ||
	       (own == KANA_O && before == 'o');
}

static void read_on(Reading *reading, size_t kana, size_t used)
{
	const char *at = reading->at + used;

	if (kana == reading->count) {
		reading->longest = used > reading->longest ? used : reading->longest;
		return;
	}
	if (used < 64 && (reading->seen[kana] & UINT64_C(1) << used) != 0)
		return;
	if (used < 64)
		reading->seen[kana] |= UINT64_C(1) << used;
	if (reading->word[kana] == SMALL_TSU) {
		if (used + 1 < reading->left && pin_view_is_letter(at[0]) &&
		    (at[0] == at[1] || (at[0] == 't' && at[1] == 'c')))
			read_on(reading, kana + 1, used + 1);
		try_text(reading, kana + 1, used, "tsu");
		try_text(reading, kana + 1, used, "tu");
		return;
	}
	if (is_lengthening(reading, kana)) {
		char again[2] = { kana > 0 ? vowel_of(reading->word[kana - 1]) : '\0', '\0' };

		read_on(reading, kana + 1, used);
		try_text(reading, kana + 1, used, "h");
		try_text(reading, kana + 1, used, "-");
		if (reading->word[kana] == LONG_MARK && again[0] != '\0')
			try_text(reading, kana + 1, used, again);
	}
	try_spellings(reading, kana, used);
}

size_t pin_kana_match(const uint32_t *word, size_t count, const char *at, size_t left)
{
	Reading reading = { .word = word, .count = count, .at = at, .left = left };

	for (size_t i = 0; i < count; i++)
		if (!pin_kana_is(word[i]))
			return 0;
	if (count > 0 && count <= PIN_KANA_MAX)
		read_on(&reading, 0, 0);
	return reading.longest;
}
