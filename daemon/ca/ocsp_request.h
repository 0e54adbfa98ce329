/* SPDX-License-Identifier: Apache-2.0
 * Reads OCSP requests (RFC 6960 4.1.1): anybody's bytes, read without copying or allocating.
 * A signature and a requestor name are allowed and not looked at. */
#pragma once

#include "daemon/ca/key.h"
#include "daemon/ca/tlv.h"

#define OCSP_REQUEST_MAX          16384 /* bytes */
#define OCSP_REQUEST_CERTIFICATES 64
#define OCSP_REQUEST_NONCE_MAX    128 /* octets (RFC 9654 2.1) */

typedef struct OcspCertId {
	Tlv whole; /* echoed in the answer as it came */
	KeyHash hash;
	gboolean has_known_hash; /* SHA-1 or SHA-256 with hashes of the right length */
	Tlv name_hash;
	Tlv key_hash;
	Tlv serial;
} OcspCertId;

/* Borrows from the request's bytes. */
typedef struct OcspRequest {
	OcspCertId id[OCSP_REQUEST_CERTIFICATES];
	gsize count; /* 1 or more */
	gboolean has_nonce;
	Tlv nonce; /* the inner OCTET STRING, 1 to 128 octets */
} OcspRequest;

/* Fills @request, whatever stood in it. FALSE: malformedRequest — not DER, longer than allowed,
 * another version, no or too many certificates, a nonce of another length, an unknown critical
 * extension. */
gboolean ocsp_request_parse(const void *bytes, gsize length,
			    OcspRequest *request) G_GNUC_WARN_UNUSED_RESULT;
