/* SPDX-License-Identifier: Apache-2.0
 * Only what is strong enough at all can stand on the list: P-256 and P-384, RSA from 2048 bits. */
#include "daemon/base/algorithm.h"

#include <string.h>

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 16384

static const char *const curves[] = { "ec:P-256", "ec:P-384", NULL };

/* Bits of "rsa:N"; 0: it is not that. */
static guint64 rsa_bits(const char *name)
{
	guint64 bits;

	return g_str_has_prefix(name, "rsa:") &&
			       g_ascii_string_to_unsigned(name + strlen("rsa:"), 10, RSA_BITS_MIN,
							  RSA_BITS_MAX, &bits, NULL)
		       ? bits
		       : 0;
}

static gboolean is_name(const char *name)
{
	return g_strv_contains(curves, name) || rsa_bits(name) != 0;
}

gboolean algorithm_list_is_good(const char *list)
{
	g_auto(GStrv) names = g_strsplit(list, ",", -1);

	for (char **name = names; *name != NULL; name++)
		if (!is_name(g_strstrip(*name)))
			return FALSE;
	return names[0] != NULL;
}

gboolean algorithm_is_allowed(const char *list, const char *name)
{
	g_auto(GStrv) names = g_strsplit(list, ",", -1);
	guint64 bits = rsa_bits(name);

	if (!is_name(name))
		return FALSE;
	for (char **one = names; *one != NULL; one++) {
		guint64 least = rsa_bits(g_strstrip(*one));

		if (least != 0 ? bits >= least : g_str_equal(*one, name))
			return TRUE;
	}
	return FALSE;
}
