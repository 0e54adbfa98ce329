/* SPDX-License-Identifier: Apache-2.0
 * Starts a leaf program with an almost empty environment and one socket, and knows how it ended.
 * No SIGCHLD handler is needed; never PR_SET_PDEATHSIG: it fires when the spawning thread ends. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Where the child finds its end of the socket. */
#define CHILD_SOCKET 3

typedef struct Child {
	pid_t pid; /* 0 once it is reaped */
	int pidfd;
	int socket; /* ours, SOCK_SEQPACKET, close-on-exec */
} Child;

typedef struct ChildEnd {
	int status; /* exit status, when signal is 0 */
	int signal; /* the signal that killed it, or 0 */
	bool by_us; /* we killed it because it did not end in time */
} ChildEnd;

/* `argument` (or NULL) becomes argv[1]. stdin, stdout and stderr are /dev/null (stderr is kept in
 * sanitizer and failpoint builds). 0 or an errno. */
int child_spawn(const char *program, const char *argument, Child *ret_child)
	__attribute__((warn_unused_result));

/* Closes the socket, waits until the deadline (frame_deadline_in), then kills. Reaps always. */
ChildEnd child_end(Child *child, int64_t deadline);

/* Kills at once and reaps. */
ChildEnd child_kill(Child *child);
