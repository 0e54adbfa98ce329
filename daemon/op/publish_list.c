/* SPDX-License-Identifier: Apache-2.0
 * The published list read back with its entries. */
#include "daemon/base/error.h"
#include "daemon/ca/crl_read.h"
#include "daemon/op/publish_private.h"

gboolean publish_published(const Publisher *publisher, const Issuer *issuer, GArray *entries,
			   guint64 *ret_number, GError **error)
{
	g_autoptr(GBytes) list = NULL;
	char *data = NULL;
	gsize length;
	CrlFacts facts = { .number = 0 };

	*ret_number = 0;
	if (!g_file_get_contents(publisher->path, &data, &length, NULL))
		return TRUE;
	list = g_bytes_new_take(data, length);
	if (!crl_read(list, issuer, entries, &facts, error))
		return FALSE;
	*ret_number = facts.number;
	return TRUE;
}
