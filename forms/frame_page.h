/* SPDX-License-Identifier: Apache-2.0
 * What surrounds the content of a page: label, title, 押印欄 and the foot. */
#pragma once

#include "forms/draw.h"
#include "forms/placeholder.h"

/* Whether 印 and 押印欄 are printed: the form and the data may both say no. data may be NULL. */
gboolean frame_page_has_seal(const Form *form, const Data *data);

/* Where the content of a page begins; a letter has its title on the first page only. */
double frame_page_top(const Form *form, const Data *data);

/* Draws it around the page of scope. A part of the foot that has nothing to say is left out; a
 * letter of several pages is numbered even where its form asks for nothing. */
gboolean frame_page_draw(const Draw *draw, const Form *form, const PlaceholderScope *scope,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
