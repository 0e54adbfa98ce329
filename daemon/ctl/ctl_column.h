/* SPDX-License-Identifier: Apache-2.0
 * The columns an import knows, by the names that Japanese and English headings use. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum CtlColumnType {
	CTL_COLUMN_TEXT,
	CTL_COLUMN_CODE,   /* full-width letters and digits folded */
	CTL_COLUMN_NUMBER, /* whole */
	CTL_COLUMN_DATE,
	CTL_COLUMN_FLAG, /* 有/無, 1/0, yes/no … */
	CTL_COLUMN_KIND, /* of a card */
	_CTL_COLUMN_MAX
} CtlColumnType;

typedef struct CtlColumn {
	const char *field; /* in the API, and the English heading */
	const char *ja;    /* Japanese headings, separated by | */
	CtlColumnType type;
	gboolean is_required; /* column and value */
} CtlColumn;

/* The columns of "staff", "sections", "designations" or "cards", ending with field NULL. */
const CtlColumn *ctl_column_table(const char *kind);

/* The column of that heading, NULL if there is none. */
const CtlColumn *ctl_column_find(const CtlColumn *columns, const char *heading);

/* "staff/職員番号, name/氏名, …" */
char *ctl_column_names(const CtlColumn *columns) G_GNUC_WARN_UNUSED_RESULT;

/* The value as the API takes it, NULL if it is none of this type. */
json_t *ctl_column_value(const CtlColumn *column, const char *text) G_GNUC_WARN_UNUSED_RESULT;
