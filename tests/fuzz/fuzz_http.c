/* SPDX-License-Identifier: Apache-2.0
 * Anybody's bytes as an HTTP request with a JSON body. What must hold: it does not matter in which
 * pieces they come; a request that is taken is read in one way only, so that no proxy reads it in
 * another; and what is read of JSON keeps the limits of its table. */
#include <string.h>

#include "daemon/api/http_fault.h"
#include "daemon/api/http_head.h"
#include "daemon/api/http_target.h"
#include "daemon/api/json.h"
#include "daemon/api/json_time.h"
#include "pkcs11/secret.h"
#include "tests/fuzz/fuzz.h"

#define TEXT_MAX 20

typedef struct Line {
	char *name;
	gint64 number;
} Line;

typedef struct Body {
	char *by;
	char *date;
	gint64 number, time;
	gboolean is_usable;
	int kind;
	char **cards;
	Secret *pin;
	Line *holder;
	GPtrArray *rows;
	json_t *any;
} Body;

static const char *const kinds[] = { "operator", "temporary", NULL };
static const JsonField line_fields[] = {
	{ "name", JSON_KIND_TEXT, TRUE, offsetof(Line, name), .max = TEXT_MAX },
	{ "line", JSON_KIND_INT, FALSE, offsetof(Line, number), .min = 1, .max = 1000 },
};
static const JsonTable line_table = JSON_TABLE(line_fields, Line);
static const JsonField fields[] = {
	{ "by", JSON_KIND_TEXT, TRUE, offsetof(Body, by), .max = TEXT_MAX },
	{ "due", JSON_KIND_DATE, FALSE, offsetof(Body, date) },
	{ "limit", JSON_KIND_INT, FALSE, offsetof(Body, number), .min = 1, .max = 500 },
	{ "occurredAt", JSON_KIND_TIME, FALSE, offsetof(Body, time) },
	{ "usable", JSON_KIND_BOOL, FALSE, offsetof(Body, is_usable) },
	{ "kind", JSON_KIND_CHOICE, FALSE, offsetof(Body, kind), .choices = kinds },
	{ "cards", JSON_KIND_TEXTS, FALSE, offsetof(Body, cards), .max = 5 },
	{ "pin", JSON_KIND_SECRET, FALSE, offsetof(Body, pin), .max = TEXT_MAX },
	{ "holder", JSON_KIND_OBJECT, FALSE, offsetof(Body, holder), .table = &line_table },
	{ "rows", JSON_KIND_OBJECTS, FALSE, offsetof(Body, rows), .max = 5, .table = &line_table },
	{ "any", JSON_KIND_ANY, FALSE, offsetof(Body, any) },
};
static const JsonTable table = JSON_TABLE(fields, Body);

/* As the daemon does, before jansson's first value. */
static void prepare(void)
{
	static gboolean is_done;

	if (!is_done)
		json_memory_init();
	is_done = TRUE;
}

static HttpFound find_at_once(const char *bytes, gsize size, gsize *ret_length)
{
	HttpScan scan = { 0 };

	*ret_length = 0;
	return http_head_find(bytes, size, &scan, ret_length);
}

/* In pieces of @step octets. */
static HttpFound find_in_pieces(const char *bytes, gsize size, gsize step, gsize *ret_length)
{
	HttpScan scan = { 0 };
	HttpFound found = HTTP_FOUND_NOTHING;

	*ret_length = 0;
	for (gsize have = MIN(step, size); found == HTTP_FOUND_NOTHING; have += step) {
		found = http_head_find(bytes, MIN(have, size), &scan, ret_length);
		if (have >= size)
			break;
	}
	return found;
}

static gboolean is_visible(HttpText text)
{
	for (gsize i = 0; i < text.length; i++)
		if ((text.at[i] < ' ' && text.at[i] != '\t') || text.at[i] == 0x7f)
			return FALSE;
	return TRUE;
}

/* How often a header of that name begins a line of the head. */
static guint count_lines(const char *bytes, gsize length, const char *name)
{
	guint n = 0;

	for (gsize i = 2; i + strlen(name) < length; i++)
		n += memcmp(bytes + i - 2, "\r\n", 2) == 0 &&
		     g_ascii_strncasecmp(bytes + i, name, strlen(name)) == 0;
	return n;
}

static void check_request(const char *bytes, gsize length, const HttpHead *head)
{
	HttpFault fault = { 0 };
	HttpRequest *request = http_head_request(head, &fault);

	g_assert_cmpint(head->method, <, _HTTP_METHOD_MAX);
	g_assert_cmpuint(count_lines(bytes, length, "content-length:"), <=, 1);
	g_assert_cmpuint(count_lines(bytes, length, "transfer-encoding:"), ==, 0);
	g_assert_cmpuint(count_lines(bytes, length, "host:"), <=, 1);
	for (int i = 0; i < _HTTP_FIELD_MAX; i++)
		g_assert_true(is_visible(head->fields[i]));
	if (request == NULL) {
		g_assert_cmpint(fault.status, >=, 400);
		g_assert_nonnull(fault.text);
		return;
	}
	g_assert_true(request->path[0] == '/');
	g_assert_true(g_utf8_validate(request->path, -1, NULL));
	g_assert_null(strstr(request->path, "/../"));
	g_assert_false(g_str_has_suffix(request->path, "/.."));
	for (const char *at = request->path; *at != '\0'; at++)
		g_assert_false(g_ascii_iscntrl(*at));
	(void) http_request_query(request, "q");
	(void) http_request_is_type(request, "application/json");
	http_request_free(request);
}

static void check_fault(const HttpFault *fault)
{
	HttpReply *reply;

	g_assert_cmpint(fault->status, >=, 400);
	reply = http_fault_reply(fault);
	g_assert_cmpint(reply->status, ==, fault->status);
	g_assert_true(reply->is_closing);
	http_reply_free(reply);
}

static void check_text(const char *text)
{
	g_assert_cmpint(g_utf8_strlen(text, -1), <=, TEXT_MAX);
	g_assert_true(g_utf8_validate(text, -1, NULL));
}

static void check_body(const Body *body)
{
	check_text(body->by);
	g_assert_true(body->by[0] != '\0');
	g_assert_cmpint(body->number, <=, 500);
	g_assert_cmpint(body->kind, <, 2);
	g_assert_true(body->date == NULL || json_time_is_date(body->date));
	g_assert_true(body->cards == NULL || g_strv_length(body->cards) <= 5);
	g_assert_true(body->rows == NULL || body->rows->len <= 5);
	if (body->holder != NULL)
		check_text(body->holder->name);
}

static void read_body(const uint8_t *data, gsize size)
{
	g_autoptr(GError) error = NULL;
	json_t *object = json_load(data, size, &error);
	Body body = { 0 };

	g_assert_true((object == NULL) == (error != NULL));
	if (object == NULL)
		return;
	if (json_read(object, &table, &body, &error)) {
		check_body(&body);
		json_clear(&table, &body);
	}
	g_bytes_unref(json_bytes(object));
	json_decref(object);
}

void fuzz_one(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *) data;
	gsize length, in_pieces;
	HttpFault fault = { 0 };
	HttpHead head = { 0 };
	HttpFound found;

	prepare();
	found = find_at_once(bytes, size, &length);
	g_assert_cmpint(find_in_pieces(bytes, size, 1, &in_pieces), ==, found);
	g_assert_cmpuint(in_pieces, ==, length);
	g_assert_cmpint(find_in_pieces(bytes, size, 7, &in_pieces), ==, found);
	g_assert_cmpuint(in_pieces, ==, length);
	if (found != HTTP_FOUND_HEAD) {
		read_body(data, size);
		return;
	}
	g_assert_cmpuint(length, <=, size);
	if (http_head_read(bytes, length, &head, &fault))
		check_request(bytes, length, &head);
	else
		check_fault(&fault);
	read_body(data + length, size - length);
}
