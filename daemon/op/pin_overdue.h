/* SPDX-License-Identifier: Apache-2.0
 * Past its deadline a PIN may only be changed (T27): the card is on hold from the next day on,
 * until the holder's own change. */
#pragma once

#include "daemon/op/op.h"

/* For the scheduler, at midnight and now and then. Cards in use whose deadline and grace are over
 * and that have no such hold yet get one; *ret_held counts them. At most 20 a transaction, each
 * with its record, one revocation list for each transaction. ERROR_PARTLY: all holds are in force,
 * but a list could not be published. */
gboolean pin_overdue_hold(House *house, gint64 now, guint *ret_held,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
