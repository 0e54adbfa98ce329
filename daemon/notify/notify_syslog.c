/* SPDX-License-Identifier: Apache-2.0
 * One datagram to a Unix socket, by hand: syslog(3) would not say whether anybody took it. */
#include "daemon/notify/notify_syslog.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "pkcs11/cage.h"

static int enter_cage(void)
{
	static const char *const none[] = { NULL };
	CageProfile profile = { .read_paths = none, .write_paths = none, .families = CAGE_UNIX };
	CageReport report;

	return cage_enter(&profile, &report);
}

/* 0 or an errno. */
static int send_line(int fd, const char *text)
{
	g_autofree char *line = g_strdup_printf("<%d>opcard: %s", LOG_DAEMON | LOG_NOTICE, text);

	return send(fd, line, strlen(line), MSG_NOSIGNAL) < 0 ? errno : 0;
}

void notify_syslog_send(Notify *notify)
{
	const char *path =
		json_string_value(json_array_get(json_object_get(notify->request, "to"), 0));
	const char *text = notify_text(notify, "text");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, wrong;

	if (path == NULL || text == NULL || strlen(path) >= sizeof(address.sun_path)) {
		notify_fail_all(notify, "no path of a log");
		return;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	wrong = enter_cage();
	fd = wrong == 0 ? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
	if (wrong == 0 &&
	    (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof(address)) < 0))
		wrong = errno;
	if (wrong == 0)
		wrong = send_line(fd, text);
	if (fd >= 0)
		close(fd);
	if (wrong == 0)
		notify_done(notify, path);
	else
		notify_fail(notify, path, g_strerror(wrong));
}
