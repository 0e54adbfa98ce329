/* SPDX-License-Identifier: Apache-2.0
 * The data as JSON, packed: equal texts are kept once, and a row's JSON is gone before the next
 * one is read. */
#include "forms/data.h"

#include "forms/data_json.h"
#include "forms/data_table.h"
#include "forms/form_error.h"
#include "forms/nearest.h"

#define TEXT_MAX   2000 /* bytes of one value or cell */
#define TABLES_MAX 64
#define ROWS_MAX   5000000

static const char *const top_keys[] = { "values", "rows", "tables", NULL };

struct Data {
	GHashTable *values;  /* name to text, both in texts */
	GStringChunk *texts; /* every text once */
	GHashTable *tables;  /* name to DataTable; "": the rows */
};

/* Controls and format characters print nothing or turn the text round; selectors (Mn) do not
 * come here. A private character is left to the office's own font. */
static gunichar first_unprintable(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		GUnicodeType type = g_unichar_type(c);

		if (c != '\n' && c != '\t' &&
		    (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
		     type == G_UNICODE_SURROGATE || type == G_UNICODE_LINE_SEPARATOR ||
		     type == G_UNICODE_PARAGRAPH_SEPARATOR))
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
		GError *wrong = NULL;
		const char *text;

		if (!field_is_value(key))
			return nearest_refuse(error, key, field_nearest_value(key));
		text = keep_text(data, json, key, &wrong);
		if (wrong != NULL) {
			g_propagate_error(error, wrong);
			return FALSE;
		}
		if (text != NULL)
			g_hash_table_insert(data->values,
					    g_string_chunk_insert_const(data->texts, key),
					    (gpointer) text);
	}
	return TRUE;
}

static gboolean read_row(Data *data, json_t *row, DataTable *table, GError **error)
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
		const char *text;

		if (field == _FIELD_MAX)
			return nearest_refuse(error, key, field_nearest_json(key));
		text = keep_text(data, json, key, &wrong);
		if (wrong != NULL) {
			g_propagate_error(error, wrong);
			return FALSE;
		}
		if (text != NULL)
			data_table_set(table, field, text);
	}
	return TRUE;
}

/* The next row of the table called name ("": the rows). */
static gboolean read_next_row(Data *data, DataJson *json, const char *name, GError **error)
{
	DataTable *table = g_hash_table_lookup(data->tables, name);
	json_t *row = data_json_value(json, error);
	gboolean done;

	if (row == NULL)
		return FALSE;
	data_table_add(table);
	done = read_row(data, row, table, error);
	json_decref(row);
	if (done && data_table_rows(table) > ROWS_MAX)
		done = form_error_set(error, FORM_ERROR_INPUT, "行が %d を超えました",
				      "more than %d rows", ROWS_MAX);
	return done || form_error_prefix(error, "%s: %s%s%u行目 ", "%s: %s%srow %u, ", json->name,
					 name, *name == '\0' ? "" : ": ", data_table_rows(table));
}

static gboolean read_table(Data *data, DataJson *json, const char *name, GError **error)
{
	gboolean more = TRUE;

	if (g_hash_table_contains(data->tables, name) ||
	    g_hash_table_size(data->tables) > TABLES_MAX)
		return form_error_set(error, FORM_ERROR_INPUT, "%s: 表「%s」が重なるか多すぎます",
				      "%s: table \"%s\" is double or one too many", json->name,
				      name);
	g_hash_table_insert(data->tables, g_string_chunk_insert(data->texts, name),
			    data_table_new());
	if (!data_json_open(json, '[', *name == '\0' ? "rows [ ]" : name, error))
		return FALSE;
	for (gboolean is_first = TRUE; more; is_first = FALSE) {
		if (!data_json_next(json, ']', is_first, &more, error) ||
		    (more && !read_next_row(data, json, name, error)))
			return FALSE;
	}
	return TRUE;
}

static gboolean read_tables(Data *data, DataJson *json, GError **error)
{
	gboolean more = TRUE;

	if (!data_json_open(json, '{', "tables { }", error))
		return FALSE;
	for (gboolean is_first = TRUE; more; is_first = FALSE) {
		g_autofree char *name = NULL;

		if (!data_json_next(json, '}', is_first, &more, error))
			return FALSE;
		if (!more)
			break;
		name = data_json_key(json, error);
		if (name == NULL)
			return FALSE;
		if (*name == '\0' || first_unprintable(name) != 0)
			return form_error_set(error, FORM_ERROR_INPUT,
					      "%s: 表に名前がないか、印刷できない文字があります",
					      "%s: a table has no printable name", json->name);
		if (!read_table(data, json, name, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean read_top(Data *data, DataJson *json, const char *key, GError **error)
{
	json_t *values;
	gboolean done;

	if (g_str_equal(key, "rows"))
		return read_table(data, json, "", error);
	if (g_str_equal(key, "tables"))
		return read_tables(data, json, error);
	if (!g_str_equal(key, "values")) {
		(void) nearest_refuse(error, key, nearest_word(key, top_keys));
		return form_error_prefix(error, "%s: ", "%s: ", json->name);
	}
	values = data_json_value(json, error);
	if (values == NULL)
		return FALSE;
	done = read_values(data, values, error) ||
	       form_error_prefix(error, "%s: ", "%s: ", json->name);
	json_decref(values);
	return done;
}

static gboolean read_root(Data *data, DataJson *json, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	gboolean more = TRUE;

	if (!data_json_open(json, '{', "{ }", error))
		return FALSE;
	for (gboolean is_first = TRUE; more; is_first = FALSE) {
		g_autofree char *key = NULL;

		if (!data_json_next(json, '}', is_first, &more, error))
			return FALSE;
		if (!more)
			break;
		key = data_json_key(json, error);
		if (key == NULL || !read_top(data, json, key, error))
			return FALSE;
		if (!g_hash_table_add(seen, g_steal_pointer(&key)))
			return form_error_set(error, FORM_ERROR_INPUT,
					      "%s: JSON の誤り（同じ項目が二度）",
					      "%s: broken JSON (a key stands twice)", json->name);
	}
	return data_json_end(json, error);
}

Data *data_read(const char *name, const char *bytes, gsize length, GError **error)
{
	g_autoptr(Data) data = g_new0(Data, 1);
	DataJson json = { name, bytes, bytes, bytes + length };

	data->values = g_hash_table_new(g_str_hash, g_str_equal);
	data->texts = g_string_chunk_new(64 * 1024);
	data->tables = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
					     (GDestroyNotify) data_table_free);
	return read_root(data, &json, error) ? g_steal_pointer(&data) : NULL;
}

void data_free(Data *data)
{
	if (data == NULL)
		return;
	g_clear_pointer(&data->values, g_hash_table_unref);
	g_clear_pointer(&data->tables, g_hash_table_unref);
	g_clear_pointer(&data->texts, g_string_chunk_free);
	g_free(data);
}

const char *data_value(const Data *data, const char *ja)
{
	return data == NULL ? NULL : g_hash_table_lookup(data->values, ja);
}

const DataTable *data_table(const Data *data, const char *name)
{
	return data == NULL ? NULL : g_hash_table_lookup(data->tables, name);
}

guint data_rows(const Data *data)
{
	return data_table_rows(data_table(data, ""));
}

const char *data_cell(const Data *data, guint row, Field field)
{
	return data_table_cell(data_table(data, ""), row, field);
}

char **data_tables(const Data *data)
{
	GStrvBuilder *names = g_strv_builder_new();
	GHashTableIter iter;
	gpointer name;
	char **all;

	if (data != NULL) {
		g_hash_table_iter_init(&iter, data->tables);
		while (g_hash_table_iter_next(&iter, &name, NULL))
			g_strv_builder_add(names, name);
	}
	all = g_strv_builder_end(names);
	g_strv_builder_unref(names);
	return all;
}
