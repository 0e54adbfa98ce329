/* SPDX-License-Identifier: Apache-2.0
 * Renegotiation is off and TLS 1.3 has none, so that after the handshake reading never waits for
 * writing: where OpenSSL says so the peer plays with key updates, and the connection ends. */
#include "daemon/api/http_stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void http_stream_init(HttpStream *stream, int fd, HttpTls *tls)
{
	*stream = (HttpStream){ .fd = fd };
	if (tls == NULL)
		return;
	stream->ssl = http_tls_accept(tls, fd);
	stream->is_broken = stream->ssl == NULL;
}

static void say_farewell(HttpStream *stream)
{
	if (stream->ssl == NULL || stream->is_broken || !SSL_is_init_finished(stream->ssl))
		return;
	ERR_clear_error();
	/* Once: the peer's answer is not waited for. */
	(void) SSL_shutdown(stream->ssl);
	stream->is_broken = TRUE;
}

void http_stream_close(HttpStream *stream)
{
	say_farewell(stream);
	SSL_free(stream->ssl);
	stream->ssl = NULL;
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
}

HttpHandshake http_stream_shake(HttpStream *stream)
{
	int rc;

	if (stream->is_broken)
		return HTTP_HANDSHAKE_REFUSED;
	ERR_clear_error();
	rc = SSL_accept(stream->ssl);
	if (rc == 1)
		return HTTP_HANDSHAKE_DONE;
	switch (SSL_get_error(stream->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		stream->wants_to_send = FALSE;
		return HTTP_HANDSHAKE_AGAIN;
	case SSL_ERROR_WANT_WRITE:
		stream->wants_to_send = TRUE;
		return HTTP_HANDSHAKE_AGAIN;
	default:
		stream->is_broken = TRUE;
		return HTTP_HANDSHAKE_REFUSED;
	}
}

static gssize judge(gssize n)
{
	if (n > 0)
		return n;
	return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		       ? HTTP_STREAM_AGAIN
		       : HTTP_STREAM_END;
}

/* Why @rc is no success; @wanted is what the call may wait for. */
static gssize judge_tls(HttpStream *stream, int rc, int wanted)
{
	int reason = SSL_get_error(stream->ssl, rc);

	if (reason == wanted)
		return HTTP_STREAM_AGAIN;
	if (reason != SSL_ERROR_ZERO_RETURN)
		stream->is_broken = TRUE;
	return HTTP_STREAM_END;
}

gssize http_stream_receive(HttpStream *stream, void *bytes, gsize max)
{
	gsize n = 0;
	int rc;

	if (stream->ssl == NULL)
		return judge(recv(stream->fd, bytes, max, MSG_DONTWAIT));
	if (stream->is_broken)
		return HTTP_STREAM_END;
	ERR_clear_error();
	rc = SSL_read_ex(stream->ssl, bytes, max, &n);
	return rc == 1 ? (gssize) n : judge_tls(stream, rc, SSL_ERROR_WANT_READ);
}

gssize http_stream_send(HttpStream *stream, const struct iovec *parts, int n_parts)
{
	struct msghdr message = { .msg_iov = (struct iovec *) parts,
				  .msg_iovlen = (gsize) n_parts };
	gsize n = 0;
	int rc;

	if (stream->ssl == NULL)
		return judge(sendmsg(stream->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT));
	while (n_parts > 0 && parts->iov_len == 0) {
		parts++;
		n_parts--;
	}
	if (stream->is_broken || n_parts == 0)
		return HTTP_STREAM_END;
	ERR_clear_error();
	rc = SSL_write_ex(stream->ssl, parts->iov_base, parts->iov_len, &n);
	return rc == 1 ? (gssize) n : judge_tls(stream, rc, SSL_ERROR_WANT_WRITE);
}

gboolean http_stream_has_more(const HttpStream *stream)
{
	return stream->ssl != NULL && !stream->is_broken && SSL_pending(stream->ssl) > 0;
}

gboolean http_stream_finish(HttpStream *stream)
{
	say_farewell(stream);
	return shutdown(stream->fd, SHUT_WR) == 0;
}

gboolean http_stream_discard(HttpStream *stream)
{
	char bytes[4096];
	gssize n = judge(recv(stream->fd, bytes, sizeof bytes, MSG_DONTWAIT));

	explicit_bzero(bytes, sizeof bytes);
	return n != HTTP_STREAM_END;
}
