/* SPDX-License-Identifier: Apache-2.0
 * The coded criteria of 職権停止 (N44(3), N82). */
#pragma once

#include <glib.h>

typedef struct StopCriterion {
	const char *code;
	const char *ja;
	const char *article;
} StopCriterion;

/* NULL for a code that is none. */
const StopCriterion *stop_criterion_find(const char *code);
/* "violation, misuse, …". Free with g_free. */
char *stop_criterion_choices(void);
