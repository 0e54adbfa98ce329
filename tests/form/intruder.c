/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into opcard-form: in the middle of its work it tries what a renderer must not be able
 * to do, and says what came of it. With OPCARD_TRY_NOW it tries at the start, before the cage. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void say(const char *what, int came_out)
{
	dprintf(STDERR_FILENO, "try %s: %s\n", what, came_out < 0 ? strerror(errno) : "possible");
}

static void try_file(const char *what, const char *variable, int flags)
{
	const char *path = getenv(variable);

	if (path != NULL)
		say(what, open(path, flags | O_CLOEXEC, 0600));
}

static void try_inet(void)
{
	const char *port = getenv("OPCARD_TRY_PORT");
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		say("tcp", fd);
		return;
	}
	to.sin_port = htons((unsigned short) atoi(port == NULL ? "1" : port));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	say("tcp", connect(fd, (struct sockaddr *) &to, sizeof to));
}

static void try_unix(void)
{
	const char *path = getenv("OPCARD_TRY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0) {
		say("unix", fd);
		return;
	}
	strncpy(to.sun_path, path == NULL ? "" : path, sizeof to.sun_path - 1);
	say("unix", connect(fd, (struct sockaddr *) &to, sizeof to));
}

static void try_program(void)
{
	char *argv[] = { (char *) "true", NULL }, *none[] = { NULL };
	pid_t pid = -1;
	int wrong = posix_spawn(&pid, "/bin/true", NULL, NULL, argv, none);
	int status = 0;

	errno = wrong;
	if (wrong == 0 && waitpid(pid, &status, 0) == pid && status != 0) {
		errno = EPERM;
		wrong = -1;
	}
	say("program", wrong != 0 ? -1 : 0);
}

static void try_parent(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &environ, 1 };

	say("memory", (int) process_vm_readv(getppid(), &here, 1, &there, 1, 0));
}

static void try_everything(void)
{
	try_file("key", "OPCARD_TRY_KEY", O_RDONLY);
	try_file("store", "OPCARD_TRY_STORE", O_RDWR);
	try_file("create", "OPCARD_TRY_NEW", O_WRONLY | O_CREAT | O_EXCL);
	try_inet();
	try_unix();
	try_program();
	try_parent();
}

static void __attribute__((constructor)) begin(void)
{
	if (getenv("OPCARD_TRY_NOW") != NULL)
		try_everything();
}

/* qpdf is reached after form, data and fonts have been read and every page is drawn. */
void *qpdf_init(void)
{
	void *(*real)(void) = (void *(*) (void) ) dlsym(RTLD_NEXT, "qpdf_init");

	if (getenv("OPCARD_TRY_NOW") == NULL)
		try_everything();
	return real();
}
