/* SPDX-License-Identifier: Apache-2.0
 * One CA of ours: its certificate, the names and hashes others ask for it by, and its signer.
 * A value that never changes; ca renew makes another one beside it. */
#pragma once

#include "daemon/ca/der.h"
#include "daemon/ca/sign.h"

typedef struct Issuer Issuer;

/* A certificate to be made; what is not said here comes from the profile and the issuer. */
typedef struct IssuerRequest {
	ProfileKind profile;
	const guint8 *serial;
	GBytes *subject_name;
	GBytes *spki;
	gint64 not_before;
	int days;         /* 0: the profile's default; never past the issuer's end */
	gint64 not_after; /* an earlier end than @days gives; 0: none */
	const char *ocsp_url;
	const char *crl_url;
} IssuerRequest;

/* A new self-signed root for @signer's key; @days 0 means ten years. Returns its certificate. */
GBytes *issuer_create_root(Signer *signer, const char *subject, gint64 now, int days,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @id is the store's row (1 … 65535). @signer may be NULL while the key is out of reach; otherwise
 * it must be the certificate's key and, unless it is on a token, proves it with a test signature.
 * Errors: CA. */
Issuer *issuer_load(guint16 id, GBytes *certificate, Signer *signer,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
Issuer *issuer_ref(const Issuer *issuer);
void issuer_free(Issuer *issuer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Issuer, issuer_free)

/* All owned by @issuer. */
guint16 issuer_id(const Issuer *issuer);
GBytes *issuer_certificate(const Issuer *issuer);
GBytes *issuer_subject(const Issuer *issuer); /* Name DER */
GBytes *issuer_spki(const Issuer *issuer);
gint64 issuer_not_before(const Issuer *issuer);
gint64 issuer_not_after(const Issuer *issuer);
Signer *issuer_signer(const Issuer *issuer); /* NULL: out of reach */
/* Whether the CA key can be used now: a key on a token is asked. Errors: CA. */
gboolean issuer_reach(const Issuer *issuer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Hash of the subject's Name DER and of the public key, as a CertID carries them; 20 or 32 octets.
 */
const guint8 *issuer_name_hash(const Issuer *issuer, KeyHash hash);
const guint8 *issuer_key_hash(const Issuer *issuer, KeyHash hash);

/* Step 1: the exact bytes to be signed, to be recorded before step 2. Also returns notAfter.
 * Errors: CA (key not allowed, issuer ended, validity empty). */
GBytes *issuer_prepare(const Issuer *issuer, const IssuerRequest *request, gint64 *ret_not_after,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Step 2: signs the recorded bytes; returns the certificate DER, read back and compared. */
GBytes *issuer_sign(const Issuer *issuer, GBytes *tbs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
