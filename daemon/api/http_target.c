/* SPDX-License-Identifier: Apache-2.0
 * Path and query of a request. Dot segments are refused, not resolved: nobody who means well sends
 * them, and a proxy in front may have judged another path. */
#include "daemon/api/http_target.h"

#include <string.h>

#include "daemon/base/error.h"

#define KEYS_MAX 64

static gboolean fault(HttpFault *ret_fault, const char *text)
{
	ret_fault->status = 400;
	ret_fault->text = text;
	return FALSE;
}

static gboolean is_plain(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("-._~!$&'()*+,;=:@/?", c) != NULL);
}

/* Decodes; NULL where a byte is not allowed, an escape is broken, the result is not UTF-8 or holds
 * a control character. */
static char *decode(HttpText text, gboolean is_plus_space)
{
	g_autofree char *out = g_malloc(text.length + 1);
	gsize n = 0;

	for (gsize i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == '%') {
			int high = i + 2 < text.length ? g_ascii_xdigit_value(text.at[i + 1]) : -1;
			int low = i + 2 < text.length ? g_ascii_xdigit_value(text.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return NULL;
			c = (char) (high * 16 + low);
			i += 2;
			if ((unsigned char) c < 0x20 || c == 0x7f)
				return NULL;
		} else if (!is_plain(c)) {
			return NULL;
		} else if (c == '+' && is_plus_space) {
			c = ' ';
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return g_utf8_validate(out, (gssize) n, NULL) ? g_steal_pointer(&out) : NULL;
}

static gboolean has_dot_segment(const char *path)
{
	while (path != NULL) {
		gsize length = strcspn(++path, "/");

		if ((length == 1 && path[0] == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			return TRUE;
		path = strchr(path, '/');
	}
	return FALSE;
}

static gboolean read_pair(HttpText pair, GHashTable *query, HttpFault *ret_fault)
{
	const char *equals = memchr(pair.at, '=', pair.length);
	gsize key_length = equals != NULL ? (gsize) (equals - pair.at) : pair.length;
	HttpText value = { pair.at + key_length, pair.length - key_length };
	g_autofree char *key = decode((HttpText){ pair.at, key_length }, TRUE);
	g_autofree char *text = NULL;

	if (equals != NULL) {
		value.at++;
		value.length--;
	}
	text = decode(value, TRUE);
	if (key == NULL || text == NULL || *key == '\0')
		return fault(ret_fault,
			     N_("the query is not well-formed UTF-8 in percent-encoding"));
	if (g_hash_table_contains(query, key))
		return fault(ret_fault, N_("a name stands twice in the query"));
	if (g_hash_table_size(query) >= KEYS_MAX)
		return fault(ret_fault, N_("too many names in the query"));
	g_hash_table_insert(query, g_steal_pointer(&key), g_steal_pointer(&text));
	return TRUE;
}

static GHashTable *read_query(HttpText text, HttpFault *ret_fault)
{
	g_autoptr(GHashTable) query =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	const char *end = text.at + text.length;

	for (const char *at = text.at; at < end;) {
		const char *stop = memchr(at, '&', (gsize) (end - at));
		gsize length = stop != NULL ? (gsize) (stop - at) : (gsize) (end - at);

		if (length > 0 && !read_pair((HttpText){ at, length }, query, ret_fault))
			return NULL;
		at += length + 1;
	}
	return g_steal_pointer(&query);
}

gboolean http_target_read(HttpText target, char **ret_path, GHashTable **ret_query,
			  HttpFault *ret_fault)
{
	const char *mark = memchr(target.at, '?', target.length);
	HttpText raw = { target.at, mark != NULL ? (gsize) (mark - target.at) : target.length };
	g_autofree char *path = NULL;
	g_autoptr(GHashTable) query = NULL;

	if (raw.length == 0 || raw.at[0] != '/')
		return fault(ret_fault,
			     N_("the request target must be a path that begins with \"/\""));
	path = decode(raw, FALSE);
	if (path == NULL)
		return fault(ret_fault,
			     N_("the path is not well-formed UTF-8 in percent-encoding"));
	if (has_dot_segment(path))
		return fault(ret_fault, N_("the path has a \".\" or \"..\" segment"));
	if (mark != NULL) {
		HttpText text = { mark + 1, target.length - raw.length - 1 };

		query = read_query(text, ret_fault);
		if (query == NULL)
			return FALSE;
	}
	*ret_path = g_steal_pointer(&path);
	*ret_query = g_steal_pointer(&query);
	return TRUE;
}
