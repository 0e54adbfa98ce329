/* SPDX-License-Identifier: Apache-2.0
 * A sealed stream: CMS AuthEnvelopedData (RFC 5083, RFC 5084) with AES-256-GCM for one recipient,
 * whose private key is elsewhere. `openssl cms -decrypt -inform DER -inkey KEY` opens it too. */
#pragma once

#include <glib.h>
#include <openssl/bio.h>

typedef struct Envelope Envelope;

/* @recipient is a PEM certificate (RSA or EC), @to where the sealed bytes go (borrowed). Errors:
 * USAGE for a @recipient that is none, CA. */
Envelope *envelope_seal(GBytes *recipient, BIO *to, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean envelope_write(Envelope *envelope, const void *bytes, gsize length,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the seal: without it what was written so far cannot be opened. */
gboolean envelope_finish(Envelope *envelope, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void envelope_free(Envelope *envelope);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Envelope, envelope_free)

/* Opens the whole of @from by the private key @key (PEM; one with a passphrase asks on the
 * terminal) into @to. Nothing in @to may be used when it fails: the seal is checked at the end.
 * Errors: USAGE for a @key that is none, CA. */
gboolean envelope_open(BIO *from, BIO *key, BIO *to, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @recipient is a certificate that can be sealed for, and until when it says so. */
gboolean envelope_check(GBytes *recipient, gint64 *ret_not_after,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
