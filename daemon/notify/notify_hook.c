/* SPDX-License-Identifier: Apache-2.0
 * The hook inherits the cage: it sees programs and libraries, the folder it may write and the
 * network, and neither the store nor the keys of opcardd. */
#include "daemon/notify/notify_hook.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pkcs11/cage.h"

#define FILES_MAX 256

static int enter_cage(const char *program, const char *folder)
{
	/* The program alone, not its folder: that may be the one where secrets are kept too. */
	const char *const readable[] = { program,
					 "/usr",
					 "/lib",
					 "/lib64",
					 "/bin",
					 "/sbin",
					 "/etc/alternatives",
					 "/etc/hosts",
					 "/etc/ld.so.cache",
					 "/etc/localtime",
					 "/etc/nsswitch.conf",
					 "/etc/passwd",
					 "/etc/resolv.conf",
					 "/etc/ssl",
					 "/dev/urandom",
					 NULL };
	const char *const writable[] = { "/dev/null", folder, NULL };
	CageProfile profile = { .read_paths = readable,
				.write_paths = writable,
				.families = CAGE_INET | CAGE_UNIX,
				.may_execute = true,
				.files = FILES_MAX };
	CageReport report;

	return cage_enter(&profile, &report);
}

/* The notice as a file that is at its beginning, or -1. */
static int make_input(const json_t *notice)
{
	int fd = memfd_create("notice", MFD_CLOEXEC);

	if (fd >= 0 &&
	    (json_dumpfd(notice, fd, JSON_COMPACT) != 0 || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Takes the place of this process, so that whoever ends it ends the hook. An errno when it cannot.
 */
static int become(const char *program, const char *id, int input)
{
	char *const argv[] = { (char *) program, (char *) id, NULL };
	char *const environment[] = { (char *) "LC_ALL=C.UTF-8",
				      (char *) "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
	int answer = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int wrong = 0;

	/* What it prints is nobody's answer. */
	if (answer < 0 || nowhere < 0 || dup2(input, STDIN_FILENO) < 0 ||
	    dup2(nowhere, STDOUT_FILENO) < 0)
		wrong = errno;
	if (wrong == 0) {
		execve(program, argv, environment);
		wrong = errno;
	}
	if (answer >= 0)
		(void) dup2(answer, STDOUT_FILENO);
	return wrong;
}

void notify_hook_send(Notify *notify)
{
	const char *program =
		json_string_value(json_array_get(json_object_get(notify->request, "to"), 0));
	int input, wrong;

	if (program == NULL || *program != '/' || notify_text(notify, "id") == NULL) {
		notify_fail_all(notify, "no path of a program");
		return;
	}
	wrong = enter_cage(program, notify_text(notify, "folder"));
	input = wrong == 0 ? make_input(json_object_get(notify->request, "notice")) : -1;
	if (wrong == 0)
		wrong = input >= 0 ? become(program, notify_text(notify, "id"), input) : errno;
	notify_fail(notify, program, g_strerror(wrong));
}
