/* SPDX-License-Identifier: Apache-2.0
 * A page becomes a form XObject (ISO 32000-1, 8.10) that the printed page draws first. */
#include "forms/underlay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "forms/form_error.h"

#define NAME      "/OpcardUnderlay"
#define TOLERANCE 6 /* points: papers cut by other programs are not exact */
#define PAGES_MAX 64

struct Underlay {
	qpdf_data pdf;
	GBytes *bytes;
	guint pages;
};

static gboolean refuse(GError **error, const char *ja, const char *en)
{
	g_autofree char *full_ja = g_strconcat("下絵: ", ja, NULL);
	g_autofree char *full_en = g_strconcat("underlay: ", en, NULL);

	return form_error_set(error, FORM_ERROR_INPUT, full_ja, full_en, NULL);
}

/* What the file says of itself in its metadata. */
static gboolean is_pdfa1(qpdf_data pdf)
{
	qpdf_oh metadata = qpdf_oh_get_key(pdf, qpdf_get_root(pdf), "/Metadata");
	unsigned char *bytes = NULL;
	size_t n = 0;
	gboolean found = FALSE;

	if (!qpdf_oh_is_stream(pdf, metadata) ||
	    qpdf_oh_get_stream_data(pdf, metadata, qpdf_dl_all, NULL, &bytes, &n) > QPDF_WARNINGS)
		return FALSE;
	found = g_strstr_len((const char *) bytes, (gssize) n, "<pdfaid:part>1<") != NULL ||
		g_strstr_len((const char *) bytes, (gssize) n, "pdfaid:part=\"1\"") != NULL;
	free(bytes);
	return found;
}

Underlay *underlay_read(GBytes *bytes, GError **error)
{
	g_autoptr(Underlay) underlay = g_new0(Underlay, 1);
	gsize n = 0;
	const char *data = g_bytes_get_data(bytes, &n);
	int pages;

	underlay->bytes = g_bytes_ref(bytes);
	underlay->pdf = qpdf_init();
	qpdf_silence_errors(underlay->pdf);
	qpdf_set_suppress_warnings(underlay->pdf, QPDF_TRUE);
	if (qpdf_read_memory(underlay->pdf, "underlay", data, n, NULL) > QPDF_WARNINGS) {
		(void) refuse(error, "PDF として読めません", "cannot be read as a PDF");
		return NULL;
	}
	if (qpdf_is_encrypted(underlay->pdf) || !is_pdfa1(underlay->pdf)) {
		(void) refuse(error, "パスワードのない PDF/A-1 で保存してください",
			      "save it as PDF/A-1 without a password");
		return NULL;
	}
	pages = qpdf_get_num_pages(underlay->pdf);
	if (pages < 1 || pages > PAGES_MAX) {
		(void) refuse(error, "頁がないか、64 頁を超えています",
			      "has no page or more than 64");
		return NULL;
	}
	(void) qpdf_push_inherited_attributes_to_page(underlay->pdf);
	underlay->pages = (guint) pages;
	return g_steal_pointer(&underlay);
}

/* Takes the error qpdf has kept, if there is one: left alone it would be printed. */
static gboolean take_error(qpdf_data pdf)
{
	gboolean is_wrong = qpdf_has_error(pdf);

	if (is_wrong)
		(void) qpdf_get_error(pdf);
	return is_wrong;
}

void underlay_free(Underlay *underlay)
{
	if (underlay == NULL)
		return;
	if (underlay->pdf != NULL) {
		(void) take_error(underlay->pdf);
		qpdf_cleanup(&underlay->pdf);
	}
	g_clear_pointer(&underlay->bytes, g_bytes_unref);
	g_free(underlay);
}

typedef struct Paper {
	double x, y, width, height;
} Paper;

static Paper paper_of(qpdf_data pdf, qpdf_oh page)
{
	qpdf_oh box = qpdf_oh_get_key(pdf, page, "/MediaBox");
	double at[4] = { 0 };

	for (int i = 0; i < 4 && qpdf_oh_is_array(pdf, box); i++)
		at[i] = qpdf_oh_get_numeric_value(pdf, qpdf_oh_get_array_item(pdf, box, i));
	return (Paper){ MIN(at[0], at[2]), MIN(at[1], at[3]), fabs(at[2] - at[0]),
			fabs(at[3] - at[1]) };
}

static gboolean is_turned(qpdf_data pdf, qpdf_oh page)
{
	qpdf_oh rotate = qpdf_oh_get_key(pdf, page, "/Rotate");

	return qpdf_oh_is_integer(pdf, rotate) && qpdf_oh_get_int_value(pdf, rotate) % 360 != 0;
}

/* The page as a form XObject of pdf; its content is copied, its resources are taken over. */
static gboolean add_form(Underlay *underlay, qpdf_data pdf, qpdf_oh page, qpdf_oh *ret_form)
{
	qpdf_oh resources = qpdf_oh_get_key(underlay->pdf, page, "/Resources");
	qpdf_oh form = qpdf_oh_new_stream(pdf), dict;
	unsigned char *bytes = NULL;
	size_t n = 0;
	Paper paper = paper_of(underlay->pdf, page);
	g_autofree char *box = g_strdup_printf("[%.3f %.3f %.3f %.3f]", paper.x, paper.y,
					       paper.x + paper.width, paper.y + paper.height);

	if (qpdf_oh_get_page_content_data(underlay->pdf, page, &bytes, &n) > QPDF_WARNINGS)
		return FALSE;
	qpdf_oh_replace_stream_data(pdf, form, bytes, n, qpdf_oh_new_null(pdf),
				    qpdf_oh_new_null(pdf));
	free(bytes);
	dict = qpdf_oh_get_dict(pdf, form);
	qpdf_oh_replace_key(pdf, dict, "/Type", qpdf_oh_new_name(pdf, "/XObject"));
	qpdf_oh_replace_key(pdf, dict, "/Subtype", qpdf_oh_new_name(pdf, "/Form"));
	qpdf_oh_replace_key(pdf, dict, "/BBox", qpdf_oh_parse(pdf, box));
	if (qpdf_oh_is_dictionary(underlay->pdf, resources)) {
		qpdf_oh shared = qpdf_make_indirect_object(underlay->pdf, resources);

		qpdf_oh_replace_key(pdf, dict, "/Resources",
				    qpdf_oh_copy_foreign_object(pdf, underlay->pdf, shared));
	}
	*ret_form = form;
	return TRUE;
}

/* Puts a stream that draws the form before the page's own. */
static void draw_first(qpdf_data pdf, qpdf_oh page, qpdf_oh form, const char *drawing)
{
	qpdf_oh resources = qpdf_oh_get_key(pdf, page, "/Resources");
	qpdf_oh objects = qpdf_oh_get_key(pdf, resources, "/XObject");
	qpdf_oh own = qpdf_oh_get_key(pdf, page, "/Contents");
	qpdf_oh first = qpdf_oh_new_stream(pdf), all = qpdf_oh_new_array(pdf);

	if (!qpdf_oh_is_dictionary(pdf, objects)) {
		objects = qpdf_oh_new_dictionary(pdf);
		qpdf_oh_replace_key(pdf, resources, "/XObject", objects);
		objects = qpdf_oh_get_key(pdf, resources, "/XObject");
	}
	qpdf_oh_replace_key(pdf, objects, NAME, form);
	qpdf_oh_replace_stream_data(pdf, first, (const unsigned char *) drawing, strlen(drawing),
				    qpdf_oh_new_null(pdf), qpdf_oh_new_null(pdf));
	qpdf_oh_append_item(pdf, all, first);
	if (qpdf_oh_is_array(pdf, own)) {
		for (int i = 0; i < qpdf_oh_get_array_n_items(pdf, own); i++)
			qpdf_oh_append_item(pdf, all, qpdf_oh_get_array_item(pdf, own, i));
	} else {
		qpdf_oh_append_item(pdf, all, own);
	}
	qpdf_oh_replace_key(pdf, page, "/Contents", all);
}

gboolean underlay_apply(Underlay *underlay, qpdf_data pdf, guint i, GError **error)
{
	qpdf_oh page = qpdf_get_page_n(pdf, i), form;
	qpdf_oh below = qpdf_get_page_n(underlay->pdf, MIN(i, underlay->pages - 1));
	Paper ours = paper_of(pdf, page), theirs = paper_of(underlay->pdf, below);
	g_autofree char *drawing = g_strdup_printf("q 1 0 0 1 %.3f %.3f cm " NAME " Do Q\n",
						   ours.x - theirs.x, ours.y - theirs.y);

	if (is_turned(underlay->pdf, below) || fabs(ours.width - theirs.width) > TOLERANCE ||
	    fabs(ours.height - theirs.height) > TOLERANCE)
		return refuse(error, "用紙の大きさか向きが「用紙」と違います",
			      "its paper is not that of 用紙");
	if (!add_form(underlay, pdf, below, &form))
		return refuse(error, "PDF として読めません", "cannot be read as a PDF");
	draw_first(pdf, page, form, drawing);
	if (take_error(underlay->pdf) || take_error(pdf))
		return refuse(error, "PDF として読めません", "cannot be read as a PDF");
	return TRUE;
}
