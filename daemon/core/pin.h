/* SPDX-License-Identifier: Apache-2.0
 * PIN states (table C). What is stored is only what happened on the card; VALID, DUE and OVERDUE
 * are computed from the day of the holder's own last change, RESET_AUTHORIZED from an open
 * authorisation (rotation.h). */
#pragma once

#include <glib.h>

typedef enum PinState {
	PIN_BLOCKED, /* 予備閉塞: nobody knows one */
	PIN_INITIAL, /* 初期（要変更） */
	PIN_SET,     /* the holder's own; shown as VALID, DUE or OVERDUE */
	PIN_LOCKED,  /* 閉塞 */
	PIN_UNKNOWN, /* an operation was cut off: reset before use */
	_PIN_STATE_MAX,
} PinState;

typedef struct Pin {
	PinState state;
	gint64 changed_at;  /* the holder's own last change, 0 = never */
	gint64 reset_until; /* an open authorisation to reset it ends then, 0 = there is none */
} Pin;

const char *pin_state_name(PinState state);
gboolean pin_state_parse(const char *name, PinState *ret_state);

/* The last day on which the PIN may be used unchanged: six calendar months after the day of the
 * change, clipped to the month's end and never later than the Civil Code's count (Art. 143: the
 * day before the corresponding day counted from the following day). ISO date; g_free. T27. */
char *pin_due_date(const char *changed_on);
