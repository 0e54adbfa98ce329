/* SPDX-License-Identifier: Apache-2.0
 * Which kinds of keys the certificates in use have. */
#pragma once

#include "daemon/store/store.h"

/* Certificates whose public keys have the same algorithm and size. */
typedef struct StoreKeyKind {
	GBytes *spki; /* of one of them */
	gint64 count;
} StoreKeyKind;

void store_key_kind_free(StoreKeyKind *kind);

/* Of certificates that are neither revoked nor ended at @now. Array of StoreKeyKind. */
GPtrArray *store_key_kinds(StoreTx *tx, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers of the first @limit cards with a key like @kind->spki. Array of char *. */
GPtrArray *store_key_cards(StoreTx *tx, gint64 now, const StoreKeyKind *kind, int limit,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
