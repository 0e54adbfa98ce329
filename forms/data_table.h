/* SPDX-License-Identifier: Apache-2.0
 * Packed rows: a cell is a pointer to a text kept elsewhere, and only the columns that some row
 * fills take room. */
#pragma once

#include "forms/field.h"

typedef struct DataTable DataTable;

DataTable *data_table_new(void);
void data_table_free(DataTable *table);

/* Begins another row. */
void data_table_add(DataTable *table);

/* Puts a text, which must live as long, into the last row. */
void data_table_set(DataTable *table, Field field, const char *text);
