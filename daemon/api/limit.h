/* SPDX-License-Identifier: Apache-2.0
 * Who asks too often is told when to come again (429, Retry-After). */
#pragma once

#include "daemon/api/call.h"

typedef struct Limit Limit;

/* By [limits]. */
Limit *limit_new(const Config *config);
void limit_free(Limit *limit);
/* Before anything is known but the certificate: a reply, or NULL to go on. Local accounts are not
 * counted here, their connections are. */
HttpReply *limit_refuse(Limit *limit, const HttpRequest *request);
/* Of @call's actor where it is a terminal that may only report. */
gboolean limit_check_desk(Limit *limit, Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
