/* SPDX-License-Identifier: Apache-2.0
 * A form as its definition file describes it. Lengths are in points. */
#pragma once

#include "forms/era.h"
#include "forms/field.h"

#define FORM_POINTS(mm) ((mm) *72.0 / 25.4)

#define FORM_COLUMNS_MAX 32
#define FORM_LINES_MAX   200
#define FORM_TEXTS_MAX   5
#define FORM_TABLES_MAX  12 /* beside the one of [列] */
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
	gboolean spread; /* 均等 */
} FormColumn;

/* [表 NAME]: the columns of a further table of a letter */
typedef struct FormTable {
	char *name;
	FormColumn column[FORM_COLUMNS_MAX];
	guint n_columns;
	guint file_line;
} FormTable;

typedef enum FormLineKind {
	FORM_LINE_SPACE,   /* 空 */
	FORM_LINE_TEXT,    /* 左 中 右 */
	FORM_LINE_HEADING, /* 見出し: text and a bookmark */
	FORM_LINE_ITEM,    /* 項目: label spread evenly, colon, value on a rule */
	FORM_LINE_SIGN,    /* 署名: the same in the right half, with 印 at its end */
	FORM_LINE_NOTE,    /* 注: hanging number */
	FORM_LINE_BOX,     /* 欄: label and value side by side in a ruled box */
	FORM_LINE_TABLE,   /* 表: the rows of [列] or of [表 NAME] */
	FORM_LINE_CHART,   /* グラフ: one bar a row */
	FORM_LINE_AT,      /* 位置: text at a place of the page */
	FORM_LINE_PAGE,    /* 改頁 */
	FORM_LINE_IF,      /* 有るとき … 終わり: only where the word has a value */
	FORM_LINE_UNLESS,  /* 無いとき … 終わり */
	FORM_LINE_END,     /* 終わり */
	_FORM_LINE_KIND_MAX
} FormLineKind;

typedef struct FormLine {
	FormLineKind kind;
	FormAlign align;
	double number;              /* 空: lines; 欄: lines at least; 表: rows at least */
	double at[3];               /* 位置: from the left, from the top, width */
	char *text[FORM_TEXTS_MAX]; /* never NULL */
	guint file_line;            /* where it stands in the file */
} FormLine;

typedef enum FormBookmark {
	FORM_BOOKMARK_NONE,
	FORM_BOOKMARK_YEAR,    /* 年度, by the first date column */
	FORM_BOOKMARK_SECTION, /* 所属 */
	_FORM_BOOKMARK_MAX
} FormBookmark;

typedef struct Form {
	FormKind kind;
	char *label; /* 様式第３号（第12条関係） */
	char *title;
	char *fonts;          /* families, separated by commas, best first */
	double width, height; /* paper */
	double top, right, bottom, left;
	double size, title_size;
	double table_size; /* of tables in a letter */
	double row_height;
	gboolean fill; /* rule empty rows to the end of the page */
	FormBookmark bookmark;
	gboolean section_page; /* every section begins a page */
	gboolean seal;         /* 押印: marks and 押印欄 are printed */
	gboolean geta;         /* 字形なし = 〓: print that and list it at the end */
	gboolean background;   /* 下絵: the PDF of the same name lies below */
	char *foot[_FORM_ALIGN_MAX];
	char *stamp[FORM_STAMPS_MAX]; /* 押印欄, right to left as written */
	guint n_stamps;
	FormColumn column[FORM_COLUMNS_MAX];
	guint n_columns;
	FormTable table[FORM_TABLES_MAX];
	guint n_tables;
	FormLine line[FORM_LINES_MAX];
	guint n_lines;
} Form;

/* A form with the defaults of every key. */
Form *form_new(void);
void form_free(Form *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Form, form_free)

/* The table of that name, or NULL. */
const FormTable *form_table(const Form *form, const char *name);

/* Whether any heading of [列] has two levels. */
gboolean form_has_groups(const Form *form);
