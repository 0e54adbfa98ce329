/* SPDX-License-Identifier: Apache-2.0
 * Strict parser of an HTTP/1.x request head (RFC 9112): what two parsers could read differently is
 * refused, so that no request can be smuggled past a proxy. Pure: bytes in, slices out. */
#pragma once

#include "daemon/api/http_fault.h"
#include "daemon/api/http_request.h"

/* A slice of the bytes that were parsed; not NUL-terminated. `at` is NULL where absent. */
typedef struct HttpText {
	const char *at;
	gsize length;
} HttpText;

typedef enum HttpField {
	HTTP_FIELD_HOST,
	HTTP_FIELD_CONTENT_LENGTH,
	HTTP_FIELD_TRANSFER_ENCODING,
	HTTP_FIELD_EXPECT,
	HTTP_FIELD_CONTENT_TYPE,
	HTTP_FIELD_ACCEPT,
	HTTP_FIELD_ACCEPT_LANGUAGE,
	HTTP_FIELD_IDEMPOTENCY_KEY,
	HTTP_FIELD_IF_NONE_MATCH,
	HTTP_FIELD_IF_MODIFIED_SINCE,
	_HTTP_FIELD_MAX,
} HttpField;

typedef struct HttpHead {
	HttpMethod method;
	HttpText target;
	HttpText fields[_HTTP_FIELD_MAX];
	guint64 body_length;
	gboolean is_1_1;
	gboolean is_kept; /* the client wants the connection to stay open */
	gboolean is_continue_expected;
} HttpHead;

/* How far http_head_find() has looked; all 0 for a new head. */
typedef struct HttpScan {
	gsize line; /* start of the line being looked at */
	gsize next; /* first byte not looked at */
} HttpScan;

typedef enum HttpFound {
	HTTP_FOUND_NOTHING, /* more bytes are needed */
	HTTP_FOUND_HEAD,
	HTTP_FOUND_GARBAGE, /* a line ends without CR */
	_HTTP_FOUND_MAX,
} HttpFound;

/* Looks for the end of the head in @bytes, which only grow between calls with the same @scan.
 * @ret_length is the head's, the empty line included. */
HttpFound http_head_find(const char *bytes, gsize length, HttpScan *scan, gsize *ret_length);
/* Parses a head as http_head_find() delimited it. */
gboolean http_head_read(const char *bytes, gsize length, HttpHead *ret_head,
			HttpFault *ret_fault) G_GNUC_WARN_UNUSED_RESULT;
/* The request that @head stands for, without body, peer and server. */
HttpRequest *http_head_request(const HttpHead *head,
			       HttpFault *ret_fault) G_GNUC_WARN_UNUSED_RESULT;
