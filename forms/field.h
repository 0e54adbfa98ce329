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
	FIELD_DATE,
	FIELD_STARTED_AT,
	FIELD_ENDED_AT,
	FIELD_WORK,
	FIELD_MARK,
	FIELD_DUTIES,
	FIELD_DESIGNATION,
	FIELD_NUMBER,
	FIELD_AT,
	FIELD_CATEGORY,
	FIELD_ITEM,
	FIELD_CONTENT,
	FIELD_COUNT,
	FIELD_PREVIOUS,
	FIELD_TOTAL,
	FIELD_ISSUED,
	FIELD_RETURNED,
	FIELD_REVOKED,
	FIELD_LOST,
	FIELD_STATE,
	FIELD_RESULT,
	FIELD_MEASURE,
	FIELD_OWNER,
	FIELD_BY,
	FIELD_WITNESS,
	FIELD_CHECKED_BY,
	FIELD_PLACE,
	FIELD_TERMINAL,
	FIELD_CHIP,
	FIELD_MODEL,
	FIELD_SERIAL,
	FIELD_VERSION,
	FIELD_INSTALLED_ON,
	FIELD_MODIFIED_ON,
	FIELD_RECALLED_ON,
	FIELD_REMINDED,
	FIELD_ERASED_ON,
	FIELD_DISPOSED_ON,
	FIELD_METHOD,
	FIELD_EVIDENCE,
	FIELD_ARTICLE,
	FIELD_JUDGEMENT,
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

/* Every column's word in both languages and every value's; NULL at the end of each. */
const char *const *field_columns(void);
const char *const *field_columns_json(void);
const char *const *field_values(void);
const char *const *field_counted(void);

/* The nearest known word for a message, or NULL. */
const char *field_nearest_column(const char *ja);
const char *field_nearest_json(const char *json);
const char *field_nearest_value(const char *ja);
const char *field_nearest_placeholder(const char *ja);
