/* SPDX-License-Identifier: Apache-2.0
 * Font files by fontconfig. Its match is compared with what was asked for, because fontconfig
 * answers every question with some font. */
#include "forms/glyph.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>

#include "forms/form_error.h"

struct GlyphChain {
	int n;
	hb_font_t *hb[GLYPH_FONTS_MAX];
	cairo_font_face_t *face[GLYPH_FONTS_MAX];
};

static gboolean has_family(FcPattern *pattern, const char *family)
{
	FcChar8 *name;

	for (int i = 0; FcPatternGetString(pattern, FC_FAMILY, i, &name) == FcResultMatch; i++) {
		if (FcStrCmpIgnoreCase(name, (const FcChar8 *) family) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The regular face of exactly that family, or NULL. */
static FcPattern *match(const char *family)
{
	FcPattern *asked = FcPatternBuild(NULL, FC_FAMILY, FcTypeString, family, FC_WEIGHT,
					  FcTypeInteger, FC_WEIGHT_REGULAR, FC_SLANT, FcTypeInteger,
					  FC_SLANT_ROMAN, (char *) NULL);
	FcResult result;
	FcPattern *found;

	FcConfigSubstitute(NULL, asked, FcMatchPattern);
	FcDefaultSubstitute(asked);
	found = FcFontMatch(NULL, asked, &result);
	FcPatternDestroy(asked);
	if (found != NULL && !has_family(found, family)) {
		FcPatternDestroy(found);
		found = NULL;
	}
	return found;
}

static void add(GlyphChain *chain, FcPattern *pattern)
{
	FcChar8 *file;
	int index = 0;
	hb_blob_t *blob;
	hb_face_t *face;

	if (FcPatternGetString(pattern, FC_FILE, 0, &file) != FcResultMatch)
		return;
	(void) FcPatternGetInteger(pattern, FC_INDEX, 0, &index);
	blob = hb_blob_create_from_file((const char *) file);
	face = hb_face_create(blob, (unsigned int) index & 0xFFFF);
	chain->hb[chain->n] = hb_font_create(face);
	chain->face[chain->n] = cairo_ft_font_face_create_for_pattern(pattern);
	chain->n++;
	hb_face_destroy(face);
	hb_blob_destroy(blob);
}

GlyphChain *glyph_chain_new(const char *families, GError **error)
{
	g_autoptr(GlyphChain) chain = g_new0(GlyphChain, 1);
	g_auto(GStrv) names = g_strsplit(families, ",", -1);

	for (int i = 0; names[i] != NULL && chain->n < GLYPH_FONTS_MAX; i++) {
		FcPattern *pattern = match(g_strstrip(names[i]));

		if (pattern == NULL)
			continue;
		add(chain, pattern);
		FcPatternDestroy(pattern);
	}
	if (chain->n == 0) {
		form_error_set(error, FORM_ERROR_FAILED, "書体「%s」がどれも入っていません",
			       "none of the fonts \"%s\" is installed", families);
		return NULL;
	}
	return g_steal_pointer(&chain);
}

void glyph_chain_free(GlyphChain *chain)
{
	if (chain == NULL)
		return;
	for (int i = 0; i < chain->n; i++) {
		hb_font_destroy(chain->hb[i]);
		cairo_font_face_destroy(chain->face[i]);
	}
	g_free(chain);
}

int glyph_find(const GlyphChain *chain, gunichar base, gunichar selector)
{
	hb_codepoint_t glyph;

	for (int i = 0; i < chain->n; i++) {
		if (selector == 0
			    ? hb_font_get_nominal_glyph(chain->hb[i], base, &glyph)
			    : hb_font_get_variation_glyph(chain->hb[i], base, selector, &glyph))
			return i;
	}
	return -1;
}

gboolean glyph_is_selector(gunichar c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

hb_font_t *glyph_hb_font(const GlyphChain *chain, int font)
{
	return chain->hb[font];
}

cairo_font_face_t *glyph_cairo_face(const GlyphChain *chain, int font)
{
	return chain->face[font];
}
