/* SPDX-License-Identifier: Apache-2.0
 * Characters that were printed as 〓, and where. */
#pragma once

#include <glib.h>

typedef struct Missing Missing;

Missing *missing_new(void);
void missing_free(Missing *missing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Missing, missing_free)

/* What is printed from now on: a row (from 1; 0 for none) of table ("" for the register's own) and
 * the heading or label there. Texts are only looked at while they are in force. */
void missing_place(Missing *missing, const char *table, guint row, const char *label);

/* Notes a character; once for each place. */
void missing_add(Missing *missing, gunichar base, gunichar selector);

guint missing_count(const Missing *missing);

/* 「3行目 氏名　U+E000」 */
const char *missing_line(const Missing *missing, guint i);
