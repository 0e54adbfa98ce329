/* SPDX-License-Identifier: Apache-2.0
 * Certificate profiles as rows of one table (RFC 5280; RFC 6960 4.2.2.2 for the responder). */
#pragma once

#include <glib.h>

typedef enum ProfileKind {
	PROFILE_ROOT, /* our own CA, self-signed */
	PROFILE_CARD, /* an operator's card */
	PROFILE_OCSP, /* the OCSP responder */
	_PROFILE_KIND_MAX,
} ProfileKind;

/* keyUsage bits, numbered as in RFC 5280 4.2.1.3. */
typedef enum ProfileUsage {
	PROFILE_DIGITAL_SIGNATURE = 1 << 0,
	PROFILE_KEY_CERT_SIGN = 1 << 5,
	PROFILE_CRL_SIGN = 1 << 6,
} ProfileUsage;

typedef struct Profile {
	const char *name;
	int days;                /* default validity */
	unsigned int usage;      /* ProfileUsage bits; always critical */
	const char *purpose;     /* extKeyUsage OID in dotted form, NULL for none */
	gboolean is_ca;          /* basicConstraints CA:TRUE, pathlen 0 */
	gboolean has_revocation; /* CRL distribution point and OCSP address */
	gboolean has_nocheck;    /* id-pkix-ocsp-nocheck */
} Profile;

const Profile *profile_get(ProfileKind kind);

/* notAfter: @not_before + @days days (0: the profile's default), never past @issuer_end
 * (0: no issuer). Unix seconds; the last second is included (RFC 5280 4.1.2.5). */
gint64 profile_not_after(ProfileKind kind, gint64 not_before, int days, gint64 issuer_end);
