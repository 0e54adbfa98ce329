/* SPDX-License-Identifier: Apache-2.0
 * Text turned into glyphs of the font chain, measured in em, and remembered. */
#pragma once

#include "forms/glyph.h"
#include "forms/layout.h"
#include "forms/missing.h"

typedef struct ShapeGlyph {
	guint32 id;
	float x, y;    /* offset from the pen, em, y upward */
	float advance; /* em */
} ShapeGlyph;

/* What one LayoutCluster is made of. */
typedef struct ShapePart {
	guint16 byte, n_bytes;
	guint16 glyph, n_glyphs;
	gint16 font;
} ShapePart;

typedef struct ShapeText {
	char *text;
	guint n; /* clusters and parts */
	LayoutCluster *cluster;
	ShapePart *part;
	ShapeGlyph *glyph;
	double width;        /* em, in one line */
	gboolean has_breaks; /* cluster[].may_start is known */
} ShapeText;

typedef struct Shape Shape;

/* Keeps chain and missing, which must live longer. With missing NULL a character without a glyph
 * is an error; else it becomes 〓 and is noted there. */
Shape *shape_new(const GlyphChain *chain, Missing *missing);
void shape_free(Shape *shape);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shape, shape_free)

/* The text's glyphs, valid until the next call; NULL with a message naming the code point where
 * no font has one. A blank between two full-width characters is half as wide as they are:
 * 「山田 太郎」 and 「所 属 名」 look as an office writes them and read back as they were given. */
ShapeText *shape_text(Shape *shape, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fits the text into a width in em, see layout_fit(). Text that fits as it is costs nothing. */
gboolean shape_fit(ShapeText *text, double width, gboolean may_squeeze,
		   LayoutFit *ret_fit) G_GNUC_WARN_UNUSED_RESULT;
