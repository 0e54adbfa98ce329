/* SPDX-License-Identifier: Apache-2.0
 * A program of the administrator, behind the wall. */
#pragma once

#include "daemon/notify/notify.h"

/* Of the request: "to" [PATH of the program], "id", "folder" that it may write to (or none),
 * "notice" → its standard input. The program takes the place of this process, without a shell, as
 * PATH ID: then there is no answer, and exit status 0 means done. Returns only when it cannot be
 * run. */
void notify_hook_send(Notify *notify);
