/* SPDX-License-Identifier: Apache-2.0
 * The font is chosen for a base together with its variation selector and marks; runs of one font
 * are shaped by HarfBuzz; Pango only says where a line may be broken. */
#include "forms/shape.h"

#include <pango/pango.h>
#include <string.h>

#include "forms/form_error.h"

#define GETA     "〓"
#define KEPT_MAX 16384 /* texts; a register of 100,000 rows must not keep all of its own */

/* em; a reader of the page takes 0.7 and more for the gap between two columns */
#define WIDE_BLANK 0.5F

struct Shape {
	const GlyphChain *chain;
	Missing *missing; /* NULL: refuse */
	GHashTable *kept; /* text to ShapeText */
	hb_buffer_t *buffer;
	hb_language_t language;
	GArray *cluster, *part, *glyph; /* the text being shaped */
};

static void shape_text_free(gpointer pointer)
{
	ShapeText *text = pointer;

	g_free(text->text);
	g_free(text->cluster);
	g_free(text->part);
	g_free(text->glyph);
	g_free(text);
}

Shape *shape_new(const GlyphChain *chain, Missing *missing)
{
	Shape *shape = g_new0(Shape, 1);

	shape->chain = chain;
	shape->missing = missing;
	shape->kept = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, shape_text_free);
	shape->buffer = hb_buffer_create();
	shape->language = hb_language_from_string("ja", -1);
	shape->cluster = g_array_new(FALSE, FALSE, sizeof(LayoutCluster));
	shape->part = g_array_new(FALSE, FALSE, sizeof(ShapePart));
	shape->glyph = g_array_new(FALSE, FALSE, sizeof(ShapeGlyph));
	return shape;
}

void shape_free(Shape *shape)
{
	if (shape == NULL)
		return;
	g_hash_table_unref(shape->kept);
	hb_buffer_destroy(shape->buffer);
	g_array_unref(shape->cluster);
	g_array_unref(shape->part);
	g_array_unref(shape->glyph);
	g_free(shape);
}

/* Combining marks stay with their base; HarfBuzz joins か and U+3099. */
static gboolean is_attached(gunichar c)
{
	return glyph_is_selector(c) || g_unichar_ismark(c);
}

static gboolean refuse(GError **error, gunichar base, gunichar selector)
{
	char shown[16] = "";

	if (g_unichar_type(base) == G_UNICODE_PRIVATE_USE)
		return form_error_set(
			error, FORM_ERROR_INPUT,
			"外字の字形がありません U+%04X（外字の書体を設定してください）",
			"no glyph for the private character U+%04X (set the office's "
			"own font)",
			base);
	g_unichar_to_utf8(base, shown);
	if (selector == 0)
		return form_error_set(error, FORM_ERROR_INPUT, "字形がありません U+%04X「%s」",
				      "no glyph for U+%04X \"%s\"", base, shown);
	return form_error_set(error, FORM_ERROR_INPUT,
			      "異体字の字形がありません U+%04X U+%04X（もとの字は「%s」）",
			      "no glyph for the variation sequence U+%04X U+%04X of \"%s\"", base,
			      selector, shown);
}

/* A character with its marks and its selector, and what the next one begins at. */
static gunichar element_of(const char *text, gunichar *ret_selector, const char **ret_end)
{
	const char *end = g_utf8_next_char(text);
	gunichar selector = 0;

	for (; *end != '\0' && is_attached(g_utf8_get_char(end)); end = g_utf8_next_char(end)) {
		if (glyph_is_selector(g_utf8_get_char(end)))
			selector = g_utf8_get_char(end);
	}
	*ret_end = end;
	*ret_selector = selector;
	return g_utf8_get_char(text);
}

/* The font of the element at text; ret_end gets where the next one begins. */
static int font_of(const GlyphChain *chain, const char *text, const char **ret_end, GError **error)
{
	gunichar selector, base = element_of(text, &selector, ret_end);
	int font = glyph_find(chain, base, selector);

	if (font < 0)
		refuse(error, base, selector);
	return font;
}

static void add_part(Shape *shape, const ShapePart *part, double advance, const char *text)
{
	gunichar c = g_utf8_get_char(text + part->byte);
	LayoutCluster cluster = {
		.advance = (float) advance,
		.is_blank = c == ' ' || c == 0x3000,
		.is_newline = c == '\n',
	};

	g_array_append_val(shape->cluster, cluster);
	g_array_append_val(shape->part, *part);
}

/* Takes the shaped run ending at byte until over into parts; glyph 0 is a hole. */
static gboolean take_run(Shape *shape, const char *text, int font, guint until, GError **error)
{
	hb_font_t *hb = glyph_hb_font(shape->chain, font);
	double em = hb_face_get_upem(hb_font_get_face(hb));
	guint n = 0;
	hb_glyph_info_t *info = hb_buffer_get_glyph_infos(shape->buffer, &n);
	hb_glyph_position_t *at = hb_buffer_get_glyph_positions(shape->buffer, &n);

	for (guint i = 0; i < n;) {
		guint byte = info[i].cluster;
		ShapePart part = { .byte = (guint16) byte, .font = (gint16) font };
		double advance = 0;

		part.glyph = (guint16) shape->glyph->len;
		for (; i < n && info[i].cluster == byte; i++) {
			ShapeGlyph glyph = { .id = info[i].codepoint,
					     .x = (float) (at[i].x_offset / em),
					     .y = (float) (at[i].y_offset / em),
					     .advance = (float) (at[i].x_advance / em) };

			if (glyph.id == 0)
				return refuse(error, g_utf8_get_char(text + byte), 0);
			advance += glyph.advance;
			part.n_glyphs++;
			g_array_append_val(shape->glyph, glyph);
		}
		part.n_bytes = (guint16) ((i < n ? info[i].cluster : until) - byte);
		add_part(shape, &part, advance, text);
	}
	return TRUE;
}

static gboolean shape_run(Shape *shape, const char *text, const char *from, const char *until,
			  GError **error)
{
	/* Ligatures would glue characters that have to be read back one by one. */
	static const hb_feature_t features[] = {
		{ HB_TAG('l', 'i', 'g', 'a'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END },
		{ HB_TAG('c', 'l', 'i', 'g'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END },
	};
	const char *end;
	int font;

	if (*from == '\n') {
		ShapePart part = { .byte = (guint16) (from - text), .n_bytes = 1, .font = -1 };

		add_part(shape, &part, 0, text);
		return TRUE;
	}
	font = font_of(shape->chain, from, &end, error);
	hb_buffer_clear_contents(shape->buffer);
	hb_buffer_add_utf8(shape->buffer, text, -1, (guint) (from - text), (int) (until - from));
	hb_buffer_set_direction(shape->buffer, HB_DIRECTION_LTR);
	hb_buffer_set_language(shape->buffer, shape->language);
	hb_buffer_guess_segment_properties(shape->buffer);
	hb_shape(glyph_hb_font(shape->chain, font), shape->buffer, features,
		 G_N_ELEMENTS(features));
	return take_run(shape, text, font, (guint) (until - text), error);
}

/* The run of one font (or one newline) that begins at from; NULL where a glyph is missing. */
static const char *run_end(const Shape *shape, const char *from, GError **error)
{
	const char *end;
	int font;

	if (*from == '\n')
		return from + 1;
	font = font_of(shape->chain, from, &end, error);
	if (font < 0)
		return NULL;
	while (*end != '\0' && *end != '\n') {
		const char *next;
		int other = font_of(shape->chain, end, &next, error);

		if (other < 0)
			return NULL;
		if (other != font)
			break;
		end = next;
	}
	return end;
}

static gboolean is_wide(const ShapeText *text, guint i)
{
	return g_unichar_iswide(g_utf8_get_char(text->text + text->part[i].byte));
}

static void widen_blanks(ShapeText *text)
{
	for (guint i = 1; i + 1 < text->n; i++) {
		if (text->text[text->part[i].byte] == ' ' && is_wide(text, i - 1) &&
		    is_wide(text, i + 1))
			text->cluster[i].advance = WIDE_BLANK;
	}
}

/* The text with 〓 for what no font has, each of them noted. */
static char *replace_missing(const Shape *shape, const char *text)
{
	GString *out = g_string_new(NULL);

	for (const char *end; *text != '\0'; text = end) {
		gunichar selector, base = element_of(text, &selector, &end);

		if (base == '\n' || glyph_find(shape->chain, base, selector) >= 0) {
			g_string_append_len(out, text, end - text);
			continue;
		}
		g_string_append(out, GETA);
		missing_add(shape->missing, base, selector);
	}
	return g_string_free(out, FALSE);
}

static ShapeText *shape_new_text(Shape *shape, const char *given, GError **error)
{
	g_autofree char *text = g_strdelimit(g_strdup(given), "\t", ' ');
	ShapeText *shaped;

	if (shape->missing != NULL) {
		char *whole = replace_missing(shape, text);

		g_free(text);
		text = whole;
	}

	g_array_set_size(shape->cluster, 0);
	g_array_set_size(shape->part, 0);
	g_array_set_size(shape->glyph, 0);
	for (const char *from = text, *end; *from != '\0'; from = end) {
		end = run_end(shape, from, error);
		if (end == NULL || !shape_run(shape, text, from, end, error))
			return NULL;
	}
	shaped = g_new0(ShapeText, 1);
	shaped->n = shape->cluster->len;
	shaped->cluster = g_memdup2(shape->cluster->data, shaped->n * sizeof(LayoutCluster));
	shaped->part = g_memdup2(shape->part->data, shaped->n * sizeof(ShapePart));
	shaped->glyph = g_memdup2(shape->glyph->data, shape->glyph->len * sizeof(ShapeGlyph));
	shaped->text = g_steal_pointer(&text);
	widen_blanks(shaped);
	for (guint i = 0; i < shaped->n; i++)
		shaped->width += shaped->cluster[i].advance;
	return shaped;
}

ShapeText *shape_text(Shape *shape, const char *text, GError **error)
{
	ShapeText *shaped = g_hash_table_lookup(shape->kept, text);

	if (shaped != NULL)
		return shaped;
	if (strlen(text) > G_MAXUINT16 / 4) {
		form_error_set(error, FORM_ERROR_INPUT, "文が長すぎます", "the text is too long");
		return NULL;
	}
	if (g_hash_table_size(shape->kept) >= KEPT_MAX)
		g_hash_table_remove_all(shape->kept);
	shaped = shape_new_text(shape, text, error);
	if (shaped != NULL)
		g_hash_table_replace(shape->kept, shaped->text, shaped);
	return shaped;
}

static void find_breaks(ShapeText *text)
{
	glong n_chars = g_utf8_strlen(text->text, -1), at = 0;
	g_autofree PangoLogAttr *attrs = g_new0(PangoLogAttr, n_chars + 1);

	pango_get_log_attrs(text->text, (int) strlen(text->text), -1,
			    pango_language_from_string("ja"), attrs, (int) n_chars + 1);
	for (guint i = 0; i < text->n; i++) {
		text->cluster[i].may_start = attrs[at].is_line_break;
		at += g_utf8_strlen(text->text + text->part[i].byte, text->part[i].n_bytes);
	}
	text->has_breaks = TRUE;
}

gboolean shape_fit(ShapeText *text, double width, gboolean may_squeeze, LayoutFit *ret_fit)
{
	if (text->width <= width && memchr(text->text, '\n', strlen(text->text)) == NULL) {
		ret_fit->squeeze = 1;
		ret_fit->n_lines = 1;
		ret_fit->line[0] = (LayoutLine){ 0, text->n, text->width };
		return TRUE;
	}
	if (!text->has_breaks)
		find_breaks(text);
	return layout_fit(text->cluster, text->n, width, may_squeeze, ret_fit);
}
