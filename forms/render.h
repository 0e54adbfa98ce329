/* SPDX-License-Identifier: Apache-2.0
 * Form and data in, PDF/A out; nothing is read or written here but fonts. */
#pragma once

#include "forms/data.h"
#include "forms/form.h"

/* The whole PDF/A-1b file; data NULL gives the blank form. Its date is the value 作成日時, else
 * 出力日時, else now. */
GBytes *render_pdf(const Form *form, const Data *data, const EraDate *now,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
