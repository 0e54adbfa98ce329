/* SPDX-License-Identifier: Apache-2.0
 * The lines of a letter that are text: 左 中 右 見出し 項目 署名 注 位置. */
#pragma once

#include "forms/letter.h"

/* Writes the line and moves down; a paragraph taller than a page goes on over the next. */
gboolean letter_text_put(Letter *letter, const FormLine *line,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
