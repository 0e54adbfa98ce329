/* SPDX-License-Identifier: Apache-2.0
 * "OPCARD-CHECKPOINT/1 NUMBER SIZE ROOT": capitals and digits, which a QR code packs tightly. One
 * pixel-free rectangle a run of dark modules, on the page's own white. */
#include "forms/qr.h"

#include <qrencode.h>
#include <string.h>

#include "forms/form_error.h"

#define SIDE       FORM_POINTS(11)
#define SIDE_LEAST FORM_POINTS(8) /* a smaller one is read by nobody */
#define GAP        FORM_POINTS(2)
#define TEXT_SIZE  6.5
#define ROOT_SHOWN 16

static void draw_modules(const Draw *draw, const QRcode *code, const DrawBox *box)
{
	double unit = box->width / code->width;

	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++) {
			int from = x;

			while (x < code->width && (code->data[y * code->width + x] & 1) != 0)
				x++;
			if (x > from)
				draw_fill(draw,
					  &(DrawBox){ box->x + from * unit, box->y + y * unit,
						      (x - from) * unit, unit },
					  0);
		}
}

static gboolean draw_words(const Draw *draw, const Form *form, char **parts, double left,
			   GError **error)
{
	DrawStyle style = { TEXT_SIZE, TEXT_SIZE * 1.1, FORM_LEFT, TRUE };
	DrawBox box = { left, form->height - form->bottom + 21,
			(form->width - form->left - form->right) / 3, TEXT_SIZE * 1.6 };
	g_autofree char *words = g_strdup_printf("監査記録 第%s区切 %s件 %.*s…", parts[1], parts[2],
						 ROOT_SHOWN, parts[3]);

	return draw_text(draw, words, &box, &style, error);
}

gboolean qr_draw_checkpoint(const Draw *draw, const Form *form, const char *text, double *ret_width,
			    GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", " ", 5);
	double side = MIN(SIDE, form->bottom - 7);
	QRcode *code;

	*ret_width = 0;
	if (g_strv_length(parts) != 4 || strcmp(parts[0], "OPCARD-CHECKPOINT/1") != 0)
		return TRUE;
	code = side >= SIDE_LEAST ? QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) : NULL;
	if (code != NULL) {
		*ret_width = side + GAP;
		draw_modules(draw, code,
			     &(DrawBox){ form->left, form->height - form->bottom + 3, side, side });
	}
	QRcode_free(code);
	return draw_words(draw, form, parts, form->left + *ret_width, error);
}
