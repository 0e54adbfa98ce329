/* SPDX-License-Identifier: Apache-2.0
 * Reads the first visible sheet of a foreign workbook (.xlsx). Nothing in it is executed or
 * followed: a formula is told as such, its stored value is not taken. Furigana are left out. */
#pragma once

#include <glib.h>

#define BOOK_BYTES_MAX (16u * 1024 * 1024)

/* {"sheet":"職員","rows":[{"line":2,"cells":["012345",…]}]} as JSON; rows and cells that are empty
 * at the end are left out, a cell is null when empty, {"bad":"formula"} or {"bad":"error"} where it
 * holds no value of its own. Dates are 2026-04-01; numbers keep the zeros their format shows.
 * Refused: encrypted files, the old .xls, external links and data connections, DTDs, and what
 * unpacks beyond its limits (64 MiB a part, 128 MiB in all, 100,000 rows, 256 columns). */
GBytes *book_read(const char *name, GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
