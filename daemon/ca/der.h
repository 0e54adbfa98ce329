/* SPDX-License-Identifier: Apache-2.0
 * Certificates as bytes in two steps: the exact to-be-signed bytes first, so that they can be
 * recorded before the CA key is used, then the certificate around them and the signature. */
#pragma once

#include "daemon/ca/profile.h"

#define DER_SERIAL_SIZE 16

typedef struct DerRequest {
	ProfileKind profile;
	const guint8 *serial; /* DER_SERIAL_SIZE octets from der_serial_new() */
	GBytes *issuer_name;  /* Name DER */
	GBytes *issuer_spki;  /* for the authority key identifier */
	GBytes *algorithm;    /* AlgorithmIdentifier DER of the signature to come */
	GBytes *subject_name; /* Name DER, name_card() for cards */
	GBytes *spki;         /* the subject's key; checked against the allowed algorithms */
	gint64 not_before;    /* Unix seconds */
	gint64 not_after;
	const char *ocsp_url; /* NULL or empty: left out */
	const char *crl_url;
} DerRequest;

/* What a certificate says; every GBytes is owned. */
typedef struct DerFacts {
	guint8 serial[DER_SERIAL_SIZE];
	GBytes *tbs;
	GBytes *issuer_name;
	GBytes *subject_name;
	GBytes *spki;
	gint64 not_before;
	gint64 not_after;
} DerFacts;

/* 16 random octets, the first two bits 01: always positive, always of the same encoded size. */
gboolean der_serial_new(guint8 ret_serial[DER_SERIAL_SIZE],
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean der_serial_is_ours(const guint8 *serial, gsize length);
/* 32 upper-case hexadecimal digits, as openssl prints them. */
char *der_serial_text(const guint8 serial[DER_SERIAL_SIZE]);
gboolean der_serial_parse(const char *text, guint8 ret_serial[DER_SERIAL_SIZE],
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The exact TBSCertificate bytes (RFC 5280 4.1). */
GBytes *der_tbs(const DerRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The certificate around @tbs. Parses it back and fails with CA unless OpenSSL reads the very same
 * @tbs out of it and the signature verifies under @issuer_spki. */
GBytes *der_assemble(GBytes *tbs, GBytes *algorithm, GBytes *signature, GBytes *issuer_spki,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a certificate of ours; its serial must have our form. */
gboolean der_read(GBytes *certificate, DerFacts *ret_facts,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void der_facts_clear(DerFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DerFacts, der_facts_clear)

/* DER → PEM text; @kind is "CERTIFICATE" or "X509 CRL". */
char *der_pem(const char *kind, GBytes *der);
