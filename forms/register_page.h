/* SPDX-License-Identifier: Apache-2.0
 * Registers (一覧表): a ruled table over as many pages as it takes. */
#pragma once

#include "forms/data.h"
#include "forms/draw.h"

/* Draws every page on surface, which draw->cr draws on; data NULL gives one blank page. Rows are
 * measured before the first page is drawn, so that every page knows how many there are. */
gboolean register_page_draw(Draw *draw, cairo_surface_t *surface, const Form *form,
			    const Data *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
