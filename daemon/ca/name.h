/* SPDX-License-Identifier: Apache-2.0
 * Distinguished names as DER (RFC 5280 4.1.2.4). */
#pragma once

#include <glib.h>

/* "C=JP, O=鳥取県, CN=操作者認証局" in the order written; "\," is a comma. Attributes: C, ST, L, O,
 * OU, CN, serialNumber. Errors: USAGE. */
GBytes *name_parse(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* CN = card number, serialNumber = opaque identifier: nothing of the person is in it.
 * Both [0-9A-Za-z-], 1 to 64 characters. Errors: USAGE. */
GBytes *name_card(const char *card, const char *identifier,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A Name DER as people read it: "C=JP, O=鳥取県, CN=…". Free with g_free. Errors: CA. */
char *name_text(GBytes *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
