/* SPDX-License-Identifier: Apache-2.0
 * A form as its definition file describes it. Lengths are in points. */
#pragma once

#include "forms/era.h"
#include "forms/field.h"

#define FORM_POINTS(mm) ((mm) *72.0 / 25.4)

#define FORM_COLUMNS_MAX 32
#define FORM_LINES_MAX   200
#define FORM_STAMPS_MAX  8

typedef enum FormKind {
	FORM_REGISTER, /* 一覧表: a table over as many pages as it takes */
	FORM_LETTER,   /* 文書: lines of text from top to bottom */
	_FORM_KIND_MAX
} FormKind;

typedef enum FormAlign {
	FORM_LEFT,
	FORM_CENTRE,
	FORM_RIGHT,
	_FORM_ALIGN_MAX
} FormAlign;

typedef struct FormColumn {
	char *group; /* upper heading (貸与者), or NULL */
	char *head;
	Field field;  /* _FIELD_MAX: always empty, to be filled in by hand */
	double width; /* 0 until the rest of the page is shared out */
	FormAlign align;
	EraStyle date; /* _ERA_STYLE_MAX: not a date */
	gboolean squeeze;
} FormColumn;

typedef enum FormLineKind {
	FORM_LINE_SPACE, /* 空 */
	FORM_LINE_TEXT,  /* 左 中 右 */
	FORM_LINE_ITEM,  /* 項目: label spread evenly, colon, value on a rule */
	FORM_LINE_SIGN,  /* 署名: the same in the right half, with 印 at its end */
	FORM_LINE_NOTE,  /* 注: hanging number */
	_FORM_LINE_KIND_MAX
} FormLineKind;

typedef struct FormLine {
	FormLineKind kind;
	FormAlign align;
	double space;    /* FORM_LINE_SPACE: lines */
	char *text[3];   /* never NULL; label, value, mark */
	guint file_line; /* where it stands in the file */
} FormLine;

typedef struct Form {
	FormKind kind;
	char *label; /* 様式第３号（第12条関係） */
	char *title;
	char *fonts;          /* families, separated by commas, best first */
	double width, height; /* paper */
	double top, right, bottom, left;
	double size, title_size;
	double row_height;
	gboolean fill;     /* rule empty rows to the end of the page */
	gboolean bookmark; /* one bookmark a fiscal year, by the first date column */
	char *foot[_FORM_ALIGN_MAX];
	char *stamp[FORM_STAMPS_MAX]; /* 押印欄, right to left as written */
	guint n_stamps;
	FormColumn column[FORM_COLUMNS_MAX];
	guint n_columns;
	FormLine line[FORM_LINES_MAX];
	guint n_lines;
} Form;

/* A form with the defaults of every key. */
Form *form_new(void);
void form_free(Form *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Form, form_free)

/* Whether any heading has two levels. */
gboolean form_has_groups(const Form *form);
