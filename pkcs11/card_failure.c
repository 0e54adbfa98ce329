/* SPDX-License-Identifier: Apache-2.0
 * Failures of cards: their names, and how one is written. */
#include "pkcs11/card_failure.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const names[_CARD_FAILURE_MAX] = {
	[CARD_FAILURE_NONE] = "none",
	[CARD_FAILURE_NO_CARD] = "no-card",
	[CARD_FAILURE_WRONG_CARD] = "wrong-card",
	[CARD_FAILURE_FOREIGN] = "foreign",
	[CARD_FAILURE_NOT_BLANK] = "not-blank",
	[CARD_FAILURE_NOT_EMPTY] = "not-empty",
	[CARD_FAILURE_TWO_CARDS] = "two-cards",
	[CARD_FAILURE_PIN_WRONG] = "pin-wrong",
	[CARD_FAILURE_PIN_LOCKED] = "pin-locked",
	[CARD_FAILURE_PIN_LAST_TRY] = "pin-last-try",
	[CARD_FAILURE_PIN_NOT_SET] = "pin-not-set",
	[CARD_FAILURE_PIN_FORMAT] = "pin-format",
	[CARD_FAILURE_SO_PIN_LOCKED] = "so-pin-locked",
	[CARD_FAILURE_DAMAGED] = "damaged",
	[CARD_FAILURE_CARD_ERROR] = "card-error",
	[CARD_FAILURE_READER] = "reader",
	[CARD_FAILURE_MODULE] = "module",
	[CARD_FAILURE_CRASHED] = "crashed",
	[CARD_FAILURE_TIMEOUT] = "timeout",
	[CARD_FAILURE_PROTOCOL] = "protocol",
	[CARD_FAILURE_SYSTEM] = "system",
};

bool card_failure_set(CardFailure *ret_failure, CardFailureKind kind, const char *format, ...)
{
	va_list arguments;

	*ret_failure = (CardFailure){ .kind = kind, .card = CARD_INTACT, .tries_left = -1 };
	va_start(arguments, format);
	(void) vsnprintf(ret_failure->text, sizeof ret_failure->text, format, arguments);
	va_end(arguments);
	return false;
}

const char *card_failure_name(CardFailureKind kind)
{
	return kind < _CARD_FAILURE_MAX ? names[kind] : "?";
}

const char *card_failure_condition_name(CardCondition condition)
{
	static const char *const conditions[_CARD_CONDITION_MAX] = {
		[CARD_INTACT] = "intact",
		[CARD_UNKNOWN] = "unknown",
		[CARD_GONE] = "gone",
	};

	return condition < _CARD_CONDITION_MAX ? conditions[condition] : "?";
}
