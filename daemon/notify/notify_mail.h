/* SPDX-License-Identifier: Apache-2.0
 * Mail through one configured server, one session an address, so that one bad address keeps no
 * other from its mail. */
#pragma once

#include "daemon/notify/notify.h"

/* Of the request: "server" (smtp://HOST:PORT or smtps://HOST:PORT), "ca" (PEM file, "" = the
 * system's), "from", "to" [addresses], "message" (RFC 5322 without To:). */
void notify_mail_send(Notify *notify);
