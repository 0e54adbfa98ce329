/* SPDX-License-Identifier: Apache-2.0
 * What can go wrong with a card: one struct for opcardd's side and the child's. */
#pragma once

#include <stdbool.h>

#define CARD_TEXT_SIZE 160

typedef enum CardFailureKind {
	CARD_FAILURE_NONE,
	CARD_FAILURE_NO_CARD,       /* nothing in the reader, or pulled out meanwhile */
	CARD_FAILURE_WRONG_CARD,    /* another card than the one expected */
	CARD_FAILURE_FOREIGN,       /* our SO PIN is refused */
	CARD_FAILURE_NOT_BLANK,     /* initialised already */
	CARD_FAILURE_NOT_EMPTY,     /* keys or objects where none may be */
	CARD_FAILURE_TWO_CARDS,     /* more than one card in the reader */
	CARD_FAILURE_PIN_WRONG,     /* tries_left */
	CARD_FAILURE_PIN_LOCKED,    /* only an unblock helps */
	CARD_FAILURE_PIN_LAST_TRY,  /* not tried: a wrong PIN would lock the card */
	CARD_FAILURE_PIN_NOT_SET,   /* the card has no user PIN yet */
	CARD_FAILURE_PIN_FORMAT,    /* too short, too long, characters the card does not take */
	CARD_FAILURE_SO_PIN_LOCKED, /* for ever */
	CARD_FAILURE_DAMAGED,       /* the card cannot be read, or gave back something else */
	CARD_FAILURE_CARD_ERROR,    /* any other CKR */
	CARD_FAILURE_READER,        /* the reader is missing */
	CARD_FAILURE_MODULE,        /* the vendor module cannot be loaded */
	CARD_FAILURE_CRASHED,       /* the child died: ended_signal, ended_status */
	CARD_FAILURE_TIMEOUT,       /* killed at the deadline */
	CARD_FAILURE_PROTOCOL,      /* a frame, or an order of frames, that cannot be */
	CARD_FAILURE_SYSTEM,        /* cannot be spawned, no memory, … */
	_CARD_FAILURE_MAX
} CardFailureKind;

/* What is known of the card after a failure. */
typedef enum CardCondition {
	CARD_INTACT,  /* as it was before this call */
	CARD_UNKNOWN, /* half changed perhaps */
	CARD_GONE,    /* no longer in the reader; what was changed is unknown */
	_CARD_CONDITION_MAX
} CardCondition;

typedef struct CardFailure {
	CardFailureKind kind;
	CardCondition card;
	unsigned long ckr;         /* the module's return value, 0 if it is not about one */
	int tries_left;            /* -1 unknown */
	int ended_signal;          /* CRASHED: the signal, or 0 and … */
	int ended_status;          /* … the exit status */
	char text[CARD_TEXT_SIZE]; /* English, one line, no secret */
} CardFailure;

/* Fills it anew (card CARD_INTACT) with a printf text, cut to fit. Always false, for `return`. */
bool card_failure_set(CardFailure *ret_failure, CardFailureKind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Stable names: "pin-wrong", "two-cards", …; "intact", "unknown", "gone". */
const char *card_failure_name(CardFailureKind kind);
const char *card_failure_condition_name(CardCondition condition);
