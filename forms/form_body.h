/* SPDX-License-Identifier: Apache-2.0
 * One line of [本文]: a kind and its texts between bars. */
#pragma once

#include "forms/form.h"

/* Reads a line that has its bars half-width. line gets texts that are never NULL, whatever comes
 * out. Messages have no position. */
gboolean form_body_read(FormLine *line, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Checks what needs the whole form: tables that are there, conditions that end.
 * ret_line gets where the file is wrong. */
gboolean form_body_settle(const Form *form, guint *ret_line,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The kinds, NULL at the end. */
const char *const *form_body_words(void);

/* The table a condition asks about (「表 指摘」: 指摘), or NULL where it asks about a word. */
const char *form_body_condition_table(const FormLine *line);
