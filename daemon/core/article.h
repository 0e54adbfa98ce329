/* SPDX-License-Identifier: Apache-2.0
 * Articles that a ledger record may name: rows of the requirements, a letter for the regulation
 * they come from and a number. */
#pragma once

#include <glib.h>

/* TRUE for "T24", "N81" and every other that there is; FALSE for "", "T99" or "T24, N81". */
gboolean article_is_known(const char *article);
/* The regulation it stands in, in Japanese; NULL when it is not known. */
const char *article_regulation_ja(const char *article);
