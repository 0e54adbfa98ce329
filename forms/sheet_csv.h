/* SPDX-License-Identifier: Apache-2.0
 * A register as CSV for Excel: one line of headings, CR LF, dates as 2026-04-01. */
#pragma once

#include "forms/data.h"
#include "forms/form.h"

/* UTF-8 with BOM, or CP932; then a character without a code is refused with row and column. */
GBytes *sheet_csv_make(const Form *form, const Data *data, gboolean is_cp932,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
