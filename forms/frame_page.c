/* SPDX-License-Identifier: Apache-2.0
 * Label, title, stamps and foot are the same for registers and letters but for the title's
 * place: close above a table, with air around it above a letter. */
#include "forms/frame_page.h"

#include "forms/qr.h"

#define FOOT_SIZE    8.5
#define STAMP_WIDTH  FORM_POINTS(17)
#define STAMP_HEAD   FORM_POINTS(5)
#define STAMP_HEIGHT FORM_POINTS(21)
#define STAMP_SIZE   8.0

gboolean frame_page_has_seal(const Form *form, const Data *data)
{
	const char *value = data_value(data, "押印");

	return form->seal && (value == NULL || !g_str_equal(value, "なし"));
}

/* How many boxes the 押印欄 has. */
static guint stamps_of(const Form *form, const Data *data)
{
	const char *value = data_value(data, "押印欄");

	return frame_page_has_seal(form, data) && (value == NULL || !g_str_equal(value, "なし"))
		       ? form->n_stamps
		       : 0;
}

static double title_y(const Form *form, guint n_stamps)
{
	double y = form->top + form->size * 1.6;

	if (form->kind == FORM_LETTER)
		y += form->size * 1.2;
	if (n_stamps > 0)
		y = MAX(y, form->top + STAMP_HEIGHT - form->title_size * 1.6);
	return y;
}

double frame_page_top(const Form *form, const Data *data)
{
	guint n_stamps = stamps_of(form, data);
	double top = title_y(form, n_stamps) +
		     form->title_size * (form->kind == FORM_LETTER ? 2.4 : 1.6);

	if (form->background && form->kind == FORM_LETTER)
		return form->top;
	return n_stamps > 0 ? MAX(top, form->top + STAMP_HEIGHT + form->size * 0.6) : top;
}

static gboolean draw_stamps(const Draw *draw, const Form *form, guint n_stamps, GError **error)
{
	DrawStyle style = { STAMP_SIZE, STAMP_SIZE, FORM_CENTRE, TRUE };
	double x = form->width - form->right - n_stamps * STAMP_WIDTH;

	for (guint i = 0; i < n_stamps; i++, x += STAMP_WIDTH) {
		DrawBox box = { x, form->top, STAMP_WIDTH, STAMP_HEIGHT };
		DrawBox head = { x + 2, form->top, STAMP_WIDTH - 4, STAMP_HEAD };

		draw_frame(draw, &box, DRAW_THIN);
		draw_line(draw, (DrawPoint){ x, form->top + STAMP_HEAD },
			  (DrawPoint){ x + STAMP_WIDTH, form->top + STAMP_HEAD }, DRAW_THIN);
		if (!draw_text(draw, form->stamp[i], &head, &style, error))
			return FALSE;
	}
	return TRUE;
}

/* Centred on the page, and in what the stamps leave only where they would be touched. */
static gboolean draw_title(const Draw *draw, const Form *form, guint n_stamps, GError **error)
{
	DrawStyle style = { form->title_size, form->title_size * 1.2, FORM_CENTRE, TRUE };
	double content = form->width - form->left - form->right;
	double stamps = n_stamps * STAMP_WIDTH;
	DrawBox box = { form->left, title_y(form, n_stamps), content, form->title_size * 1.2 };
	double title = draw_label_width(draw, form->title, form->title_size, error);

	if (title < 0)
		return FALSE;
	if (stamps > 0 && title > content - 2 * stamps - form->title_size)
		box.width -= stamps + form->title_size;
	return draw_text(draw, form->title, &box, &style, error);
}

/* @indent: what the checkpoint takes of the left corner. */
static gboolean draw_foot(const Draw *draw, const Form *form, const PlaceholderScope *scope,
			  FormAlign align, double indent, GError **error)
{
	gboolean number = form->kind == FORM_LETTER && scope->pages > 1 && align == FORM_CENTRE &&
			  *form->foot[align] == '\0';
	const char *template = number ? "{頁}／{総頁}" : form->foot[align];
	double content = form->width - form->left - form->right, third = content / 3;
	DrawStyle style = { FOOT_SIZE, FOOT_SIZE * 1.1, align, TRUE };
	DrawBox box = { form->left + third * (int) align, form->height - form->bottom + 4, third,
			FOOT_SIZE * 1.6 };
	g_autofree char *text = NULL;

	if (align == FORM_LEFT) {
		box.x += indent;
		box.width -= indent;
	}
	if (placeholder_is_blank(template, scope))
		return TRUE;
	text = placeholder_fill(template, scope, error);
	return text != NULL && draw_text(draw, text, &box, &style, error);
}

gboolean frame_page_draw(const Draw *draw, const Form *form, const PlaceholderScope *scope,
			 GError **error)
{
	DrawStyle style = { form->size, form->size, FORM_LEFT, TRUE };
	double content = form->width - form->left - form->right;
	guint n_stamps = stamps_of(form, scope->data);
	DrawBox label = { form->left, form->top, content - n_stamps * STAMP_WIDTH,
			  form->size * 1.2 };
	gboolean has_title = !form->background && (form->kind == FORM_REGISTER || scope->page <= 1);

	double indent;

	draw_place(draw, "", 0, "表題と欄外");
	if (has_title &&
	    !(draw_text(draw, form->label, &label, &style, error) &&
	      draw_title(draw, form, n_stamps, error) && draw_stamps(draw, form, n_stamps, error)))
		return FALSE;
	if (!qr_draw_checkpoint(draw, form, data_value(scope->data, "監査記録"), &indent, error))
		return FALSE;
	for (int align = 0; align < _FORM_ALIGN_MAX; align++) {
		if (!draw_foot(draw, form, scope, (FormAlign) align, indent, error))
			return FALSE;
	}
	return TRUE;
}
