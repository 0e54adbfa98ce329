/* SPDX-License-Identifier: Apache-2.0
 * Key and certificate onto a card: the part shared by issue, reissue, renewal and the temporary
 * card. Record before sign: the serial and the exact bytes are durable before the CA key is used.
 */
#pragma once

#include "daemon/core/certificate.h"
#include "daemon/op/work.h"

/* A key made on the erased card (@is_next: beside the present key, after the holder's login), its
 * certificate recorded (tx2), signed, put, read back and proved. On failure *ret_certificate may
 * be set: a serial born is to be revoked by the caller. */
gboolean personalise_card(Work *work, gboolean is_next, Certificate **ret_certificate,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Erases the card in the reader and reads it back empty. */
gboolean personalise_wipe(Work *work, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A fresh nonce signed by the card, checked against @spki. */
gboolean personalise_prove(Work *work, GBytes *spki, GError **error) G_GNUC_WARN_UNUSED_RESULT;
