/* SPDX-License-Identifier: Apache-2.0
 * 欄: a label and a value side by side, ruled all round; several of them make one form. */
#pragma once

#include "forms/letter.h"

/* Writes the box and moves down; a value taller than a page goes on in a box on the next. */
gboolean letter_box_put(Letter *letter, const FormLine *line,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
