/* SPDX-License-Identifier: Apache-2.0
 * A QR code in the foot, so that what stands there can be read without typing. */
#pragma once

#include "forms/draw.h"

/* The checkpoint of the audit trail in the foot's left corner: code, and beside it number, count
 * and the beginning of the root as people read them. @ret_width is what the foot's text has to
 * leave. Nothing for a text that is none. */
gboolean qr_draw_checkpoint(const Draw *draw, const Form *form, const char *text, double *ret_width,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
