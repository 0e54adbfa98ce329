/* SPDX-License-Identifier: Apache-2.0
 * The public listener. Nothing here touches the database or a lock that is held over a disk
 * write. */
#include "daemon/api/public.h"

#include <string.h>
#include <time.h>

#include "daemon/api/reply.h"
#include "daemon/base/clock.h"

#define OCSP_TYPE "application/ocsp-response"
#define LIST_TYPE "application/pkix-crl"

/* Asking again costs next to nothing while the number is the same. */
#define LIST_CONTROL "max-age=1, public, must-revalidate"

static void add_date(HttpReply *reply, const char *name, gint64 at)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t) at;
	struct tm utc;
	char text[64];

	gmtime_r(&seconds, &utc);
	g_snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday],
		   utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
		   utc.tm_sec);
	http_reply_add_header(reply, name, text);
}

/* Most answers of a second have one of a few ages: the text is made anew only when it changes. */
static void add_control(HttpReply *reply, gint64 max_age)
{
	static _Thread_local char text[96];
	static _Thread_local gint64 made_for = -1;

	if (made_for != max_age)
		g_snprintf(text, sizeof text,
			   "max-age=%" G_GINT64_FORMAT ", public, no-transform, must-revalidate",
			   made_for = max_age);
	http_reply_add_header(reply, "Cache-Control", text);
}

/* RFC 5019 6.2. */
static void add_validators(HttpReply *reply, const OcspAnswer *answer)
{
	http_reply_add_header(reply, "ETag", answer->etag);
	add_date(reply, "Last-Modified", answer->this_update);
	add_date(reply, "Expires", answer->next_update);
}

static gboolean is_same(const char *if_none_match, const OcspAnswer *answer)
{
	g_autofree char *tag = NULL;

	if (if_none_match == NULL)
		return FALSE;
	tag = g_strndup(answer->etag + 1, strlen(answer->etag) - 2);
	return reply_is_match(if_none_match, tag);
}

/* A POST says how long it may be kept for a proxy that was told to keep answers to POST; others do
 * not without a Content-Location (RFC 9110 9.3.3). If-Modified-Since is not looked at: two answers
 * of one second may differ. */
static HttpReply *ocsp_reply(House *house, const HttpRequest *request, const void *der,
			     gsize length)
{
	g_auto(OcspAnswer) answer = { 0 };
	gboolean is_post = request->method == HTTP_POST;
	HttpReply *reply;

	ocsp_answer(house->ocsp, der, length, clock_now(), &answer);
	reply = !is_post && answer.is_cacheable && is_same(request->if_none_match, &answer)
			? http_reply_new(304, NULL, NULL)
			: reply_bytes(200, OCSP_TYPE, g_bytes_ref(answer.der));
	if (!answer.is_cacheable) {
		http_reply_add_header(reply, "Cache-Control", "no-store");
		return reply;
	}
	add_control(reply, answer.max_age);
	if (!is_post)
		add_validators(reply, &answer);
	return reply;
}

/* g_base64_decode() skips what is no base64; an answer to half a request helps nobody. */
static gboolean is_base64(const char *text)
{
	gsize digits = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789+/");
	gsize padding = strspn(text + digits, "=");

	return text[digits + padding] == '\0' && padding <= 2 && (digits + padding) % 4 == 0;
}

static HttpReply *ocsp_get(House *house, const HttpRequest *request)
{
	const char *text = request->path + strlen("/ocsp/");
	g_autofree guchar *der = NULL;
	gsize length = 0;

	if (strlen(text) > OCSP_REQUEST_MAX * 2)
		return reply_text(414, "text/plain", "too long\n");
	if (is_base64(text))
		der = g_base64_decode(text, &length);
	return ocsp_reply(house, request, der, length);
}

/* By the name of its file; any other name is the first CA's, as configured. */
static Publisher *publisher_named(House *house, const char *path, gboolean is_delta)
{
	const char *name = strrchr(path, '/') + 1;

	for (Publisher *one = house->publisher; one != NULL; one = publish_next(one))
		if (publish_has_name(one, name, is_delta))
			return one;
	return is_delta ? NULL : house->publisher;
}

static HttpReply *list_get(House *house, const HttpRequest *request)
{
	guint64 number;
	Publisher *publisher = publisher_named(house, request->path, FALSE);
	g_autoptr(GBytes) list = publish_current(publisher, &number);
	HttpReply *reply;
	char tag[32], quoted[34];

	if (list == NULL)
		return reply_text(404, "text/plain", "no revocation list yet\n");
	g_snprintf(tag, sizeof tag, "%" G_GUINT64_FORMAT, number);
	g_snprintf(quoted, sizeof quoted, "\"%s\"", tag);
	reply = reply_is_match(request->if_none_match, tag)
			? http_reply_new(304, NULL, NULL)
			: reply_bytes(200, LIST_TYPE, g_steal_pointer(&list));
	http_reply_add_header(reply, "ETag", quoted);
	http_reply_add_header(reply, "Cache-Control", LIST_CONTROL);
	return reply;
}

static gboolean is_ocsp(const char *path)
{
	return g_str_equal(path, "/ocsp") || g_str_equal(path, "/ocsp/");
}

HttpVerdict public_dispatch(HttpRequest *given, HttpReply **ret_reply, gpointer data)
{
	g_autoptr(HttpRequest) request = given;
	const Public *public = data;
	House *house = public->house;
	gboolean is_get = request->method == HTTP_GET || request->method == HTTP_HEAD;

	if (is_get && g_str_has_prefix(request->path, "/crl/")) {
		Publisher *delta = publisher_named(house, request->path, TRUE);

		if (delta != NULL)
			return push_get(public->push, delta, request, ret_reply);
	}
	if (request->method == HTTP_POST && is_ocsp(request->path))
		*ret_reply = ocsp_reply(house, request, request->body, request->body_length);
	else if (is_get && g_str_has_prefix(request->path, "/ocsp/"))
		*ret_reply = ocsp_get(house, request);
	else if (is_get && g_str_has_prefix(request->path, "/crl/") &&
		 g_str_has_suffix(request->path, ".crl"))
		*ret_reply = list_get(house, request);
	else
		*ret_reply = reply_text(404, "text/plain", "not found\n");
	return HTTP_REPLIED;
}
