/* SPDX-License-Identifier: Apache-2.0
 * How many pages a PDF has. */
#pragma once

#include <glib.h>

/* 0 where it is no PDF. */
int pages_count(GBytes *pdf);
