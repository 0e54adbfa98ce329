/* SPDX-License-Identifier: Apache-2.0
 * A chain of font families: which of them has the right shape of a character. */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <hb.h>

#define GLYPH_FONTS_MAX 8

typedef struct GlyphChain GlyphChain;

/* families are separated by commas, best first. One that is not installed is passed over: what
 * it would have held is refused by name later; none installed at all is an error. */
GlyphChain *glyph_chain_new(const char *families, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void glyph_chain_free(GlyphChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GlyphChain, glyph_chain_free)

/* Puts the office's own font (外字) at the chain's end. Characters of the private use area come
 * from it alone, because every office means others by them. Keeps bytes. */
gboolean glyph_chain_add_own(GlyphChain *chain, GBytes *bytes,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The first font that has the character, or with a selector (0: none) exactly that sequence;
 * -1 where no font has it: a base glyph in place of a sequence is another person's name. */
int glyph_find(const GlyphChain *chain, gunichar base, gunichar selector);

gboolean glyph_is_selector(gunichar c);

/* Owned by the chain; the HarfBuzz font's scale is its units per em. */
hb_font_t *glyph_hb_font(const GlyphChain *chain, int font);
cairo_font_face_t *glyph_cairo_face(const GlyphChain *chain, int font);
