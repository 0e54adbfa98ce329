/* SPDX-License-Identifier: Apache-2.0
 * The vocabulary between opcardd and opcard-card: verbs and tags. Both ends are built together, so
 * numbers may change freely; CardFailureKind and CardCondition travel as numbers and are
 * range-checked. */
#pragma once

#include "pkcs11/frame.h"

/* opcard-card finds its socket here. */
#define CARD_VERB_FD 3

/* With this status a watcher asks to be started anew: a reader came back that its cage does not
 * know. */
#define CARD_VERB_RESTART 75

/* A watcher looks after at most so many readers. */
#define CARD_VERB_READERS_MAX 64

typedef enum CardVerb {
	CARD_VERB_HELLO = 1,  /* FAMILY MODULE? READER SERIAL? DEADLINE → READY */
	CARD_VERB_READY,      /* SERIAL LABEL FLAGS PIN_MIN PIN_MAX ALPHABET WALLS */
	CARD_VERB_INITIALISE, /* SO_PIN LABEL → DONE SERIAL */
	CARD_VERB_REKEY,      /* SO_PIN NEW_SO_PIN → DONE */
	CARD_VERB_WIPE,       /* SO_PIN LABEL → DONE */
	CARD_VERB_INSPECT,    /* → DONE OBJECTS PRIVATE_KEYS CERTIFICATES FLAGS */
	CARD_VERB_GENERATE,   /* SO_PIN? (absent: the next key) KIND → DONE BYTES (SPKI) */
	CARD_VERB_PUT,        /* BYTES (certificate) → DONE BYTES (as read back) */
	CARD_VERB_PROVE,      /* BYTES (nonce) → DONE BYTES (signature) */
	CARD_VERB_FIND,       /* BYTES (certificate) → DONE */
	CARD_VERB_KEEP,       /* BYTES (certificate) → DONE */
	CARD_VERB_UNBLOCK,    /* SO_PIN NEW_PIN → DONE */
	CARD_VERB_CHECK,      /* PIN LAST_TRY → DONE */
	CARD_VERB_CHANGE,     /* PIN NEW_PIN LAST_TRY → DONE */
	CARD_VERB_DONE,       /* the answer when it worked */
	CARD_VERB_ERROR,      /* the answer when not: KIND_OF_FAILURE CONDITION CKR TRIES? TEXT */
	CARD_VERB_WATCH,      /* FAMILY MODULE? READER INDEX, once a reader, to a watcher */
	CARD_VERB_START,      /* to a watcher: that was all */
	CARD_VERB_SEEN,       /* from a watcher: INDEX SERIAL LABEL FLAGS */
	CARD_VERB_GONE,       /* from a watcher: INDEX */
	CARD_VERB_UNREADABLE, /* from a watcher: INDEX KIND_OF_FAILURE TEXT */
	CARD_VERB_SIGNER, /* MODULE READER? LABEL OBJECT PIN DEADLINE → READY WALLS BYTES? (SPKI) */
	CARD_VERB_SIGN,   /* BYTES (SHA-256) → DONE BYTES (signature) */
	_CARD_VERB_MAX
} CardVerb;

typedef enum CardVerbTag {
	CARD_TAG_FAMILY = 1,
	CARD_TAG_MODULE,
	CARD_TAG_READER,
	CARD_TAG_SERIAL,
	CARD_TAG_DEADLINE, /* milliseconds from now */
	CARD_TAG_LABEL,
	CARD_TAG_FLAGS,
	CARD_TAG_PIN_MIN,
	CARD_TAG_PIN_MAX,
	CARD_TAG_ALPHABET,
	CARD_TAG_WALLS,
	CARD_TAG_SO_PIN,
	CARD_TAG_NEW_SO_PIN,
	CARD_TAG_PIN,
	CARD_TAG_NEW_PIN,
	CARD_TAG_LAST_TRY,
	CARD_TAG_KIND,
	CARD_TAG_BYTES,
	CARD_TAG_OBJECTS,
	CARD_TAG_PRIVATE_KEYS,
	CARD_TAG_CERTIFICATES,
	CARD_TAG_KIND_OF_FAILURE,
	CARD_TAG_CONDITION,
	CARD_TAG_CKR,
	CARD_TAG_TRIES,
	CARD_TAG_TEXT,
	CARD_TAG_INDEX,
	CARD_TAG_OBJECT, /* CKA_LABEL */
	_CARD_TAG_MAX
} CardVerbTag;

/* Bits of CARD_TAG_FLAGS. */
enum {
	CARD_FLAG_INITIALISED = 1 << 0,
	CARD_FLAG_USER_PIN_SET = 1 << 1,
	CARD_FLAG_USER_PIN_LOCKED = 1 << 2,
	CARD_FLAG_USER_PIN_FINAL_TRY = 1 << 3,
	CARD_FLAG_USER_PIN_COUNT_LOW = 1 << 4,
	CARD_FLAG_USER_PIN_TO_BE_CHANGED = 1 << 5,
	CARD_FLAG_SO_PIN_LOCKED = 1 << 6,
};

/* Every tag with its kind and greatest length. */
extern const FrameTag card_verb_tags[];

/* "hello", "ready", …; "?" for no verb. */
const char *card_verb_name(unsigned verb);

/* May this verb change the card? Then a child lost in the middle leaves it CARD_UNKNOWN. */
bool card_verb_changes(unsigned verb);
