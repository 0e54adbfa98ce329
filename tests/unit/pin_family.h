/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the PIN policy share: asking it, and counting families of PINs. */
#pragma once

#include <glib.h>

#include "pkcs11/pin_policy.h"

#define PIN_FAMILY_RULE(rule) (G_GUINT64_CONSTANT(1) << (rule))

typedef struct PinFamily {
	const char *name;
	guint total;
	guint refused;
	gboolean is_listed; /* print the PINs that passed */
} PinFamily;

/* The broken rules under "at least six characters", without a holder. */
guint32 pin_family_broken(const char *pin);
/* Counts a PIN; it is refused if it breaks one of @rules (bits). */
void pin_family_add(PinFamily *family, const char *pin, guint32 rules);
/* Prints the figures. @total and @refused are exact; @percent is the least share wanted. */
void pin_family_assert(const PinFamily *family, guint total, guint refused, double percent);
