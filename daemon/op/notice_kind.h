/* SPDX-License-Identifier: Apache-2.0
 * The texts of notices as a table: kind, subject and body in Japanese and English, with {places}.
 * No text names the reason of a 死亡 or anything secret. */
#pragma once

#include <glib.h>

typedef struct NoticeKind {
	const char *name;
	const char *subject_ja;
	const char *body_ja;
	const char *subject_en;
	const char *body_en;
} NoticeKind;

/* NULL for a kind that is not in the table. */
const NoticeKind *notice_kind_find(const char *name);
/* Row @index, NULL behind the last one. */
const NoticeKind *notice_kind_row(guint index);
