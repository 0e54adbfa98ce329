/* SPDX-License-Identifier: Apache-2.0
 * The certification authority of this house. */
#include "daemon/op/authority.h"

#include <glib/gstdio.h>
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/key_file.h"
#include "daemon/op/allow_key.h"
#include "daemon/op/authority_key.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/op/responder.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_issuer.h"
#include "pkcs11/failpoint.h"

static char *state_path(const House *house, const char *name)
{
	return g_build_filename(config_text(house->config, CONFIG_STATE_DIR), "ca", name, NULL);
}

static char *subject_of(const House *house, const AuthorityRequest *request)
{
	const char *subject = config_text(house->config, CONFIG_CA_SUBJECT);
	const char *name = config_text(house->config, CONFIG_ORGANISATION);

	if (request->subject != NULL && *request->subject != '\0')
		return g_strdup(request->subject);
	if (*subject != '\0')
		return g_strdup(subject);
	if (*name != '\0')
		return g_strdup_printf("C=JP, O=%s, CN=操作者用ICカード認証局", name);
	return g_strdup("C=JP, CN=操作者用ICカード認証局");
}

static void older_free(gpointer data)
{
	OlderIssuer *older = data;

	issuer_free(older->issuer);
	g_free(older);
}

void authority_set_issuer(House *house, Issuer *issuer)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);

	if (house->issuer != NULL && issuer_id(house->issuer) != issuer_id(issuer)) {
		OlderIssuer *older = g_new0(OlderIssuer, 1);

		older->issuer = g_steal_pointer(&house->issuer);
		older->responder_ends = house->responder_ends;
		house->responder_ends = 0;
		if (house->older == NULL)
			house->older = g_ptr_array_new_with_free_func(older_free);
		g_ptr_array_add(house->older, older);
	}
	g_clear_pointer(&house->issuer, issuer_free);
	house->issuer = issuer_ref(issuer);
}

void authority_close(House *house)
{
	g_clear_pointer(&house->older, g_ptr_array_unref);
	g_clear_pointer(&house->issuer, issuer_free);
}

/* The CAs that have a successor. Array of Issuer. */
static GPtrArray *list_older(House *house)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);
	GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify) issuer_free);

	for (guint i = 0; house->older != NULL && i < house->older->len; i++) {
		const OlderIssuer *older = house->older->pdata[i];

		g_ptr_array_add(list, issuer_ref(older->issuer));
	}
	return list;
}

gboolean authority_reach(House *house, GError **error)
{
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer(&op, NULL);

	return issuer == NULL || issuer_reach(issuer, error);
}

GError *authority_trouble(House *house)
{
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer(&op, NULL);

	return issuer != NULL && issuer_signer(issuer) != NULL ? sign_trouble(issuer_signer(issuer))
							       : NULL;
}

gboolean authority_renew_responder(House *house, gint64 now, GError **error)
{
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer(&op, NULL);
	g_autoptr(GPtrArray) older = list_older(house);
	g_autoptr(GError) other = NULL;
	gboolean is_done = issuer == NULL || responder_open(house, issuer, now, error);

	for (guint i = 0; i < older->len; i++) {
		const Issuer *one = older->pdata[i];

		if (publish_is_over(publish_of(house->publisher, issuer_id(one)), now))
			responder_retire(house, one);
		else if (!responder_open(house, one, now, is_done ? error : &other))
			is_done = FALSE;
		g_clear_error(&other);
	}
	return is_done;
}

static gboolean check_new(Op *op, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(IssuerRow) row = NULL;

	if (!op_has_role(op, ROLE_SET(ROLE_ROOT) | ROLE_SET(ROLE_SYSTEM_ADMIN)))
		return error_set(
			error, ERROR_DENIED,
			N_("%s may not found the certification authority: it takes uid 0 or "
			   "the role system-admin"),
			op->actor->id);
	if (tx == NULL || !store_issuer_newest(tx, &row, error))
		return FALSE;
	if (row != NULL)
		return error_set(error, ERROR_EXISTS,
				 N_("there is a certification authority already; `opcardctl ca "
				    "status` shows it"));
	return TRUE;
}

static gboolean store_issuer(Op *op, IssuerRow *row, const char *subject, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "ca-init", .article = "N66", .note = subject };

	return tx != NULL && store_issuer_insert(tx, row, error) &&
	       record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}

gboolean authority_init(Op *op, const AuthorityRequest *request, GError **error)
{
	House *house = op->house;
	g_autofree char *folder = state_path(house, NULL);
	g_autofree char *uri = NULL;
	g_autofree char *subject = subject_of(house, request);
	g_autoptr(Signer) signer = NULL;
	g_autoptr(GBytes) certificate = NULL;
	g_autoptr(Issuer) issuer = NULL;
	const char *kind;
	int days = (int) (config_number(house->config, CONFIG_CA_VALIDITY) / 86400);

	if (!check_new(op, error) || !authority_key_choose(house, request, &uri, &kind, error) ||
	    !allow_key_name(house, op->now, kind, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	if (!key_file_make_folder(folder, error))
		return FALSE;
	signer = authority_key_make(house, uri, kind, error);
	if (signer == NULL || !allow_key_spki(house, op->now, sign_spki(signer), error))
		return FALSE;
	FAILPOINT("authority.keyed");
	certificate = issuer_create_root(signer, subject, op->now, days, error);
	issuer = certificate != NULL ? issuer_load(1, certificate, signer, error) : NULL;
	if (issuer == NULL)
		return FALSE;
	IssuerRow row = {
		.certificate = certificate,
		.key_uri = uri,
		.since = issuer_not_before(issuer),
		.until = issuer_not_after(issuer),
	};

	if (!store_issuer(op, &row, subject, error))
		return FALSE;
	FAILPOINT("authority.founded");
	authority_set_issuer(house, issuer);
	return responder_open(house, issuer, op->now, error) && publish_now(house, op->now, error);
}

static gboolean load_status(House *house, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(StoreStatusScan) scan = tx != NULL ? store_certificate_scan(tx, error) : NULL;
	StoreStatus row;

	if (scan == NULL)
		return FALSE;
	status_index_load_begin(house->index, 1024);
	while (store_certificate_scan_next(scan, &row)) {
		StatusEntry entry = {
			.since = row.since,
			.not_after = row.not_after,
			.issuer = (guint16) row.issuer,
			.state = (guint8) (row.state + STATUS_PENDING),
			.reason = row.reason == REVOCATION_NONE ? 0 : (guint8) row.reason,
		};
		Publisher *publisher;

		memcpy(entry.serial, row.serial, sizeof(entry.serial));
		if (!status_index_load_add(house->index, &entry, error))
			return FALSE;
		publisher = publish_of(house->publisher, entry.issuer);
		publish_see(publisher, entry.not_after);
		if (entry.state == STATUS_HOLD || entry.state == STATUS_REVOKED)
			publish_note(publisher, &entry, row.invalid_from);
	}
	if (!store_certificate_scan_end(scan, error))
		return FALSE;
	status_index_load_finish(house->index);
	return TRUE;
}

/* An older CA whose key is gone still answers through its responder, which has its own. */
static Signer *open_signer(House *house, const IssuerRow *row, gboolean is_newest, GError **error)
{
	g_autoptr(GError) gone = NULL;
	Signer *signer = authority_key_open(house, row, &gone);

	if (signer != NULL)
		return signer;
	if (is_newest)
		g_propagate_error(error, g_steal_pointer(&gone));
	else
		g_debug("the key of CA %d: %s", (int) row->id, gone->message);
	return NULL;
}

static gboolean open_issuer(House *house, gint64 now, const IssuerRow *row, gboolean is_newest,
			    GError **error)
{
	g_autoptr(GError) later = NULL;
	g_autoptr(Signer) signer = open_signer(house, row, is_newest, error);
	g_autoptr(Issuer) issuer = NULL;
	Publisher *publisher = publish_of(house->publisher, (guint16) row->id);

	if (signer == NULL && is_newest)
		return FALSE;
	issuer = issuer_load((guint16) row->id, row->certificate, signer, error);
	if (issuer == NULL)
		return FALSE;
	authority_set_issuer(house, issuer);
	publish_resume(publisher, (guint64) row->crl_number);
	publish_witness(publisher, issuer);
	/* The job tries again; status tells it meanwhile. */
	if (!responder_open(house, issuer, now, &later))
		g_debug("the OCSP responder stays as it is: %s", later->message);
	return TRUE;
}

gboolean authority_open(House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(GPtrArray) rows = tx != NULL ? store_issuer_list(tx, error) : NULL;

	if (rows == NULL)
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	for (guint i = 0; i < rows->len; i++)
		publish_add(house->publisher, house->config,
			    (guint16) ((const IssuerRow *) rows->pdata[i])->id);
	if (!load_status(house, error))
		return FALSE;
	for (guint i = 0; i < rows->len; i++)
		if (!open_issuer(house, now, rows->pdata[i], i + 1 == rows->len, error))
			return FALSE;
	return TRUE;
}
