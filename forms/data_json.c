/* SPDX-License-Identifier: Apache-2.0
 * Brackets, commas and keys are read here, the values between them by jansson, which tells where
 * it stopped. */
#include "forms/data_json.h"

#include <string.h>

#include "forms/form_error.h"

static void skip_blanks(DataJson *json)
{
	while (json->at < json->end && strchr(" \t\r\n", *json->at) != NULL && *json->at != '\0')
		json->at++;
}

/* Where at stands, and what is wrong line lines and column characters further. */
static gboolean refuse(const DataJson *json, int line, int column, const char *text, GError **error)
{
	const char *from = json->begin;

	for (const char *c = json->begin; c < json->at; c++) {
		if (*c == '\n') {
			line++;
			from = c + 1;
		}
	}
	if (line == 1 || column < 1)
		column += (int) g_utf8_strlen(from, json->at - from);
	return form_error_set(error, FORM_ERROR_INPUT, "%s:%d:%d: JSON の誤り（%s）",
			      "%s:%d:%d: broken JSON (%s)", json->name, line, column, text);
}

gboolean data_json_open(DataJson *json, char bracket, const char *shown, GError **error)
{
	skip_blanks(json);
	if (json->at == json->end || *json->at != bracket)
		return form_error_set(error, FORM_ERROR_INPUT, "%s: 「%s」ではありません",
				      "%s: not %s", json->name, shown);
	json->at++;
	return TRUE;
}

gboolean data_json_next(DataJson *json, char bracket, gboolean is_first, gboolean *ret_more,
			GError **error)
{
	skip_blanks(json);
	if (json->at == json->end)
		return refuse(json, 1, 1, "unexpected end", error);
	*ret_more = *json->at != bracket;
	if (*ret_more && !is_first && *json->at != ',')
		return refuse(json, 1, 1, "a comma is missing", error);
	if (!*ret_more || !is_first)
		json->at++;
	return TRUE;
}

json_t *data_json_value(DataJson *json, GError **error)
{
	json_error_t wrong;
	json_t *value = json_loadb(
		json->at, (size_t) (json->end - json->at),
		JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &wrong);

	if (value == NULL)
		(void) refuse(json, wrong.line, wrong.column, wrong.text, error);
	else
		json->at += wrong.position;
	return value;
}

char *data_json_key(DataJson *json, GError **error)
{
	json_t *key;
	char *text;

	skip_blanks(json);
	if (json->at == json->end || *json->at != '"') {
		(void) refuse(json, 1, 1, "a key is missing", error);
		return NULL;
	}
	key = data_json_value(json, error);
	if (key == NULL)
		return NULL;
	text = g_strdup(json_string_value(key));
	json_decref(key);
	skip_blanks(json);
	if (json->at < json->end && *json->at == ':') {
		json->at++;
		return text;
	}
	g_free(text);
	(void) refuse(json, 1, 1, "a colon is missing", error);
	return NULL;
}

gboolean data_json_end(DataJson *json, GError **error)
{
	skip_blanks(json);
	return json->at == json->end || refuse(json, 1, 1, "end of file expected", error);
}
