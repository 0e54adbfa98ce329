/* SPDX-License-Identifier: Apache-2.0
 * What a hostile vendor module can do inside opcard-card, and what the same module can do outside:
 * the second run shows that the first one's refusals are the cage's work. */
#include <dlfcn.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <p11-kit/pkcs11.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkcs11/cage.h"
#include "tests/card/desk.h"

/* What even an uncaged process without rights to others may not do everywhere; not asserted
 * outside. */
static const char *const not_everywhere[] = { "group-kill",     "mark-secret",
					      "io-uring",       "keyring",
					      "parent-vm-read", "parent-ptrace",
					      "capabilities",   NULL };

static void put_file(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	g_assert_true(
		g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* A descriptor that somebody in opcardd forgot to mark close-on-exec. */
static void leak_descriptor(void)
{
	static int fds[2] = { -1, -1 };

	if (fds[0] < 0)
		g_assert_cmpint(pipe(fds), ==, 0);
}

static Desk *evil_desk(const char *behaviour)
{
	Desk *desk = desk_new();

	leak_descriptor();
	put_file(desk->reader, "behaviour", behaviour);
	put_file(desk->root, "secret", "the CA key");
	put_file(desk->root, "victim", "audit record");
	return desk;
}

static char **results(const Desk *desk)
{
	g_autofree char *path = g_build_filename(desk->reader, "result", NULL);
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return g_strsplit(g_strchomp(text), "\n", -1);
}

static void test_refused_inside(void)
{
	g_autoptr(Desk) desk = evil_desk("escape");
	CardFailure failure = desk_fail(desk, g_getenv("OPCARD_EVIL"), NULL);
	g_auto(GStrv) lines = results(desk);
	g_autofree char *secret = g_build_filename(desk->root, "secret", NULL);
	GStatBuf status;

	g_assert_cmpstr(card_failure_name(failure.kind), ==, "module");
	g_assert_cmpuint(g_strv_length(lines), >, 30);
	for (char **line = lines; *line != NULL; line++)
		if (!g_str_has_suffix(*line, " refused"))
			g_test_message("%s", *line), g_test_fail();
	g_assert_cmpint(g_stat(secret, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	g_assert_cmpint(status.st_size, ==, strlen("the CA key"));
}

static void run_outside(const Desk *desk)
{
	g_autofree char *path = g_build_filename(desk->root, "conf", NULL);
	g_autofree char *text = g_strdup_printf("directories.tokendir = %s\n", desk->reader);
	void *library;
	CK_C_GetFunctionList get;
	CK_FUNCTION_LIST *list = NULL;

	put_file(desk->root, "conf", text);
	g_setenv("SOFTHSM2_CONF", path, TRUE);
	library = dlopen(g_getenv("OPCARD_EVIL"), RTLD_NOW);
	get = library == NULL ? NULL : (CK_C_GetFunctionList) dlsym(library, "C_GetFunctionList");
	if (get == NULL || get(&list) != CKR_OK)
		_exit(1);
	(void) list->C_Initialize(NULL);
	_exit(0);
}

static void test_through_outside(void)
{
	g_autoptr(Desk) desk = evil_desk("escape");
	g_auto(GStrv) lines = NULL;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		run_outside(desk);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	lines = results(desk);
	for (char **line = lines; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", 2);

		if (!g_strv_contains(not_everywhere, words[0]) && strcmp(words[1], "THROUGH") != 0)
			g_test_message("outside: %s", *line), g_test_fail();
	}
}

static CardFailure misbehave(const char *behaviour, unsigned deadline_ms)
{
	g_autoptr(Desk) desk = evil_desk(behaviour);
	g_autoptr(CardClient) client = desk_start(desk, g_getenv("OPCARD_EVIL"), deadline_ms);
	CardFailure failure;
	CardFailure again;
	CardReady ready;

	g_assert_false(card_client_ready(client, &ready, &failure));
	g_assert_false(card_client_inspect(client, &(CardContents){ 0 }, &again));
	g_assert_cmpint(again.kind, ==, failure.kind);
	return failure;
}

static void test_crashes(void)
{
	CardFailure failure = misbehave("abort", 60000);

	g_assert_cmpstr(card_failure_name(failure.kind), ==, "crashed");
	g_assert_cmpint(failure.ended_signal, ==, SIGABRT);
	g_assert_cmpint(failure.card, ==, CARD_INTACT);
	failure = misbehave("segfault", 60000);
	g_assert_cmpstr(card_failure_name(failure.kind), ==, "crashed");
	failure = misbehave("exit", 60000);
	g_assert_cmpstr(card_failure_name(failure.kind), ==, "crashed");
	g_assert_cmpint(failure.ended_signal, ==, 0);
	failure = misbehave("noise", 60000);
	g_assert_cmpstr(card_failure_name(failure.kind), ==, "protocol");
	failure = misbehave("loop", 200);
	g_assert_cmpstr(card_failure_name(failure.kind), ==, "timeout");
	failure = misbehave("disk", 60000);
	g_assert_cmpstr(card_failure_name(failure.kind), ==, "crashed");
	g_assert_cmpint(failure.ended_signal, ==, SIGXFSZ);
#ifndef __SANITIZE_ADDRESS__
	failure = misbehave("memory", 60000);
	g_assert_cmpint(failure.ended_signal, ==, SIGABRT);
#endif
}

/* Runs in a caged child; its bits come back as the exit status. */
typedef int (*Attempt)(void);

static int run_caged(const CageProfile *profile, Attempt attempt)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		CageReport report;

		if (cage_enter(profile, &report) != 0)
			_exit(111);
		_exit(attempt());
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

enum {
	GOT_INET = 1,
	GOT_UNIX = 2,
	GOT_NETLINK = 4,
	GOT_FORK = 8,
	GOT_READ = 16,
	GOT_WRITE = 32,
	GOT_OUTSIDE = 64,
};

static char *inside;
static char *outside;

static int attempt_all(void)
{
	int got = 0;
	pid_t pid;

	got |= socket(AF_INET, SOCK_STREAM, 0) >= 0 ? GOT_INET : 0;
	got |= socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? GOT_UNIX : 0;
	got |= socket(AF_NETLINK, SOCK_RAW, 0) >= 0 ? GOT_NETLINK : 0;
	pid = fork();
	if (pid == 0)
		_exit(0);
	got |= pid > 0 ? GOT_FORK : 0;
	got |= open(inside, O_RDONLY) >= 0 ? GOT_READ : 0;
	got |= open(inside, O_RDWR) >= 0 ? GOT_WRITE : 0;
	got |= open(outside, O_RDONLY) >= 0 ? GOT_OUTSIDE : 0;
	return got;
}

static void test_profiles(void)
{
	g_autoptr(Desk) desk = desk_new();
	const char *const paths[] = { desk->reader, "/nonexistent", NULL };
	CageProfile nothing = { 0 };
	CageProfile directory = { .families = CAGE_INET, .read_paths = paths };
	CageProfile writer = { .families = CAGE_UNIX, .write_paths = paths, .may_fork = true };

	put_file(desk->reader, "inside", "x");
	put_file(desk->root, "outside", "x");
	inside = g_build_filename(desk->reader, "inside", NULL);
	outside = g_build_filename(desk->root, "outside", NULL);
	g_assert_cmpint(run_caged(&nothing, attempt_all), ==, 0);
	g_assert_cmpint(run_caged(&directory, attempt_all), ==, GOT_INET | GOT_READ);
	g_assert_cmpint(run_caged(&writer, attempt_all), ==,
			GOT_UNIX | GOT_FORK | GOT_READ | GOT_WRITE);
	g_clear_pointer(&inside, g_free);
	g_clear_pointer(&outside, g_free);
}

static void test_report(void)
{
	CageReport report = { .missing = 1U << CAGE_WALL_TCP | 1U << CAGE_WALL_SIGNALS };
	char text[64];
	char small[6];

	cage_report_text(&report, text, sizeof text);
	g_assert_cmpstr(text, ==, "tcp, signals");
	cage_report_text(&report, small, sizeof small);
	g_assert_cmpstr(small, ==, "tcp, ");
	report.missing = 0;
	cage_report_text(&report, text, sizeof text);
	g_assert_cmpstr(text, ==, "");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/cage/refused-inside", test_refused_inside);
	g_test_add_func("/card/cage/through-outside", test_through_outside);
	g_test_add_func("/card/cage/crashes", test_crashes);
	g_test_add_func("/card/cage/profiles", test_profiles);
	g_test_add_func("/card/cage/report", test_report);
	return g_test_run();
}
