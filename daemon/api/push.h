/* SPDX-License-Identifier: Apache-2.0
 * Status push: clients that wait for the next delta CRL. Waiting costs a connection and a few
 * bytes, no thread; how many may wait is bounded, so that OCSP always finds a connection. */
#pragma once

#include "daemon/api/http.h"
#include "daemon/op/publish.h"

#define PUSH_WAITERS_MAX 256
#define PUSH_SECONDS_MAX 30

typedef struct Push Push;

/* @server and @publisher are borrowed; nothing has been published yet. */
Push *push_new(HttpServer *server, Publisher *publisher, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Answers everybody who waits; nobody may wait any more. */
void push_stop(Push *push);
/* Stops first. */
void push_free(Push *push);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Push, push_free)

/* GET of the delta: ?after=NUMBER&wait=SECONDS waits for one with a higher number. On the http
 * thread; @request stays the caller's. 204: nothing newer; 503: too many wait. */
HttpVerdict push_get(Push *push, const HttpRequest *request, HttpReply **ret_reply);
