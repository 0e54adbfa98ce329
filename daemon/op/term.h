/* SPDX-License-Identifier: Apache-2.0
 * 任期満了・契約満了: a card in use whose holder's term has ended is recalled and on hold from the
 * next day on (T13, T41); a late reappointment only lifts the hold. */
#pragma once

#include "daemon/op/op.h"

/* For the scheduler, soon after midnight. One card a transaction; *ret_recalled counts them. */
gboolean term_recall_due(House *house, gint64 now, guint *ret_recalled,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
