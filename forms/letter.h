/* SPDX-License-Identifier: Apache-2.0
 * A letter being written from top to bottom: how far down the page it is and when the next one
 * begins. It is written twice, first without a page to learn how many there are. */
#pragma once

#include <cairo-pdf.h>

#include "forms/draw.h"
#include "forms/placeholder.h"

#define LETTER_PITCH     1.75 /* of the type size: a line of the letter */
#define LETTER_CONTINUED 1.4  /* between lines of one paragraph */

typedef struct Letter {
	Draw draw; /* cr NULL the first time */
	cairo_surface_t *surface;
	const Form *form;
	const Data *data;
	PlaceholderScope scope;
	double y;
	double labels[_FORM_LINE_KIND_MAX]; /* widest label of each kind */
} Letter;

/* Between the margins: the width, the height of a whole page and what is left of this one. */
double letter_width(const Letter *letter);
double letter_page_height(const Letter *letter);
double letter_room(const Letter *letter);

/* Ends the page with its foot and begins another one. */
gboolean letter_begin_page(Letter *letter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins a new page where the height is not left on this one; refuses more than a whole page. */
gboolean letter_reserve(Letter *letter, double height, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the last page. */
gboolean letter_end(Letter *letter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many lines that far apart fit what is left of the page, above and below them that margin. */
guint letter_lines(const Letter *letter, double pitch, double margin);
