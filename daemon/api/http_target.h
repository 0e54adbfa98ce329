/* SPDX-License-Identifier: Apache-2.0
 * Strict decoding of a request target in origin form (RFC 9112, 3.2.1; RFC 3986). Pure. */
#pragma once

#include "daemon/api/http_head.h"

/* @ret_path: decoded, as HttpRequest.path promises; @ret_query: new table, NULL without "?".
 * "+" in the query is a space. On failure nothing is set but @ret_fault. */
gboolean http_target_read(HttpText target, char **ret_path, GHashTable **ret_query,
			  HttpFault *ret_fault) G_GNUC_WARN_UNUSED_RESULT;
