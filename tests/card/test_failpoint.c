/* SPDX-License-Identifier: Apache-2.0
 * Failpoints, compiled into this test whether or not the rest of the build has them. */
#ifndef OPCARD_FAILPOINTS
#define OPCARD_FAILPOINTS
#endif
#include <glib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkcs11/failpoint.c"

/* Runs the failpoints "test.a" and "test.b" under this setting; gives the wait status. */
static int run(const char *setting)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int got = 0;

		g_setenv("OPCARD_FAILPOINTS", setting, TRUE);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(100);
		for (unsigned i = 0; i < 3; i++) {
			got += FAILPOINT("test.a") == EIO ? 1 : 0;
			got += FAILPOINT("test.b") == ENOSPC ? 8 : 0;
		}
		_exit(got);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return status;
}

static void test_actions(void)
{
	g_assert_cmpint(WEXITSTATUS(run("")), ==, 0);
	g_assert_cmpint(WEXITSTATUS(run("test.other:kill")), ==, 0);
	g_assert_cmpint(WEXITSTATUS(run("test.a:eio")), ==, 3);
	g_assert_cmpint(WEXITSTATUS(run("test.a:eio@2")), ==, 1);
	g_assert_cmpint(WEXITSTATUS(run("test.a:eio@4")), ==, 0);
	g_assert_cmpint(WEXITSTATUS(run("test.a:eio@1,test.b:enospc")), ==, 25);
	g_assert_cmpint(WEXITSTATUS(run("test.a:sleep=1,test.b:enospc@3")), ==, 8);
	g_assert_cmpint(WTERMSIG(run("test.b:kill")), ==, SIGKILL);
	g_assert_cmpint(WTERMSIG(run("test.b:kill@3")), ==, SIGKILL);
	g_assert_cmpint(WEXITSTATUS(run("test.b:kill@4")), ==, 0);
}

static void test_typos_abort(void)
{
	static const char *const wrong[] = { "test.a",         "test.a:explode", "test.a:eio@",
					     "test.a:eio@two", "test.a:sleep=",  "test.a:sleep=x" };

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_cmpint(WTERMSIG(run(wrong[i])), ==, SIGABRT);
}

static void test_list(void)
{
	g_autofree char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	failpoint_list(file);
	g_assert_cmpint(fclose(file), ==, 0);
	g_assert_cmpstr(text, ==, "test.a\ntest.b\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/failpoint/actions", test_actions);
	g_test_add_func("/card/failpoint/typos-abort", test_typos_abort);
	g_test_add_func("/card/failpoint/list", test_list);
	return g_test_run();
}
