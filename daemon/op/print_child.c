/* SPDX-License-Identifier: Apache-2.0
 * posix_spawn, pidfd and two pipes. The input is a memory file, so that neither side ever waits
 * for the other to read. */
#include "daemon/op/print_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/base/error.h"

#define BLOCK    (64 * 1024)
#define TEXT_MAX 4096

enum {
	INPUT,
	OUTPUT,
	TEXT,
	N_FILES
};

typedef struct Run {
	int theirs[N_FILES]; /* become 0, 1 and 2 of the child */
	int ours[N_FILES];   /* -1, stdout's and stderr's reading ends; -1 once at the end */
	pid_t pid;
	int pidfd;
	GByteArray *text;
} Run;

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_theirs(Run *run)
{
	for (int i = 0; i < N_FILES; i++)
		close_fd(&run->theirs[i]);
}

static void clear_run(Run *run)
{
	close_theirs(run);
	for (int i = 0; i < N_FILES; i++)
		close_fd(&run->ours[i]);
	close_fd(&run->pidfd);
	g_clear_pointer(&run->text, g_byte_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, clear_run)

void print_child_clear(PrintOutput *output)
{
	g_clear_pointer(&output->data, g_byte_array_unref);
	g_clear_pointer(&output->text, g_free);
}

/* Above the numbers that are filled, in case our own 0 to 2 are closed. */
static int lift(int fd)
{
	int high = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 10) : -1;

	if (fd >= 0)
		close(fd);
	return high;
}

static gboolean fill(int fd, GBytes *input)
{
	gsize length = 0;
	const char *data = input != NULL ? g_bytes_get_data(input, &length) : NULL;

	for (gsize done = 0; done < length;) {
		gssize n = write(fd, data + done, length - done);

		if (n < 0 && errno != EINTR)
			return FALSE;
		done += n > 0 ? (gsize) n : 0;
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

static gboolean open_files(Run *run, GBytes *input)
{
	run->theirs[INPUT] = lift(memfd_create("opcard-input", MFD_CLOEXEC));
	if (run->theirs[INPUT] < 0 || !fill(run->theirs[INPUT], input))
		return FALSE;
	for (int i = OUTPUT; i < N_FILES; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) != 0)
			return FALSE;
		run->ours[i] = ends[0];
		run->theirs[i] = lift(ends[1]);
		if (run->theirs[i] < 0 || fcntl(run->ours[i], F_SETFL, O_NONBLOCK) != 0)
			return FALSE;
	}
	return TRUE;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int code;

	(void) sigemptyset(&none);
	(void) sigfillset(&all);
	code = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
							    POSIX_SPAWN_SETSID);
	code = code != 0 ? code : posix_spawnattr_setsigmask(attributes, &none);
	return code != 0 ? code : posix_spawnattr_setsigdefault(attributes, &all);
}

static int spawn(Run *run, const PrintChild *child)
{
	char *const environment[] = { (char *) "LC_ALL=C.UTF-8", NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int code = posix_spawn_file_actions_init(&files);

	if (code != 0)
		return code;
	code = posix_spawnattr_init(&attributes);
	if (code == 0) {
		for (int i = 0; code == 0 && i < N_FILES; i++)
			code = posix_spawn_file_actions_adddup2(&files, run->theirs[i], i);
		code = code != 0 ? code : set_attributes(&attributes);
		code = code != 0 ? code
				 : posix_spawn(&run->pid, child->program, &files, &attributes,
					       (char *const *) child->argv, environment);
		(void) posix_spawnattr_destroy(&attributes);
	}
	(void) posix_spawn_file_actions_destroy(&files);
	return code;
}

static gboolean start(Run *run, const PrintChild *child, GError **error)
{
	int code = open_files(run, child->input) ? spawn(run, child) : errno;

	if (code == 0) {
		run->pidfd = pidfd_open(run->pid, 0);
		if (run->pidfd < 0) {
			code = errno;
			(void) kill(run->pid, SIGKILL);
			(void) waitpid(run->pid, NULL, 0);
		}
	}
	close_theirs(run);
	return code == 0 || error_set(error, ERROR_INTERNAL, N_("%s could not be started: %s"),
				      child->program, g_strerror(code));
}

/* What is beyond a limit is read and dropped for the text, and kills the child for the data. */
static void take(Run *run, int which, const PrintChild *child, PrintOutput *output)
{
	guint8 block[BLOCK];
	gssize n = read(run->ours[which], block, sizeof(block));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0)
		close_fd(&run->ours[which]);
	else if (which == TEXT)
		g_byte_array_append(run->text, block,
				    (guint) MIN((gsize) n, TEXT_MAX - run->text->len));
	else if (output->data->len + (gsize) n > child->output_max)
		output->is_large = TRUE;
	else
		g_byte_array_append(output->data, block, (guint) n);
}

static gboolean poll_once(Run *run, const PrintChild *child, PrintOutput *output)
{
	struct pollfd files[] = {
		{ .fd = run->ours[OUTPUT], .events = POLLIN },
		{ .fd = run->ours[TEXT], .events = POLLIN },
		{ .fd = child->stop > 0 ? child->stop : -1, .events = POLLIN },
	};
	gint64 left = (child->deadline - g_get_monotonic_time() + 999) / 1000;
	int ready = poll(files, G_N_ELEMENTS(files), left < 0 ? 0 : (int) MIN(left, 60000));

	if (ready == 0 && left <= 0)
		output->is_late = TRUE;
	output->is_stopped = ready > 0 && files[2].revents != 0;
	for (guint i = 0; ready > 0 && i < 2; i++)
		if (files[i].revents != 0)
			take(run, OUTPUT + (int) i, child, output);
	return !output->is_late && !output->is_large && !output->is_stopped;
}

static void wait_end(const Run *run, const PrintChild *child, PrintOutput *output)
{
	struct pollfd end = { .fd = run->pidfd, .events = POLLIN };
	siginfo_t info = { 0 };
	int ready = -1;

	while (ready < 0 && !output->is_late && !output->is_large && !output->is_stopped) {
		gint64 left = (child->deadline - g_get_monotonic_time() + 999) / 1000;

		ready = poll(&end, 1, left < 0 ? 0 : (int) left);
		output->is_late = ready == 0;
	}
	if (output->is_late || output->is_large || output->is_stopped)
		(void) pidfd_send_signal(run->pidfd, SIGKILL, NULL, 0);
	while (waitid(P_PIDFD, (id_t) run->pidfd, &info, WEXITED) < 0 && errno == EINTR)
		continue;
	output->status = info.si_code == CLD_EXITED ? info.si_status : -1;
}

gboolean print_child_run(const PrintChild *child, PrintOutput *ret_output, GError **error)
{
	g_auto(Run) run = { { -1, -1, -1 }, { -1, -1, -1 }, .pidfd = -1 };
	PrintOutput output = { .data = g_byte_array_new() };

	run.text = g_byte_array_new();
	if (!start(&run, child, error)) {
		print_child_clear(&output);
		return FALSE;
	}
	while ((run.ours[OUTPUT] >= 0 || run.ours[TEXT] >= 0) && poll_once(&run, child, &output))
		continue;
	wait_end(&run, child, &output);
	g_byte_array_append(run.text, (const guint8 *) "", 1);
	output.text = g_utf8_make_valid((const char *) run.text->data, -1);
	*ret_output = output;
	return TRUE;
}
