/* SPDX-License-Identifier: Apache-2.0
 * The server's side of TLS 1.2 and 1.3: a client certificate is required, every connection does the
 * whole handshake (no tickets, no resumption), and there is no renegotiation. */
#pragma once

#include "daemon/api/http_certificate.h"

struct ssl_st;

typedef struct HttpTls HttpTls;

typedef struct HttpTlsFiles {
	const char *certificate;      /* PEM: the server's, then its chain */
	const char *key;              /* PEM, not encrypted */
	const char *client_ca;        /* PEM: who else issues client certificates; NULL for none */
	const GPtrArray *authorities; /* GBytes DER: our own issuers */
} HttpTlsFiles;

/* Refuses every handshake until something is loaded. */
HttpTls *http_tls_new(void);
/* Reads @files for the handshakes from now on; what was loaded before stays where it fails.
 * ERROR_USAGE names the file. Any thread. */
gboolean http_tls_load(HttpTls *tls, const HttpTlsFiles *files,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When the server's own certificate ends (Unix seconds). Something must be loaded. */
gint64 http_tls_end(HttpTls *tls);
/* No connection may be left. */
void http_tls_free(HttpTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpTls, http_tls_free)

/* The server's end on @fd, which stays the caller's; NULL while nothing is loaded. */
struct ssl_st *http_tls_accept(HttpTls *tls, int fd);
/* After the handshake. */
HttpCertificate *http_tls_peer(struct ssl_st *ssl);
