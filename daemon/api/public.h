/* SPDX-License-Identifier: Apache-2.0
 * The public listener: OCSP (RFC 6960, RFC 5019), the revocation list and its deltas, answered from
 * memory on the http thread. */
#pragma once

#include "daemon/api/push.h"

typedef struct Public {
	House *house;
	Push *push;
} Public;

/* @data is the Public. */
HttpVerdict public_dispatch(HttpRequest *request, HttpReply **ret_reply, gpointer data);
