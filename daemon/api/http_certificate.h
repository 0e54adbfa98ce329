/* SPDX-License-Identifier: Apache-2.0
 * A peer's certificate, as far as the API asks: the handshake has checked its chain, dates and
 * purpose; whose it is, and whether it still counts, is asked for every request. */
#pragma once

#include <glib.h>

typedef struct HttpCertificate {
	GBytes *der;
	GBytes *issuer;    /* DER of the certificate that signed it; NULL where not known */
	GBytes *serial;    /* octets without leading zeros */
	char *fingerprint; /* SHA-256 of the DER, 64 hex digits in small letters */
	char *name;        /* the only CN of the subject; "" for none or several */
	gint64 not_before, not_after;
} HttpCertificate;

/* NULL for what cannot be read. */
HttpCertificate *http_certificate_new(const void *der, gsize length);
void http_certificate_free(HttpCertificate *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpCertificate, http_certificate_free)
