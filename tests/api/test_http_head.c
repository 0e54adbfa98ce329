/* SPDX-License-Identifier: Apache-2.0
 * The pure parsers: what they take is checked here; what they refuse, mostly by test_http.py. */
#include <string.h>

#include "daemon/api/http_buffer.h"
#include "daemon/api/http_head.h"
#include "daemon/api/http_target.h"

#define ROUNDS 200000

static HttpFound find_in_steps(const char *text, gsize step, gsize *ret_length)
{
	HttpScan scan = { 0 };
	HttpFound found = HTTP_FOUND_NOTHING;

	for (gsize n = step; found == HTTP_FOUND_NOTHING && n <= strlen(text); n += step)
		found = http_head_find(text, n, &scan, ret_length);
	return found;
}

static void test_find(void)
{
	gsize length = 0;

	for (gsize step = 1; step < 4; step++) {
		g_assert_cmpint(find_in_steps("GET / X\r\nA: b\r\n\r\nbody..", step, &length), ==,
				HTTP_FOUND_HEAD);
		g_assert_cmpuint(length, ==, strlen("GET / X\r\nA: b\r\n\r\n"));
		g_assert_cmpint(find_in_steps("GET / X\r\nA: b\n\r\n....", step, &length), ==,
				HTTP_FOUND_GARBAGE);
		g_assert_cmpint(find_in_steps("GET / X\r\n\n......", step, &length), ==,
				HTTP_FOUND_GARBAGE);
		g_assert_cmpint(find_in_steps("GET / X\r\nA: b\r\nC......", step, &length), ==,
				HTTP_FOUND_NOTHING);
	}
}

static gboolean read_head(const char *text, HttpHead *ret_head, HttpFault *ret_fault)
{
	return http_head_read(text, strlen(text), ret_head, ret_fault);
}

static void test_meaning(void)
{
	HttpHead head;
	HttpFault fault;

	g_assert_true(read_head("PUT /x?y HTTP/1.1\r\nhOST:\t h \r\nContent-Length:007\r\n"
				"Connection: a, CLOSE\r\nExpect: 100-Continue\r\n\r\n",
				&head, &fault));
	g_assert_cmpint(head.method, ==, HTTP_PUT);
	g_assert_cmpmem(head.target.at, head.target.length, "/x?y", 4);
	g_assert_cmpmem(head.fields[HTTP_FIELD_HOST].at, head.fields[HTTP_FIELD_HOST].length, "h",
			1);
	g_assert_cmpuint(head.body_length, ==, 7);
	g_assert_false(head.is_kept);
	g_assert_true(head.is_continue_expected);
	g_assert_true(read_head("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &head, &fault));
	g_assert_true(head.is_kept);
	g_assert_true(read_head("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", &head,
				&fault));
	g_assert_false(head.is_kept);
	g_assert_true(read_head("GET / HTTP/1.1\r\nHost:\r\nX: \xe9\r\n\r\n", &head, &fault));
	g_assert_nonnull(head.fields[HTTP_FIELD_HOST].at);
}

static void test_target(void)
{
	g_autofree char *path = NULL;
	g_autoptr(GHashTable) query = NULL;
	HttpFault fault;
	const char *text = "/..a/b../...?&&a=b=c&";

	g_assert_true(http_target_read((HttpText){ text, strlen(text) }, &path, &query, &fault));
	g_assert_cmpstr(path, ==, "/..a/b../...");
	g_assert_cmpstr(g_hash_table_lookup(query, "a"), ==, "b=c");
	g_assert_cmpuint(g_hash_table_size(query), ==, 1);
}

static void check_target(HttpText target)
{
	g_autofree char *path = NULL;
	g_autoptr(GHashTable) query = NULL;
	HttpFault fault = { 0 };

	if (!http_target_read(target, &path, &query, &fault)) {
		g_assert_cmpint(fault.status, ==, 400);
		g_assert_null(path);
		return;
	}
	g_assert_true(path[0] == '/' && g_utf8_validate(path, -1, NULL));
	g_assert_null(strstr(path, "/../"));
	g_assert_false(g_str_has_suffix(path, "/.."));
}

/* In memory of exactly the size, so that a sanitizer sees a byte read too far. */
static void check_bytes(const char *bytes, gsize length)
{
	g_autofree char *copy = g_memdup2(bytes, length);
	HttpScan scan = { 0 };
	HttpHead head;
	HttpFault fault = { 0 };
	gsize head_length = 0;

	if (http_head_find(copy, length, &scan, &head_length) != HTTP_FOUND_HEAD)
		return;
	g_assert_cmpuint(head_length, <=, length);
	if (http_head_read(copy, head_length, &head, &fault))
		check_target(head.target);
	else
		g_assert_cmpint(fault.status, >=, 400);
}

static void test_damage(void)
{
	static const char sound[] =
		"POST /a%20b/../%E9%B3%A5?x=1&y=%2B HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n"
		"Connection: keep-alive, close\r\nExpect: 100-continue\r\nIf-None-Match: "
		"\"a\"\r\n\r\n";
	static const char pieces[] = "\r\n\0 :%/?&=.,\t\x7f\xc3\xa9"
				     "0159AFaf";

	for (int i = 0; i < ROUNDS; i++) {
		char bytes[sizeof sound];
		int n = g_test_rand_int_range(1, 6);

		memcpy(bytes, sound, sizeof sound);
		while (n-- > 0)
			bytes[g_test_rand_int_range(0, sizeof sound - 1)] =
				pieces[g_test_rand_int_range(0, sizeof pieces - 1)];
		check_bytes(bytes, (gsize) g_test_rand_int_range(1, sizeof sound));
		check_bytes(bytes, sizeof sound - 1);
	}
}

static void test_buffer_leaves_no_copy(void)
{
	HttpBuffer buffer = { 0 };

	http_buffer_reserve(&buffer, 8);
	http_buffer_append(&buffer, "head1234", 8);
	http_buffer_consume(&buffer, 4);
	g_assert_cmpmem(buffer.bytes, 8, "1234\0\0\0\0", 8);
	http_buffer_grow(&buffer, 16);
	g_assert_cmpuint(buffer.size, ==, 8);
	http_buffer_append(&buffer, "5678", 4);
	http_buffer_grow(&buffer, 12);
	g_assert_cmpuint(buffer.size, ==, 12);
	g_assert_cmpmem(buffer.bytes, buffer.used, "12345678", 8);
	http_buffer_consume(&buffer, 8);
	g_assert_cmpmem(buffer.bytes, 8, "\0\0\0\0\0\0\0\0", 8);
	http_buffer_clear(&buffer);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/http-head/find", test_find);
	g_test_add_func("/http-head/meaning", test_meaning);
	g_test_add_func("/http-head/target", test_target);
	g_test_add_func("/http-head/damage", test_damage);
	g_test_add_func("/http-head/buffer-leaves-no-copy", test_buffer_leaves_no_copy);
	return g_test_run();
}
