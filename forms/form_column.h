/* SPDX-License-Identifier: Apache-2.0
 * One line of [列] or [表 NAME]: head | field | width | align | format. */
#pragma once

#include "forms/form.h"

/* Reads cells, three bars or four between them, into column, which form_free() frees whatever
 * comes out. Messages have no position. */
gboolean form_column_read(FormColumn *column, char **cells,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Shares the rest of that width among the columns of width 「*」. */
gboolean form_column_settle(FormColumn *columns, guint n, double width,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The formats besides those of dates; NULL at the end. */
const char *const *form_column_words(void);
