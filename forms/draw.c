/* SPDX-License-Identifier: Apache-2.0
 * Glyphs reach cairo together with the text they stand for, so that a variation sequence can be
 * searched and copied from the page as it was given. */
#include "forms/draw.h"

#include <string.h>

#include "forms/form_error.h"

#define BASELINE  0.38 /* em below the middle: a kanji's body is 0.88 em up and 0.12 em down */
#define RUN_MAX   256  /* glyphs given to cairo at once */
#define SHOWN_MAX 40   /* characters of a text in a message */

typedef struct Run {
	cairo_glyph_t glyph[RUN_MAX];
	cairo_text_cluster_t cluster[RUN_MAX];
	int n_glyphs, n_clusters;
	guint first; /* part */
	int font;
} Run;

typedef struct Pen {
	double x, y; /* on the baseline */
	double squeeze;
} Pen;

static void flush(const Draw *draw, const ShapeText *text, Run *run, guint until)
{
	const ShapePart *first = &text->part[run->first], *last = &text->part[until - 1];

	if (run->n_clusters > 0)
		cairo_show_text_glyphs(draw->cr, text->text + first->byte,
				       last->byte + last->n_bytes - first->byte, run->glyph,
				       run->n_glyphs, run->cluster, run->n_clusters, 0);
	run->n_glyphs = 0;
	run->n_clusters = 0;
	run->first = until;
}

static void add_part(Run *run, const ShapeText *text, guint i, double x, double size)
{
	const ShapePart *part = &text->part[i];

	for (guint j = 0; j < part->n_glyphs; j++) {
		const ShapeGlyph *glyph = &text->glyph[part->glyph + j];

		run->glyph[run->n_glyphs++] =
			(cairo_glyph_t){ glyph->id, x + glyph->x * size, -glyph->y * size };
		x += glyph->advance * size;
	}
	run->cluster[run->n_clusters++] = (cairo_text_cluster_t){ part->n_bytes, part->n_glyphs };
}

/* Clusters from..until with the pen at the origin. */
static void show(const Draw *draw, const ShapeText *text, const LayoutLine *line, double size)
{
	Run run = { .first = line->from, .font = -1 };
	double x = 0;

	cairo_set_font_size(draw->cr, size);
	for (guint i = line->from; i < line->until; i++) {
		const ShapePart *part = &text->part[i];

		if (part->font != run.font || run.n_glyphs + part->n_glyphs > RUN_MAX) {
			flush(draw, text, &run, i);
			run.font = part->font;
			cairo_set_font_face(draw->cr, glyph_cairo_face(draw->chain, part->font));
		}
		if (part->n_glyphs <= RUN_MAX)
			add_part(&run, text, i, x, size);
		x += text->cluster[i].advance * size;
	}
	flush(draw, text, &run, line->until);
}

static void show_at(const Draw *draw, const ShapeText *text, const LayoutLine *line, const Pen *pen,
		    double size)
{
	cairo_save(draw->cr);
	cairo_translate(draw->cr, pen->x, pen->y);
	if (pen->squeeze < 1)
		cairo_scale(draw->cr, pen->squeeze, 1);
	show(draw, text, line, size);
	cairo_restore(draw->cr);
}

static gboolean refuse(GError **error, const char *text)
{
	glong length = g_utf8_strlen(text, -1);
	g_autofree char *shown = g_utf8_substring(text, 0, MIN(length, SHOWN_MAX));
	const char *rest = length > SHOWN_MAX ? "…" : "";

	return form_error_set(error, FORM_ERROR_INPUT, "「%s%s」が欄に入りません",
			      "\"%s%s\" does not fit its cell", shown, rest);
}

guint draw_measure(const Draw *draw, const char *text, double width, const DrawStyle *style,
		   GError **error)
{
	ShapeText *shaped = shape_text(draw->shape, text, error);
	LayoutFit fit;

	if (shaped == NULL)
		return 0;
	if (!shape_fit(shaped, width / style->size, style->squeeze, &fit)) {
		refuse(error, text);
		return 0;
	}
	return fit.n_lines;
}

gboolean draw_text(const Draw *draw, const char *text, const DrawBox *box, const DrawStyle *style,
		   GError **error)
{
	ShapeText *shaped = shape_text(draw->shape, text, error);
	LayoutFit fit;
	guint until;
	double y;

	if (shaped == NULL)
		return FALSE;
	if (!shape_fit(shaped, box->width / style->size, style->squeeze, &fit))
		return refuse(error, text);
	until = style->most == 0 ? fit.n_lines : MIN(fit.n_lines, style->first + style->most);
	if (draw->cr == NULL || until <= style->first)
		return TRUE;
	y = box->y + (box->height - (until - style->first - 1) * style->pitch) / 2 +
	    BASELINE * style->size;
	for (guint i = style->first; i < until; i++, y += style->pitch) {
		double rest = box->width - fit.line[i].width * style->size * fit.squeeze;
		double indent = style->align == FORM_CENTRE  ? rest / 2
				: style->align == FORM_RIGHT ? rest
							     : 0;
		Pen pen = { box->x + indent, y, fit.squeeze };

		show_at(draw, shaped, &fit.line[i], &pen, style->size);
	}
	return TRUE;
}

/* The label without the blanks an office types to spread it by hand. */
static char *without_blanks(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (c != ' ' && c != 0x3000)
			g_string_append_unichar(out, c);
	}
	return g_string_free(out, FALSE);
}

double draw_label_width(const Draw *draw, const char *text, double size, GError **error)
{
	g_autofree char *label = without_blanks(text);
	ShapeText *shaped = shape_text(draw->shape, label, error);

	return shaped == NULL ? -1 : shaped->width * size;
}

typedef struct Spread {
	const double *x; /* of each cluster */
	const DrawBox *box;
	double size;
} Spread;

/* Glyphs of one font as one cluster: wide gaps would read as several columns otherwise. */
static void show_as_one(const Draw *draw, const ShapeText *shaped, const char *text,
			const Spread *spread)
{
	cairo_text_cluster_t all = { (int) strlen(text), 0 };
	Run run = { .font = -1 };

	cairo_set_font_size(draw->cr, spread->size);
	cairo_set_font_face(draw->cr, glyph_cairo_face(draw->chain, shaped->part[0].font));
	for (guint i = 0; i < shaped->n; i++)
		add_part(&run, shaped, i, spread->x[i], spread->size);
	all.num_glyphs = run.n_glyphs;
	cairo_show_text_glyphs(draw->cr, text, all.num_bytes, run.glyph, run.n_glyphs, &all, 1, 0);
}

static gboolean is_one_font(const ShapeText *shaped)
{
	guint n_glyphs = 0;

	for (guint i = 0; i < shaped->n; i++) {
		n_glyphs += shaped->part[i].n_glyphs;
		if (shaped->part[i].font != shaped->part[0].font || shaped->part[i].font < 0)
			return FALSE;
	}
	return n_glyphs > 0 && n_glyphs <= RUN_MAX;
}

static void show_spread(const Draw *draw, const ShapeText *shaped, const char *text,
			const Spread *spread)
{
	cairo_save(draw->cr);
	cairo_translate(draw->cr, spread->box->x,
			spread->box->y + spread->box->height / 2 + BASELINE * spread->size);
	if (is_one_font(shaped)) {
		show_as_one(draw, shaped, text, spread);
	} else {
		for (guint i = 0; i < shaped->n; i++)
			show_at(draw, shaped, &(LayoutLine){ i, i + 1, 0 },
				&(Pen){ spread->x[i], 0, 1 }, spread->size);
	}
	cairo_restore(draw->cr);
}

gboolean draw_spread(const Draw *draw, const char *text, const DrawBox *box, const DrawStyle *style,
		     GError **error)
{
	g_autofree char *label = without_blanks(text);
	g_autofree double *widths = NULL, *x = NULL;
	ShapeText *shaped = shape_text(draw->shape, label, error);

	if (shaped == NULL)
		return FALSE;
	widths = g_new0(double, shaped->n);
	x = g_new0(double, shaped->n);
	for (guint i = 0; i < shaped->n; i++)
		widths[i] = shaped->cluster[i].advance * style->size;
	layout_spread(widths, shaped->n, box->width, x);
	if (draw->cr != NULL)
		show_spread(draw, shaped, text, &(Spread){ x, box, style->size });
	return TRUE;
}

void draw_line(const Draw *draw, DrawPoint from, DrawPoint to, double width)
{
	if (draw->cr == NULL)
		return;
	cairo_set_line_width(draw->cr, width);
	cairo_move_to(draw->cr, from.x, from.y);
	cairo_line_to(draw->cr, to.x, to.y);
	cairo_stroke(draw->cr);
}

void draw_frame(const Draw *draw, const DrawBox *box, double width)
{
	if (draw->cr == NULL)
		return;
	cairo_set_line_width(draw->cr, width);
	cairo_rectangle(draw->cr, box->x, box->y, box->width, box->height);
	cairo_stroke(draw->cr);
}

void draw_fill(const Draw *draw, const DrawBox *box, double grey)
{
	if (draw->cr == NULL)
		return;
	cairo_save(draw->cr);
	cairo_set_source_rgb(draw->cr, grey, grey, grey);
	cairo_rectangle(draw->cr, box->x, box->y, box->width, box->height);
	cairo_fill(draw->cr);
	cairo_restore(draw->cr);
}

void draw_place(const Draw *draw, const char *table, guint row, const char *label)
{
	if (draw->missing != NULL)
		missing_place(draw->missing, table, row, label);
}
