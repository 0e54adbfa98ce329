/* SPDX-License-Identifier: Apache-2.0
 * The known word somebody probably meant. */
#pragma once

#include <glib.h>

/* Returns the word of the NULL-terminated list that differs least from word, or NULL where
 * none is near: at most every second character may differ. */
const char *nearest_word(const char *word, const char *const *words);

/* Sets 「知らない項目「行髙」（「行高」のことですか）」; near may be NULL. Returns FALSE. */
gboolean nearest_refuse(GError **error, const char *word, const char *near);
