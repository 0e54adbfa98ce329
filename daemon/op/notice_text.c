/* SPDX-License-Identifier: Apache-2.0
 * Places are filled from the stored values only; a value is text, never read again for places. */
#include "daemon/op/notice_text.h"

#include <string.h>

#include "daemon/base/clock.h"

#define NOTHING     "－"
#define LINE_BYTES  57 /* 76 characters of base64 */
#define WORD_BYTES  39 /* of an encoded word, at most 75 characters (RFC 2047) */
#define ADDRESS_MAX 254

void notice_text_clear(NoticeText *text)
{
	g_clear_pointer(&text->subject, g_free);
	g_clear_pointer(&text->body, g_free);
}

static void append_value(GString *text, const json_t *value)
{
	if (json_is_string(value) && *json_string_value(value) != '\0')
		g_string_append(text, json_string_value(value));
	else if (json_is_integer(value))
		g_string_append_printf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		g_string_append(text, NOTHING);
}

static char *fill(const char *text, const json_t *values)
{
	g_autoptr(GString) filled = g_string_new(NULL);
	const char *open;

	while ((open = strchr(text, '{')) != NULL) {
		const char *close = strchr(open, '}');
		g_autofree char *name = NULL;

		if (close == NULL)
			break;
		name = g_strndup(open + 1, (gsize) (close - open - 1));
		g_string_append_len(filled, text, open - text);
		append_value(filled, json_object_get(values, name));
		text = close + 1;
	}
	g_string_append(filled, text);
	return g_strdup(filled->str);
}

/* A subject is one line, whatever stands in a value. */
static void flatten(char *text)
{
	for (char *c = text; *c != '\0'; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
}

void notice_text_make(const OutboxNotice *notice, gboolean is_english, NoticeText *ret_text)
{
	const NoticeKind *kind = notice_kind_find(notice->kind);
	json_t *values = json_loads(notice->body, 0, NULL);

	if (kind == NULL) {
		ret_text->subject = g_strdup(notice->kind);
		ret_text->body = g_strdup(notice->body);
	} else {
		ret_text->subject = fill(is_english ? kind->subject_en : kind->subject_ja, values);
		ret_text->body = fill(is_english ? kind->body_en : kind->body_ja, values);
	}
	flatten(ret_text->subject);
	json_decref(values);
}

/* RFC 2047: no word may cut a character in two. */
static void append_words(GString *mail, const char *text)
{
	const char *end = text + strlen(text);

	while (text < end) {
		const char *next = text;
		g_autofree char *word = NULL;

		while (next < end && g_utf8_next_char(next) - text <= WORD_BYTES)
			next = g_utf8_next_char(next);
		word = g_base64_encode((const guchar *) text, (gsize) (next - text));
		g_string_append_printf(mail, " =?UTF-8?B?%s?=\r\n", word);
		text = next;
	}
}

static void append_body(GString *mail, const char *body)
{
	g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
	g_autofree char *wire = g_strjoinv("\r\n", lines);
	gsize length = strlen(wire);

	for (gsize at = 0; at < length; at += LINE_BYTES) {
		g_autofree char *line =
			g_base64_encode((const guchar *) wire + at, MIN(LINE_BYTES, length - at));

		g_string_append_printf(mail, "%s\r\n", line);
	}
}

char *notice_text_mail(const OutboxNotice *notice, const NoticeText *text, const char *from)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	g_autofree char *at = clock_time(notice->at); /* 2026-11-21T09:30:00+09:00 */
	g_autoptr(GString) mail = g_string_new(NULL);
	const char *domain = strchr(from, '@');
	int month = (int) g_ascii_strtoll(at + 5, NULL, 10);

	g_string_append_printf(mail, "From: <%s>\r\n", from);
	g_string_append_printf(mail, "Date: %.2s %s %.4s %.8s +0900\r\n", at + 8,
			       months[CLAMP(month, 1, 12) - 1], at, at + 11);
	g_string_append_printf(
		mail, "Message-ID: <opcard-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "%s>\r\n",
		notice->id, notice->at, domain != NULL ? domain : "@localhost");
	g_string_append(mail, "Auto-Submitted: auto-generated\r\nSubject:");
	append_words(mail, text->subject);
	g_string_append(mail, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
			      "Content-Transfer-Encoding: base64\r\n\r\n");
	append_body(mail, text->body);
	return g_strdup(mail->str);
}

gboolean notice_text_is_address(const char *text)
{
	const char *at = strchr(text, '@');

	if (at == NULL || at == text || at[1] == '\0' || strchr(at + 1, '@') != NULL ||
	    strlen(text) > ADDRESS_MAX)
		return FALSE;
	for (const char *c = text; *c != '\0'; c++)
		if (!g_ascii_isgraph(*c) || strchr("<>(),;:\\\"[]", *c) != NULL)
			return FALSE;
	return TRUE;
}
