/* SPDX-License-Identifier: Apache-2.0
 * RFC 9457 says that title and detail are strings: they are English, and Japanese stands beside
 * them in members of its own. */
#include "daemon/api/problem.h"

#include "daemon/api/json.h"
#include "daemon/base/error.h"

#define TYPE_PREFIX "urn:opcard:problem:"

static json_t *problem_with_status(const GError *error, int status, json_t *extra)
{
	ErrorCode code = error_code(error);
	g_autofree char *type = g_strconcat(TYPE_PREFIX, error_name(code), NULL);
	json_t *problem = json_object();

	json_object_set_new(problem, "type", json_text(type));
	json_object_set_new(problem, "title", json_text(error_title_en(code)));
	json_object_set_new(problem, "titleJa", json_text(error_title_ja(code)));
	json_object_set_new(problem, "status", json_integer(status));
	json_object_set_new(problem, "detail", json_text(error->message));
	json_object_set_new(problem, "detailJa", json_text(error_ja(error)));
	json_object_set_new(problem, "exit", json_integer(error_exit(code)));
	if (extra != NULL)
		json_object_update_missing_new(problem, extra);
	return problem;
}

static HttpReply *reply_with(json_t *problem, int status)
{
	HttpReply *reply = http_reply_new(status, "application/problem+json", json_bytes(problem));

	json_decref(problem);
	http_reply_add_header(reply, "Content-Language", "en, ja");
	reply->is_secret = TRUE; /* nobody keeps an error */
	return reply;
}

json_t *problem_json(const GError *error, json_t *extra)
{
	return problem_with_status(error, error_http(error_code(error)), extra);
}

HttpReply *problem_reply(const GError *error, json_t *extra)
{
	return reply_with(problem_json(error, extra), error_http(error_code(error)));
}

HttpReply *problem_reply_status(const GError *error, int status)
{
	return reply_with(problem_with_status(error, status, NULL), status);
}
