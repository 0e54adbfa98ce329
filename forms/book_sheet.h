/* SPDX-License-Identifier: Apache-2.0
 * The cells of one sheet. */
#pragma once

#include <jansson.h>

#include "forms/book_style.h"

/* The texts of xl/sharedStrings.xml without furigana, in their order; empty where there is no such
 * part. Array of char *. */
GPtrArray *book_sheet_strings(BookZip *zip, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* [{"line","cells"}], json_decref; the cells as book.h tells. */
json_t *book_sheet_rows(BookZip *zip, const char *part, const BookStyle *style,
			const GPtrArray *strings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
