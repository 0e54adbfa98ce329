/* SPDX-License-Identifier: Apache-2.0
 * The rules as rows, and what a verdict is made of. All broken rules are told, not only the first:
 * who mends one should not meet the next. */
#include "pkcs11/pin_policy.h"

#include <string.h>

#include "pkcs11/pin_date.h"
#include "pkcs11/pin_guess.h"
#include "pkcs11/pin_keys.h"
#include "pkcs11/pin_old.h"
#include "pkcs11/pin_own.h"
#include "pkcs11/pin_regular.h"
#include "pkcs11/pin_view.h"
#include "pkcs11/pin_word.h"

#define BIT(rule) (UINT32_C(1) << (rule))

_Static_assert(_PIN_RULE_MAX <= 32, "a verdict is 32 bits");

typedef struct RuleRow {
	const char *name;
	const char *en;
	const char *ja;
	bool (*is_broken)(const PinView *view); /* NULL: judged elsewhere */
} RuleRow;

/* clang-format off */
static const RuleRow rows[_PIN_RULE_MAX] = {
	[PIN_RULE_TOO_SHORT]      = { "too-short", "it is too short", "短すぎます", NULL },
	[PIN_RULE_TOO_LONG]       = { "too-long", "it is too long", "長すぎます", NULL },
	[PIN_RULE_CHARACTER]      = { "character", "it has characters the card does not take (half-width letters, figures and signs only)", "カードで使えない文字があります（半角の英数字と記号だけが使えます）", NULL },
	[PIN_RULE_CLASSES]        = { "classes", "it has too few kinds of characters (capitals, small letters, figures, signs)", "文字の種類（英大文字・英小文字・数字・記号）が足りません", NULL },
	[PIN_RULE_REPEATED]       = { "repeated", "the same character is repeated", "同じ文字の繰り返しです", pin_regular_is_repeated },
	[PIN_RULE_SEQUENCE]       = { "sequence", "the characters follow one another", "連続した文字です", pin_regular_is_sequence },
	[PIN_RULE_ARITHMETIC]     = { "arithmetic", "the figures go on in constant steps", "一定の間隔で並んだ数字です", pin_regular_is_arithmetic },
	[PIN_RULE_PAIRS]          = { "pairs", "pairs of figures go on in constant steps", "二桁ずつ規則的に並んだ数字です", pin_regular_is_pairs },
	[PIN_RULE_PERIOD]         = { "period", "the same part comes again", "同じ並びの繰り返しです", pin_regular_is_period },
	[PIN_RULE_BLOCKS]         = { "blocks", "it is made of regular blocks", "規則的なまとまりの並びです", pin_regular_is_blocks },
	[PIN_RULE_PALINDROME]     = { "palindrome", "it reads the same backwards", "前後対称の並びです", pin_regular_is_palindrome },
	[PIN_RULE_DATE]           = { "date", "it is a date", "日付です", pin_date_is_date },
	[PIN_RULE_WAREKI_DATE]    = { "wareki-date", "it is a date of the Japanese calendar", "和暦の日付です", pin_date_is_wareki },
	[PIN_RULE_YEAR]           = { "year", "it is a year with little added", "西暦の年にわずかに足したものです", pin_date_is_year },
	[PIN_RULE_KEYPAD]         = { "keypad", "the figures lie in a line on a number pad", "テンキー上に並んだ数字です", pin_keys_is_pad },
	[PIN_RULE_KEYBOARD]       = { "keyboard", "the keys lie beside each other on the keyboard", "キーボード上に並んだ文字です", NULL },
	[PIN_RULE_WORD]           = { "word", "it is a word, a name or a well-known number with little added", "単語・名称・有名な数字にわずかに足したものです", pin_word_is_number },
	[PIN_RULE_OWN_NAME]       = { "own-name", "it holds a name of the holder", "本人の氏名などを含んでいます", NULL },
	[PIN_RULE_OWN_NUMBER]     = { "own-number", "it holds a number of the holder (staff, card, telephone)", "本人の番号（職員番号・カード番号・電話番号など）を含んでいます", NULL },
	[PIN_RULE_OWN_DATE]       = { "own-date", "it holds a date of the holder", "本人の生年月日などを含んでいます", NULL },
	[PIN_RULE_SAME_AS_OLD]    = { "same-as-old", "it is the old one", "今までと同じです", NULL },
	[PIN_RULE_SIMILAR_TO_OLD] = { "similar-to-old", "it is nearly the old one", "今までのものとほとんど同じです", NULL },
	[PIN_RULE_REVERSED_OLD]   = { "reversed-old", "it is the old one backwards", "今までのものを逆にしただけです", NULL },
	[PIN_RULE_ROTATED_OLD]    = { "rotated-old", "it is the old one begun elsewhere", "今までのものをずらしただけです", NULL },
	[PIN_RULE_REORDERED_OLD]  = { "reordered-old", "it is the old one in another order", "今までのものを並べ替えただけです", NULL },
	[PIN_RULE_COUNTED_UP]     = { "counted-up", "it is the old one counted up or down", "今までのものの数字を増減しただけです", NULL },
	[PIN_RULE_GUESSABLE]      = { "guessable", "it is easily guessed", "容易に推測されます", NULL },
};
/* clang-format on */

const char *pin_policy_rule(PinRule rule)
{
	return rows[rule].name;
}

const char *pin_policy_en(PinRule rule)
{
	return rows[rule].en;
}

const char *pin_policy_ja(PinRule rule)
{
	return rows[rule].ja;
}

unsigned pin_policy_classes(const char *bytes, size_t length)
{
	bool has[PIN_POLICY_CLASSES] = { false };
	unsigned count = 0;

	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];
		bool is_small = c >= 'a' && c <= 'z', is_capital = c >= 'A' && c <= 'Z';
		bool is_digit = c >= '0' && c <= '9';

		has[is_small ? 0 : is_capital ? 1 : is_digit ? 2 : 3] = true;
	}
	for (size_t i = 0; i < PIN_POLICY_CLASSES; i++)
		count += has[i];
	return count;
}

static bool is_taken(const PinPolicy *policy, char c)
{
	if (policy->alphabet == NULL)
		return c > ' ' && c < 0x7F;
	return c != '\0' && strchr(policy->alphabet, c) != NULL;
}

static uint32_t shape(const PinPolicy *policy, size_t longest, const PinBytes *pin)
{
	uint32_t broken = 0;
	unsigned most = policy->alphabet == NULL
				? PIN_POLICY_CLASSES
				: pin_policy_classes(policy->alphabet, strlen(policy->alphabet));
	unsigned needed = policy->classes < most ? policy->classes : most;

	if (pin->length < policy->min_length)
		broken |= BIT(PIN_RULE_TOO_SHORT);
	if (pin->length > longest)
		broken |= BIT(PIN_RULE_TOO_LONG);
	for (size_t i = 0; i < pin->length; i++)
		if (!is_taken(policy, pin->bytes[i]))
			broken |= BIT(PIN_RULE_CHARACTER);
	if (pin_policy_classes(pin->bytes, pin->length) < needed)
		broken |= BIT(PIN_RULE_CLASSES);
	return broken;
}

static uint32_t contents(const PinView *view, const PinContext *context, const PinBytes *old)
{
	uint32_t broken = 0, parts;
	PinView before;

	for (PinRule rule = 0; rule < _PIN_RULE_MAX; rule++)
		if (rows[rule].is_broken != NULL && rows[rule].is_broken(view))
			broken |= BIT(rule);
	if (pin_guess_is_cheap(view, &parts))
		broken |= parts;
	broken |= pin_own_rules(view, context);
	if (old != NULL && old->length > 0 && old->length <= PIN_POLICY_LENGTH_MAX) {
		pin_view_set(&before, old->bytes, old->length);
		broken |= pin_old_rules(view, &before);
		pin_view_erase(&before);
	}
	return broken;
}

bool pin_policy_check(const PinPolicy *policy, const PinContext *context, const PinBytes *pin,
		      const PinBytes *old, PinVerdict *ret_verdict)
{
	size_t longest = policy->max_length > 0 && policy->max_length < PIN_POLICY_LENGTH_MAX
				 ? policy->max_length
				 : PIN_POLICY_LENGTH_MAX;
	PinView view;

	*ret_verdict = (PinVerdict){ .broken = shape(policy, longest, pin) };
	if (pin->length > 0 && pin->length <= PIN_POLICY_LENGTH_MAX) {
		pin_view_set(&view, pin->bytes, pin->length);
		ret_verdict->broken |= contents(&view, context, old);
		pin_view_erase(&view);
	}
	return ret_verdict->broken == 0;
}
