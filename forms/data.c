/* SPDX-License-Identifier: Apache-2.0
 * The data as JSON, packed: equal texts are kept once, and the JSON tree is gone before the
 * first page is laid out. */
#include "forms/data.h"

#include <jansson.h>

#include "forms/form_error.h"
#include "forms/nearest.h"

#define TEXT_MAX 2000 /* bytes of one value or cell */

static const char *const top_keys[] = { "values", "rows", NULL };

struct Data {
	GHashTable *values;  /* name to text, both in texts */
	GStringChunk *texts; /* every text once */
	const char **cells;  /* rows times _FIELD_MAX, NULL for empty */
	guint n_rows;
};

/* Controls and format characters print nothing or turn the text round; selectors (Mn) do not
 * come here. A private character means another glyph in every office. */
static gunichar first_unprintable(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		GUnicodeType type = g_unichar_type(c);

		if (c != '\n' && c != '\t' &&
		    (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
		     type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_SURROGATE ||
		     type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR))
			return c;
	}
	return 0;
}

/* The text in the chunk, or NULL for null and with error set for anything else. */
static const char *keep_text(Data *data, const json_t *json, const char *where, GError **error)
{
	gunichar bad;

	if (json_is_null(json))
		return NULL;
	if (!json_is_string(json)) {
		form_error_set(error, FORM_ERROR_INPUT, "%s: 文字列ではありません",
			       "%s: not a string", where);
		return NULL;
	}
	if (json_string_length(json) > TEXT_MAX) {
		form_error_set(error, FORM_ERROR_INPUT, "%s: 長すぎます（%d バイトまで）",
			       "%s: too long (at most %d bytes)", where, TEXT_MAX);
		return NULL;
	}
	bad = first_unprintable(json_string_value(json));
	if (bad != 0) {
		form_error_set(error, FORM_ERROR_INPUT, "%s: 印刷できない文字 U+%04X",
			       "%s: unprintable character U+%04X", where, bad);
		return NULL;
	}
	return g_string_chunk_insert_const(data->texts, json_string_value(json));
}

static gboolean read_values(Data *data, json_t *values, GError **error)
{
	const char *key;
	json_t *json;

	if (!json_is_object(values))
		return form_error_set(error, FORM_ERROR_INPUT, "values: 「{ }」ではありません",
				      "values: not an object");
	json_object_foreach(values, key, json)
	{
		g_autoptr(GError) wrong = NULL;
		const char *text;

		if (!field_is_value(key))
			return nearest_refuse(error, key, field_nearest_value(key));
		text = keep_text(data, json, key, &wrong);
		if (wrong != NULL) {
			g_propagate_error(error, g_steal_pointer(&wrong));
			return FALSE;
		}
		if (text != NULL)
			g_hash_table_insert(data->values,
					    g_string_chunk_insert_const(data->texts, key),
					    (gpointer) text);
	}
	return TRUE;
}

static gboolean read_row(Data *data, json_t *row, const char **cells, GError **error)
{
	const char *key;
	json_t *json;

	if (!json_is_object(row))
		return form_error_set(error, FORM_ERROR_INPUT, "「{ }」ではありません",
				      "not an object");
	json_object_foreach(row, key, json)
	{
		Field field = field_of_json(key);
		GError *wrong = NULL;

		if (field == _FIELD_MAX)
			return nearest_refuse(error, key, field_nearest_json(key));
		cells[field] = keep_text(data, json, key, &wrong);
		if (wrong != NULL) {
			g_propagate_error(error, wrong);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean read_rows(Data *data, json_t *rows, GError **error)
{
	if (!json_is_array(rows))
		return form_error_set(error, FORM_ERROR_INPUT, "rows: 「[ ]」ではありません",
				      "rows: not an array");
	data->n_rows = (guint) json_array_size(rows);
	data->cells = g_new0(const char *, (gsize) data->n_rows *_FIELD_MAX);
	for (guint i = 0; i < data->n_rows; i++) {
		if (!read_row(data, json_array_get(rows, i), data->cells + (gsize) i * _FIELD_MAX,
			      error))
			return form_error_prefix(error, "%u行目 ", "row %u, ", i + 1);
	}
	return TRUE;
}

static gboolean read_root(Data *data, json_t *root, GError **error)
{
	const char *key;
	json_t *json;

	if (!json_is_object(root))
		return form_error_set(error, FORM_ERROR_INPUT, "「{ }」ではありません",
				      "not an object");
	json_object_foreach(root, key, json)
	{
		gboolean is_values = g_str_equal(key, "values");

		if (!is_values && !g_str_equal(key, "rows"))
			return nearest_refuse(error, key, nearest_word(key, top_keys));
		if (!(is_values ? read_values : read_rows)(data, json, error))
			return FALSE;
	}
	return TRUE;
}

Data *data_read(const char *name, const char *bytes, gsize length, GError **error)
{
	g_autoptr(Data) data = g_new0(Data, 1);
	json_error_t wrong;
	json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &wrong);
	gboolean done;

	data->values = g_hash_table_new(g_str_hash, g_str_equal);
	data->texts = g_string_chunk_new(64 * 1024);
	if (root == NULL) {
		form_error_set(error, FORM_ERROR_INPUT, "%s:%d:%d: JSON の誤り（%s）",
			       "%s:%d:%d: broken JSON (%s)", name, wrong.line, wrong.column,
			       wrong.text);
		return NULL;
	}
	done = read_root(data, root, error);
	json_decref(root);
	if (!done) {
		form_error_prefix(error, "%s: ", "%s: ", name);
		return NULL;
	}
	return g_steal_pointer(&data);
}

void data_free(Data *data)
{
	if (data == NULL)
		return;
	g_clear_pointer(&data->values, g_hash_table_unref);
	g_clear_pointer(&data->texts, g_string_chunk_free);
	g_free(data->cells);
	g_free(data);
}

const char *data_value(const Data *data, const char *ja)
{
	return data == NULL ? NULL : g_hash_table_lookup(data->values, ja);
}

guint data_rows(const Data *data)
{
	return data == NULL ? 0 : data->n_rows;
}

const char *data_cell(const Data *data, guint row, Field field)
{
	const char *text = data->cells[(gsize) row * _FIELD_MAX + field];

	return text == NULL ? "" : text;
}
