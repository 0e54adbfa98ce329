/* SPDX-License-Identifier: Apache-2.0
 * An SSL_CTX that is replaced as a whole; connections keep the one they began with. */
#include "daemon/api/http_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <time.h>

#include "daemon/base/error.h"

#define CIPHERS_1_2 "ECDHE+AESGCM:ECDHE+CHACHA20"
#define GROUPS      "X25519:P-256:P-384"
#define CHAIN_DEPTH 4
/* 2048-bit RSA and 112 bits of strength are the least. */
#define SECURITY_LEVEL 2

struct HttpTls {
	pthread_mutex_t lock; /* guards context */
	SSL_CTX *context;     /* NULL: nothing loaded yet */
};

typedef STACK_OF(X509_NAME) Names;
typedef STACK_OF(X509) Chain;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SSL_CTX, SSL_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)

HttpTls *http_tls_new(void)
{
	HttpTls *tls = g_new0(HttpTls, 1);

	pthread_mutex_init(&tls->lock, NULL);
	return tls;
}

void http_tls_free(HttpTls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	pthread_mutex_destroy(&tls->lock);
	g_free(tls);
}

static gboolean set_failed(const char *file, GError **error)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code);

	ERR_clear_error();
	return error_set(error, ERROR_USAGE, N_("%s cannot be used for TLS: %s"), file,
			 reason != NULL ? reason : "?");
}

static gboolean harden(SSL_CTX *context)
{
	static const unsigned char id[] = "opcard";

	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					     SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE |
					     SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_security_level(context, SECURITY_LEVEL);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
					  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
					  SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_verify_depth(context, CHAIN_DEPTH);
	return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
	       SSL_CTX_set_cipher_list(context, CIPHERS_1_2) == 1 &&
	       SSL_CTX_set1_groups_list(context, GROUPS) == 1 &&
	       SSL_CTX_set_num_tickets(context, 0) == 1 &&
	       SSL_CTX_set_session_id_context(context, id, sizeof id - 1) == 1;
}

static gboolean load_own(SSL_CTX *context, const HttpTlsFiles *files, GError **error)
{
	if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1)
		return set_failed(files->certificate, error);
	if (SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1)
		return set_failed(files->key, error);
	return TRUE;
}

static gboolean trust_authority(SSL_CTX *context, GBytes *der)
{
	gsize length;
	const unsigned char *at = g_bytes_get_data(der, &length);
	g_autoptr(X509) certificate = d2i_X509(NULL, &at, (long) length);

	return certificate != NULL &&
	       X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) == 1 &&
	       SSL_CTX_add_client_CA(context, certificate) == 1;
}

static gboolean load_trust(SSL_CTX *context, const HttpTlsFiles *files, GError **error)
{
	if (files->client_ca != NULL) {
		Names *names = SSL_load_client_CA_file(files->client_ca);

		if (names == NULL ||
		    SSL_CTX_load_verify_locations(context, files->client_ca, NULL) != 1) {
			sk_X509_NAME_pop_free(names, X509_NAME_free);
			return set_failed(files->client_ca, error);
		}
		SSL_CTX_set_client_CA_list(context, names);
	}
	for (guint i = 0; i < files->authorities->len; i++)
		if (!trust_authority(context, files->authorities->pdata[i]))
			return set_failed("CA", error);
	return TRUE;
}

gboolean http_tls_load(HttpTls *tls, const HttpTlsFiles *files, GError **error)
{
	g_autoptr(SSL_CTX) context = SSL_CTX_new(TLS_server_method());
	SSL_CTX *before;

	if (context == NULL || !harden(context))
		return set_failed("TLS", error);
	if (!load_own(context, files, error) || !load_trust(context, files, error))
		return FALSE;
	pthread_mutex_lock(&tls->lock);
	before = tls->context;
	tls->context = g_steal_pointer(&context);
	pthread_mutex_unlock(&tls->lock);
	SSL_CTX_free(before);
	return TRUE;
}

gint64 http_tls_end(HttpTls *tls)
{
	struct tm tm = { 0 };

	pthread_mutex_lock(&tls->lock);
	(void) ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(tls->context)), &tm);
	pthread_mutex_unlock(&tls->lock);
	return (gint64) timegm(&tm);
}

struct ssl_st *http_tls_accept(HttpTls *tls, int fd)
{
	SSL *ssl;

	pthread_mutex_lock(&tls->lock);
	ssl = tls->context != NULL ? SSL_new(tls->context) : NULL;
	pthread_mutex_unlock(&tls->lock);
	if (ssl != NULL && SSL_set_fd(ssl, fd) != 1)
		g_clear_pointer(&ssl, SSL_free);
	return ssl;
}

static GBytes *der_of(X509 *certificate)
{
	unsigned char *der = NULL;
	int length = certificate != NULL ? i2d_X509(certificate, &der) : 0;
	GBytes *bytes = length > 0 ? g_bytes_new(der, (gsize) length) : NULL;

	OPENSSL_free(der);
	return bytes;
}

HttpCertificate *http_tls_peer(struct ssl_st *ssl)
{
	const Chain *chain = SSL_get0_verified_chain(ssl);
	g_autoptr(GBytes) der = der_of(SSL_get0_peer_certificate(ssl));
	HttpCertificate *peer;

	if (der == NULL || chain == NULL || SSL_get_verify_result(ssl) != X509_V_OK)
		return NULL;
	peer = http_certificate_new(g_bytes_get_data(der, NULL), g_bytes_get_size(der));
	if (peer != NULL) /* one that is trusted itself is its own issuer */
		peer->issuer = der_of(sk_X509_value(chain, MIN(1, sk_X509_num(chain) - 1)));
	return peer;
}
