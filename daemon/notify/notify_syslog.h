/* SPDX-License-Identifier: Apache-2.0
 * One line to the system's log. */
#pragma once

#include "daemon/notify/notify.h"

/* Of the request: "to" [PATH of the datagram socket], "text". */
void notify_syslog_send(Notify *notify);
