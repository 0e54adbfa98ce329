/* SPDX-License-Identifier: Apache-2.0
 * What clients rely on in errors and in the helpers for replies. */
#include <string.h>

#include "daemon/api/json.h"
#include "daemon/api/problem.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"

static void assert_body(const HttpReply *reply, const char *text)
{
	g_assert_cmpmem(g_bytes_get_data(reply->body, NULL), g_bytes_get_size(reply->body), text,
			strlen(text));
}

static void test_members(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(HttpReply) reply = NULL;

	error_set(&error, ERROR_STATE, N_("card %s is lost"), "OP1");
	reply = problem_reply(error, json_pack("{s:i, s:s}", "triesLeft", 2, "type", "other"));
	g_assert_cmpint(reply->status, ==, 409);
	g_assert_cmpstr(reply->content_type, ==, "application/problem+json");
	g_assert_cmpstr(reply->headers->str, ==, "Content-Language: en, ja\r\n");
	g_assert_true(reply->is_secret);
	assert_body(reply,
		    "{\"type\":\"urn:opcard:problem:wrong-state\",\"title\":\"Not allowed in "
		    "this state\",\"titleJa\":\"この状態ではできない\",\"status\":409,"
		    "\"detail\":\"card OP1 is lost\",\"detailJa\":\"card OP1 is lost\",\"exit\":5,"
		    "\"triesLeft\":2}");
}

static void test_every_code(void)
{
	for (int code = 0; code < _ERROR_CODE_MAX; code++) {
		g_autoptr(GError) error = NULL;
		json_t *problem;

		error_set(&error, (ErrorCode) code, "%s", "x");
		problem = problem_json(error, NULL);
		g_assert_true(g_str_has_suffix(json_string_value(json_object_get(problem, "type")),
					       error_name(code)));
		g_assert_cmpint(json_integer_value(json_object_get(problem, "status")), ==,
				error_http(code));
		g_assert_cmpint(json_integer_value(json_object_get(problem, "exit")), ==,
				error_exit(code));
		json_decref(problem);
	}
}

static void test_foreign_error_is_internal(void)
{
	g_autoptr(GError) error = g_error_new(g_quark_from_static_string("x"), 3, "boom");
	g_autoptr(HttpReply) reply = problem_reply(error, NULL);

	g_assert_cmpint(reply->status, ==, 500);
	g_assert_nonnull(strstr(g_bytes_get_data(reply->body, NULL), "\"detailJa\":\"boom\""));
}

static void test_own_status(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(HttpReply) reply = NULL;

	error_set(&error, ERROR_BUSY, "x");
	reply = problem_reply_status(error, 429);
	g_assert_cmpint(reply->status, ==, 429);
	g_assert_nonnull(strstr(g_bytes_get_data(reply->body, NULL), "\"status\":429"));
}

static void test_tags(void)
{
	g_autoptr(HttpReply) reply = reply_json(200, json_object());

	g_assert_true(reply->is_secret);
	reply_set_etag(reply, "7");
	g_assert_false(reply->is_secret);
	g_assert_nonnull(strstr(reply->headers->str, "ETag: \"7\"\r\n"));
	g_assert_true(reply_is_match("\"7\"", "7"));
	g_assert_true(reply_is_match("\"6\", W/\"7\"", "7"));
	g_assert_true(reply_is_match("*", "7"));
	g_assert_false(reply_is_match(NULL, "7"));
	g_assert_false(reply_is_match("", "7"));
	g_assert_false(reply_is_match("7", "7"));
	g_assert_false(reply_is_match("\"77\"", "7"));
	g_assert_false(reply_is_match("\"a, 7\"", "7"));
	g_assert_false(reply_is_match("\"", "7"));
	g_assert_false(reply_is_match("W/", "7"));
}

static void test_locations(void)
{
	g_autoptr(HttpReply) accepted = reply_accepted("/api/v1/jobs/I-1", json_object());
	g_autoptr(HttpReply) created = reply_created("/api/v1/cards/1", json_object());

	g_assert_cmpint(accepted->status, ==, 202);
	g_assert_cmpint(created->status, ==, 201);
	g_assert_cmpstr(accepted->headers->str, ==, "Location: /api/v1/jobs/I-1\r\n");
}

static void test_download_name(void)
{
	g_autoptr(HttpReply) reply = reply_text(200, "text/csv", "a");

	reply_set_download(reply, "発行簿 \"1\".csv");
	g_assert_cmpstr(reply->headers->str, ==,
			"Content-Disposition: attachment; filename=\"___________1_.csv\"; "
			"filename*=UTF-8''%E7%99%BA%E8%A1%8C%E7%B0%BF%20%221%22.csv\r\n");
}

static void test_header_cannot_be_split(void)
{
	if (g_test_subprocess()) {
		g_autoptr(HttpReply) reply = reply_empty();

		http_reply_add_header(reply, "Location", "/a\r\nSet-Cookie: x");
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*is_printable*");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	json_memory_init();
	g_test_add_func("/problem/members", test_members);
	g_test_add_func("/problem/every-code", test_every_code);
	g_test_add_func("/problem/foreign-error", test_foreign_error_is_internal);
	g_test_add_func("/problem/own-status", test_own_status);
	g_test_add_func("/reply/tags", test_tags);
	g_test_add_func("/reply/locations", test_locations);
	g_test_add_func("/reply/download-name", test_download_name);
	g_test_add_func("/reply/header-cannot-be-split", test_header_cannot_be_split);
	return g_test_run();
}
