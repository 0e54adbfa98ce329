/* SPDX-License-Identifier: Apache-2.0
 * OCSP: request DER in, response DER out, from memory only (RFC 6960, RFC 5019, RFC 9654).
 * Never fails: what cannot be answered is one of the protocol's own error responses. */
#pragma once

#include "daemon/ca/ocsp_cache.h"
#include "daemon/ca/ocsp_request.h"
#include "daemon/ca/ocsp_responder.h"
#include "daemon/ca/ocsp_response.h"

typedef struct OcspSettings {
	gint64 validity;           /* seconds from thisUpdate to nextUpdate; 0: 600 */
	gint64 max_age;            /* seconds a proxy may keep an answer; 0: 60 */
	gsize cache_bytes;         /* signed answers kept; 0: 64 MiB */
	unsigned int nonce_budget; /* answers with nonce a second; beyond it without. 0: 2000 */
} OcspSettings;

typedef struct OcspAnswer {
	GBytes *der;
	OcspResult result;
	gboolean is_cacheable; /* the fields below hold only then */
	gint64 max_age;        /* seconds, for Cache-Control */
	gint64 this_update;    /* Last-Modified */
	gint64 next_update;    /* Expires */
	char etag[OCSP_CACHE_ETAG_SIZE];
} OcspAnswer;

typedef struct Ocsp Ocsp;

/* @index is borrowed and must outlive the result. */
Ocsp *ocsp_new(StatusIndex *index, const OcspSettings *settings);
void ocsp_free(Ocsp *ocsp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ocsp, ocsp_free)

/* Adds @responder, or takes the place of the one with its issuer (a reference is taken). */
void ocsp_set_responder(Ocsp *ocsp, OcspResponder *responder);
/* An issuer whose responder is out of reach: its certificates are answered tryLater. */
void ocsp_set_issuer(Ocsp *ocsp, const Issuer *issuer);

/* Answers @length bytes of request at @now (Unix seconds). Safe from several threads. */
void ocsp_answer(Ocsp *ocsp, const void *request, gsize length, gint64 now, OcspAnswer *ret_answer);
void ocsp_answer_clear(OcspAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OcspAnswer, ocsp_answer_clear)

/* Bytes of signed answers kept, for the metrics. */
gsize ocsp_memory(Ocsp *ocsp);
