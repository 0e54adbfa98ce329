/* SPDX-License-Identifier: Apache-2.0
 * The list of characters that were printed as 〓, on pages of its own at the end. */
#pragma once

#include "forms/draw.h"

/* Draws nothing where nothing is missing. */
gboolean missing_page_draw(const Draw *draw, const Form *form,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
