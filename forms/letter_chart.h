/* SPDX-License-Identifier: Apache-2.0
 * グラフ: one bar for every row of a table. */
#pragma once

#include "forms/letter.h"

/* Draws the chart and moves down; it stands on one page as a whole. */
gboolean letter_chart_put(Letter *letter, const FormLine *line,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
