/* SPDX-License-Identifier: Apache-2.0
 * The words a form may ask data for, and the JSON names behind them. */
#pragma once

#include <glib.h>

typedef enum Field {
	FIELD_ISSUED_ON,
	FIELD_SECTION,
	FIELD_SUBSECTION,
	FIELD_TITLE,
	FIELD_NAME,
	FIELD_KANA,
	FIELD_STAFF,
	FIELD_AUTHORITY,
	FIELD_CARD,
	FIELD_RETURNED_ON,
	FIELD_REASON,
	FIELD_KIND,
	FIELD_LENT_ON,
	FIELD_CHECKED_ON,
	FIELD_NOTE,
	FIELD_CHECK,
	FIELD_CHANGED_ON,
	FIELD_DUE,
	FIELD_DAYS,
	_FIELD_MAX
} Field;

/* The column named so by the office (氏名); _FIELD_MAX where there is none. */
Field field_of_word(const char *ja);

/* The column named so in JSON (name); _FIELD_MAX where there is none. */
Field field_of_json(const char *json);

const char *field_word(Field field);
const char *field_json(Field field);

/* Whether "values" may hold this word (団体名); 頁 and the like are counted, not given. */
gboolean field_is_value(const char *ja);

/* Whether a form may write {word}: a value, a column or a counted word. */
gboolean field_is_placeholder(const char *ja);

/* The nearest known word for a message, or NULL. */
const char *field_nearest_column(const char *ja);
const char *field_nearest_json(const char *json);
const char *field_nearest_value(const char *ja);
const char *field_nearest_placeholder(const char *ja);
