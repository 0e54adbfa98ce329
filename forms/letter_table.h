/* SPDX-License-Identifier: Apache-2.0
 * 表: the rows of [列] or of [表 NAME] inside a letter. */
#pragma once

#include "forms/letter.h"

/* Writes the table and moves down; its heading is repeated on every page. */
gboolean letter_table_put(Letter *letter, const FormLine *line,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
