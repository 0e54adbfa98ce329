/* SPDX-License-Identifier: Apache-2.0
 * An opcardd on another machine: TLS with a client certificate, out of a file or on a card. */
#pragma once

#include <curl/curl.h>
#include <glib.h>

#include "daemon/ctl/ctl.h"

typedef struct CtlRemote CtlRemote;

/* What --server, --cert, --key and --cacert say; a card is opened, its PIN asked for. */
CtlRemote *ctl_remote_open(const Ctl *ctl, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ctl_remote_free(CtlRemote *remote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlRemote, ctl_remote_free)

/* Sets up @curl, which @remote must outlive. */
void ctl_remote_apply(CtlRemote *remote, CURL *curl);
/* "https://HOST:PORT". Borrowed. */
const char *ctl_remote_server(const CtlRemote *remote);
