/* SPDX-License-Identifier: Apache-2.0
 * The replies that handlers give. Errors: problem.h. */
#pragma once

#include <jansson.h>

#include "daemon/api/http_reply.h"

/* Takes @value over. Cache-Control: no-store, unless an entity tag is set. */
HttpReply *reply_json(int status, json_t *value) G_GNUC_WARN_UNUSED_RESULT;
/* Takes @body over. */
HttpReply *reply_bytes(int status, const char *content_type,
		       GBytes *body) G_GNUC_WARN_UNUSED_RESULT;
/* Copies @text. */
HttpReply *reply_text(int status, const char *content_type,
		      const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* 202 with Location: @location, a path. Takes @value over. */
HttpReply *reply_accepted(const char *location, json_t *value) G_GNUC_WARN_UNUSED_RESULT;
/* 201 with Location: @location, a path. Takes @value over. */
HttpReply *reply_created(const char *location, json_t *value) G_GNUC_WARN_UNUSED_RESULT;
/* 204. */
HttpReply *reply_empty(void) G_GNUC_WARN_UNUSED_RESULT;
/* 304 with the tag. @etag without quotes, visible ASCII. */
HttpReply *reply_not_modified(const char *etag) G_GNUC_WARN_UNUSED_RESULT;
/* 405 as a problem, with Allow: @allow ("GET, POST"). */
HttpReply *reply_not_allowed(const char *allow) G_GNUC_WARN_UNUSED_RESULT;

/* Sets ETag; @etag without quotes, visible ASCII. */
void reply_set_etag(HttpReply *reply, const char *etag);
/* TRUE if @if_none_match (RFC 9110, 13.1.2; may be NULL) names @etag or "*". */
gboolean reply_is_match(const char *if_none_match, const char *etag);
/* Content-Disposition: attachment with @file_name, which may be Japanese (RFC 6266, RFC 8187). */
void reply_set_download(HttpReply *reply, const char *file_name);
