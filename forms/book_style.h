/* SPDX-License-Identifier: Apache-2.0
 * What a cell's number format makes of a number: a date, digits with leading zeros, or itself. */
#pragma once

#include "forms/book_zip.h"

typedef struct BookStyle BookStyle;

/* Reads xl/styles.xml where there is one. */
BookStyle *book_style_read(BookZip *zip, gboolean is_1904,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void book_style_free(BookStyle *style);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BookStyle, book_style_free)

/* The number as people see it; index is the cell's s attribute. Newly allocated; NULL where number
 * is none. */
char *book_style_show(const BookStyle *style, guint index, const char *number);
