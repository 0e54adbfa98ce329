/* SPDX-License-Identifier: Apache-2.0
 * What is to be printed: named values, the rows of a register, and the rows of further tables. */
#pragma once

#include "forms/field.h"

typedef struct Data Data;
typedef struct DataTable DataTable;

/* Reads {"values": {...}, "rows": [{...}], "tables": {"NAME": [{...}]}}, row by row. Unknown names
 * are refused by name; name is only for messages. Texts must be printable: no controls, no
 * invisible direction marks. */
Data *data_read(const char *name, const char *bytes, gsize length,
		GError **error) G_GNUC_WARN_UNUSED_RESULT;
void data_free(Data *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Data, data_free)

/* The value of that Japanese name, or NULL; data may be NULL. */
const char *data_value(const Data *data, const char *ja);

/* The rows; data may be NULL. */
guint data_rows(const Data *data);

/* One cell; "" where the field was missing or null. */
const char *data_cell(const Data *data, guint row, Field field);

/* The table of that name, "" for the rows; NULL where there is none. */
const DataTable *data_table(const Data *data, const char *name);

/* The same for one table, which may be NULL. */
guint data_table_rows(const DataTable *table);
const char *data_table_cell(const DataTable *table, guint row, Field field);

/* The names of the tables, "" among them where there are rows; g_strfreev. data may be NULL. */
char **data_tables(const Data *data);
