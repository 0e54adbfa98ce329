/* SPDX-License-Identifier: Apache-2.0
 * Requests that are refused before any handler has seen them. */
#pragma once

#include "daemon/api/http_reply.h"

typedef struct HttpFault {
	int status;
	const char *text; /* an untranslated N_() literal without conversions */
} HttpFault;

/* A problem that closes the connection, with the headers its status wants (Allow, Retry-After). */
HttpReply *http_fault_reply(const HttpFault *fault) G_GNUC_WARN_UNUSED_RESULT;
