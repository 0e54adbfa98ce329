/* SPDX-License-Identifier: Apache-2.0
 * {団体名} and {受領日:和暦} in the texts of a form. */
#pragma once

#include "forms/data.h"
#include "forms/era.h"

/* What stands behind the words while one piece of a form is printed. */
typedef struct PlaceholderScope {
	const Data *data; /* NULL: a blank form */
	int row;          /* its columns come before the values; -1: none */
	guint page, pages;
} PlaceholderScope;

/* Checks braces, words and date formats; the message has no position. */
gboolean placeholder_check(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text with every word replaced, newly allocated; words without a value become nothing,
 * dates without one 「　　　年　　月　　日」. NULL where a value is no date. */
char *placeholder_fill(const char *text, const PlaceholderScope *scope,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether text asks for something and nothing of it is there. */
gboolean placeholder_is_blank(const char *text, const PlaceholderScope *scope);

/* Whether the word has a value, and that one where want is not "". */
gboolean placeholder_holds(const char *word, const char *want, const PlaceholderScope *scope);

/* Whether text asks for a column of the rows. */
gboolean placeholder_has_column(const char *text);

/* The style a form calls 和暦 or 日時; _ERA_STYLE_MAX for any other word. */
EraStyle placeholder_style(const char *ja);

/* All of them, NULL at the end. */
const char *const *placeholder_styles(void);
