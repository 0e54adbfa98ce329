/* SPDX-License-Identifier: Apache-2.0
 * The OCSP responder of a CA of ours: its own key and certificate, opened at the start and renewed
 * by itself long before the end. */
#pragma once

#include "daemon/op/op.h"

/* Loads the responder of @issuer, or makes one when there is none or it is due. An older one that
 * is still valid goes on answering when a new one cannot be made; without any, OCSP says tryLater.
 * FALSE: one was due and could not be made. */
gboolean responder_open(House *house, const Issuer *issuer, gint64 now,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When the certificate of the responder in use ends; 0 when there is none. */
gint64 responder_end(House *house);
