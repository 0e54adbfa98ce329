/* SPDX-License-Identifier: Apache-2.0
 * The CA rows and where their published list stands. */
#pragma once

#include "daemon/store/store.h"

typedef struct IssuerRow {
	gint64 id;
	GBytes *certificate;
	char *key_uri;
	gint64 since;
	gint64 until;
	gint64 crl_number; /* of the list published last or being published */
	gint64 crl_this_update;
	gint64 crl_next_update;
} IssuerRow;

void store_issuer_row_free(IssuerRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IssuerRow, store_issuer_row_free)

gboolean store_issuer_insert(StoreTx *tx, IssuerRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest CA; *ret_row NULL before `ca init`. */
gboolean store_issuer_newest(StoreTx *tx, IssuerRow **ret_row,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The number, above @floor and the last one, of the list to be published for @row's times. */
gboolean store_issuer_next_crl(StoreTx *tx, const IssuerRow *row, gint64 floor, gint64 *ret_number,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Of every CA there ever was. Array of GBytes, DER. */
GPtrArray *store_issuer_certificates(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
