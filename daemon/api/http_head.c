/* SPDX-License-Identifier: Apache-2.0
 * Request line and header lines. Refused on purpose although some servers take it: bare LF, folded
 * lines, blanks before the colon, any Content-Length but one of digits only, Transfer-Encoding. */
#include "daemon/api/http_head.h"

#include <string.h>

#include "daemon/api/http_target.h"
#include "daemon/base/error.h"

#define LINES_MAX     100
#define TEXT(literal) literal, sizeof(literal) - 1

typedef struct FieldRow {
	const char *name; /* lower case */
	gsize length;
} FieldRow;

/* clang-format off */
static const FieldRow field_rows[_HTTP_FIELD_MAX] = {
	[HTTP_FIELD_HOST]              = { TEXT("host") },
	[HTTP_FIELD_CONTENT_LENGTH]    = { TEXT("content-length") },
	[HTTP_FIELD_TRANSFER_ENCODING] = { TEXT("transfer-encoding") },
	[HTTP_FIELD_EXPECT]            = { TEXT("expect") },
	[HTTP_FIELD_CONTENT_TYPE]      = { TEXT("content-type") },
	[HTTP_FIELD_ACCEPT]            = { TEXT("accept") },
	[HTTP_FIELD_ACCEPT_LANGUAGE]   = { TEXT("accept-language") },
	[HTTP_FIELD_IDEMPOTENCY_KEY]   = { TEXT("idempotency-key") },
	[HTTP_FIELD_IF_NONE_MATCH]     = { TEXT("if-none-match") },
	[HTTP_FIELD_IF_MODIFIED_SINCE] = { TEXT("if-modified-since") },
};
/* clang-format on */

static gboolean fault(HttpFault *ret_fault, int status, const char *text)
{
	ret_fault->status = status;
	ret_fault->text = text;
	return FALSE;
}

HttpFound http_head_find(const char *bytes, gsize length, HttpScan *scan, gsize *ret_length)
{
	const char *end;

	while ((end = memchr(bytes + scan->next, '\n', length - scan->next)) != NULL) {
		gsize at = (gsize) (end - bytes);

		if (at == scan->line || bytes[at - 1] != '\r')
			return HTTP_FOUND_GARBAGE;
		if (at - 1 == scan->line) {
			*ret_length = at + 1;
			return HTTP_FOUND_HEAD;
		}
		scan->line = scan->next = at + 1;
	}
	scan->next = length;
	return HTTP_FOUND_NOTHING;
}

static gboolean is_token_char(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean is_token(HttpText text)
{
	for (gsize i = 0; i < text.length; i++)
		if (!is_token_char(text.at[i]))
			return FALSE;
	return text.length > 0;
}

static gboolean is_equal(HttpText text, const char *lower, gsize length)
{
	return text.length == length && g_ascii_strncasecmp(text.at, lower, length) == 0;
}

/* Cuts the text before the first @separator off @rest; all of it where there is none. */
static HttpText cut(HttpText *rest, char separator)
{
	HttpText head = *rest;
	const char *at = memchr(rest->at, separator, rest->length);

	if (at != NULL) {
		head.length = (gsize) (at - rest->at);
		rest->at = at + 1;
		rest->length -= head.length + 1;
	} else {
		rest->at += rest->length;
		rest->length = 0;
	}
	return head;
}

static HttpText trim(HttpText text)
{
	while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 &&
	       (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
		text.length--;
	return text;
}

static gboolean read_method(HttpText name, HttpMethod *ret_method, HttpFault *ret_fault)
{
	if (!is_token(name))
		return fault(ret_fault, 400, N_("the request line is not HTTP"));
	for (int i = 0; i < _HTTP_METHOD_MAX; i++) {
		const char *known = http_request_method_name((HttpMethod) i);

		if (strlen(known) == name.length && memcmp(known, name.at, name.length) == 0) {
			*ret_method = (HttpMethod) i;
			return TRUE;
		}
	}
	return fault(ret_fault, 405,
		     N_("this method is not served here; use GET, HEAD, POST, PUT or DELETE"));
}

static gboolean read_request_line(HttpText line, HttpHead *head, HttpFault *ret_fault)
{
	HttpText rest = line;
	HttpText method = cut(&rest, ' ');
	HttpText version;

	head->target = cut(&rest, ' ');
	version = rest;
	if (version.length != strlen("HTTP/1.1") || memcmp(version.at, "HTTP/", 5) != 0 ||
	    !g_ascii_isdigit(version.at[5]) || version.at[6] != '.' ||
	    !g_ascii_isdigit(version.at[7]))
		return fault(ret_fault, 400, N_("the request line is not HTTP"));
	if (version.at[5] != '1' || version.at[7] > '1')
		return fault(ret_fault, 505, N_("only HTTP/1.1 and HTTP/1.0 are spoken here"));
	head->is_1_1 = version.at[7] == '1';
	head->is_kept = head->is_1_1;
	return read_method(method, &head->method, ret_fault);
}

static void read_connection(HttpText value, HttpHead *head, gboolean *ret_is_closing)
{
	while (value.length > 0) {
		HttpText option = trim(cut(&value, ','));

		if (is_equal(option, TEXT("close")))
			*ret_is_closing = TRUE;
		else if (is_equal(option, TEXT("keep-alive")))
			head->is_kept = TRUE;
	}
}

static gboolean is_clean(HttpText value, gboolean is_ascii)
{
	for (gsize i = 0; i < value.length; i++) {
		unsigned char c = (unsigned char) value.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f || (is_ascii && c >= 0x80))
			return FALSE;
	}
	return TRUE;
}

static gboolean keep_field(HttpHead *head, HttpText name, HttpText value, HttpFault *ret_fault)
{
	for (int i = 0; i < _HTTP_FIELD_MAX; i++) {
		if (!is_equal(name, field_rows[i].name, field_rows[i].length))
			continue;
		if (head->fields[i].at != NULL)
			return fault(ret_fault, 400,
				     i == HTTP_FIELD_CONTENT_LENGTH
					     ? N_("Content-Length is sent twice")
					     : N_("a header that may stand once is sent twice"));
		if (!is_clean(value, TRUE))
			return fault(ret_fault, 400, N_("a header holds characters beyond ASCII"));
		head->fields[i] = value;
	}
	return TRUE;
}

static gboolean read_header_line(HttpText line, HttpHead *head, gboolean *is_closing,
				 HttpFault *ret_fault)
{
	HttpText value = line;
	HttpText name = cut(&value, ':');

	if (name.length == line.length || !is_token(name))
		return fault(ret_fault, 400, N_("a header line is malformed"));
	value = trim(value);
	if (!is_clean(value, FALSE))
		return fault(ret_fault, 400, N_("a header holds a control character"));
	if (is_equal(name, TEXT("connection")))
		read_connection(value, head, is_closing);
	return keep_field(head, name, value, ret_fault);
}

static gboolean read_body_length(HttpHead *head, HttpFault *ret_fault)
{
	HttpText value = head->fields[HTTP_FIELD_CONTENT_LENGTH];

	if (head->fields[HTTP_FIELD_TRANSFER_ENCODING].at != NULL)
		return value.at != NULL || !head->is_1_1
			       ? fault(ret_fault, 400,
				       N_("Transfer-Encoding cannot stand beside Content-Length or "
					  "in HTTP/1.0"))
			       : fault(ret_fault, 411, N_("send the body with Content-Length"));
	if (value.at == NULL)
		return TRUE;
	if (value.length == 0 || value.length > 18)
		return fault(ret_fault, 400, N_("Content-Length is not a number"));
	for (gsize i = 0; i < value.length; i++) {
		if (!g_ascii_isdigit(value.at[i]))
			return fault(ret_fault, 400, N_("Content-Length is not a number"));
		head->body_length =
			head->body_length * 10 + (guint64) g_ascii_digit_value(value.at[i]);
	}
	return TRUE;
}

static gboolean read_meaning(HttpHead *head, gboolean is_closing, HttpFault *ret_fault)
{
	HttpText expect = head->fields[HTTP_FIELD_EXPECT];

	if (head->is_1_1 && head->fields[HTTP_FIELD_HOST].at == NULL)
		return fault(ret_fault, 400, N_("the Host header is missing"));
	if (is_closing)
		head->is_kept = FALSE;
	if (expect.at != NULL && !is_equal(expect, TEXT("100-continue")))
		return fault(ret_fault, 417, N_("this expectation cannot be met"));
	head->is_continue_expected = expect.at != NULL && head->is_1_1;
	return read_body_length(head, ret_fault);
}

gboolean http_head_read(const char *bytes, gsize length, HttpHead *ret_head, HttpFault *ret_fault)
{
	HttpHead head = { 0 };
	HttpText rest = { bytes, length };
	gboolean is_closing = FALSE;
	guint n = 0;

	while (rest.length > 0) {
		HttpText line = cut(&rest, '\n');

		line.length--; /* the CR, which http_head_find() has seen */
		if (line.length == 0)
			break;
		if (n > LINES_MAX)
			return fault(ret_fault, 431, N_("too many header lines"));
		if (!(n == 0 ? read_request_line(line, &head, ret_fault)
			     : read_header_line(line, &head, &is_closing, ret_fault)))
			return FALSE;
		n++;
	}
	if (n == 0)
		return fault(ret_fault, 400, N_("the request line is not HTTP"));
	if (!read_meaning(&head, is_closing, ret_fault))
		return FALSE;
	*ret_head = head;
	return TRUE;
}

static char *text_of(HttpText text)
{
	return text.at != NULL ? g_strndup(text.at, text.length) : NULL;
}

HttpRequest *http_head_request(const HttpHead *head, HttpFault *ret_fault)
{
	g_autoptr(HttpRequest) request = g_new0(HttpRequest, 1);

	request->method = head->method;
	if (!http_target_read(head->target, &request->path, &request->query, ret_fault))
		return NULL;
	request->host = text_of(head->fields[HTTP_FIELD_HOST]);
	request->idempotency_key = text_of(head->fields[HTTP_FIELD_IDEMPOTENCY_KEY]);
	request->if_none_match = text_of(head->fields[HTTP_FIELD_IF_NONE_MATCH]);
	request->if_modified_since = text_of(head->fields[HTTP_FIELD_IF_MODIFIED_SINCE]);
	request->content_type = text_of(head->fields[HTTP_FIELD_CONTENT_TYPE]);
	request->accept = text_of(head->fields[HTTP_FIELD_ACCEPT]);
	request->accept_language = text_of(head->fields[HTTP_FIELD_ACCEPT_LANGUAGE]);
	return g_steal_pointer(&request);
}
