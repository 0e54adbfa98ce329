/* SPDX-License-Identifier: Apache-2.0
 * Where things go: pure arithmetic over measured text, no fonts and no drawing. Widths of text
 * are in em, everything else is in points. */
#pragma once

#include <glib.h>

#define LAYOUT_LINES_MAX 100
#define LAYOUT_SQUEEZE   0.66 /* the narrowest 長体 that still reads well */

/* The smallest piece of text that is never divided. */
typedef struct LayoutCluster {
	float advance;
	guint8 may_start; /* a line may begin with it (禁則) */
	guint8 is_blank;
	guint8 is_newline;
} LayoutCluster;

typedef struct LayoutLine {
	guint from, until; /* clusters */
	double width;
} LayoutLine;

typedef struct LayoutFit {
	double squeeze; /* 1: not condensed */
	guint n_lines;
	LayoutLine line[LAYOUT_LINES_MAX];
} LayoutFit;

/* Fits text into a width: in one line where may_squeeze and LAYOUT_SQUEEZE allow it, then in as
 * few lines as it takes, as wide as they can be. FALSE where even LAYOUT_LINES_MAX lines are too
 * few or one cluster is too wide. */
gboolean layout_fit(const LayoutCluster *clusters, guint n, double width, gboolean may_squeeze,
		    LayoutFit *ret_fit) G_GNUC_WARN_UNUSED_RESULT;

/* What a row takes of the grid. */
typedef struct LayoutRow {
	guint16 units;
	guint16 begins_page; /* 改頁 */
} LayoutRow;

/* Where a page begins: units of that row are on the pages before. */
typedef struct LayoutPage {
	guint row;
	guint units;
} LayoutPage;

/* Divides rows over pages of that capacity. A row that does not fit the rest of a page begins the
 * next one; one that is taller than a page is divided. Array of LayoutPage, one for every page (at
 * least one) and at the end { n, 0 }; g_array_unref. */
GArray *layout_pages(const LayoutRow *rows, guint n, guint capacity);

/* 均等割付: the left edge of each of n pieces of these widths spread evenly over width; a single
 * piece is centred, pieces that are too wide follow each other closely. */
void layout_spread(const double *widths, guint n, double width, double *ret_x);
