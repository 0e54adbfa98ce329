/* SPDX-License-Identifier: Apache-2.0
 * Form and data in, PDF/A out; nothing is read or written here but fonts. */
#pragma once

#include "forms/data.h"
#include "forms/form.h"

/* Files besides form and data; each may be NULL. */
typedef struct RenderFiles {
	GBytes *underlay; /* the official form as a PDF */
	GBytes *font;     /* the office's own characters */
} RenderFiles;

/* The whole PDF/A-1b file; data NULL gives the blank form, files may be NULL. Its date is the value
 * 作成日時, else 出力日時, else now. */
GBytes *render_pdf(const Form *form, const Data *data, const EraDate *now, const RenderFiles *files,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
