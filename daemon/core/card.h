/* SPDX-License-Identifier: Apache-2.0
 * A card as the registers know it. Plain data: no I/O, no clock. */
#pragma once

#include <glib.h>

/* Stored by name. SUSPENDED is never stored: it is an ACTIVE card with an open hold. */
typedef enum CardState {
	CARD_STOCK,
	CARD_SPARE,
	CARD_PERSONALIZING,
	CARD_PENDING,
	CARD_ACTIVE,
	CARD_SUSPENDED,
	CARD_RECALLED,
	CARD_LOST,
	CARD_STOLEN,
	CARD_DAMAGED,
	CARD_RETURNED,
	CARD_ERASED,
	CARD_DISPOSED,
	CARD_UNRECOVERABLE,
	CARD_QUARANTINED,
	_CARD_STATE_MAX,
} CardState;

typedef struct Card {
	char *number;      /* face number (券面番号), [0-9A-Z-]{1,20} */
	char *chip_serial; /* NULL until first seen */
	char *kind;        /* "operator", … (カード種別) */
	char *family;      /* "softhsm" */
	char *so_key_id;   /* which master key its SO PIN comes from; NULL while STOCK */
	CardState state;   /* as stored */
	gboolean is_held;  /* has an open hold of its own or by scope */
	gboolean no_reuse;
	char *place;       /* 保管場所 (T16) */
	gint64 holder;     /* person id, 0 while nobody's */
	char *designation; /* D-…, NULL while nobody's */
	char *authority;   /* 権限種別, NULL while nobody's */
	char *replaces;    /* number of the card this one takes over from, or NULL */
	char *issued_on;   /* ISO dates or NULL */
	char *lent_on;
	char *checked_on;
	char *returned_on;
	char *note; /* 備考 of the card register, or NULL */
	gint64 version;
} Card;

void card_free(Card *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Card, card_free)

/* The state people see: SUSPENDED for an ACTIVE card with an open hold. */
CardState card_shown(const Card *card);
/* PERSONALIZING, PENDING, ACTIVE (suspended or not). */
gboolean card_is_live(const Card *card);

const char *card_state_name(CardState state);
const char *card_state_ja(CardState state);
/* "LOST 紛失", for texts in either language. */
const char *card_state_label(CardState state);
gboolean card_state_parse(const char *name, CardState *ret_state);

/* Folds full-width letters and digits, upper-cases, and checks [0-9A-Z-]{1,20}.
 * NULL when it is no face number. Free with g_free. */
char *card_number_fold(const char *text);
