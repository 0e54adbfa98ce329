/* SPDX-License-Identifier: Apache-2.0
 * These pages are no part of the form and have no number of it. */
#include "forms/missing_page.h"

#include "forms/form_error.h"

#define SIZE  9.0
#define PITCH 14.0

gboolean missing_page_draw(const Draw *draw, const Form *form, GError **error)
{
	guint n = draw->missing == NULL ? 0 : missing_count(draw->missing);
	guint per_page = (guint) ((form->height - form->top - form->bottom) / PITCH) - 2;
	DrawStyle style = { SIZE, PITCH, FORM_LEFT, TRUE };

	for (guint i = 0; i < n; i++) {
		guint at = i % per_page;
		DrawBox box = { form->left, form->top, form->width - form->left - form->right,
				PITCH };

		if (at == 0) {
			if (i > 0)
				cairo_show_page(draw->cr);
			if (!draw_text(draw, "字形がないため「〓」で印字した文字の一覧", &box,
				       &style, error))
				return FALSE;
		}
		box.y += (at + 2) * PITCH;
		if (!draw_text(draw, missing_line(draw->missing, i), &box, &style, error))
			return FALSE;
	}
	if (n > 0)
		cairo_show_page(draw->cr);
	return TRUE;
}
