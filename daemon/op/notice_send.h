/* SPDX-License-Identifier: Apache-2.0
 * The way of notices out of the house: at least once, each channel by itself, with no transaction
 * open while anybody is waited for. A notice is marked after it was sent, so one may come twice and
 * none is lost. */
#pragma once

#include "daemon/op/notice.h"

/* Makes the deliveries of a new notice: a row for every channel that is configured. */
gboolean notice_send_plan(StoreTx *tx, const Op *op, gint64 notice,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tries those that are due; *ret_count of them. A channel that fails is no error. @stop can be read
 * once it is to end at once (0 = never). */
gboolean notice_send_due(House *house, gint64 now, int stop, guint *ret_count,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tries a notice that was given up once more, as a person's act. ERROR_NOT_FOUND, ERROR_STATE. */
gboolean notice_send_again(Op *op, gint64 notice, GError **error) G_GNUC_WARN_UNUSED_RESULT;
