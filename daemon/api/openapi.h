/* SPDX-License-Identifier: Apache-2.0
 * The description of the API, as written in openapi.yaml and carried inside the program. */
#pragma once

#include <glib.h>

/* Static bytes; never freed. */
GBytes *openapi_text(void);
