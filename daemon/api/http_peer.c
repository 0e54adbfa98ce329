/* SPDX-License-Identifier: Apache-2.0
 * Credentials of a peer as the kernel recorded them at connect(). */
#include "daemon/api/http_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/base/error.h"

static gboolean read_groups(int fd, HttpPeer *peer, GError **error)
{
	socklen_t length = 32 * sizeof(gid_t);
	int rc;

	do {
		peer->groups = g_realloc(peer->groups, MAX(length, sizeof(gid_t)));
		rc = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, peer->groups, &length);
	} while (rc != 0 && errno == ERANGE);
	if (rc != 0)
		return error_set(error, ERROR_INTERNAL, N_("cannot read the groups of a peer: %s"),
				 strerrordesc_np(errno));
	peer->n_groups = length / sizeof(gid_t);
	return TRUE;
}

static gboolean read_local(int fd, HttpPeer *peer, GError **error)
{
	struct ucred credentials;
	socklen_t length = sizeof credentials;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0)
		return error_set(error, ERROR_INTERNAL, N_("cannot tell who a peer is: %s"),
				 strerrordesc_np(errno));
	peer->is_local = TRUE;
	peer->uid = credentials.uid;
	peer->gid = credentials.gid;
	peer->pid = credentials.pid;
	peer->address = g_strdup("");
	peer->key = g_strdup_printf("uid:%u", (guint) credentials.uid);
	return read_groups(fd, peer, error);
}

static void read_ipv6(const struct in6_addr *address, HttpPeer *peer)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr network = *address;

	if (IN6_IS_ADDR_V4MAPPED(address)) {
		inet_ntop(AF_INET, address->s6_addr + 12, text, sizeof text);
		peer->address = g_strdup(text);
		peer->key = g_strdup(text);
		return;
	}
	inet_ntop(AF_INET6, address, text, sizeof text);
	peer->address = g_strdup(text);
	memset(network.s6_addr + 8, 0, 8);
	inet_ntop(AF_INET6, &network, text, sizeof text);
	peer->key = g_strconcat(text, "/64", NULL);
}

static gboolean read_remote(const struct sockaddr_storage *from, HttpPeer *peer, GError **error)
{
	char text[INET_ADDRSTRLEN];

	if (from->ss_family == AF_INET6) {
		read_ipv6(&((const struct sockaddr_in6 *) from)->sin6_addr, peer);
		return TRUE;
	}
	if (from->ss_family != AF_INET)
		return error_set(error, ERROR_INTERNAL,
				 N_("a peer has an unknown kind of address"));
	inet_ntop(AF_INET, &((const struct sockaddr_in *) from)->sin_addr, text, sizeof text);
	peer->address = g_strdup(text);
	peer->key = g_strdup(text);
	return TRUE;
}

HttpPeer *http_peer_new(int fd, GError **error)
{
	g_autoptr(HttpPeer) peer = g_new0(HttpPeer, 1);
	struct sockaddr_storage from = { 0 };
	socklen_t length = sizeof from;

	peer->references = 1;
	peer->uid = (uid_t) -1;
	peer->gid = (gid_t) -1;
	peer->pid = (pid_t) -1;
	if (getpeername(fd, (struct sockaddr *) &from, &length) != 0) {
		error_set(error, ERROR_INTERNAL, N_("a peer is gone: %s"), strerrordesc_np(errno));
		return NULL;
	}
	if (!(from.ss_family == AF_UNIX ? read_local(fd, peer, error)
					: read_remote(&from, peer, error)))
		return NULL;
	return g_steal_pointer(&peer);
}

HttpPeer *http_peer_ref(HttpPeer *peer)
{
	peer->references++;
	return peer;
}

void http_peer_unref(HttpPeer *peer)
{
	if (peer == NULL || --peer->references > 0)
		return;
	g_free(peer->groups);
	http_certificate_free(peer->certificate);
	g_free(peer->address);
	g_free(peer->key);
	g_free(peer);
}

gboolean http_peer_in_group(const HttpPeer *peer, gid_t gid)
{
	if (!peer->is_local)
		return FALSE;
	for (gsize i = 0; i < peer->n_groups; i++)
		if (peer->groups[i] == gid)
			return TRUE;
	return peer->gid == gid;
}
