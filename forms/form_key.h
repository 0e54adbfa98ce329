/* SPDX-License-Identifier: Apache-2.0
 * The keys of the section [様式]. */
#pragma once

#include "forms/form.h"

#define FORM_KEY_COUNT 20

/* Sets key to value in the form. Returns the key's index (below FORM_KEY_COUNT) so that the
 * reader can refuse a second one, or -1 with an error that has no position. */
int form_key_set(Form *form, const char *key, const char *value,
		 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every key, NULL at the end. */
const char *const *form_key_words(void);

/* A number of that unit however it was typed, between least and most; FALSE otherwise. */
gboolean form_key_number(const char *text, double least, double most, double *ret_number,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
