/* SPDX-License-Identifier: Apache-2.0
 * Takes what the published revocation list knows over into a store that is older than it: serials
 * it names are revoked or held, their cards go to a person, and lists go on above its number. */
#pragma once

#include "daemon/op/op.h"

typedef struct ReconcileCounts {
	guint revoked; /* certificates */
	guint held;
	guint unknown;  /* serials the store had never heard of */
	guint cards;    /* put before a person */
	guint64 number; /* of the published list; 0: there was none */
} ReconcileCounts;

/* One transaction, nothing when it fails; done twice it changes nothing more. Opens OCSP and
 * publishes; ERROR_PARTLY when only that failed. */
gboolean reconcile_run(House *house, gint64 now, ReconcileCounts *ret_counts,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
