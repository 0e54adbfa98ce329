/* SPDX-License-Identifier: Apache-2.0
 * Errors as application/problem+json (RFC 9457) in English and Japanese. */
#pragma once

#include <jansson.h>

#include "daemon/api/http_reply.h"

/* {"type":"urn:opcard:problem:wrong-state","title","titleJa","status","detail","detailJa","exit"}
 * "exit" is what opcardctl ends with. The members of @extra (takes the reference over, may be NULL)
 * are added, e.g. "triesLeft" or "lines"; they cannot replace one of the seven. */
json_t *problem_json(const GError *error, json_t *extra) G_GNUC_WARN_UNUSED_RESULT;
/* problem_json() as a reply, its status by the error's row. Takes @extra over. */
HttpReply *problem_reply(const GError *error, json_t *extra) G_GNUC_WARN_UNUSED_RESULT;
/* With a status of HTTP's own (405, 408, 431 …) in place of the row's. */
HttpReply *problem_reply_status(const GError *error, int status) G_GNUC_WARN_UNUSED_RESULT;
