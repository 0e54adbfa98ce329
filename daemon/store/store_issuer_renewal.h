/* SPDX-License-Identifier: Apache-2.0
 * Journal of the CA's renewals, and the certificates between an old CA and its successor. */
#pragma once

#include "daemon/store/store.h"

typedef struct IssuerRenewal {
	gint64 id; /* of the new CA */
	char *key_uri;
	GBytes *tbs_new, *tbs_new_with_old,
		*tbs_old_with_new; /* new_with_old: NULL if not signed */
	gint64 opened_at;
	gint64 closed_at;                    /* 0: under way */
	GBytes *new_with_old, *old_with_new; /* certificates; NULL until it is closed */
} IssuerRenewal;

void store_issuer_renewal_free(IssuerRenewal *renewal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IssuerRenewal, store_issuer_renewal_free)

gboolean store_issuer_renewal_open(StoreTx *tx, const IssuerRenewal *renewal,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Its certificates and @closed_at. */
gboolean store_issuer_renewal_close(StoreTx *tx, const IssuerRenewal *renewal,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The one that made CA @id (0: the one under way); *ret_renewal NULL when there is none. */
gboolean store_issuer_renewal_get(StoreTx *tx, gint64 id, IssuerRenewal **ret_renewal,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
