/* SPDX-License-Identifier: Apache-2.0
 * What the daemon has answered, counted since its start, and GET /metrics (Prometheus text). Read
 * through the API by role only: the public listener never asks the database. */
#pragma once

#include "daemon/api/call.h"

typedef struct Metrics Metrics;

Metrics *metrics_new(void);
void metrics_free(Metrics *metrics);
/* An answer of the API: @route is the path of its row, or NULL where there is none. Any thread. */
void metrics_count(Metrics *metrics, const char *route, HttpMethod method, int status);
/* The handler of the public listener: public_dispatch() and a count. @api is an Api. */
HttpVerdict metrics_public(HttpRequest *request, HttpReply **ret_reply, gpointer api);
/* The counters as text. Free with g_free. */
void metrics_write(Metrics *metrics, GString *out);
