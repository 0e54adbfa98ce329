/* SPDX-License-Identifier: Apache-2.0
 * A register as a workbook of one sheet: title, headings, texts as texts, dates as dates in the
 * Japanese calendar, and the page set up as on paper. */
#pragma once

#include "forms/data.h"
#include "forms/form.h"

GBytes *sheet_xlsx_make(const Form *form, const Data *data,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
