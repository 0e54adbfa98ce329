/* SPDX-License-Identifier: Apache-2.0
 * Whose a client certificate is, and whether it still counts: asked of the store for every request,
 * so that a revocation bites on a connection that is kept. */
#pragma once

#include "daemon/api/http_certificate.h"
#include "daemon/op/op.h"

/* The holder of the card whose certificate it is, or the account that [accounts] names.
 * ERROR_DENIED says why it does not count. */
Actor *principal_certificate_resolve(House *house, StoreTx *tx, const HttpCertificate *certificate,
				     gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
