/* SPDX-License-Identifier: Apache-2.0
 * The listeners: the unix socket and the public one on one thread, and TLS on a thread of its own,
 * so that handshakes never stand between a query and its OCSP answer. */
#pragma once

#include "daemon/api/call.h"

/* Makes the servers of @api and their listeners by the configuration; none serves yet. */
gboolean door_open(Api *api, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean door_start(Api *api, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads certificate, key and authorities of TLS again; what was in force stays where it fails. */
gboolean door_reload(Api *api, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops serving; replies under way are sent. */
void door_stop(Api *api);
void door_close(Api *api);
