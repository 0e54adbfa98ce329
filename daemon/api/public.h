/* SPDX-License-Identifier: Apache-2.0
 * The public listener: OCSP (RFC 6960, RFC 5019) and the revocation list, answered from memory on
 * the http thread. */
#pragma once

#include "daemon/api/http.h"

/* @house is the House. */
HttpVerdict public_dispatch(HttpRequest *request, HttpReply **ret_reply, gpointer house);
