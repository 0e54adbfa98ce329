/* SPDX-License-Identifier: Apache-2.0
 * Strict reading of JSON request bodies into plain structs by tables of fields. Memory of JSON
 * values is erased when freed, because a body may hold a PIN. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct Secret Secret;
typedef struct JsonTable JsonTable;

/* What a field holds in JSON → what lies at its offset. */
typedef enum JsonKind {
	JSON_KIND_TEXT,    /* string → char *; no control character but tab and newline */
	JSON_KIND_INT,     /* integer → gint64 */
	JSON_KIND_BOOL,    /* true, false → gboolean */
	JSON_KIND_DATE,    /* "yyyy-mm-dd", a day of the calendar → char * */
	JSON_KIND_TIME,    /* RFC 3339 with offset → gint64, seconds since 1970 */
	JSON_KIND_CHOICE,  /* string → int, its index in .choices */
	JSON_KIND_TEXTS,   /* array of strings → char ** (NULL-terminated) */
	JSON_KIND_SECRET,  /* string → Secret * */
	JSON_KIND_OBJECT,  /* object → pointer to a new struct of .table */
	JSON_KIND_OBJECTS, /* array of objects → GPtrArray * of structs of .table */
	JSON_KIND_ANY,     /* any value → json_t *, a new reference */
	_JSON_KIND_MAX,
} JsonKind;

typedef struct JsonField {
	const char *name;
	JsonKind kind;
	gboolean is_required;
	gsize offset;
	/* TEXT, SECRET: characters [1..max]; INT: value; TEXTS, OBJECTS: number of elements.
	 * max 0 stands for 1,000 characters, any value, 1,000 elements. An optional TEXT may also
	 * be "". */
	gint64 min, max;
	const char *const *choices; /* CHOICE: NULL-terminated */
	const JsonTable *table;     /* OBJECT, OBJECTS */
} JsonField;

struct JsonTable {
	const JsonField *fields;
	gsize n_fields;
	gsize size; /* of the struct */
};

/* static const JsonField fields[] = {
 *	{ "staff", JSON_KIND_TEXT, TRUE, offsetof(Request, staff), .max = 20 }, … };
 * static const JsonTable table = JSON_TABLE(fields, Request); */
#define JSON_TABLE(fields, Type)                                                                   \
	{                                                                                          \
		(fields), G_N_ELEMENTS(fields), sizeof(Type)                                       \
	}

/* Once, before the first JSON value of the process: from then on jansson erases what it frees. */
void json_memory_init(void);

/* One JSON object: UTF-8, no duplicate names, no U+0000, nothing after it, at most 16 levels deep.
 * ERROR_USAGE. */
json_t *json_load(const void *bytes, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads @object into the struct @into. Absent and null optional fields leave their place as it is,
 * so the caller sets defaults first. Unknown fields, wrong types, values outside the limits and
 * missing fields are ERROR_USAGE naming the field ("holder.staff", "lines[3].name"); then nothing
 * is left to clear. @into's pointers must be NULL before. */
gboolean json_read(const json_t *object, const JsonTable *table, gpointer into,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Frees what json_read() put into @into and sets those pointers to NULL; not @into itself. */
void json_clear(const JsonTable *table, gpointer into);

/* Compact text of @value, erased when the bytes are freed. */
GBytes *json_bytes(const json_t *value) G_GNUC_WARN_UNUSED_RESULT;
/* A string value, or null where @text is NULL. */
json_t *json_text(const char *text) G_GNUC_WARN_UNUSED_RESULT;
