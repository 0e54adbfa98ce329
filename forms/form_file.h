/* SPDX-License-Identifier: Apache-2.0
 * Reader of form definitions (.form), which office staff edit in a plain text editor. */
#pragma once

#include "forms/form.h"

/* Reads one definition; name is only for messages, which read "name:line: ...". Everything that
 * could fail while printing a blank form, but for glyphs and fonts, is refused here. */
Form *form_file_read(const char *name, const char *bytes, gsize length,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
