/* SPDX-License-Identifier: Apache-2.0
 * Certificates in the store: the narrow status table that OCSP and CRL are loaded from, and the
 * wide rows with the bytes. */
#pragma once

#include "daemon/core/certificate.h"
#include "daemon/store/store.h"

/* Both rows, state PENDING; the exact to-be-signed bytes are in it (record before sign). */
gboolean store_certificate_insert(StoreTx *tx, const Certificate *certificate,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The signed certificate of a recorded serial. */
gboolean store_certificate_set_der(StoreTx *tx, const Certificate *certificate,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* State, reason and since of @certificate; @invalid_from is the loss time or 0. */
gboolean store_certificate_set_status(StoreTx *tx, const Certificate *certificate,
				      gint64 invalid_from,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of a card, newest first, without tbs. Array of Certificate. */
GPtrArray *store_certificate_of_card(StoreTx *tx, const char *card,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one of ours that has this serial number and consists of exactly these bytes;
 * *ret_certificate is NULL when there is none. */
gboolean store_certificate_find(StoreTx *tx, GBytes *serial, GBytes *der,
				Certificate **ret_certificate,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One row of the narrow table. */
typedef struct StoreStatus {
	gint64 issuer;
	guint8 serial[CERTIFICATE_SERIAL_BYTES];
	CertificateState state;
	RevocationReason reason;
	gint64 since;
	gint64 not_after;
	gint64 invalid_from;
} StoreStatus;

/* Reads the narrow table in order of (issuer, serial). */
typedef struct StoreStatusScan StoreStatusScan;
StoreStatusScan *store_certificate_scan(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE at the end; then store_certificate_scan_end() tells whether it was an error. */
gboolean store_certificate_scan_next(StoreStatusScan *scan, StoreStatus *ret_status);
gboolean store_certificate_scan_end(StoreStatusScan *scan,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_certificate_scan_free(StoreStatusScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreStatusScan, store_certificate_scan_free)
