/* SPDX-License-Identifier: Apache-2.0
 * Lists of days in the configuration: "3, 7, 14", ascending; "" is none. */
#pragma once

#include <glib.h>

#define DAY_LIST_MAX  8
#define DAY_LIST_MOST 3660 /* days */

/* The days of @text; *ret_count of them. FALSE when it is no such list. */
gboolean day_list_parse(const char *text, int ret_days[DAY_LIST_MAX], int *ret_count);
