/* SPDX-License-Identifier: Apache-2.0
 * Fonts, page and pen are made here; what is on the pages is the registers' and letters' own. */
#include "forms/render.h"

#include <cairo-pdf.h>

#include "forms/form_error.h"
#include "forms/letter_page.h"
#include "forms/missing_page.h"
#include "forms/pdfa.h"
#include "forms/register_page.h"

static cairo_status_t collect(void *closure, const unsigned char *bytes, unsigned int n)
{
	g_byte_array_append(closure, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static cairo_t *new_pen(cairo_surface_t *surface)
{
	cairo_t *cr = cairo_create(surface);
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_set_font_options(cr, options);
	cairo_font_options_destroy(options);
	cairo_set_source_rgb(cr, 0, 0, 0);
	return cr;
}

static gboolean draw_pages(const Form *form, const Data *data, const GlyphChain *chain,
			   cairo_surface_t *surface, GError **error)
{
	g_autoptr(Missing) missing = form->geta ? missing_new() : NULL;
	g_autoptr(Shape) shape = shape_new(chain, missing);
	Draw draw = { new_pen(surface), chain, shape, missing };
	gboolean done = form->kind == FORM_LETTER
				? letter_page_draw(&draw, surface, form, data, error)
				: register_page_draw(&draw, surface, form, data, error);

	done = done && missing_page_draw(&draw, form, error);
	cairo_destroy(draw.cr);
	cairo_surface_finish(surface);
	if (done && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		return form_error_set(error, FORM_ERROR_FAILED, "PDF にできません（%s）",
				      "cannot make a PDF (%s)",
				      cairo_status_to_string(cairo_surface_status(surface)));
	return done;
}

/* A wrong date is refused even where the form does not show it. */
static gboolean find_date(const Data *data, const EraDate *now, EraDate *ret_date, GError **error)
{
	const char *words[] = { "作成日時", "出力日時" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		const char *value = data_value(data, words[i]);

		if (value == NULL || *value == '\0')
			continue;
		return era_parse(value, ret_date) ||
		       form_error_set(error, FORM_ERROR_INPUT, "%s「%s」は日付ではありません",
				      "%s \"%s\" is not a date", words[i], value);
	}
	*ret_date = *now;
	return TRUE;
}

/* The official form that lies below, where the form asks for one. */
static gboolean read_underlay(const Form *form, const RenderFiles *files, Underlay **ret_underlay,
			      GError **error)
{
	if (!form->background)
		return TRUE;
	if (files == NULL || files->underlay == NULL)
		return form_error_set(
			error, FORM_ERROR_INPUT,
			"下絵がありません（様式と同じ名前の .pdf を隣に置きます）",
			"there is no underlay (put a .pdf of the form's name beside it)");
	*ret_underlay = underlay_read(files->underlay, error);
	return *ret_underlay != NULL;
}

static GlyphChain *open_fonts(const Form *form, const RenderFiles *files, GError **error)
{
	g_autoptr(GlyphChain) chain = glyph_chain_new(form->fonts, error);

	if (chain != NULL && files != NULL && files->font != NULL &&
	    !glyph_chain_add_own(chain, files->font, error))
		return NULL;
	return g_steal_pointer(&chain);
}

GBytes *render_pdf(const Form *form, const Data *data, const EraDate *now, const RenderFiles *files,
		   GError **error)
{
	g_autoptr(GlyphChain) chain = open_fonts(form, files, error);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(Underlay) underlay = NULL;
	cairo_surface_t *surface;
	EraDate created;
	gboolean done;

	if (chain == NULL || !find_date(data, now, &created, error) ||
	    !read_underlay(form, files, &underlay, error))
		return NULL;
	surface = cairo_pdf_surface_create_for_stream(collect, bytes, form->width, form->height);
	/* Below 1.5 cairo drops the text of a glyph that two sequences share. */
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	done = draw_pages(form, data, chain, surface, error);
	cairo_surface_destroy(surface);
	if (!done)
		return NULL;
	return pdfa_convert(g_byte_array_free_to_bytes(g_steal_pointer(&bytes)), form->title,
			    &created, underlay, error);
}
