/* SPDX-License-Identifier: Apache-2.0
 * The public listener. Nothing here touches the database or a lock that is held over a disk
 * write. */
#include "daemon/api/public.h"

#include <string.h>

#include "daemon/api/reply.h"
#include "daemon/base/clock.h"
#include "daemon/op/op.h"
#include "daemon/op/publish.h"

#define OCSP_TYPE "application/ocsp-response"

static HttpReply *ocsp_reply(House *house, const void *request, gsize length, gboolean is_get)
{
	g_auto(OcspAnswer) answer = { 0 };
	HttpReply *reply;

	ocsp_answer(house->ocsp, request, length, clock_now(), &answer);
	reply = reply_bytes(200, OCSP_TYPE, g_bytes_ref(answer.der));
	if (is_get && answer.is_cacheable) {
		g_autofree char *control = g_strdup_printf(
			"max-age=%" G_GINT64_FORMAT ", public, no-transform, must-revalidate",
			answer.max_age);

		http_reply_add_header(reply, "ETag", answer.etag);
		http_reply_add_header(reply, "Cache-Control", control);
	} else {
		http_reply_add_header(reply, "Cache-Control", "no-store");
	}
	return reply;
}

static HttpReply *ocsp_get(House *house, const char *path)
{
	g_autofree guchar *request = NULL;
	gsize length = 0;

	if (strlen(path) > OCSP_REQUEST_MAX * 2)
		return reply_text(414, "text/plain", "too long\n");
	request = g_base64_decode(path, &length);
	return ocsp_reply(house, request, length, TRUE);
}

static HttpReply *crl_get(House *house)
{
	GBytes *list = publish_current(house->publisher);

	if (list == NULL)
		return reply_text(404, "text/plain", "no revocation list yet\n");
	return reply_bytes(200, "application/pkix-crl", list);
}

HttpVerdict public_dispatch(HttpRequest *request, HttpReply **ret_reply, gpointer data)
{
	House *house = data;
	gboolean is_get = request->method == HTTP_GET || request->method == HTTP_HEAD;

	if (request->method == HTTP_POST && g_str_equal(request->path, "/ocsp"))
		*ret_reply = ocsp_reply(house, request->body, request->body_length, FALSE);
	else if (is_get && g_str_has_prefix(request->path, "/ocsp/"))
		*ret_reply = ocsp_get(house, request->path + strlen("/ocsp/"));
	else if (is_get && g_str_has_prefix(request->path, "/crl/") &&
		 g_str_has_suffix(request->path, ".crl"))
		*ret_reply = crl_get(house);
	else
		*ret_reply = reply_text(404, "text/plain", "not found\n");
	http_request_free(request);
	return HTTP_REPLIED;
}
