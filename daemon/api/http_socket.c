/* SPDX-License-Identifier: Apache-2.0
 * Making of listening sockets. A socket file is replaced only when connect() says that nobody
 * listens on it, so that a second daemon cannot push a living one aside. */
#include "daemon/api/http_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/error.h"

#define INHERITED_FIRST 3
#define INHERITED_MAX   64

typedef struct Address {
	struct sockaddr_storage storage;
	socklen_t length;
} Address;

static int environment_int(const char *name)
{
	const char *text = g_getenv(name);
	guint64 value;

	return text != NULL && g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &value, NULL)
		       ? (int) value
		       : -1;
}

static gboolean is_same(const struct sockaddr_storage *a, const Address *b)
{
	const struct sockaddr_in *a4 = (const struct sockaddr_in *) a;
	const struct sockaddr_in *b4 = (const struct sockaddr_in *) &b->storage;
	const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *) a;
	const struct sockaddr_in6 *b6 = (const struct sockaddr_in6 *) &b->storage;

	if (a->ss_family != b->storage.ss_family)
		return FALSE;
	if (a->ss_family == AF_UNIX)
		return strcmp(((const struct sockaddr_un *) a)->sun_path,
			      ((const struct sockaddr_un *) &b->storage)->sun_path) == 0;
	if (a->ss_family == AF_INET)
		return a4->sin_port == b4->sin_port && a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a6->sin6_port == b6->sin6_port && IN6_ARE_ADDR_EQUAL(&a6->sin6_addr, &b6->sin6_addr);
}

static gboolean is_listening(int fd)
{
	int value = 0;
	socklen_t length = sizeof value;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value != 0;
}

/* The socket that systemd passed for @address, -1 without one. */
static int find_inherited(const Address *address)
{
	int n = environment_int("LISTEN_PID") == getpid() ? environment_int("LISTEN_FDS") : 0;

	for (int fd = INHERITED_FIRST; fd < INHERITED_FIRST + MIN(n, INHERITED_MAX); fd++) {
		struct sockaddr_storage own = { 0 };
		socklen_t length = sizeof own;
		int flags = fcntl(fd, F_GETFL);

		if (flags < 0 || getsockname(fd, (struct sockaddr *) &own, &length) != 0 ||
		    !is_same(&own, address) || !is_listening(fd))
			continue;
		if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
		    fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
			return fd;
	}
	return -1;
}

static gboolean read_unix(const char *path, Address *ret_address, GError **error)
{
	struct sockaddr_un *un = (struct sockaddr_un *) &ret_address->storage;

	if (*path != '/' || strlen(path) >= sizeof un->sun_path)
		return error_set(
			error, ERROR_USAGE,
			N_("socket path \"%s\": it must be absolute and shorter than %d bytes"),
			path, (int) sizeof un->sun_path);
	memset(ret_address, 0, sizeof *ret_address);
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, strlen(path));
	ret_address->length = sizeof *un;
	return TRUE;
}

static gboolean is_answered(const Address *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0)
		return TRUE; /* better to refuse than to push a living daemon aside */
	rc = connect(fd, (const struct sockaddr *) &address->storage, address->length) == 0 ? 0
											    : errno;
	close(fd);
	return rc != ECONNREFUSED && rc != ENOENT;
}

static gboolean remove_stale(const char *path, const Address *address, GError **error)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return TRUE; /* bind() will say what is wrong, if anything is */
	if (!S_ISSOCK(st.st_mode))
		return error_set(error, ERROR_EXISTS,
				 N_("%s is not a socket and stays as it is; choose another path or "
				    "remove it"),
				 path);
	if (is_answered(address))
		return error_set(error, ERROR_EXISTS,
				 N_("another program answers on %s; stop it first"), path);
	if (unlink(path) != 0 && errno != ENOENT)
		return error_set(error, ERROR_STORE, N_("cannot remove the stale socket %s: %s"),
				 path, strerrordesc_np(errno));
	return TRUE;
}

static gboolean bind_unix(const char *path, mode_t mode, const Address *address,
			  HttpSocket *ret_socket, GError **error)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask(0777 & ~mode);
	struct stat st = { 0 };
	gboolean is_done =
		fd >= 0 &&
		bind(fd, (const struct sockaddr *) &address->storage, address->length) == 0 &&
		lstat(path, &st) == 0 && listen(fd, SOMAXCONN) == 0;
	int reason = errno;

	umask(before);
	if (!is_done) {
		if (fd >= 0)
			close(fd);
		return error_set(error, ERROR_INTERNAL, N_("cannot listen on %s: %s"), path,
				 g_strerror(reason));
	}
	*ret_socket = (HttpSocket){
		.fd = fd, .path = g_strdup(path), .device = st.st_dev, .inode = st.st_ino
	};
	return TRUE;
}

gboolean http_socket_unix(const char *path, mode_t mode, HttpSocket *ret_socket, GError **error)
{
	Address address;
	int fd;

	if (!read_unix(path, &address, error))
		return FALSE;
	fd = find_inherited(&address);
	if (fd >= 0) {
		*ret_socket = (HttpSocket){ .fd = fd };
		return TRUE;
	}
	return remove_stale(path, &address, error) &&
	       bind_unix(path, mode, &address, ret_socket, error);
}

/* "127.0.0.1:8889" or "[::1]:8889". */
static gboolean read_tcp(const char *text, Address *ret_address, GError **error)
{
	const char *colon = strrchr(text, ':');
	gsize length = colon != NULL ? (gsize) (colon - text) : 0;
	gboolean is_ipv6 = length > 2 && text[0] == '[' && text[length - 1] == ']';
	g_autofree char *host = g_strndup(text + is_ipv6, length - 2 * (gsize) is_ipv6);
	struct sockaddr_in *in4 = (struct sockaddr_in *) &ret_address->storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) &ret_address->storage;
	guint64 port = 0;
	int rc;

	memset(ret_address, 0, sizeof *ret_address);
	ret_address->storage.ss_family = is_ipv6 ? AF_INET6 : AF_INET;
	ret_address->length = is_ipv6 ? sizeof *in6 : sizeof *in4;
	rc = inet_pton(ret_address->storage.ss_family, host,
		       is_ipv6 ? (void *) &in6->sin6_addr : (void *) &in4->sin_addr);
	if (rc != 1 || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
		return error_set(
			error, ERROR_USAGE,
			N_("\"%s\" is not an address to listen on; write 127.0.0.1:8889 or "
			   "[::1]:8889"),
			text);
	if (is_ipv6)
		in6->sin6_port = htons((guint16) port);
	else
		in4->sin_port = htons((guint16) port);
	return TRUE;
}

static gboolean bind_tcp(int fd, const Address *address)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
		return FALSE;
	if (address->storage.ss_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0)
		return FALSE;
	return bind(fd, (const struct sockaddr *) &address->storage, address->length) == 0 &&
	       listen(fd, SOMAXCONN) == 0;
}

static guint16 port_of(int fd)
{
	struct sockaddr_storage own = { 0 };
	socklen_t length = sizeof own;

	if (getsockname(fd, (struct sockaddr *) &own, &length) != 0)
		return 0;
	return ntohs(own.ss_family == AF_INET6 ? ((struct sockaddr_in6 *) &own)->sin6_port
					       : ((struct sockaddr_in *) &own)->sin_port);
}

gboolean http_socket_tcp(const char *address, HttpSocket *ret_socket, GError **error)
{
	Address parsed;
	int fd;

	if (!read_tcp(address, &parsed, error))
		return FALSE;
	fd = find_inherited(&parsed);
	if (fd < 0) {
		fd = socket(parsed.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			    0);
		if (fd < 0 || !bind_tcp(fd, &parsed)) {
			int reason = errno;

			if (fd >= 0)
				close(fd);
			return error_set(error, ERROR_INTERNAL, N_("cannot listen on %s: %s"),
					 address, g_strerror(reason));
		}
	}
	*ret_socket = (HttpSocket){ .fd = fd, .port = port_of(fd) };
	return TRUE;
}

void http_socket_close(HttpSocket *socket)
{
	struct stat st;

	if (socket->fd >= 0)
		close(socket->fd);
	socket->fd = -1;
	if (socket->path != NULL && lstat(socket->path, &st) == 0 && st.st_dev == socket->device &&
	    st.st_ino == socket->inode)
		unlink(socket->path);
	g_clear_pointer(&socket->path, g_free);
}
