/* SPDX-License-Identifier: Apache-2.0
 * Secrets: where they lie, what they take, and that nothing stays behind. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkcs11/secret.h"

static Secret *from_pipe(const char *text, size_t length, size_t max)
{
	Secret *secret;
	int fds[2];

	g_assert_cmpint(pipe2(fds, O_CLOEXEC), ==, 0);
	g_assert_cmpint(write(fds[1], text, length), ==, length);
	close(fds[1]);
	errno = 0;
	secret = secret_read_fd(fds[0], max);
	close(fds[0]);
	return secret;
}

static void assert_read(const char *input, const char *expected)
{
	secret_auto Secret *secret = from_pipe(input, strlen(input), 16);

	g_assert_nonnull(secret);
	g_assert_cmpstr(secret_data(secret), ==, expected);
	g_assert_cmpuint(secret_length(secret), ==, strlen(expected));
}

static void test_read_fd(void)
{
	assert_read("Tulip47", "Tulip47");
	assert_read("Tulip47\n", "Tulip47");
	assert_read("Tulip47\r\n", "Tulip47");
	assert_read("Tulip47\n\n", "Tulip47\n");
	assert_read(" a b ", " a b ");
	assert_read("0123456789abcdef\n", "0123456789abcdef");
	g_assert_null(from_pipe("0123456789abcdefg", 17, 16));
	g_assert_cmpint(errno, ==, EMSGSIZE);
	g_assert_null(from_pipe("", 0, 16));
	g_assert_cmpint(errno, ==, ENODATA);
	g_assert_null(from_pipe("\n", 1, 16));
	g_assert_cmpint(errno, ==, ENODATA);
	g_assert_null(secret_read_fd(-1, 16));
	g_assert_cmpint(errno, ==, EBADF);
}

static void test_longest(void)
{
	char bytes[SECRET_MAX + 2];
	secret_auto Secret *longest = NULL;
	secret_auto Secret *read = NULL;

	memset(bytes, 'x', sizeof bytes);
	longest = secret_new(bytes, SECRET_MAX);
	g_assert_cmpuint(secret_length(longest), ==, SECRET_MAX);
	g_assert_cmpint(secret_data(longest)[SECRET_MAX], ==, '\0');
	g_assert_null(secret_new(bytes, SECRET_MAX + 1));
	read = from_pipe(bytes, SECRET_MAX, SECRET_MAX);
	g_assert_cmpuint(secret_length(read), ==, SECRET_MAX);
	g_assert_null(from_pipe(bytes, SECRET_MAX + 1, SECRET_MAX));
}

static void test_equal(void)
{
	secret_auto Secret *a = secret_new("Tulip47", 7);
	secret_auto Secret *same = secret_new("Tulip47", 7);
	secret_auto Secret *other = secret_new("Tulip48", 7);
	secret_auto Secret *shorter = secret_new("Tulip4", 6);

	g_assert_true(secret_equal(a, same));
	g_assert_false(secret_equal(a, other));
	g_assert_false(secret_equal(a, shorter));
	secret_free(NULL);
}

/* Every letter comes, none but those, and two are never the same. */
static void test_random(void)
{
	secret_auto Secret *one = secret_new_random("0123456789", 200);
	secret_auto Secret *two = secret_new_random("0123456789", 200);
	unsigned seen[256] = { 0 };

	for (size_t i = 0; i < secret_length(one); i++)
		seen[(unsigned char) secret_data(one)[i]]++;
	for (unsigned c = 0; c < 256; c++)
		g_assert_true((seen[c] > 0) == (c >= '0' && c <= '9'));
	g_assert_false(secret_equal(one, two));
	g_assert_null(secret_new_random("0", 5));
	g_assert_null(secret_new_random("01", SECRET_MAX + 1));
}

/* The kernel's own view of the page: locked, not dumped, wiped in a fork. */
static void test_page(void)
{
	secret_auto Secret *secret = secret_new("Tulip47", 7);
	g_autofree char *maps = NULL;
	g_autofree char *start = NULL;
	const char *flags;
	g_auto(GStrv) words = NULL;
	gsize page = (gsize) sysconf(_SC_PAGESIZE);
	gsize address = (gsize) (const void *) secret_data(secret) / page * page;

	g_assert_true(g_file_get_contents("/proc/self/smaps", &maps, NULL, NULL));
	start = g_strdup_printf("%lx-", (unsigned long) address);
	flags = strstr(maps, start);
	g_assert_nonnull(flags);
	flags = strstr(flags, "VmFlags:");
	words = g_strsplit_set(flags, " \n", 24);
	g_assert_true(g_strv_contains((const char *const *) words, "dd"));
	g_assert_true(g_strv_contains((const char *const *) words, "wf"));
#ifndef __SANITIZE_ADDRESS__ /* there mlock() does nothing */
	g_assert_true(g_strv_contains((const char *const *) words, "lo"));
#endif
}

static void test_wiped_in_fork(void)
{
	secret_auto Secret *secret = secret_new("Tulip47", 7);
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(memcmp(secret_data(secret), "\0\0\0\0\0\0\0", 7) == 0 ? 0 : 1);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	g_assert_cmpstr(secret_data(secret), ==, "Tulip47");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/secret/read-fd", test_read_fd);
	g_test_add_func("/card/secret/longest", test_longest);
	g_test_add_func("/card/secret/equal", test_equal);
	g_test_add_func("/card/secret/random", test_random);
	g_test_add_func("/card/secret/page", test_page);
	g_test_add_func("/card/secret/wiped-in-fork", test_wiped_in_fork);
	return g_test_run();
}
