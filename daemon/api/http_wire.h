/* SPDX-License-Identifier: Apache-2.0
 * The head of a reply as bytes (RFC 9112, 4). */
#pragma once

#include "daemon/api/http_reply.h"

/* What the request says about the reply. */
typedef struct HttpWire {
	gboolean is_1_1;
	gboolean is_kept; /* the connection stays open */
	gboolean is_head; /* the reply is sent without its body */
} HttpWire;

/* TRUE if a reply of @status carries no body at all (204, 304). */
gboolean http_wire_is_bodiless(int status);
/* Replaces @out by status line, headers and empty line; the body is not in it. */
void http_wire_format(GString *out, const HttpReply *reply, const HttpWire *wire);
