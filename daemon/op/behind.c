/* SPDX-License-Identifier: Apache-2.0
 * The number of a list is durable in the store before a list with it exists, so a published number
 * above the store's has one explanation only: the store is an older one. */
#include "daemon/op/behind.h"

#include "daemon/base/error.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_issuer.h"

gboolean behind_is(const House *house)
{
	return g_atomic_int_get(&house->is_behind) != 0;
}

static gboolean is_behind(House *house, const IssuerRow *row, gboolean is_restored)
{
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer_of(&op, (guint16) row->id);
	Publisher *publisher = publish_of(house->publisher, (guint16) row->id);
	guint64 published = issuer != NULL ? publish_witness(publisher, issuer) : 0;

	return published > (guint64) row->crl_number ||
	       (is_restored && published == 0 && row->crl_number > 0);
}

gboolean behind_open(House *house, gboolean is_restored, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(GPtrArray) rows = tx != NULL ? store_issuer_list(tx, error) : NULL;

	for (guint i = 0; rows != NULL && i < rows->len; i++)
		if (is_behind(house, rows->pdata[i], is_restored))
			g_atomic_int_set(&house->is_behind, 1);
	if (behind_is(house))
		status_index_close(house->index);
	return rows != NULL;
}

gboolean behind_check(const House *house, GError **error)
{
	return !behind_is(house) ||
	       error_set(
		       error, ERROR_STATE,
		       N_("the database is older than the published revocation list (a restored "
			  "backup, or an old copy): OCSP says \"try later\" and nothing is issued "
			  "or published until the list's entries are taken over: stop opcardd, "
			  "run `opcardd --reconcile`, start it again"));
}

gboolean behind_check_rule(const House *house, const LifecycleRule *rule, GError **error)
{
	gboolean is_grant = rule->to == CARD_PERSONALIZING || rule->to == CARD_PENDING ||
			    rule->to == CARD_ACTIVE;

	return !is_grant || behind_check(house, error);
}
