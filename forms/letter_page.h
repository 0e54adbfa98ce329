/* SPDX-License-Identifier: Apache-2.0
 * Letters (文書): receipts, applications and reports, line after line. */
#pragma once

#include <cairo-pdf.h>

#include "forms/data.h"
#include "forms/draw.h"

/* Draws every page; data NULL gives the blank form. With several rows the block of 項目 lines is
 * repeated for each of them. surface takes the bookmarks. */
gboolean letter_page_draw(Draw *draw, cairo_surface_t *surface, const Form *form, const Data *data,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
