/* SPDX-License-Identifier: Apache-2.0
 * Reminders about cards: handed over late (table A row 7), and certificates that end. */
#pragma once

#include "daemon/op/op.h"

/* To the section's manager and the system-admin, once a card that was issued. */
gboolean remind_card_hand_over(House *house, gint64 now, guint *ret_count,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* To the holder at 90, 60 and 30 days. */
gboolean remind_card_expiry(House *house, gint64 now, guint *ret_count,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The certification authority, to the system-admin and the chief at 90, 60 and 30 days. */
gboolean remind_card_authority(House *house, gint64 now, guint *ret_count,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
