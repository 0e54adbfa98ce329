/* SPDX-License-Identifier: Apache-2.0
 * Serial numbers that a published revocation list tells of, also those the store never had: they
 * were issued after the backup that was restored. */
#pragma once

#include "daemon/store/store_certificate.h"

/* State, card and times; *ret_certificate is NULL when the serial is unknown, its card NULL when it
 * was recorded by store_witness_insert(). */
gboolean store_witness_find(StoreTx *tx, gint64 issuer, const guint8 *serial,
			    Certificate **ret_certificate,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The status of a serial whose certificate is not known. */
gboolean store_witness_insert(StoreTx *tx, const Certificate *certificate,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many such there are. */
gboolean store_witness_count(StoreTx *tx, gint64 *ret_count,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
