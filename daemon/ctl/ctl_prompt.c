/* SPDX-License-Identifier: Apache-2.0
 * Lines are read byte by byte from the descriptor: stdio would keep a copy of a PIN. */
#include "daemon/ctl/ctl_prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"

#define LINE_MAX_BYTES 256

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

static volatile sig_atomic_t caught;

static void catch_signal(int number)
{
	caught = number;
}

gboolean ctl_prompt_is_possible(const Ctl *ctl)
{
	return !ctl->no_input && isatty(STDIN_FILENO);
}

/* FALSE with errno: EINTR a signal of `mask`, ENODATA the end of input, EMSGSIZE too long. */
static gboolean read_line(CtlSecret *line, const sigset_t *mask)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	char c = '\0';

	for (;;) {
		ssize_t got = ppoll(&input, 1, NULL, mask) < 0 ? -1 : read(STDIN_FILENO, &c, 1);

		if (got == 0)
			errno = ENODATA;
		if (got <= 0)
			return FALSE;
		if (c == '\n')
			return TRUE;
		if (ctl_secret_length(line) >= LINE_MAX_BYTES || !ctl_secret_append(line, &c, 1)) {
			errno = EMSGSIZE;
			return FALSE;
		}
	}
}

char *ctl_prompt_line(const Ctl *ctl, const char *question, const char *instead, GError **error)
{
	g_autoptr(CtlSecret) line = ctl_secret_new();

	if (!ctl_prompt_is_possible(ctl)) {
		(void) ctl_problem_set(
			error, CTL_PROBLEM_INPUT,
			N_("An answer is needed, but there is nobody to ask. Use %s."), instead);
		return NULL;
	}
	fprintf(stderr, "%s", question);
	if (!read_line(line, NULL)) {
		(void) ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("No answer; nothing was done."));
		return NULL;
	}
	return g_strstrip(g_strdup(ctl_secret_data(line)));
}

/* The question comes after the echo is off, so that a fast typist's PIN is not shown. The signals
 * are let in only while waiting, so that none is lost before the wait begins. */
static gboolean ask_hidden(const char *question, CtlSecret *secret, const sigset_t *mask)
{
	struct termios shown, hidden;
	gboolean done = FALSE;

	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return FALSE;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t) (ECHO | ECHONL);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0) {
		fprintf(stderr, "%s", question);
		done = read_line(secret, mask);
	}
	(void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fputc('\n', stderr);
	return done;
}

static gboolean read_hidden(const char *question, CtlSecret *secret)
{
	struct sigaction handler = { .sa_handler = catch_signal };
	struct sigaction before[G_N_ELEMENTS(ending_signals)];
	sigset_t ending, mask;
	gboolean done;

	caught = 0;
	sigemptyset(&ending);
	for (gsize i = 0; i < G_N_ELEMENTS(ending_signals); i++) {
		(void) sigaddset(&ending, ending_signals[i]);
		(void) sigaction(ending_signals[i], &handler, &before[i]);
	}
	(void) sigprocmask(SIG_BLOCK, &ending, &mask);
	done = ask_hidden(question, secret, &mask);
	(void) sigprocmask(SIG_SETMASK, &mask, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(ending_signals); i++)
		(void) sigaction(ending_signals[i], &before[i], NULL);
	if (caught != 0) {
		ctl_secret_clear(secret);
		(void) raise(caught);
	}
	return done;
}

gboolean ctl_prompt_secret(const Ctl *ctl, const char *question, CtlSecret *secret, GError **error)
{
	if (!ctl_prompt_is_possible(ctl))
		return ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("A PIN is needed, but there is no terminal to type it "
					  "at. Use --pin-fd N."));
	if (!read_hidden(question, secret))
		return ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("No PIN was typed; nothing was done."));
	return TRUE;
}
