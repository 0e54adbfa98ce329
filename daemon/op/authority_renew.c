/* SPDX-License-Identifier: Apache-2.0
 * Key, then journal, then signatures, then the one transaction that makes the new CA the issuing
 * one. Everything after the journal can be done again from it. */
#include "daemon/op/authority_renew.h"

#include "daemon/base/error.h"
#include "daemon/ca/issuer_link.h"
#include "daemon/ca/token_uri.h"
#include "daemon/op/allow_key.h"
#include "daemon/op/authority_key.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/op/responder.h"
#include "daemon/store/store_issuer_renewal.h"
#include "pkcs11/failpoint.h"

static int days_of(const House *house)
{
	return (int) (config_number(house->config, CONFIG_CA_VALIDITY) / 86400);
}

static gboolean check(Op *op, IssuerRow **ret_row, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(IssuerRow) row = NULL;
	g_autoptr(IssuerRenewal) open = NULL;

	if (!op_has_role(op, ROLE_SET(ROLE_ROOT) | ROLE_SET(ROLE_SYSTEM_ADMIN)))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not renew the certification authority: it takes uid 0 "
				    "or the role system-admin"),
				 op->actor->id);
	if (tx == NULL || !store_issuer_newest(tx, &row, error) ||
	    !store_issuer_renewal_get(tx, 0, &open, error))
		return FALSE;
	if (row == NULL)
		return error_set(error, ERROR_CA,
				 N_("there is no certification authority yet; run `opcardctl ca "
				    "init` first"));
	if (open != NULL)
		return error_set(
			error, ERROR_BUSY,
			N_("a renewal of the certification authority is under way; it goes "
			   "on by itself as soon as its keys can be reached"));
	*ret_row = g_steal_pointer(&row);
	return TRUE;
}

static gboolean prepare(const IssuerLinkRequest *request, IssuerRenewal *renewal, GError **error)
{
	renewal->tbs_new = issuer_link_prepare(request, ISSUER_LINK_NEW, error);
	if (renewal->tbs_new == NULL)
		return FALSE;
	renewal->tbs_old_with_new = issuer_link_prepare(request, ISSUER_LINK_OLD_WITH_NEW, error);
	if (renewal->tbs_old_with_new == NULL)
		return FALSE;
	/* The old key may be lost for good; then nobody can vouch for the new one by it. */
	if (issuer_reach(request->old, NULL))
		renewal->tbs_new_with_old =
			issuer_link_prepare(request, ISSUER_LINK_NEW_WITH_OLD, error);
	return TRUE;
}

static gboolean journal(Op *op, const IssuerRenewal *renewal, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "ca-renew-begin", .article = "N12", .note = renewal->key_uri };

	return tx != NULL && store_issuer_renewal_open(tx, renewal, error) &&
	       record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}

static gboolean sign_links(const IssuerLinkRequest *request, IssuerRenewal *renewal,
			   GBytes **ret_certificate, GError **error)
{
	g_autoptr(GBytes) certificate =
		issuer_link_sign(request, ISSUER_LINK_NEW, renewal->tbs_new, error);

	if (certificate == NULL)
		return FALSE;
	renewal->old_with_new = issuer_link_sign(request, ISSUER_LINK_OLD_WITH_NEW,
						 renewal->tbs_old_with_new, error);
	if (renewal->old_with_new == NULL)
		return FALSE;
	if (renewal->tbs_new_with_old != NULL) {
		renewal->new_with_old = issuer_link_sign(request, ISSUER_LINK_NEW_WITH_OLD,
							 renewal->tbs_new_with_old, error);
		if (renewal->new_with_old == NULL)
			return FALSE;
	}
	*ret_certificate = g_steal_pointer(&certificate);
	return TRUE;
}

static gboolean store_new(Op *op, IssuerRenewal *renewal, const Issuer *issuer, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "ca-renew", .article = "N12", .note = renewal->key_uri };
	IssuerRow row = {
		.certificate = issuer_certificate(issuer),
		.key_uri = renewal->key_uri,
		.since = issuer_not_before(issuer),
		.until = issuer_not_after(issuer),
	};

	renewal->closed_at = op->now;
	if (tx == NULL || !store_issuer_insert(tx, &row, error))
		return FALSE;
	if (row.id != renewal->id)
		return error_set(error, ERROR_INTERNAL, N_("the new CA would be %d, not %d"),
				 (int) row.id, (int) renewal->id);
	return store_issuer_renewal_close(tx, renewal, error) &&
	       record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}

/* From the journal to the end. */
static gboolean finish(Op *op, IssuerRenewal *renewal, Signer *fresh, GError **error)
{
	House *house = op->house;
	g_autoptr(Issuer) old = op_issuer(op, error);
	g_autoptr(GBytes) certificate = NULL;
	g_autoptr(Issuer) issuer = NULL;
	IssuerLinkRequest request = {
		.old = old, .fresh = fresh, .now = renewal->opened_at, .days = days_of(house)
	};

	if (old == NULL || !sign_links(&request, renewal, &certificate, error))
		return FALSE;
	FAILPOINT("renewal.signed");
	issuer = issuer_load((guint16) renewal->id, certificate, fresh, error);
	if (issuer == NULL || !store_new(op, renewal, issuer, error))
		return FALSE;
	FAILPOINT("renewal.committed");
	publish_add(house->publisher, house->config, issuer_id(issuer));
	authority_set_issuer(house, issuer);
	if (!responder_open(house, issuer, op->now, error))
		return FALSE;
	FAILPOINT("renewal.answering");
	return publish_now(house, op->now, error);
}

static gboolean renew(Op *op, const AuthorityRequest *request, GError **error)
{
	House *house = op->house;
	g_autoptr(IssuerRow) row = NULL;
	g_autoptr(IssuerRenewal) renewal = g_new0(IssuerRenewal, 1);
	g_autoptr(Issuer) old = op_issuer(op, error);
	g_autoptr(Signer) fresh = NULL;
	g_autofree char *ignored = NULL;
	const char *kind;

	if (old == NULL || !check(op, &row, error) ||
	    !authority_key_choose(house, request, &ignored, &kind, error) ||
	    !allow_key_name(house, op->now, kind, error) ||
	    !authority_key_next(house, request, row, &renewal->key_uri, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	fresh = authority_key_make(house, renewal->key_uri, kind, error);
	if (fresh == NULL || !allow_key_spki(house, op->now, sign_spki(fresh), error))
		return FALSE;
	if (g_bytes_equal(sign_spki(fresh), issuer_spki(old)))
		return error_set(error, ERROR_USAGE,
				 N_("that key is the one to be replaced; name another"));
	FAILPOINT("renewal.keyed");
	renewal->id = row->id + 1;
	renewal->opened_at = op->now;
	IssuerLinkRequest link = {
		.old = old, .fresh = fresh, .now = op->now, .days = days_of(house)
	};

	if (!prepare(&link, renewal, error) || !journal(op, renewal, error))
		return FALSE;
	FAILPOINT("renewal.recorded");
	return finish(op, renewal, fresh, error);
}

gboolean authority_renew(Op *op, const AuthorityRequest *request, GError **error)
{
	gboolean is_done;

	if (!g_atomic_int_compare_and_exchange(&op->house->is_renewing, 0, 1))
		return error_set(
			error, ERROR_BUSY,
			N_("a renewal of the certification authority is under way; it goes "
			   "on by itself as soon as its keys can be reached"));
	is_done = renew(op, request, error);
	g_atomic_int_set(&op->house->is_renewing, 0);
	return is_done;
}

static gboolean find_open(House *house, IssuerRenewal **ret_renewal, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	return tx != NULL && store_issuer_renewal_get(tx, 0, ret_renewal, error);
}

static gboolean go_on(House *house, gint64 now, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(IssuerRenewal) renewal = NULL;
	g_autoptr(Signer) fresh = NULL;

	if (!find_open(house, &renewal, error))
		return FALSE;
	if (renewal == NULL)
		return TRUE;
	op_init(&op, house, op_daemon_actor(), now);
	fresh = authority_key_make(house, renewal->key_uri, "", error);
	return fresh != NULL && finish(&op, renewal, fresh, error);
}

gboolean authority_renew_finish(House *house, gint64 now, GError **error)
{
	gboolean is_done;

	if (!g_atomic_int_compare_and_exchange(&house->is_renewing, 0, 1))
		return TRUE;
	is_done = go_on(house, now, error);
	g_atomic_int_set(&house->is_renewing, 0);
	return is_done;
}

gboolean authority_renew_repair(House *house, gint64 now, GError **error)
{
	g_autoptr(IssuerRenewal) renewal = NULL;
	g_autoptr(GError) later = NULL;

	if (!find_open(house, &renewal, error))
		return FALSE;
	if (renewal != NULL && !token_uri_is(renewal->key_uri) &&
	    !authority_renew_finish(house, now, &later))
		g_debug("the renewal of the CA goes on later: %s", later->message);
	return TRUE;
}
