/* SPDX-License-Identifier: Apache-2.0
 * Reading by tables: one row a kind of field. No message ever repeats a value, because the value
 * may be a PIN. */
#include <string.h>

#include "daemon/api/json.h"
#include "daemon/api/json_time.h"
#include "daemon/base/error.h"
#include "pkcs11/secret.h"

#define CHARACTERS_MAX 1000
#define ELEMENTS_MAX   1000
#define NAME_SHOWN_MAX 64

/* Where a value stands, for messages: a name in its parent, or an element of a list. */
typedef struct Place {
	const struct Place *parent;
	const char *name; /* NULL for an element */
	gsize index;
} Place;

typedef struct KindRow {
	const char *wrong_type;
	gboolean (*is_type)(const json_t *value);
	gboolean (*read)(const JsonField *field, const json_t *value, gpointer at,
			 const Place *place, GError **error);
	void (*clear)(const JsonField *field, gpointer at);
} KindRow;

static gboolean read_object(const json_t *object, const JsonTable *table, gpointer into,
			    const Place *parent, GError **error);

static void append_place(GString *out, const Place *place)
{
	if (place == NULL)
		return;
	append_place(out, place->parent);
	if (place->name == NULL)
		g_string_append_printf(out, "[%" G_GSIZE_FORMAT "]", place->index);
	else if (out->len > 0)
		g_string_append_printf(out, ".%s", place->name);
	else
		g_string_append(out, place->name);
}

/* "holder.staff", "lines[3].name". */
static char *place_text(const Place *place)
{
	GString *out = g_string_new(NULL);

	append_place(out, place);
	return g_string_free(out, FALSE);
}

/* @format takes the place alone. */
static gboolean complain(const Place *place, const char *format, GError **error)
{
	g_autofree char *text = place_text(place);

	return error_set(error, ERROR_USAGE, format, text);
}

/* @format takes the place and the limits, as %lld. */
static gboolean is_between(gint64 value, gint64 min, gint64 max, const Place *place,
			   const char *format, GError **error)
{
	g_autofree char *text = NULL;

	if (value >= min && value <= max)
		return TRUE;
	text = place_text(place);
	return error_set(error, ERROR_USAGE, format, text, (long long) min, (long long) max);
}

static gboolean is_right_length(const JsonField *field, const json_t *value, const Place *place,
				GError **error)
{
	gint64 max = field->max != 0 ? field->max : CHARACTERS_MAX;
	gint64 min = field->min != 0 ? field->min : field->is_required;
	gint64 n = g_utf8_strlen(json_string_value(value), (gssize) json_string_length(value));

	return is_between(n, min, max, place, N_("field \"%s\" must have %lld to %lld characters"),
			  error);
}

static gboolean is_clean_text(const char *text, const Place *place, GError **error)
{
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text) && *text != '\n' && *text != '\t')
			return complain(place, N_("field \"%s\" holds a control character"), error);
	return TRUE;
}

static gboolean read_text(const JsonField *field, const json_t *value, gpointer at,
			  const Place *place, GError **error)
{
	if (!is_right_length(field, value, place, error) ||
	    !is_clean_text(json_string_value(value), place, error))
		return FALSE;
	*(char **) at = g_strdup(json_string_value(value));
	return TRUE;
}

static gboolean read_int(const JsonField *field, const json_t *value, gpointer at,
			 const Place *place, GError **error)
{
	gint64 n = json_integer_value(value);

	if ((field->min != 0 || field->max != 0) &&
	    !is_between(n, field->min, field->max, place,
			N_("field \"%s\" must be between %lld and %lld"), error))
		return FALSE;
	*(gint64 *) at = n;
	return TRUE;
}

static gboolean read_bool(const JsonField *field G_GNUC_UNUSED, const json_t *value, gpointer at,
			  const Place *place G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
	*(gboolean *) at = json_is_true(value);
	return TRUE;
}

static gboolean read_date(const JsonField *field G_GNUC_UNUSED, const json_t *value, gpointer at,
			  const Place *place, GError **error)
{
	if (!json_time_is_date(json_string_value(value)))
		return complain(
			place, N_("field \"%s\" must be a day of the calendar, written 2026-04-01"),
			error);
	*(char **) at = g_strdup(json_string_value(value));
	return TRUE;
}

static gboolean read_time(const JsonField *field G_GNUC_UNUSED, const json_t *value, gpointer at,
			  const Place *place, GError **error)
{
	gint64 seconds;

	if (!json_time_read(json_string_value(value), &seconds))
		return complain(place,
				N_("field \"%s\" must be a time with its offset, written "
				   "2026-04-01T09:00:00+09:00"),
				error);
	*(gint64 *) at = seconds;
	return TRUE;
}

static gboolean read_choice(const JsonField *field, const json_t *value, gpointer at,
			    const Place *place, GError **error)
{
	g_autofree char *known = NULL;
	g_autofree char *text = NULL;

	for (int i = 0; field->choices[i] != NULL; i++) {
		if (strcmp(field->choices[i], json_string_value(value)) == 0) {
			*(int *) at = i;
			return TRUE;
		}
	}
	known = g_strjoinv(", ", (char **) field->choices);
	text = place_text(place);
	return error_set(error, ERROR_USAGE, N_("field \"%s\" must be one of: %s"), text, known);
}

static gboolean is_right_count(const JsonField *field, const json_t *value, const Place *place,
			       GError **error)
{
	return is_between((gint64) json_array_size(value), field->min,
			  field->max != 0 ? field->max : ELEMENTS_MAX, place,
			  N_("field \"%s\" must have %lld to %lld elements"), error);
}

static gboolean read_texts(const JsonField *field, const json_t *value, gpointer at,
			   const Place *place, GError **error)
{
	static const JsonField element = { .is_required = TRUE };
	g_auto(GStrv) texts = NULL;
	gsize n = json_array_size(value);

	if (!is_right_count(field, value, place, error))
		return FALSE;
	texts = g_new0(char *, n + 1);
	for (gsize i = 0; i < n; i++) {
		const Place here = { place, NULL, i };
		const json_t *text = json_array_get(value, i);

		if (!json_is_string(text))
			return complain(&here, N_("field \"%s\" must be text"), error);
		if (!read_text(&element, text, &texts[i], &here, error))
			return FALSE;
	}
	*(char ***) at = g_steal_pointer(&texts);
	return TRUE;
}

static gboolean read_secret(const JsonField *field, const json_t *value, gpointer at,
			    const Place *place, GError **error)
{
	Secret *secret;

	if (!is_right_length(field, value, place, error))
		return FALSE;
	secret = secret_new(json_string_value(value), json_string_length(value));
	if (secret == NULL)
		return complain(place, N_("field \"%s\" is too long, or no locked memory is left"),
				error);
	*(Secret **) at = secret;
	return TRUE;
}

static gboolean read_nested(const JsonField *field, const json_t *value, gpointer at,
			    const Place *place, GError **error)
{
	g_autofree gpointer nested = g_malloc0(field->table->size);

	if (!read_object(value, field->table, nested, place, error))
		return FALSE;
	*(gpointer *) at = g_steal_pointer(&nested);
	return TRUE;
}

static void clear_objects(const JsonField *field, gpointer at)
{
	GPtrArray *items = *(GPtrArray **) at;

	for (guint i = 0; items != NULL && i < items->len; i++) {
		json_clear(field->table, g_ptr_array_index(items, i));
		g_free(g_ptr_array_index(items, i));
	}
	g_clear_pointer((GPtrArray **) at, g_ptr_array_unref);
}

static gboolean read_objects(const JsonField *field, const json_t *value, gpointer at,
			     const Place *place, GError **error)
{
	GPtrArray *items;

	if (!is_right_count(field, value, place, error))
		return FALSE;
	items = g_ptr_array_new();
	for (gsize i = 0; i < json_array_size(value); i++) {
		const Place here = { place, NULL, i };
		const json_t *object = json_array_get(value, i);
		gpointer item = NULL;

		if (!json_is_object(object)
			    ? !complain(&here, N_("field \"%s\" must be an object"), error)
			    : !read_nested(field, object, &item, &here, error)) {
			clear_objects(field, &items);
			return FALSE;
		}
		g_ptr_array_add(items, item);
	}
	*(GPtrArray **) at = items;
	return TRUE;
}

static gboolean read_any(const JsonField *field G_GNUC_UNUSED, const json_t *value, gpointer at,
			 const Place *place G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
	*(json_t **) at = json_incref((json_t *) value);
	return TRUE;
}

static gboolean is_string(const json_t *value)
{
	return json_is_string(value);
}

static gboolean is_integer(const json_t *value)
{
	return json_is_integer(value);
}

static gboolean is_boolean(const json_t *value)
{
	return json_is_boolean(value);
}

static gboolean is_array(const json_t *value)
{
	return json_is_array(value);
}

static gboolean is_object(const json_t *value)
{
	return json_is_object(value);
}

static gboolean is_anything(const json_t *value G_GNUC_UNUSED)
{
	return TRUE;
}

static void clear_nothing(const JsonField *field G_GNUC_UNUSED, gpointer at G_GNUC_UNUSED)
{
}

static void clear_text(const JsonField *field G_GNUC_UNUSED, gpointer at)
{
	g_clear_pointer((char **) at, g_free);
}

static void clear_texts(const JsonField *field G_GNUC_UNUSED, gpointer at)
{
	g_clear_pointer((char ***) at, g_strfreev);
}

static void clear_secret(const JsonField *field G_GNUC_UNUSED, gpointer at)
{
	g_clear_pointer((Secret **) at, secret_free);
}

static void clear_object(const JsonField *field, gpointer at)
{
	if (*(gpointer *) at != NULL)
		json_clear(field->table, *(gpointer *) at);
	g_clear_pointer((gpointer *) at, g_free);
}

static void clear_any(const JsonField *field G_GNUC_UNUSED, gpointer at)
{
	g_clear_pointer((json_t **) at, json_decref);
}

/* clang-format off */
static const KindRow kinds[_JSON_KIND_MAX] = {
	[JSON_KIND_TEXT]    = { N_("field \"%s\" must be text"),
				is_string, read_text, clear_text },
	[JSON_KIND_INT]     = { N_("field \"%s\" must be a whole number"),
				is_integer, read_int, clear_nothing },
	[JSON_KIND_BOOL]    = { N_("field \"%s\" must be true or false"),
				is_boolean, read_bool, clear_nothing },
	[JSON_KIND_DATE]    = { N_("field \"%s\" must be a date as text"),
				is_string, read_date, clear_text },
	[JSON_KIND_TIME]    = { N_("field \"%s\" must be a time as text"),
				is_string, read_time, clear_nothing },
	[JSON_KIND_CHOICE]  = { N_("field \"%s\" must be text"),
				is_string, read_choice, clear_nothing },
	[JSON_KIND_TEXTS]   = { N_("field \"%s\" must be a list of texts"),
				is_array, read_texts, clear_texts },
	[JSON_KIND_SECRET]  = { N_("field \"%s\" must be text"),
				is_string, read_secret, clear_secret },
	[JSON_KIND_OBJECT]  = { N_("field \"%s\" must be an object"),
				is_object, read_nested, clear_object },
	[JSON_KIND_OBJECTS] = { N_("field \"%s\" must be a list of objects"),
				is_array, read_objects, clear_objects },
	[JSON_KIND_ANY]     = { "",
				is_anything, read_any, clear_any },
};
/* clang-format on */

static const JsonField *find_field(const JsonTable *table, const char *name)
{
	for (gsize i = 0; i < table->n_fields; i++)
		if (strcmp(table->fields[i].name, name) == 0)
			return &table->fields[i];
	return NULL;
}

/* A foreign name, fit for a message: short and without control characters. */
static char *shown_name(const char *name)
{
	char *shown = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), NAME_SHOWN_MAX));

	for (char *c = shown; *c != '\0'; c++)
		if (g_ascii_iscntrl(*c))
			*c = '?';
	return shown;
}

static gboolean refuse_unknown(const JsonTable *table, const char *name, const Place *parent,
			       GError **error)
{
	g_autofree char *shown = shown_name(name);
	const Place place = { parent, shown, 0 };
	g_autofree char *text = place_text(&place);
	g_autoptr(GString) known = g_string_new(NULL);

	for (gsize i = 0; i < table->n_fields; i++)
		g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", table->fields[i].name);
	return error_set(error, ERROR_USAGE, N_("field \"%s\" is unknown here; known fields: %s"),
			 text, known->str);
}

static gboolean refuse_unknowns(const json_t *object, const JsonTable *table, const Place *parent,
				GError **error)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *) object, name,
			    value) if (find_field(table, name) ==
				       NULL) return refuse_unknown(table, name, parent, error);
	return TRUE;
}

static gboolean read_field(const JsonField *field, const json_t *value, gpointer into,
			   const Place *parent, GError **error)
{
	const Place place = { parent, field->name, 0 };
	const KindRow *kind = &kinds[field->kind];

	if (value == NULL || json_is_null(value))
		return !field->is_required ||
		       complain(&place, N_("field \"%s\" is missing"), error);
	if (!kind->is_type(value))
		return complain(&place, kind->wrong_type, error);
	return kind->read(field, value, (char *) into + field->offset, &place, error);
}

static gboolean read_object(const json_t *object, const JsonTable *table, gpointer into,
			    const Place *parent, GError **error)
{
	gboolean is_read = refuse_unknowns(object, table, parent, error);

	for (gsize i = 0; is_read && i < table->n_fields; i++)
		is_read = read_field(&table->fields[i],
				     json_object_get(object, table->fields[i].name), into, parent,
				     error);
	if (!is_read)
		json_clear(table, into);
	return is_read;
}

gboolean json_read(const json_t *object, const JsonTable *table, gpointer into, GError **error)
{
	return read_object(object, table, into, NULL, error);
}

void json_clear(const JsonTable *table, gpointer into)
{
	for (gsize i = 0; i < table->n_fields; i++)
		kinds[table->fields[i].kind].clear(&table->fields[i],
						   (char *) into + table->fields[i].offset);
}
