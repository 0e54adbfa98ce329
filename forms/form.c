/* SPDX-License-Identifier: Apache-2.0
 * Defaults and disposal of a form. */
#include "forms/form.h"

#include <string.h>

Form *form_new(void)
{
	Form *form = g_new0(Form, 1);

	form->kind = _FORM_KIND_MAX;
	form->label = g_strdup("");
	form->title = g_strdup("");
	form->fonts = g_strdup("IPAexMincho, IPAmjMincho, Noto Serif CJK JP");
	form->width = FORM_POINTS(210);
	form->height = FORM_POINTS(297);
	form->top = form->right = form->bottom = form->left = FORM_POINTS(20);
	form->size = 10.5;
	form->title_size = 16;
	form->table_size = 9;
	form->row_height = FORM_POINTS(8);
	form->seal = TRUE;
	for (int i = 0; i < _FORM_ALIGN_MAX; i++)
		form->foot[i] = g_strdup("");
	return form;
}

static void free_columns(FormColumn *columns, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_free(columns[i].group);
		g_free(columns[i].head);
	}
}

void form_free(Form *form)
{
	if (form == NULL)
		return;
	g_free(form->label);
	g_free(form->title);
	g_free(form->fonts);
	for (int i = 0; i < _FORM_ALIGN_MAX; i++)
		g_free(form->foot[i]);
	for (guint i = 0; i < form->n_stamps; i++)
		g_free(form->stamp[i]);
	free_columns(form->column, form->n_columns);
	for (guint i = 0; i < form->n_tables; i++) {
		g_free(form->table[i].name);
		free_columns(form->table[i].column, form->table[i].n_columns);
	}
	for (guint i = 0; i < form->n_lines; i++) {
		for (int j = 0; j < FORM_TEXTS_MAX; j++)
			g_free(form->line[i].text[j]);
	}
	g_free(form);
}

const FormTable *form_table(const Form *form, const char *name)
{
	for (guint i = 0; i < form->n_tables; i++) {
		if (strcmp(form->table[i].name, name) == 0)
			return &form->table[i];
	}
	return NULL;
}

gboolean form_has_groups(const Form *form)
{
	for (guint i = 0; i < form->n_columns; i++) {
		if (form->column[i].group != NULL)
			return TRUE;
	}
	return FALSE;
}
