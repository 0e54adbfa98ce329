/* SPDX-License-Identifier: Apache-2.0
 * The table of routes: method, path, who may, what kind of work, and the handler. What is not in
 * the table does not exist; who is not named may not. */
#pragma once

#include "daemon/api/call.h"

typedef enum RouteKind {
	ROUTE_READ,
	ROUTE_WAIT,     /* may wait up to 30 s: a thread pool of its own */
	ROUTE_CHANGE,   /* Idempotency-Key accepted */
	ROUTE_RESTRICT, /* the same; takes something away, so that no clock stops it */
	ROUTE_WORK,     /* touches a card or the CA: Idempotency-Key required */
	_ROUTE_KIND_MAX,
} RouteKind;

typedef HttpReply *(*RouteHandler)(Call *call, GError **error);

struct RouteRow {
	HttpMethod method;
	const char *path; /* below /api/v1; {} is one part */
	RoleSet roles;    /* who may ask at all; table A asks again for each card */
	RouteKind kind;
	RouteHandler handler;
	CardEvent event; /* of handlers that serve several events */
};

/* Rows 0, 1, …; NULL beyond the last. */
const RouteRow *route_row(guint index);
/* On the http thread: finds the row and hands the call to the workers, or answers at once. */
HttpVerdict route_dispatch(HttpRequest *request, HttpReply **ret_reply, gpointer api);
/* On a worker: principal, role, body, idempotency, handler. */
HttpReply *route_answer(Call *call) G_GNUC_WARN_UNUSED_RESULT;
/* Larger bodies for imports. */
gsize route_body_limit(const HttpRequest *request, gpointer data);
