/* SPDX-License-Identifier: Apache-2.0
 * What is to be printed: named values and the rows of a register. */
#pragma once

#include "forms/field.h"

typedef struct Data Data;

/* Reads {"values": {...}, "rows": [{...}]}. Unknown names are refused by name; name is only for
 * messages. Texts must be printable: no controls, no invisible direction marks. */
Data *data_read(const char *name, const char *bytes, gsize length,
		GError **error) G_GNUC_WARN_UNUSED_RESULT;
void data_free(Data *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Data, data_free)

/* The value of that Japanese name, or NULL; data may be NULL. */
const char *data_value(const Data *data, const char *ja);

guint data_rows(const Data *data);

/* One cell; "" where the field was missing or null. */
const char *data_cell(const Data *data, guint row, Field field);
