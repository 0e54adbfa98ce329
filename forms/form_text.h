/* SPDX-License-Identifier: Apache-2.0
 * What a text editor of an office may have saved, made into UTF-8 lines. */
#pragma once

#include <glib.h>

/* Reads UTF-8 with or without BOM, or CP932 (Shift_JIS as Windows has it), ended by LF or CRLF.
 * Returns the lines without their ends, NULL-terminated. name is only for messages. */
GStrv form_text_lines(const char *name, const char *bytes, gsize length,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes blanks at both ends in place, full-width ones too; returns text. */
char *form_text_trim(char *text);

/* What a key, number or choice means however it was typed: ８．５ is 8.5, Ａ４　横 is A4横. */
char *form_text_fold(const char *text);
