/* SPDX-License-Identifier: Apache-2.0
 * Reads a CRL of ours back: the published one is the outside witness after a restore. */
#pragma once

#include "daemon/ca/crl.h"

typedef struct CrlFacts {
	guint64 number;
	gint64 this_update;
	gint64 next_update;
	gsize count; /* entries */
} CrlFacts;

/* Checks the signature under @issuer, fills @ret_facts and appends every entry to @to (a GArray of
 * CrlEntry, or NULL). Errors: CA (not a complete CRL of @issuer); @to is then as it was. */
gboolean crl_read(GBytes *der, const Issuer *issuer, GArray *to, CrlFacts *ret_facts,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One encoded entry, as crl_peek() gives it. */
gboolean crl_read_entry(const guint8 *der, gsize length,
			CrlEntry *ret_entry) G_GNUC_WARN_UNUSED_RESULT;
