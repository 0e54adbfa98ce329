/* SPDX-License-Identifier: Apache-2.0
 * Listening sockets: made here, or passed by systemd (sd_listen_fds(3)). Non-blocking,
 * close-on-exec. */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef struct HttpSocket {
	int fd;
	char *path;   /* to be removed at the end; NULL where it is not ours to remove */
	dev_t device; /* of the file at path when it was made */
	ino_t inode;
	guint16 port; /* TCP */
} HttpSocket;

/* See http_server_listen_unix(). */
gboolean http_socket_unix(const char *path, mode_t mode, HttpSocket *ret_socket,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* See http_server_listen_tcp(). */
gboolean http_socket_tcp(const char *address, HttpSocket *ret_socket,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes, and removes the file if it is still the one that was made. */
void http_socket_close(HttpSocket *socket);
