/* SPDX-License-Identifier: Apache-2.0
 * The colour profile a PDF/A file carries. */
#pragma once

#include <glib.h>

/* An ICC profile (version 2.1, display, RGB) of IEC 61966-2-1 sRGB. */
GBytes *srgb_profile(void);
