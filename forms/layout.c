/* SPDX-License-Identifier: Apache-2.0
 * Line filling, page filling and 均等割付. Lines are filled greedily: a register cell has two
 * or three, and an office expects the first one to be full. */
#include "forms/layout.h"

#define SQUEEZE_STEP 0.02
#define SLACK        1e-6

/* The line that begins at from, and where the next one begins; FALSE where not even one cluster
 * fits. */
static gboolean fill_line(const LayoutCluster *clusters, guint n, guint from, double width,
			  LayoutLine *ret_line)
{
	double used = 0;
	guint i = from, last_start = from;

	while (i < n && !clusters[i].is_newline) {
		if (clusters[i].may_start)
			last_start = i;
		if (used + clusters[i].advance > width + SLACK && !clusters[i].is_blank)
			break;
		used += clusters[i++].advance;
	}
	if (i == from && i < n && !clusters[i].is_newline)
		return FALSE;
	if (i < n && !clusters[i].is_newline && last_start > from)
		i = last_start;
	ret_line->from = from;
	ret_line->until = i;
	return TRUE;
}

/* Blanks at a line's end are not seen; at the text's own end they are an indent from the right. */
static void trim_line(const LayoutCluster *clusters, guint n, LayoutLine *line)
{
	guint until = line->until;

	while (line->until < n && until > line->from && clusters[until - 1].is_blank)
		until--;
	line->until = until;
	line->width = 0;
	for (guint i = line->from; i < until; i++)
		line->width += clusters[i].advance;
}

static gboolean fill_lines(const LayoutCluster *clusters, guint n, double width, guint most,
			   LayoutFit *fit)
{
	guint i = 0;

	fit->n_lines = 0;
	do {
		LayoutLine *line = &fit->line[fit->n_lines];

		if (fit->n_lines == most || !fill_line(clusters, n, i, width, line))
			return FALSE;
		fit->n_lines++;
		i = line->until;
		if (i < n && clusters[i].is_newline)
			i++;
		trim_line(clusters, n, line);
	} while (i < n);
	return TRUE;
}

static gboolean fit_squeezed(const LayoutCluster *clusters, guint n, double width, guint lines,
			     LayoutFit *fit)
{
	if (!fill_lines(clusters, n, width / LAYOUT_SQUEEZE, lines, fit))
		return FALSE;
	for (fit->squeeze = 1; fit->squeeze > LAYOUT_SQUEEZE; fit->squeeze -= SQUEEZE_STEP) {
		if (fill_lines(clusters, n, width / fit->squeeze, lines, fit))
			return TRUE;
	}
	fit->squeeze = LAYOUT_SQUEEZE;
	return fill_lines(clusters, n, width / LAYOUT_SQUEEZE, lines, fit);
}

gboolean layout_fit(const LayoutCluster *clusters, guint n, double width, gboolean may_squeeze,
		    LayoutFit *ret_fit)
{
	LayoutFit fit = { .squeeze = 1 };
	gboolean fits = FALSE;

	if (!may_squeeze)
		fits = fill_lines(clusters, n, width, LAYOUT_LINES_MAX, &fit);
	for (guint lines = 1; may_squeeze && !fits && lines <= LAYOUT_LINES_MAX; lines++)
		fits = fit_squeezed(clusters, n, width, lines, &fit);
	if (fits)
		*ret_fit = fit;
	return fits;
}

static void begin_page(GArray *pages, guint row, guint units)
{
	LayoutPage page = { row, units };

	g_array_append_val(pages, page);
}

GArray *layout_pages(const LayoutRow *rows, guint n, guint capacity)
{
	GArray *pages = g_array_new(FALSE, FALSE, sizeof(LayoutPage));
	guint used = 0;

	begin_page(pages, 0, 0);
	for (guint i = 0; i < n; i++) {
		guint left = rows[i].units;

		if (used > 0 && (rows[i].begins_page || used + left > capacity)) {
			begin_page(pages, i, 0);
			used = 0;
		}
		for (; left > capacity; left -= capacity)
			begin_page(pages, i, rows[i].units - left + capacity);
		used += left;
	}
	begin_page(pages, n, 0);
	return pages;
}

void layout_spread(const double *widths, guint n, double width, double *ret_x)
{
	double sum = 0, gap, x = 0;

	for (guint i = 0; i < n; i++)
		sum += widths[i];
	gap = n > 1 ? MAX(0, (width - sum) / (n - 1)) : 0;
	if (n == 1)
		x = MAX(0, (width - sum) / 2);
	for (guint i = 0; i < n; i++) {
		ret_x[i] = x;
		x += widths[i] + gap;
	}
}
