/* SPDX-License-Identifier: Apache-2.0
 * Text in boxes and rules on the page. Without a page (cr NULL) everything is measured and
 * refused as it would be, and nothing is drawn. */
#pragma once

#include "forms/form.h"
#include "forms/shape.h"

#define DRAW_THICK 1.0
#define DRAW_THIN  0.4

typedef struct DrawPoint {
	double x;
	double y;
} DrawPoint;

typedef struct Draw {
	cairo_t *cr; /* NULL while measuring */
	const GlyphChain *chain;
	Shape *shape;
	Missing *missing; /* NULL: characters without a glyph are refused */
} Draw;

typedef struct DrawBox {
	double x, y, width, height;
} DrawBox;

typedef struct DrawStyle {
	double size;  /* points */
	double pitch; /* from baseline to baseline, points */
	FormAlign align;
	gboolean squeeze;
	guint first, most; /* only these lines of the text; most 0: all */
} DrawStyle;

/* How many lines the text takes in that width; 0 with an error where it cannot be printed. */
guint draw_measure(const Draw *draw, const char *text, double width, const DrawStyle *style,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the text into the box, its lines centred in the height on fixed baselines: a fallback
 * font never moves a row. */
gboolean draw_text(const Draw *draw, const char *text, const DrawBox *box, const DrawStyle *style,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 均等割付: the text's characters, without its blanks, spread evenly over the box; read back it
 * is the text as given. */
gboolean draw_spread(const Draw *draw, const char *text, const DrawBox *box, const DrawStyle *style,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The width a label needs without its blanks, points; negative with an error. */
double draw_label_width(const Draw *draw, const char *text, double size,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

void draw_line(const Draw *draw, DrawPoint from, DrawPoint to, double width);
void draw_frame(const Draw *draw, const DrawBox *box, double width);

/* A filled rectangle of that grey, 0 black to 1 white. */
void draw_fill(const Draw *draw, const DrawBox *box, double grey);

/* Tells where a character without a glyph stands; see missing_place(). */
void draw_place(const Draw *draw, const char *table, guint row, const char *label);
