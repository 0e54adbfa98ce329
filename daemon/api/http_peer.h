/* SPDX-License-Identifier: Apache-2.0
 * Who is at the other end of a connection. Read once when it is accepted, shared by its requests.
 */
#pragma once

#include <glib.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "daemon/api/http_certificate.h"

/* Immutable after the first request but for the count; any thread may read it. */
typedef struct HttpPeer {
	atomic_uint references;
	gboolean is_local; /* unix socket: uid, gid, pid and groups are what the kernel says */
	uid_t uid;         /* (uid_t) -1 unless local; so are gid and pid */
	gid_t gid;
	pid_t pid;     /* at the time of connect(); may be gone or another process by now */
	gid_t *groups; /* supplementary (SO_PEERGROUPS) */
	gsize n_groups;
	char *address; /* numeric, without port; "" when local */
	char *key;     /* whom limits count: "uid:1000", "192.0.2.1", "2001:db8:1:2::/64" */
	HttpCertificate *certificate; /* of TLS, NULL without */
} HttpPeer;

/* Reads the peer of the connected socket @fd. ERROR_INTERNAL if the kernel does not tell. */
HttpPeer *http_peer_new(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
HttpPeer *http_peer_ref(HttpPeer *peer);
void http_peer_unref(HttpPeer *peer);
/* TRUE if @gid is the peer's own or a supplementary group; FALSE for every remote peer. */
gboolean http_peer_in_group(const HttpPeer *peer, gid_t gid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpPeer, http_peer_unref)
