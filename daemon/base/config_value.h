/* SPDX-License-Identifier: Apache-2.0
 * What the value of a configuration key may be: texts into numbers, and what to say of a wrong one.
 */
#pragma once

#include "daemon/base/config.h"

typedef enum ValueType {
	VALUE_TEXT,
	VALUE_NUMBER,
	VALUE_DURATION,
	VALUE_BY_KIND,    /* a number, then KIND:NUMBER for kinds of cards that have another one */
	VALUE_ROTATION,   /* a name of @rotations; its number is the index */
	VALUE_ALGORITHMS, /* a text that algorithm_list_is_good() */
	VALUE_DAY,        /* "03-31": a day of every year; its number is month * 100 + day */
	VALUE_DAYS,       /* a text for day_list_parse() */
	_VALUE_TYPE_MAX,
} ValueType;

/* The number behind @text; FALSE when it is none of @type. TEXT and ALGORITHMS have none. */
gboolean config_value_parse(const char *text, ValueType type, gint64 *ret_number);
/* The number of "6, administrator:8" for @kind (NULL: the one without a kind). FALSE also for a
 * kind named twice. */
gboolean config_value_by_kind(const char *text, const char *kind, gint64 *ret_number);
/* ERROR_USAGE that begins "FILE:LINE:" when the line's value is none of @type. */
gboolean config_value_check(const ConfigLine *line, ValueType type,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
