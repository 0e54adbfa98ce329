/* SPDX-License-Identifier: Apache-2.0
 * The key that signs OCSP answers: always P-256 in software, certified by the CA for 30 days with
 * nocheck. Key and certificate stand in one PEM file, so that they can never be of two kinds. */
#pragma once

#include "daemon/ca/issuer.h"

#define OCSP_RESPONDER_RENEW_DAYS 10

typedef struct OcspResponder OcspResponder;

/* A new key and certificate, stored at @path in place of an older one. Uses the CA key once. */
OcspResponder *ocsp_responder_create(const Issuer *issuer, const char *path, gint64 now,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Errors: NOT_FOUND, CA (not certified by @issuer, key and certificate differ). */
OcspResponder *ocsp_responder_load(const Issuer *issuer, const char *path,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
OcspResponder *ocsp_responder_ref(OcspResponder *responder);
void ocsp_responder_free(OcspResponder *responder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OcspResponder, ocsp_responder_free)

/* Ten days or less are left, or the clock stands before its beginning. */
gboolean ocsp_responder_is_due(const OcspResponder *responder, gint64 now);
/* Within its validity. */
gboolean ocsp_responder_is_usable(const OcspResponder *responder, gint64 now);
gint64 ocsp_responder_not_after(const OcspResponder *responder);

/* All owned by @responder. */
const Issuer *ocsp_responder_issuer(const OcspResponder *responder);
GBytes *ocsp_responder_certificate(const OcspResponder *responder);
Signer *ocsp_responder_signer(const OcspResponder *responder);
const guint8 *ocsp_responder_key_hash(const OcspResponder *responder); /* SHA-1, for byKey */
