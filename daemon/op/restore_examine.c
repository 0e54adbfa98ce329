/* SPDX-License-Identifier: Apache-2.0
 * The unpacked copy is opened as a store of its own, so everything is asked in the words the daemon
 * itself would use. */
#include "daemon/op/restore_examine.h"

#include "daemon/audit/audit.h"
#include "daemon/base/error.h"
#include "daemon/ca/crl_read.h"
#include "daemon/ca/key_file.h"
#include "daemon/ca/token_uri.h"
#include "daemon/op/generation.h"
#include "daemon/op/publish_file.h"
#include "daemon/op/restore_unpack.h"
#include "daemon/store/store_copy.h"
#include "daemon/store/store_issuer.h"

static gboolean check_database(const RestoreRun *run, StoreTx *tx, GError **error)
{
	g_autofree char *fault = NULL;

	if (!store_copy_examine(tx, &fault, error))
		return FALSE;
	if (fault != NULL)
		return error_set(
			error, ERROR_STORE,
			N_("the database in the backup is damaged (%s); use another backup"),
			fault);
	restore_tell(run, N_("the database in the backup is sound"));
	return TRUE;
}

static gboolean check_ledger(const RestoreRun *run, StoreTx *tx, GError **error)
{
	const json_t *ledger = json_object_get(run->manifest, "ledger");
	const char *head = json_string_value(json_object_get(ledger, "head"));
	AuditVerdict verdict;

	if (!audit_verify(tx, NULL, &verdict, error))
		return FALSE;
	if (!verdict.is_ok)
		return error_set(
			error, ERROR_STORE,
			N_("the ledger in the backup is broken at record %lld; use another "
			   "backup and tell the auditor"),
			(long long) verdict.first_bad);
	if (g_strcmp0(verdict.head, head) != 0)
		return error_set(error, ERROR_STORE,
				 N_("the ledger in the backup is not the one its manifest names; "
				    "use another backup"));
	restore_tell(run, N_("the ledger in the backup is whole: %lld records"),
		     (long long) verdict.count);
	return TRUE;
}

/* Where the key of @uri lies now: unpacked, or outside the backup. NULL when nowhere. */
static char *key_path(const RestoreRun *run, const char *uri)
{
	const char *path = key_file_path(uri, NULL);
	const char *state = json_string_value(json_object_get(run->manifest, "stateDir"));
	json_t *file;
	size_t i;

	json_array_foreach(json_object_get(run->manifest, "files"), i, file)
	{
		const char *name = json_string_value(json_object_get(file, "name"));
		const char *place = json_string_value(json_object_get(file, "path"));
		g_autofree char *whole = NULL;

		if (name == NULL || place == NULL || state == NULL)
			continue;
		whole = g_path_is_absolute(place) ? g_strdup(place)
						  : g_build_filename(state, place, NULL);
		if (g_strcmp0(whole, path) == 0)
			return g_build_filename(run->work, name, NULL);
	}
	return path != NULL && g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_strdup(path) : NULL;
}

/* NULL without an error when the key is not at hand. */
static gboolean find_key(const RestoreRun *run, const IssuerRow *row, Signer **ret_signer,
			 GError **error)
{
	g_autofree char *path = token_uri_is(row->key_uri) ? NULL : key_path(run, row->key_uri);
	g_autoptr(Key) key = NULL;

	*ret_signer = NULL;
	if (token_uri_is(row->key_uri))
		restore_tell(run, N_("the key of the certification authority %d is on a token"),
			     (int) row->id);
	else if (path == NULL)
		restore_tell(run,
			     N_("WARNING: the key of the certification authority %d is not in the "
				"backup; put it back to %s before the daemon is started"),
			     (int) row->id, row->key_uri);
	if (path == NULL)
		return TRUE;
	key = key_load(path, error);
	*ret_signer = key != NULL ? sign_new(key, error) : NULL;
	return *ret_signer != NULL;
}

/* The published list beside which the backup would be put. */
static void compare_list(RestoreRun *run, const IssuerRow *row, const Issuer *issuer)
{
	g_autofree char *name = publish_file_name("opcard.crl", (guint) row->id);
	g_autofree char *path = g_build_filename(
		config_text(run->request->config, CONFIG_PUBLIC_DIR), "crl", name, NULL);
	g_autoptr(GBytes) list = NULL;
	CrlFacts facts = { .number = 0 };
	char *data = NULL;
	gsize length;

	if (g_file_get_contents(path, &data, &length, NULL)) {
		list = g_bytes_new_take(data, length);
		if (!crl_read(list, issuer, NULL, &facts, NULL))
			facts.number = 0;
	}
	if (facts.number == 0 && row->crl_number > 0) {
		run->is_behind = TRUE;
		restore_tell(
			run,
			N_("WARNING: there is no published revocation list at %s; get the newest "
			   "one from where it was fetched or mirrored and put it there, or "
			   "revocations since the backup are forgotten"),
			path);
	} else if (facts.number > (guint64) row->crl_number) {
		run->is_behind = TRUE;
		restore_tell(
			run,
			N_("the published revocation list is number %llu, the backup knows %llu: "
			   "its entries must be taken over (--reconcile); until then OCSP says "
			   "\"try later\" and nothing is issued"),
			(unsigned long long) facts.number, (unsigned long long) row->crl_number);
	} else {
		restore_tell(run,
			     N_("the backup is not older than the published revocation list "
				"(number %llu)"),
			     (unsigned long long) facts.number);
	}
}

static gboolean check_issuer(RestoreRun *run, const IssuerRow *row, GError **error)
{
	g_autoptr(Signer) signer = NULL;
	g_autoptr(Issuer) issuer = NULL;

	if (!find_key(run, row, &signer, error))
		return FALSE;
	issuer = issuer_load((guint16) row->id, row->certificate, signer, error);
	if (issuer == NULL)
		return FALSE;
	if (signer != NULL)
		restore_tell(run,
			     N_("the key of the certification authority %d fits its certificate"),
			     (int) row->id);
	compare_list(run, row, issuer);
	return TRUE;
}

static gboolean check_all(RestoreRun *run, Store *store, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(store, error);
	g_autoptr(GPtrArray) rows = NULL;

	if (tx == NULL || !check_database(run, tx, error) || !check_ledger(run, tx, error))
		return FALSE;
	rows = store_issuer_list(tx, error);
	for (guint i = 0; rows != NULL && i < rows->len; i++)
		if (!check_issuer(run, rows->pdata[i], error))
			return FALSE;
	return rows != NULL && generation_write_restored(tx, run->work, error);
}

/* A backup may be put into another folder than it was made from. */
static gboolean move_keys(const RestoreRun *run, Store *store, GError **error)
{
	const char *from = json_string_value(json_object_get(run->manifest, "stateDir"));
	const char *to = config_text(run->request->config, CONFIG_STATE_DIR);
	g_autoptr(StoreTx) tx = NULL;

	if (from == NULL || g_str_equal(from, to))
		return TRUE;
	tx = store_tx_begin(store, STORE_NORMAL, error);
	return tx != NULL && store_copy_move_keys(tx, from, to, error) &&
	       store_tx_commit(&tx, error);
}

gboolean restore_examine(RestoreRun *run, GError **error)
{
	g_autoptr(Store) store = store_open(run->work, run->request->now, error);

	return store != NULL && check_all(run, store, error) && move_keys(run, store, error);
}
