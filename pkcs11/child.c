/* SPDX-License-Identifier: Apache-2.0
 * posix_spawn, pidfd, waitid(P_PIDFD). The child starts with default signals, an empty mask and a
 * session of its own, so a Ctrl-C on opcardd's terminal does not tear a card operation apart. */
#include "pkcs11/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkcs11/frame.h"

#define ENVIRONMENT_MAX 4

#if defined(__SANITIZE_ADDRESS__) || defined(OPCARD_FAILPOINTS)
#define KEEP_STDERR true
#else
#define KEEP_STDERR false
#endif

static int add_files(posix_spawn_file_actions_t *files, int socket)
{
	int error = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);

	if (error == 0)
		error = posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_WRONLY, 0);
	if (error == 0 && !KEEP_STDERR)
		error = posix_spawn_file_actions_addopen(files, 2, "/dev/null", O_WRONLY, 0);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(files, socket, CHILD_SOCKET);
	return error;
}

static int add_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none;
	sigset_t all;
	int error;

	(void) sigemptyset(&none);
	(void) sigfillset(&all);
	error = posix_spawnattr_setflags(
		attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
	if (error == 0)
		error = posix_spawnattr_setsigmask(attributes, &none);
	if (error == 0)
		error = posix_spawnattr_setsigdefault(attributes, &all);
	return error;
}

#ifdef OPCARD_FAILPOINTS
static char *inherited(const char *name)
{
	const char *value = getenv(name);
	char *entry = NULL;

	if (value != NULL && asprintf(&entry, "%s=%s", name, value) < 0)
		entry = NULL;
	return entry;
}
#endif

/* Failpoints must reach the children under test; nothing else of our environment does. */
static int spawn_here(const char *program, const char *argument, int socket, pid_t *ret_pid)
{
	char *const argv[] = { (char *) program, (char *) argument, NULL };
	char *environment[ENVIRONMENT_MAX] = { (char *) "LC_ALL=C.UTF-8", NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int error;

#ifdef OPCARD_FAILPOINTS
	environment[1] = inherited("OPCARD_FAILPOINTS");
#endif
	error = posix_spawn_file_actions_init(&files);
	if (error == 0) {
		error = posix_spawnattr_init(&attributes);
		if (error == 0) {
			error = add_files(&files, socket);
			error = error != 0 ? error : add_attributes(&attributes);
			error = error != 0 ? error
					   : posix_spawn(ret_pid, program, &files, &attributes,
							 argv, environment);
			(void) posix_spawnattr_destroy(&attributes);
		}
		(void) posix_spawn_file_actions_destroy(&files);
	}
	free(environment[1]);
	return error;
}

int child_spawn(const char *program, const char *argument, Child *ret_child)
{
	Child child = { .socket = -1, .pidfd = -1 };
	int ends[2];
	int theirs;
	int error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return errno;
	/* Above the numbers that the file actions fill, in case our own 0 to 3 were closed. */
	theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
	error = theirs < 0 ? errno : spawn_here(program, argument, theirs, &child.pid);
	(void) close(ends[1]);
	if (theirs >= 0)
		(void) close(theirs);
	child.socket = ends[0];
	if (error == 0) {
		child.pidfd = pidfd_open(child.pid, 0);
		error = child.pidfd < 0 ? errno : 0;
		if (error != 0) {
			(void) kill(child.pid, SIGKILL);
			(void) waitpid(child.pid, NULL, 0);
		}
	}
	if (error != 0) {
		(void) close(child.socket);
		return error;
	}
	*ret_child = child;
	return 0;
}

static ChildEnd reap(Child *child)
{
	ChildEnd end = { 0 };
	siginfo_t info = { 0 };
	int result;

	do {
		result = waitid(P_PIDFD, (id_t) child->pidfd, &info, WEXITED);
	} while (result < 0 && errno == EINTR);
	if (result == 0 && info.si_code == CLD_EXITED)
		end.status = info.si_status;
	else if (result == 0)
		end.signal = info.si_status;
	(void) close(child->pidfd);
	if (child->socket >= 0)
		(void) close(child->socket);
	*child = (Child){ .socket = -1, .pidfd = -1 };
	return end;
}

static bool wait_ended(const Child *child, int64_t deadline)
{
	struct pollfd one = { .fd = child->pidfd, .events = POLLIN };

	for (;;) {
		int64_t left = deadline - frame_deadline_in(0);
		int ready = poll(&one, 1, left < 0 ? 0 : left > 60000 ? 60000 : (int) left);

		if (ready > 0)
			return true;
		if (ready == 0 && left <= 60000)
			return false;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

ChildEnd child_end(Child *child, int64_t deadline)
{
	if (child->socket >= 0)
		(void) close(child->socket);
	child->socket = -1;
	return wait_ended(child, deadline) ? reap(child) : child_kill(child);
}

ChildEnd child_kill(Child *child)
{
	ChildEnd end;
	bool was_alive = !wait_ended(child, 0);

	(void) pidfd_send_signal(child->pidfd, SIGKILL, NULL, 0);
	end = reap(child);
	end.by_us = was_alive;
	return end;
}
