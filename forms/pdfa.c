/* SPDX-License-Identifier: Apache-2.0
 * Six things cairo 1.16 leaves out or puts in: the trailer's ID, transparency groups, the output
 * intent, CIDToGIDMap, CIDSet and the metadata (ISO 19005-1: 6.1.3, 6.4, 6.2.2, 6.3.3, 6.3.5,
 * 6.7). Everything else of the file is left as it is. */
#include "forms/pdfa.h"

#include <qpdf/qpdf-c.h>
#include <string.h>

#include "forms/form_error.h"
#include "forms/srgb.h"

#define PAGE_FONTS_MAX 64

static void replace_with_stream(qpdf_data q, qpdf_oh stream, const void *bytes, gsize n)
{
	qpdf_oh_replace_stream_data(q, stream, bytes, n, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
}

static void set_name(qpdf_data q, qpdf_oh dict, const char *key, const char *name)
{
	qpdf_oh_replace_key(q, dict, key, qpdf_oh_new_name(q, name));
}

static gboolean name_is(qpdf_data q, qpdf_oh dict, const char *key, const char *name)
{
	qpdf_oh value = qpdf_oh_get_key(q, dict, key);

	return qpdf_oh_is_name(q, value) && g_str_equal(qpdf_oh_get_name(q, value), name);
}

/* Which glyphs a subset holds: cairo numbers them from 0 without gaps, and its /W, which reads
 * [0 [widths]], has one width for each. */
static void add_cid_set(qpdf_data q, qpdf_oh font, qpdf_oh descriptor)
{
	qpdf_oh widths = qpdf_oh_get_array_item(q, qpdf_oh_get_key(q, font, "/W"), 1);
	int n = qpdf_oh_get_array_n_items(q, widths);
	g_autofree guint8 *bits = g_new0(guint8, n / 8 + 1);
	qpdf_oh stream = qpdf_oh_new_stream(q);

	for (int i = 0; i < n; i++)
		bits[i / 8] |= (guint8) (0x80 >> (i % 8));
	replace_with_stream(q, stream, bits, (gsize) (n + 7) / 8);
	qpdf_oh_replace_key(q, descriptor, "/CIDSet", stream);
}

static void fix_font(qpdf_data q, qpdf_oh font)
{
	qpdf_oh descendant, descriptor;

	if (!name_is(q, font, "/Subtype", "/Type0"))
		return;
	descendant = qpdf_oh_get_array_item(q, qpdf_oh_get_key(q, font, "/DescendantFonts"), 0);
	descriptor = qpdf_oh_get_key(q, descendant, "/FontDescriptor");
	if (name_is(q, descendant, "/Subtype", "/CIDFontType2") &&
	    !qpdf_oh_has_key(q, descendant, "/CIDToGIDMap"))
		set_name(q, descendant, "/CIDToGIDMap", "/Identity");
	if (!qpdf_oh_has_key(q, descriptor, "/CIDSet"))
		add_cid_set(q, descendant, descriptor);
}

static void fix_page(qpdf_data q, qpdf_oh page)
{
	qpdf_oh resources = qpdf_oh_get_key(q, page, "/Resources");
	qpdf_oh fonts = qpdf_oh_get_key(q, resources, "/Font");
	char names[PAGE_FONTS_MAX][32];
	int n = 0;

	qpdf_oh_remove_key(q, page, "/Group");
	if (!qpdf_oh_is_dictionary(q, fonts))
		return;
	qpdf_oh_begin_dict_key_iter(q, fonts);
	while (n < PAGE_FONTS_MAX && qpdf_oh_dict_more_keys(q))
		g_strlcpy(names[n++], qpdf_oh_dict_next_key(q), sizeof names[0]);
	for (int i = 0; i < n; i++)
		fix_font(q, qpdf_oh_get_key(q, fonts, names[i]));
}

static void add_output_intent(qpdf_data q)
{
	g_autoptr(GBytes) icc = srgb_profile();
	gsize n = 0;
	const void *bytes = g_bytes_get_data(icc, &n);
	qpdf_oh profile = qpdf_oh_new_stream(q), intents = qpdf_oh_new_array(q);
	qpdf_oh intent = qpdf_oh_parse(q, "<< /Type /OutputIntent /S /GTS_PDFA1 "
					  "/OutputConditionIdentifier (sRGB IEC61966-2.1) "
					  "/Info (sRGB IEC61966-2.1) >>");

	replace_with_stream(q, profile, bytes, n);
	qpdf_oh_replace_key(q, qpdf_oh_get_dict(q, profile), "/N", qpdf_oh_new_integer(q, 3));
	qpdf_oh_replace_key(q, intent, "/DestOutputProfile", profile);
	qpdf_oh_append_item(q, intents, intent);
	qpdf_oh_replace_key(q, qpdf_get_root(q), "/OutputIntents", intents);
}

/* 6.7.3: what the document information says has to be said here in the same way. */
static char *metadata(const char *title, const char *creator, const char *producer,
		      const EraDate *created)
{
	return g_markup_printf_escaped(
		"<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
		"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
		"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
		"<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>"
		"</rdf:Description>\n"
		"<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">"
		"<xmp:CreatorTool>%s</xmp:CreatorTool>"
		"<xmp:CreateDate>%04d-%02d-%02dT%02d:%02d:%02d+09:00</xmp:CreateDate>"
		"</rdf:Description>\n"
		"<rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">"
		"<pdf:Producer>%s</pdf:Producer></rdf:Description>\n"
		"<rdf:Description rdf:about=\"\""
		" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">"
		"<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
		"</rdf:Description>\n</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>",
		title, creator, created->year, created->month, created->day, created->hour,
		created->minute, created->second, producer);
}

static void add_metadata(qpdf_data q, const char *title, const EraDate *created)
{
	qpdf_oh info = qpdf_oh_get_key(q, qpdf_get_trailer(q), "/Info");
	qpdf_oh stream = qpdf_oh_new_stream(q);
	g_autofree char *date =
		g_strdup_printf("D:%04d%02d%02d%02d%02d%02d+09'00'", created->year, created->month,
				created->day, created->hour, created->minute, created->second);
	g_autofree char *producer =
		g_strdup(qpdf_oh_get_utf8_value(q, qpdf_oh_get_key(q, info, "/Producer")));
	g_autofree char *xmp = metadata(title, "opcard-form", producer, created);

	qpdf_oh_replace_key(q, info, "/Title", qpdf_oh_new_unicode_string(q, title));
	qpdf_oh_replace_key(q, info, "/Creator", qpdf_oh_new_unicode_string(q, "opcard-form"));
	qpdf_oh_replace_key(q, info, "/CreationDate", qpdf_oh_new_string(q, date));
	qpdf_oh_remove_key(q, info, "/ModDate");
	replace_with_stream(q, stream, xmp, strlen(xmp));
	set_name(q, qpdf_oh_get_dict(q, stream), "/Type", "/Metadata");
	set_name(q, qpdf_oh_get_dict(q, stream), "/Subtype", "/XML");
	qpdf_oh_replace_key(q, qpdf_get_root(q), "/Metadata", stream);
}

static gboolean refuse(qpdf_data q, GError **error)
{
	const char *why = qpdf_has_error(q) ? qpdf_get_error_full_text(q, qpdf_get_error(q)) : "?";

	return form_error_set(error, FORM_ERROR_FAILED, "PDF/A にできません（%s）",
			      "cannot make PDF/A (%s)", why);
}

static GBytes *write_out(qpdf_data q, GError **error)
{
	qpdf_init_write_memory(q);
	qpdf_set_object_stream_mode(q, qpdf_o_disable);
	qpdf_set_stream_data_mode(q, qpdf_s_preserve);
	qpdf_set_deterministic_ID(q, QPDF_TRUE);
	qpdf_set_newline_before_endstream(q, QPDF_TRUE);
	qpdf_force_pdf_version(q, "1.4");
	if (qpdf_write(q) > QPDF_WARNINGS || qpdf_has_error(q)) {
		refuse(q, error);
		return NULL;
	}
	return g_bytes_new(qpdf_get_buffer(q), qpdf_get_buffer_length(q));
}

static gboolean fix_pages(qpdf_data q, Underlay *underlay, GError **error)
{
	for (int i = 0; i < qpdf_get_num_pages(q); i++) {
		fix_page(q, qpdf_get_page_n(q, i));
		if (underlay != NULL && !underlay_apply(underlay, q, (guint) i, error))
			return FALSE;
		qpdf_oh_release_all(q);
	}
	return TRUE;
}

GBytes *pdfa_convert(GBytes *pdf, const char *title, const EraDate *created, Underlay *underlay,
		     GError **error)
{
	qpdf_data q = qpdf_init();
	GBytes *out = NULL;
	gsize n = 0;
	const void *bytes = g_bytes_get_data(pdf, &n);

	qpdf_silence_errors(q);
	if (qpdf_read_memory(q, "form", bytes, n, NULL) > QPDF_WARNINGS) {
		refuse(q, error);
	} else if (fix_pages(q, underlay, error)) {
		add_output_intent(q);
		add_metadata(q, title, created);
		out = write_out(q, error);
	}
	qpdf_cleanup(&q);
	g_bytes_unref(pdf);
	return out;
}
