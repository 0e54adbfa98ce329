/* SPDX-License-Identifier: Apache-2.0
 * A connection as a machine of six states; one request at a time, later ones wait in the buffer or
 * in the socket. evhttp is not used: 2.1.12 has no hook for a new connection or a request's head,
 * so that limits, deadlines and the check for doubled lengths would come too late. */
#include "daemon/api/http_connection.h"

#include <poll.h>
#include <string.h>

#include "daemon/api/http_buffer.h"
#include "daemon/api/http_fault.h"
#include "daemon/api/http_head.h"
#include "daemon/api/http_sender.h"
#include "daemon/api/http_stream.h"
#include "daemon/base/error.h"

#define LINGER_MS  2000
#define BODY_SMALL ((gsize) 64 * 1024)
#define CONTINUE   "HTTP/1.1 100 Continue\r\n\r\n"

typedef enum ConnectionState {
	STATE_HANDSHAKE, /* TLS: nobody knows yet who is there */
	STATE_HEAD,      /* between requests, or in a head */
	STATE_BODY,
	STATE_DEFERRED,  /* a handler's reply is outstanding */
	STATE_WRITING,   /* the peer reads slower than we send */
	STATE_LINGERING, /* refused: what the peer still sends is thrown away, so that it can read
			    why */
	STATE_DEAD,
	_STATE_MAX,
} ConnectionState;

struct HttpConnection {
	HttpService *service;
	HttpFloor *floor;
	GList link;
	HttpStream stream;
	struct event *event;
	short watched;
	ConnectionState state;
	gint64 deadline;
	HttpPeer *peer;
	HttpBuffer in;
	HttpScan scan;
	gboolean is_begun;    /* a first byte of the head is here: its deadline runs */
	HttpRequest *request; /* STATE_BODY */
	HttpBuffer body;
	gsize body_expected;
	guint64 id;                         /* STATE_DEFERRED */
	gboolean is_paused, is_half_closed; /* STATE_DEFERRED: what is not watched for any more */
	HttpSender sender;
	HttpWire wire;
	gboolean is_refused;
};

static gint64 deadline_after(guint milliseconds)
{
	return g_get_monotonic_time() + (gint64) milliseconds * 1000;
}

static void forget_body(HttpConnection *c)
{
	if (c->body_expected > BODY_SMALL)
		c->floor->bodies -= c->body_expected;
	c->body_expected = 0;
}

static void connection_free(HttpConnection *c)
{
	HttpFloor *floor = c->floor;

	g_queue_unlink(&floor->connections, &c->link);
	if (c->id != 0 && g_hash_table_remove(floor->deferred, &c->id))
		floor->n_deferred--;
	forget_body(c);
	event_free(c->event);
	http_stream_close(&c->stream);
	http_quota_give_back(&c->service->quota, c->peer);
	http_peer_unref(c->peer);
	http_request_free(c->request);
	http_buffer_clear(&c->in);
	http_buffer_clear(&c->body);
	http_sender_clear(&c->sender);
	g_free(c);
	floor->n_connections--;
	if (floor->is_stopping && floor->connections.length == 0)
		event_base_loopbreak(floor->base);
}

/* After the last byte of a reply: on to the next request, or towards the end. */
static void finish_reply(HttpConnection *c)
{
	c->is_begun = FALSE;
	if (c->wire.is_kept && !c->floor->is_stopping) {
		c->state = STATE_HEAD;
		c->deadline = deadline_after(c->floor->options.idle_ms);
	} else if (c->is_refused && http_stream_finish(&c->stream)) {
		c->state = STATE_LINGERING;
		c->deadline = deadline_after(LINGER_MS);
	} else {
		c->state = STATE_DEAD;
	}
}

static void flush(HttpConnection *c)
{
	gsize n = 0;

	switch (http_sender_send(&c->sender, &c->stream, &n)) {
	case HTTP_SENT_ALL:
		finish_reply(c);
		break;
	case HTTP_SENT_PART:
		if (n > 0 || c->state != STATE_WRITING)
			c->deadline = deadline_after(c->floor->options.write_ms);
		c->state = STATE_WRITING;
		break;
	case HTTP_SENT_BROKEN:
	case _HTTP_SENT_MAX:
	default:
		c->state = STATE_DEAD;
		break;
	}
}

/* Takes @reply over. */
static void start_reply(HttpConnection *c, HttpReply *reply)
{
	c->wire.is_kept = c->wire.is_kept && !reply->is_closing && !c->floor->is_stopping;
	http_sender_start(&c->sender, reply, &c->wire);
	flush(c);
}

/* Answers before any handler has seen the request. The connection ends: where the next request
 * would begin is not certain any more. */
static void refuse(HttpConnection *c, int status, const char *text)
{
	HttpFault fault = { status, text };

	c->floor->n_bad++;
	c->is_refused = TRUE;
	forget_body(c);
	g_clear_pointer(&c->request, http_request_free);
	start_reply(c, http_fault_reply(&fault));
}

static void dispatch(HttpConnection *c)
{
	HttpRequest *request = g_steal_pointer(&c->request);
	HttpReply *reply = NULL;
	guint64 id = ++c->floor->last_id;

	forget_body(c);
	request->id = id;
	request->body = g_steal_pointer(&c->body.bytes);
	request->body_length = c->body.used;
	c->body.used = c->body.size = 0;
	c->floor->n_requests++;
	if (c->service->handler(request, &reply, c->service->data) == HTTP_DEFERRED) {
		c->state = STATE_DEFERRED;
		c->deadline = G_MAXINT64;
		c->is_paused = c->is_half_closed = FALSE;
		c->id = id;
		g_hash_table_insert(c->floor->deferred, &c->id, c);
		c->floor->n_deferred++;
		return;
	}
	if (reply == NULL)
		reply = http_fault_reply(&(HttpFault){ 500, N_("no reply was made") });
	start_reply(c, reply);
}

/* Checks the announced length against the limits before a byte of the body is stored. */
static gboolean admit_body(HttpConnection *c, guint64 length)
{
	const HttpOptions *options = &c->floor->options;
	gsize limit = options->body_limit != NULL
			      ? options->body_limit(c->request, options->body_limit_data)
			      : options->max_body;

	if (length > limit) {
		refuse(c, 413, N_("the request body is larger than this resource takes"));
		return FALSE;
	}
	if (length > BODY_SMALL &&
	    length > options->max_bodies - MIN(options->max_bodies, c->floor->bodies)) {
		refuse(c, 503, N_("too many large requests at once; try again shortly"));
		return FALSE;
	}
	c->body_expected = (gsize) length;
	if (length > BODY_SMALL)
		c->floor->bodies += (gsize) length;
	return TRUE;
}

static void send_continue(HttpConnection *c)
{
	const struct iovec text = { (char *) CONTINUE, strlen(CONTINUE) };

	/* The socket is empty here: if it does not take 25 bytes, the peer is of no use. */
	if (http_stream_send(&c->stream, &text, 1) != (gssize) text.iov_len)
		c->state = STATE_DEAD;
}

static void begin_request(HttpConnection *c, gsize head_length)
{
	HttpFault fault = { 0 };
	HttpHead head = { 0 };

	c->wire = (HttpWire){ .is_1_1 = TRUE };
	if (!http_head_read((const char *) c->in.bytes, head_length, &head, &fault)) {
		refuse(c, fault.status, fault.text);
		return;
	}
	c->wire.is_head = head.method == HTTP_HEAD;
	c->wire.is_1_1 = head.is_1_1;
	c->request = http_head_request(&head, &fault);
	if (c->request == NULL) {
		refuse(c, fault.status, fault.text);
		return;
	}
	c->request->server = c->floor->server;
	c->request->peer = http_peer_ref(c->peer);
	http_buffer_consume(&c->in, head_length);
	c->scan = (HttpScan){ 0 };
	if (!admit_body(c, head.body_length))
		return;
	c->wire.is_kept = head.is_kept;
	c->state = STATE_BODY;
	c->deadline = deadline_after(c->floor->options.body_ms);
	if (head.is_continue_expected && c->in.used < c->body_expected)
		send_continue(c);
}

/* FALSE where more bytes are needed. */
static gboolean take_head(HttpConnection *c)
{
	gsize length = 0;

	while (c->scan.next == 0 && c->in.used >= 2 && memcmp(c->in.bytes, "\r\n", 2) == 0)
		http_buffer_consume(&c->in, 2); /* RFC 9112, 2.2: empty lines before a request */
	if (c->in.used == 0)
		return FALSE;
	if (!c->is_begun)
		c->deadline = deadline_after(c->floor->options.header_ms);
	c->is_begun = TRUE;
	if (c->in.used == 1 && c->in.bytes[0] == '\r')
		return FALSE; /* perhaps half of such an empty line */
	switch (http_head_find((const char *) c->in.bytes, c->in.used, &c->scan, &length)) {
	case HTTP_FOUND_HEAD:
		begin_request(c, length);
		return TRUE;
	case HTTP_FOUND_NOTHING:
		if (c->in.used < c->floor->options.max_header)
			return FALSE;
		refuse(c, 431, N_("the request line and headers are too long"));
		return TRUE;
	case HTTP_FOUND_GARBAGE:
	case _HTTP_FOUND_MAX:
	default:
		refuse(c, 400, N_("a line does not end with CR LF"));
		return TRUE;
	}
}

static gboolean take_body(HttpConnection *c)
{
	gsize n = MIN(c->in.used, c->body_expected - c->body.used);

	if (n > 0) {
		http_buffer_reserve(&c->body, MIN(c->body_expected, MAX(n, BODY_SMALL)));
		http_buffer_append(&c->body, c->in.bytes, n);
		http_buffer_consume(&c->in, n);
	}
	if (c->body.used < c->body_expected)
		return FALSE;
	dispatch(c);
	return TRUE;
}

/* Works off what the buffer holds. */
static void advance(HttpConnection *c)
{
	gboolean is_moving = TRUE;

	while (is_moving) {
		if (c->state == STATE_HEAD)
			is_moving = take_head(c);
		else if (c->state == STATE_BODY)
			is_moving = take_body(c);
		else
			is_moving = FALSE;
	}
}

static void receive(HttpConnection *c, HttpBuffer *buffer, gsize max)
{
	gssize n;

	http_buffer_grow(buffer, max);
	n = http_stream_receive(&c->stream, buffer->bytes + buffer->used,
				MIN(buffer->size, max) - buffer->used);
	if (n > 0)
		buffer->used += (gsize) n;
	else if (n == HTTP_STREAM_END)
		c->state = STATE_DEAD;
}

static void receive_request(HttpConnection *c)
{
	if (c->state == STATE_HEAD)
		receive(c, &c->in, c->floor->options.max_header);
	else
		receive(c, &c->body, c->body_expected);
}

/* What TLS holds already is not seen by the event loop. */
static void work_off(HttpConnection *c)
{
	advance(c);
	while (http_stream_has_more(&c->stream) &&
	       (c->state == STATE_HEAD || c->state == STATE_BODY)) {
		receive_request(c);
		advance(c);
	}
}

/* The first event is a later request or the end of the peer's sending: then only the end of the
 * peer is watched for. A peer that only closed its sending side still reads its reply. */
static void look_at_waiting_peer(HttpConnection *c)
{
	struct pollfd peer = { .fd = c->stream.fd };

	if (poll(&peer, 1, 0) > 0 && (peer.revents & (POLLHUP | POLLERR)) != 0)
		c->state = STATE_DEAD;
	else if (c->is_paused)
		c->is_half_closed = TRUE;
	c->is_paused = TRUE;
}

static short wanted_events(const HttpConnection *c)
{
	if (c->state == STATE_WRITING || (c->state == STATE_HANDSHAKE && c->stream.wants_to_send))
		return EV_WRITE | EV_PERSIST;
	if (c->state == STATE_DEFERRED && c->is_half_closed)
		return 0;
	if (c->state == STATE_DEFERRED && c->is_paused)
		return EV_CLOSED | EV_PERSIST;
	return EV_READ | EV_PERSIST;
}

static void on_event(evutil_socket_t fd, short what, void *data);

/* The last step of everything that touches a connection: @c may be freed. */
static void settle(HttpConnection *c)
{
	short events = wanted_events(c);

	if (c->state != STATE_DEAD && events != c->watched) {
		if (c->watched != 0)
			event_del(c->event);
		c->watched = events;
		if (events != 0 && (event_assign(c->event, c->floor->base, c->stream.fd, events,
						 on_event, c) != 0 ||
				    event_add(c->event, NULL) != 0))
			c->state = STATE_DEAD;
	}
	if (c->state == STATE_DEAD)
		connection_free(c);
}

/* A refused peer can still read why: what it has sent already would reset the connection. */
static void shake(HttpConnection *c)
{
	HttpHandshake result = http_stream_shake(&c->stream);

	if (result == HTTP_HANDSHAKE_AGAIN)
		return;
	if (result == HTTP_HANDSHAKE_DONE)
		c->peer->certificate = http_tls_peer(c->stream.ssl);
	if (c->peer->certificate != NULL) {
		c->state = STATE_HEAD;
		c->deadline = deadline_after(c->floor->options.header_ms);
		return;
	}
	c->floor->n_strangers++;
	c->state = http_stream_finish(&c->stream) ? STATE_LINGERING : STATE_DEAD;
	c->deadline = deadline_after(LINGER_MS);
}

static void on_event(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
	HttpConnection *c = data;

	switch (c->state) {
	case STATE_HANDSHAKE:
		shake(c);
		break;
	case STATE_HEAD:
	case STATE_BODY:
		receive_request(c);
		break;
	case STATE_DEFERRED:
		look_at_waiting_peer(c);
		break;
	case STATE_WRITING:
		flush(c);
		break;
	case STATE_LINGERING:
		if (!http_stream_discard(&c->stream))
			c->state = STATE_DEAD;
		break;
	case STATE_DEAD:
	case _STATE_MAX:
	default:
		break;
	}
	work_off(c);
	settle(c);
}

void http_connection_new(HttpService *service, int fd, HttpPeer *peer)
{
	HttpFloor *floor = service->floor;
	HttpConnection *c = g_new0(HttpConnection, 1);

	c->service = service;
	c->floor = floor;
	http_stream_init(&c->stream, fd, service->tls);
	c->state = service->tls != NULL ? STATE_HANDSHAKE : STATE_HEAD;
	c->peer = peer;
	c->event = event_new(floor->base, fd, EV_READ | EV_PERSIST, on_event, c);
	c->deadline = deadline_after(floor->options.header_ms);
	http_sender_init(&c->sender);
	c->link.data = c;
	g_queue_push_tail_link(&floor->connections, &c->link);
	floor->n_connections++;
	settle(c);
}

void http_connection_reply(HttpFloor *floor, guint64 id, HttpReply *reply)
{
	HttpConnection *c = g_hash_table_lookup(floor->deferred, &id);

	if (c == NULL) {
		http_reply_free(reply);
		return;
	}
	g_hash_table_remove(floor->deferred, &id);
	floor->n_deferred--;
	c->id = 0;
	start_reply(c, reply);
	work_off(c);
	settle(c);
}

static void expire(HttpConnection *c)
{
	if (c->state == STATE_BODY || (c->state == STATE_HEAD && c->is_begun)) {
		c->wire = (HttpWire){ .is_1_1 = TRUE };
		refuse(c, 408, N_("the request did not arrive in time"));
	} else {
		c->state = STATE_DEAD;
	}
	settle(c);
}

void http_connection_expire_all(HttpFloor *floor, gint64 now)
{
	for (GList *link = floor->connections.head, *next; link != NULL; link = next) {
		HttpConnection *c = link->data;

		next = link->next;
		if (c->deadline < now)
			expire(c);
	}
}

void http_connection_retire_all(HttpFloor *floor)
{
	for (GList *link = floor->connections.head, *next; link != NULL; link = next) {
		HttpConnection *c = link->data;

		next = link->next;
		if (c->state != STATE_DEFERRED && c->state != STATE_WRITING)
			connection_free(c);
	}
}

void http_connection_end_all(HttpFloor *floor)
{
	for (GList *link = floor->connections.head, *next; link != NULL; link = next) {
		next = link->next;
		connection_free(link->data);
	}
}
