/* SPDX-License-Identifier: Apache-2.0
 * Font files by fontconfig. Its match is compared with what was asked for, because fontconfig
 * answers every question with some font. */
#include "forms/glyph.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>

#include "forms/form_error.h"

struct GlyphChain {
	int n;
	int own; /* the office's own font; -1: none */
	FT_Library library;
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

	chain->own = -1;
	for (int i = 0; names[i] != NULL && chain->n < GLYPH_FONTS_MAX - 1; i++) {
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

static void done_face(void *face)
{
	FT_Done_Face(face);
}

gboolean glyph_chain_add_own(GlyphChain *chain, GBytes *bytes, GError **error)
{
	static const cairo_user_data_key_t key;
	gsize n = 0;
	const char *data = g_bytes_get_data(bytes, &n);
	FT_Face face;
	hb_blob_t *blob;
	hb_face_t *hb;

	if (chain->library == NULL && FT_Init_FreeType(&chain->library) != 0)
		return form_error_set(error, FORM_ERROR_FAILED, "FreeType が動きません",
				      "FreeType does not start");
	if (FT_New_Memory_Face(chain->library, (const FT_Byte *) data, (FT_Long) n, 0, &face) != 0)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "外字のファイルは書体（TrueType・OpenType）ではありません",
				      "the file of own characters is no TrueType or OpenType font");
	blob = hb_blob_create(data, (unsigned) n, HB_MEMORY_MODE_READONLY, g_bytes_ref(bytes),
			      (hb_destroy_func_t) g_bytes_unref);
	hb = hb_face_create(blob, 0);
	chain->own = chain->n++;
	chain->hb[chain->own] = hb_font_create(hb);
	chain->face[chain->own] = cairo_ft_font_face_create_for_ft_face(face, 0);
	cairo_font_face_set_user_data(chain->face[chain->own], &key, face, done_face);
	hb_face_destroy(hb);
	hb_blob_destroy(blob);
	return TRUE;
}

void glyph_chain_free(GlyphChain *chain)
{
	if (chain == NULL)
		return;
	for (int i = 0; i < chain->n; i++) {
		hb_font_destroy(chain->hb[i]);
		cairo_font_face_destroy(chain->face[i]);
	}
	if (chain->library != NULL)
		FT_Done_FreeType(chain->library);
	g_free(chain);
}

static gboolean has(const GlyphChain *chain, int font, gunichar base, gunichar selector)
{
	hb_codepoint_t glyph;

	return selector == 0 ? hb_font_get_nominal_glyph(chain->hb[font], base, &glyph)
			     : hb_font_get_variation_glyph(chain->hb[font], base, selector, &glyph);
}

int glyph_find(const GlyphChain *chain, gunichar base, gunichar selector)
{
	if (g_unichar_type(base) == G_UNICODE_PRIVATE_USE)
		return chain->own >= 0 && has(chain, chain->own, base, selector) ? chain->own : -1;
	for (int i = 0; i < chain->n; i++) {
		if (has(chain, i, base, selector))
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
