/* SPDX-License-Identifier: Apache-2.0
 * The half-yearly change of the PIN (T27): until when, what is shown, when to warn. Pure: the
 * policy, the calendar and the present come from outside. */
#pragma once

#include "daemon/core/pin.h"

/* In the order of the policy pin-rotation. */
typedef enum RotationKind {
	ROTATION_SIX_MONTHS,  /* P6M: pin_due_date() */
	ROTATION_FISCAL_HALF, /* once in every half of the fiscal year, which ends on 30 September
				 and 31 March: the last day of the half after that of the change */
	ROTATION_EVENT_ONLY,  /* only when something happened */
	ROTATION_DAYS,        /* P90D: so many days after the change */
	_ROTATION_KIND_MAX,
} RotationKind;

typedef struct Rotation {
	RotationKind kind;
	int grace_days; /* between the last day and the hold */
	int days;       /* ROTATION_DAYS: at most a year */
} Rotation;

/* The last day on which a PIN changed on @changed_on may be used, up to 23:59:59 in Japan. ISO
 * date, or NULL when there is none. Free with g_free. */
char *rotation_due(const Rotation *rotation, const char *changed_on);
/* The last second of a change whose last day lies before @date: everything changed at or before it
 * is late on @date. 0 when nothing can be. */
gint64 rotation_changed_before(const Rotation *rotation, const char *date);
/* The same for the hold, which waits for the grace. */
gint64 rotation_held_before(const Rotation *rotation, const char *date);
/* "VALID", "DUE" (within 30 days), "OVERDUE", "RESET_AUTHORIZED", or the stored state's name. */
const char *rotation_shown(const Rotation *rotation, const Pin *pin, gint64 now);

#define ROTATION_WARNINGS 5

/* The warnings 30, 14, 7, 3 and 1 days before @due, in this order, each moved back to the working
 * day before it. Array of char *, NULL-terminated; g_strfreev. */
char **rotation_warnings(const char *due, GHashTable *closed);
/* Which warning holds on @today: 30, 14, 7, 3, 1, or 0 before the first one. *ret_next (g_free) is
 * the day of the next one or NULL. */
int rotation_stage(const char *due, const char *today, GHashTable *closed, char **ret_next);
