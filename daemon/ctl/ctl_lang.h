/* SPDX-License-Identifier: Apache-2.0
 * Japanese or English, chosen by the environment's locale even where that locale is not installed.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#define _(msgid)  ctl_lang_text(msgid)
#define N_(msgid) (msgid)

/* Sets a UTF-8 character type and finds the catalogue (beside the program, else installed). */
void ctl_lang_init(void);

gboolean ctl_lang_is_ja(void);

/* In the user's language; "" stays "". */
const char *ctl_lang_text(const char *msgid) G_GNUC_FORMAT(1);

/* Always in Japanese. */
const char *ctl_lang_ja(const char *msgid) G_GNUC_FORMAT(1);

/* The member of `object` in the user's language, the other one where it is missing, else NULL. */
const char *ctl_lang_pick(const json_t *object, const char *en_key, const char *ja_key);
