/* SPDX-License-Identifier: Apache-2.0
 * Reading request bodies by tables: every kind, every refusal, nothing left behind. */
#include <stdlib.h>
#include <string.h>

#include "daemon/api/json.h"
#include "daemon/api/json_time.h"
#include "daemon/base/error.h"
#include "pkcs11/secret.h"

#define ROUNDS 50000

typedef struct Line {
	char *name;
	gint64 count;
} Line;

typedef struct Request {
	char *staff, *note, *day;
	gint64 copies, at;
	gboolean is_dry;
	int reason;
	char **cards;
	Secret *pin;
	Line *first;
	GPtrArray *lines;
	json_t *body;
} Request;

static const char *const reasons[] = { "MISSING", "LEAVE", NULL };

/* clang-format off */
static const JsonField line_fields[] = {
	{ "name",  JSON_KIND_TEXT, TRUE,  offsetof(Line, name), .max = 5 },
	{ "count", JSON_KIND_INT,  FALSE, offsetof(Line, count) },
};
static const JsonTable line_table = JSON_TABLE(line_fields, Line);
static const JsonField fields[] = {
	{ "staff",  JSON_KIND_TEXT,    TRUE,  offsetof(Request, staff), .max = 6 },
	{ "note",   JSON_KIND_TEXT,    FALSE, offsetof(Request, note) },
	{ "day",    JSON_KIND_DATE,    FALSE, offsetof(Request, day) },
	{ "copies", JSON_KIND_INT,     FALSE, offsetof(Request, copies), .min = 1, .max = 9 },
	{ "at",     JSON_KIND_TIME,    FALSE, offsetof(Request, at) },
	{ "dryRun", JSON_KIND_BOOL,    FALSE, offsetof(Request, is_dry) },
	{ "reason", JSON_KIND_CHOICE,  FALSE, offsetof(Request, reason), .choices = reasons },
	{ "cards",  JSON_KIND_TEXTS,   FALSE, offsetof(Request, cards), .min = 1, .max = 3 },
	{ "pin",    JSON_KIND_SECRET,  FALSE, offsetof(Request, pin), .min = 4, .max = 300 },
	{ "first",  JSON_KIND_OBJECT,  FALSE, offsetof(Request, first), .table = &line_table },
	{ "lines",  JSON_KIND_OBJECTS, FALSE, offsetof(Request, lines), .max = 2,
	  .table = &line_table },
	{ "body",   JSON_KIND_ANY,     FALSE, offsetof(Request, body) },
};
static const JsonTable table = JSON_TABLE(fields, Request);
/* clang-format on */

static gboolean read_text(const char *text, Request *into, GError **error)
{
	json_t *object = json_load(text, strlen(text), error);
	gboolean is_read = object != NULL && json_read(object, &table, into, error);

	json_decref(object);
	return is_read;
}

static void test_every_kind(void)
{
	Request request = { .reason = -1 };
	g_autoptr(GError) error = NULL;
	gboolean is_read = read_text(
		"{\"staff\":\"職員の番号１\",\"note\":\"a\\n\\tb\",\"day\":\"2024-02-29\","
		"\"copies\":9,"
		"\"at\":\"2026-04-01T09:00:00+09:00\",\"dryRun\":true,\"reason\":\"LEAVE\","
		"\"cards\":[\"OP1\",\"OP2\"],\"pin\":\"Ab3$\",\"first\":{\"name\":\"x\"},"
		"\"lines\":[{\"name\":\"y\",\"count\":-3},{\"name\":\"z\"}],\"body\":[1,null]}",
		&request, &error);

	g_assert_no_error(error);
	g_assert_true(is_read);
	g_assert_cmpstr(request.staff, ==, "職員の番号１");
	g_assert_cmpstr(request.note, ==, "a\n\tb");
	g_assert_cmpstr(request.day, ==, "2024-02-29");
	g_assert_cmpint(request.copies, ==, 9);
	g_assert_cmpint(request.at, ==, 1775001600);
	g_assert_true(request.is_dry);
	g_assert_cmpint(request.reason, ==, 1);
	g_assert_cmpuint(g_strv_length(request.cards), ==, 2);
	g_assert_cmpstr(request.cards[1], ==, "OP2");
	g_assert_cmpmem(secret_data(request.pin), secret_length(request.pin), "Ab3$", 4);
	g_assert_cmpstr(request.first->name, ==, "x");
	g_assert_cmpuint(request.lines->len, ==, 2);
	g_assert_cmpint(((Line *) request.lines->pdata[0])->count, ==, -3);
	g_assert_cmpuint(json_array_size(request.body), ==, 2);
	json_clear(&table, &request);
	g_assert_null(request.staff);
	g_assert_null(request.pin);
	g_assert_null(request.lines);
	json_clear(&table, &request);
}

static void test_absent_and_null_leave_the_default(void)
{
	Request request = { .copies = 4, .is_dry = TRUE, .reason = 1, .at = 7 };
	g_autoptr(GError) error = NULL;

	g_assert_true(read_text("{\"staff\":\"1\",\"copies\":null,\"note\":\"\",\"pin\":null}",
				&request, &error));
	g_assert_cmpint(request.copies, ==, 4);
	g_assert_cmpint(request.reason, ==, 1);
	g_assert_cmpint(request.at, ==, 7);
	g_assert_true(request.is_dry);
	g_assert_null(request.pin);
	g_assert_cmpstr(request.note, ==, "");
	json_clear(&table, &request);
}

typedef struct Refusal {
	const char *text, *message;
} Refusal;

/* clang-format off */
static const Refusal refusals[] = {
	{ "", "the body is empty; send a JSON object" },
	{ "[]", "the body must be a JSON object" },
	{ "{\"a\":1", "the body is not well-formed JSON (line 1, column 6)" },
	{ "{} {}", "the body is not well-formed JSON (line 1, column 4)" },
	{ "{\"a\":1,\"a\":2}", "a field stands twice in the body (line 1, column 10)" },
	{ "{\"a\":\"\\u0000\"}", "the body holds the character U+0000 (line 1, column 13)" },
	{ "{\"\\u0000\":1}", "the body holds the character U+0000 (line 1, column 9)" },
	{ "{\"a\":\"\xff\"}", "the body is not UTF-8 (line 1, column 6)" },
	{ "{\"a\":99999999999999999999}", "a number in the body is too large (line 1, column 25)" },
	{ "{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", "the body is nested deeper than 16 levels" },
	{ "{\"staff\":\"1\",\"Staff\":\"1\"}",
	  "field \"Staff\" is unknown here; known fields: staff, note, day, copies, at, dryRun, "
	  "reason, cards, pin, first, lines, body" },
	{ "{\"staff\":\"1\",\"lines\":[{\"name\":\"a\"},{\"nam\\te\":\"1\"}]}",
	  "field \"lines[1].nam?e\" is unknown here; known fields: name, count" },
	{ "{}", "field \"staff\" is missing" },
	{ "{\"staff\":null}", "field \"staff\" is missing" },
	{ "{\"staff\":12}", "field \"staff\" must be text" },
	{ "{\"staff\":\"\"}", "field \"staff\" must have 1 to 6 characters" },
	{ "{\"staff\":\"職員の番号１２\"}", "field \"staff\" must have 1 to 6 characters" },
	{ "{\"staff\":\"a\\u001b\"}", "field \"staff\" holds a control character" },
	{ "{\"staff\":\"1\",\"day\":20260401}", "field \"day\" must be a date as text" },
	{ "{\"staff\":\"1\",\"day\":\"2026-02-29\"}",
	  "field \"day\" must be a day of the calendar, written 2026-04-01" },
	{ "{\"staff\":\"1\",\"at\":1}", "field \"at\" must be a time as text" },
	{ "{\"staff\":\"1\",\"at\":\"2026-04-01T09:00:00\"}",
	  "field \"at\" must be a time with its offset, written 2026-04-01T09:00:00+09:00" },
	{ "{\"staff\":\"1\",\"copies\":1.0}", "field \"copies\" must be a whole number" },
	{ "{\"staff\":\"1\",\"copies\":10}", "field \"copies\" must be between 1 and 9" },
	{ "{\"staff\":\"1\",\"dryRun\":1}", "field \"dryRun\" must be true or false" },
	{ "{\"staff\":\"1\",\"reason\":\"leave\"}",
	  "field \"reason\" must be one of: MISSING, LEAVE" },
	{ "{\"staff\":\"1\",\"reason\":0}", "field \"reason\" must be text" },
	{ "{\"staff\":\"1\",\"cards\":\"OP1\"}", "field \"cards\" must be a list of texts" },
	{ "{\"staff\":\"1\",\"cards\":[]}", "field \"cards\" must have 1 to 3 elements" },
	{ "{\"staff\":\"1\",\"cards\":[\"a\",\"b\",\"c\",\"d\"]}",
	  "field \"cards\" must have 1 to 3 elements" },
	{ "{\"staff\":\"1\",\"cards\":[\"a\",2]}", "field \"cards[1]\" must be text" },
	{ "{\"staff\":\"1\",\"cards\":[\"a\",\"\"]}",
	  "field \"cards[1]\" must have 1 to 1000 characters" },
	{ "{\"staff\":\"1\",\"pin\":1234}", "field \"pin\" must be text" },
	{ "{\"staff\":\"1\",\"pin\":\"987\"}", "field \"pin\" must have 4 to 300 characters" },
	{ "{\"staff\":\"1\",\"first\":[]}", "field \"first\" must be an object" },
	{ "{\"staff\":\"1\",\"first\":{}}", "field \"first.name\" is missing" },
	{ "{\"staff\":\"1\",\"first\":{\"name\":\"a\",\"count\":\"1\"}}",
	  "field \"first.count\" must be a whole number" },
	{ "{\"staff\":\"1\",\"lines\":{}}", "field \"lines\" must be a list of objects" },
	{ "{\"staff\":\"1\",\"lines\":[{\"name\":\"a\"},1]}",
	  "field \"lines[1]\" must be an object" },
	{ "{\"staff\":\"1\",\"lines\":[{\"name\":\"a\"},{\"name\":\"toolong\"}]}",
	  "field \"lines[1].name\" must have 1 to 5 characters" },
	{ "{\"staff\":\"1\",\"lines\":[{},{},{}]}", "field \"lines\" must have 0 to 2 elements" },
};
/* clang-format on */

static void test_refusals(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
		Request request = { 0 };
		const Request untouched = { 0 };
		g_autoptr(GError) error = NULL;

		g_assert_false(read_text(refusals[i].text, &request, &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
		g_assert_cmpstr(error->message, ==, refusals[i].message);
		g_assert_cmpstr(error_ja(error), ==, refusals[i].message); /* no catalogue here */
		g_assert_cmpmem(&request, sizeof request, &untouched, sizeof untouched);
	}
}

static void test_late_refusal_leaves_nothing(void)
{
	Request request = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_false(
		read_text("{\"staff\":\"1\",\"note\":\"n\",\"cards\":[\"a\"],\"pin\":\"1234\","
			  "\"first\":{\"name\":\"a\"},\"lines\":[{\"name\":\"b\"},{}]}",
			  &request, &error));
	g_assert_cmpstr(error->message, ==, "field \"lines[1].name\" is missing");
	g_assert_null(request.staff);
	g_assert_null(request.cards);
	g_assert_null(request.pin);
	g_assert_null(request.first);
}

static void test_secret_longer_than_a_secret_can_be(void)
{
	g_autofree char *digits = g_strnfill(SECRET_MAX + 1, '7');
	g_autofree char *text = g_strdup_printf("{\"staff\":\"1\",\"pin\":\"%s\"}", digits);
	Request request = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_false(read_text(text, &request, &error));
	g_assert_cmpstr(error->message, ==,
			"field \"pin\" is too long, or no locked memory is left");
}

static void test_no_message_repeats_a_value(void)
{
	static const char sound[] =
		"{\"staff\":\"1\",\"pin\":\"918273645\",\"note\":\"918273645\"}";

	for (gsize i = 0; i < sizeof sound - 1; i++) {
		for (const char *c = "\"{}:,x\x01\xff"; *c != '\0'; c++) {
			g_autofree char *text = g_strdup(sound);
			g_autoptr(GError) error = NULL;
			Request request = { 0 };

			text[i] = *c;
			if (read_text(text, &request, &error))
				json_clear(&table, &request);
			else
				g_assert_null(strstr(error->message, "918273645"));
		}
	}
}

static void test_damage(void)
{
	static const char sound[] =
		"{\"staff\":\"\\u9ce5\",\"cards\":[\"OP1\"],\"pin\":\"Ab3$\",\"copies\":2,"
		"\"lines\":[{\"name\":\"y\",\"count\":-3}],\"body\":{\"a\":[1.5e3]}}";
	static const char pieces[] = "{}[]\",:\\u0019-.eEtfn \xe9\xb3\xa5";
	guint taken = 0;

	for (int i = 0; i < ROUNDS; i++) {
		g_autofree char *text = g_strdup(sound);
		g_autoptr(GError) error = NULL;
		Request request = { 0 };

		for (int n = g_test_rand_int_range(0, 4); n > 0; n--)
			text[g_test_rand_int_range(0, sizeof sound - 1)] =
				pieces[g_test_rand_int_range(0, sizeof pieces - 1)];
		if (read_text(text, &request, &error)) {
			json_clear(&table, &request);
			taken++;
		} else {
			g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
		}
	}
	g_assert_cmpuint(taken, >, ROUNDS / 8);
}

static void test_dates(void)
{
	static const char *const bad[] = { "",           "2026-4-1",   "2026-04-31",  "2026-13-01",
					   "2026-00-10", "2026-04-00", "2026-04-01 ", "2026/04/01",
					   "0000-01-01", "1899-12-31", "令和8年",     "2100-02-29",
					   "20260401" };

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(json_time_is_date(bad[i]));
	g_assert_true(json_time_is_date("2000-02-29"));
	g_assert_true(json_time_is_date("1900-01-01"));
	g_assert_true(json_time_is_date("9999-12-31"));
}

static void test_times(void)
{
	static const char *const bad[] = {
		"2026-04-01",
		"2026-04-01T09:00Z",
		"2026-04-01T09:00:00",
		"2026-04-01T24:00:00Z",
		"2026-04-01T09:60:00Z",
		"2026-04-01T09:00:60Z",
		"2026-04-01 09:00:00Z",
		"2026-04-01T09:00:00+0900",
		"2026-04-01T09:00:00+24:00",
		"2026-04-01T09:00:00+09:60",
		"2026-04-01T09:00:00.Z",
		"2026-04-01T09:00:00Zx",
		"2026-04-31T09:00:00Z",
		"2026-04-01T09:00:00 09:00",
		"2026-04-01T09:00:00+09:00x",
	};
	g_autofree char *shown = json_time_format(1775001600);
	gint64 at = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(json_time_read(bad[i], &at));
	g_assert_true(json_time_read("1970-01-01T00:00:00Z", &at));
	g_assert_cmpint(at, ==, 0);
	g_assert_true(json_time_read("2026-04-01T00:00:00.123456Z", &at));
	g_assert_cmpint(at, ==, 1775001600);
	g_assert_true(json_time_read("2026-03-31T20:30:00-03:30", &at));
	g_assert_cmpint(at, ==, 1775001600);
	g_assert_cmpstr(shown, ==, "2026-04-01T09:00:00+09:00");
}

static void test_bytes_and_text(void)
{
	json_t *value = json_object();
	g_autoptr(GBytes) bytes = NULL;

	json_object_set_new(value, "b", json_text("鳥\n"));
	json_object_set_new(value, "a", json_text(NULL));
	json_object_set_new(value, "c", json_text("x\xff"));
	bytes = json_bytes(value);
	json_decref(value);
	g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
			"{\"b\":\"鳥\\n\",\"a\":null,\"c\":\"x\xef\xbf\xbd\"}",
			strlen("{\"b\":\"鳥\\n\",\"a\":null,\"c\":\"x\xef\xbf\xbd\"}"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	json_memory_init();
	g_test_add_func("/json/every-kind", test_every_kind);
	g_test_add_func("/json/absent-and-null", test_absent_and_null_leave_the_default);
	g_test_add_func("/json/refusals", test_refusals);
	g_test_add_func("/json/late-refusal", test_late_refusal_leaves_nothing);
	g_test_add_func("/json/secret-too-long", test_secret_longer_than_a_secret_can_be);
	g_test_add_func("/json/no-message-repeats-a-value", test_no_message_repeats_a_value);
	g_test_add_func("/json/damage", test_damage);
	g_test_add_func("/json/dates", test_dates);
	g_test_add_func("/json/times", test_times);
	g_test_add_func("/json/bytes-and-text", test_bytes_and_text);
	return g_test_run();
}
