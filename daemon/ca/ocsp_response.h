/* SPDX-License-Identifier: Apache-2.0
 * Writes OCSP responses (RFC 6960 4.2.1), signed by the responder, its certificate included. */
#pragma once

#include "daemon/ca/ocsp_responder.h"
#include "daemon/ca/status_index.h"
#include "daemon/ca/tlv.h"

/* OCSPResponseStatus. */
typedef enum OcspResult {
	OCSP_SUCCESSFUL = 0,
	OCSP_MALFORMED_REQUEST = 1,
	OCSP_INTERNAL_ERROR = 2,
	OCSP_TRY_LATER = 3,
	OCSP_UNAUTHORIZED = 6,
} OcspResult;

/* One certificate's answer. */
typedef struct OcspSingle {
	const Tlv *id;      /* CertID as it came */
	StatusState state;  /* CHANGING never comes here */
	StatusEntry status; /* since, reason, not_after; unless ABSENT */
} OcspSingle;

typedef struct OcspResponse {
	const OcspResponder *responder;
	const OcspSingle *single;
	gsize count;
	const Tlv *nonce; /* NULL: none */
	gint64 now;       /* producedAt and thisUpdate */
	gint64 next_update;
} OcspResponse;

/* The successful response; NULL when it could not be signed. */
GBytes *ocsp_response_build(const OcspResponse *response) G_GNUC_WARN_UNUSED_RESULT;

/* One of the others, which carry nothing and are not signed. */
GBytes *ocsp_response_refuse(OcspResult result);
