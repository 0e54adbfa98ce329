/* SPDX-License-Identifier: Apache-2.0
 * The thread that takes notices out of the house. It waits for mail servers, so nothing else runs
 * on it and nothing waits for it. */
#pragma once

#include "daemon/op/op.h"

typedef struct Postman Postman;

Postman *postman_start(House *house, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What is on its way is given up at once and sent again after the next start. NULL is allowed. */
void postman_stop(Postman *postman);
