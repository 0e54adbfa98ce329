/* SPDX-License-Identifier: Apache-2.0
 * Certificate revocation lists whose entries stay encoded: our serials all have one size, so a
 * revocation appends 49 bytes and a new list is one copy and one signature (RFC 5280 5). */
#pragma once

#include "daemon/ca/issuer.h"

/* Bytes of an entry with a reason, revoked before 2050, without invalidityDate. */
#define CRL_ENTRY_SIZE 49

typedef enum CrlReason {
	CRL_UNSPECIFIED = 0,
	CRL_KEY_COMPROMISE = 1,
	CRL_CA_COMPROMISE = 2,
	CRL_AFFILIATION_CHANGED = 3,
	CRL_SUPERSEDED = 4,
	CRL_CESSATION_OF_OPERATION = 5,
	CRL_CERTIFICATE_HOLD = 6,
	CRL_REMOVE_FROM_CRL = 8, /* stands on delta lists only (RFC 5280 5.3.1) */
	CRL_PRIVILEGE_WITHDRAWN = 9,
} CrlReason;

typedef struct CrlEntry {
	guint8 serial[DER_SERIAL_SIZE];
	gint64 revoked_at;   /* Unix seconds */
	CrlReason reason;    /* UNSPECIFIED writes no extension (RFC 5280 5.3.1) */
	gint64 invalid_from; /* invalidityDate: when it was lost; 0 for none */
} CrlEntry;

typedef struct CrlRequest {
	const Issuer *issuer;
	guint64 number; /* cRLNumber, rises by one */
	gint64 this_update;
	gint64 next_update;
	guint64 base; /* of a delta: the complete list it adds to; 0: this one is complete */
	const char *delta_url; /* of a complete list: where its deltas are; NULL or "": nowhere */
} CrlRequest;

/* The entries of one issuer. One thread at a time. */
typedef struct CrlBody CrlBody;

/* "keyCompromise" … as RFC 5280 spells them; NULL for a number that is none. */
const char *crl_reason_name(CrlReason reason);
gboolean crl_reason_parse(const char *name, CrlReason *ret_reason,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

CrlBody *crl_new(void);
/* For the entries of a delta list: takes removeFromCRL too. */
CrlBody *crl_new_delta(void);
void crl_free(CrlBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CrlBody, crl_free)

/* Adds @entry or takes the place of the one with its serial. O(1). Errors: CA (serial not of our
 * form, reason that is none, a time outside 0001 … 9999). */
gboolean crl_put(CrlBody *body, const CrlEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it was there; the last entry moves into its place. O(1). */
gboolean crl_remove(CrlBody *body, const guint8 serial[DER_SERIAL_SIZE]);
gboolean crl_has(const CrlBody *body, const guint8 serial[DER_SERIAL_SIZE]);
gsize crl_count(const CrlBody *body);
/* The encoded entry of @serial, borrowed until the next change; NULL when it is not there. */
const guint8 *crl_peek(const CrlBody *body, const guint8 serial[DER_SERIAL_SIZE],
		       gsize *ret_length);
/* Visits the serial of every entry of @body that @other has not, or has differently. */
typedef void (*CrlVisit)(const guint8 serial[DER_SERIAL_SIZE], gpointer data);
void crl_compare(const CrlBody *body, const CrlBody *other, CrlVisit visit, gpointer data);

/* The list to be signed: a copy of the entries, so that @body may change meanwhile. */
typedef struct CrlDraft CrlDraft;
CrlDraft *crl_draft(const CrlBody *body, const CrlRequest *request,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void crl_draft_free(CrlDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CrlDraft, crl_draft_free)
/* A complete, signed CertificateList (DER) with authority key identifier and number. Frees @draft.
 */
GBytes *crl_sign(CrlDraft *draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* crl_draft() and crl_sign(). */
GBytes *crl_build(const CrlBody *body, const CrlRequest *request,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
