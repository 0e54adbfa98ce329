/* SPDX-License-Identifier: Apache-2.0
 * The key and the making of checkpoints. A draft is read from a snapshot and signed outside any
 * transaction; what is handed on was committed and synced before. */
#include "daemon/op/seal.h"

#include <string.h>

#include "daemon/audit/audit_checkpoint.h"
#include "daemon/base/error.h"
#include "daemon/ca/sign.h"
#include "daemon/op/seal_witness.h"
#include "pkcs11/failpoint.h"

struct Seal {
	GMutex mutex; /* one checkpoint at a time; guards trouble */
	Signer *signer;
	char key[AUDIT_CHECKPOINT_KEY + 1];
	GError *key_trouble;
	GError *trouble; /* of the last attempt */
};

void seal_free(Seal *seal)
{
	if (seal == NULL)
		return;
	g_clear_pointer(&seal->signer, sign_free);
	g_clear_error(&seal->key_trouble);
	g_clear_error(&seal->trouble);
	g_mutex_clear(&seal->mutex);
	g_free(seal);
}

/* [audit] key, or audit.key beside the master key. */
static char *key_uri(const Config *config)
{
	const char *own = config_text(config, CONFIG_AUDIT_KEY);
	const char *master = config_text(config, CONFIG_MASTER_KEY);
	g_autofree char *folder = NULL;

	if (*own != '\0')
		return g_strdup(own);
	folder = g_path_get_dirname(g_str_has_prefix(master, "file:") ? master + 5 : master);
	return g_strdup_printf("file:%s/audit.key", folder);
}

static gboolean has_file(const char *uri)
{
	return g_file_test(g_str_has_prefix(uri, "file:") ? uri + 5 : uri, G_FILE_TEST_EXISTS);
}

static Key *make_key(const char *uri, GError **error)
{
	g_autoptr(Key) key = key_generate(KEY_EC_P256, error);

	if (key == NULL || !key_store(key, uri, error))
		return NULL;
	FAILPOINT("seal.key");
	return g_steal_pointer(&key);
}

static gboolean take_key(Seal *seal, Key *key, GError **error)
{
	seal->signer = sign_new(key, error);
	if (seal->signer == NULL)
		return FALSE;
	audit_checkpoint_key(sign_spki(seal->signer), seal->key);
	return TRUE;
}

static gboolean pin(House *house, const Seal *seal, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);
	AuditRecord record = { .article = "N73", .actor = "opcardd", .at = now, .entered_at = now };

	return tx != NULL && audit_checkpoint_pin(tx, sign_spki(seal->signer), &record, error) &&
	       store_tx_commit(&tx, error);
}

/* The file's key, made where none was pinned yet; another than the pinned one is of no use. */
static gboolean open_key(Seal *seal, const char *uri, const char *pinned, GError **error)
{
	g_autoptr(Key) key = NULL;

	if (pinned == NULL && !has_file(uri))
		key = make_key(uri, error);
	else
		key = key_load(uri, error);
	if (key == NULL || !take_key(seal, key, error))
		return FALSE;
	if (pinned == NULL || strcmp(pinned, seal->key) == 0)
		return TRUE;
	g_clear_pointer(&seal->signer, sign_free);
	return error_set(error, ERROR_CA,
			 N_("%s is not the key that the audit trail's checkpoints were signed with "
			    "(%s, this is %s); put the right file back, and ask who exchanged it"),
			 uri, pinned, seal->key);
}

Seal *seal_open(House *house, gint64 now, GError **error)
{
	g_autofree char *uri = key_uri(house->config);
	g_autofree char *pinned = NULL;
	Seal *seal = g_new0(Seal, 1);
	StoreTx *tx = store_tx_read(house->store, error);
	gboolean is_read = tx != NULL && store_tree_newest_key(tx, &pinned, error);

	g_mutex_init(&seal->mutex);
	g_clear_pointer(&tx, store_tx_abort);
	if (is_read && open_key(seal, uri, pinned, &seal->key_trouble) && pinned == NULL)
		is_read = pin(house, seal, now, error);
	if (!is_read)
		g_clear_pointer(&seal, seal_free);
	return seal;
}

const char *seal_key(const House *house)
{
	const Seal *seal = house->seal;

	return seal != NULL && seal->signer != NULL ? seal->key : NULL;
}

GError *seal_trouble(House *house)
{
	Seal *seal = house->seal;
	g_autoptr(GMutexLocker) locker = NULL;
	const GError *trouble;

	if (seal == NULL)
		return NULL;
	locker = g_mutex_locker_new(&seal->mutex);
	trouble = seal->key_trouble != NULL ? seal->key_trouble : seal->trouble;
	return trouble != NULL ? g_error_copy(trouble) : NULL;
}

gboolean seal_is_due(House *house, gint64 now, gboolean *ret_is_due, GError **error)
{
	const char *witness = config_text(house->config, CONFIG_WITNESS_FILE);
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(TreeCheckpoint) last = NULL;
	gint64 records, at;

	if (tx == NULL || !audit_checkpoint_behind(tx, &records, &at, error) ||
	    !store_tree_last(tx, &last, error))
		return FALSE;
	/* A clock that was set back must not keep it from being made. */
	*ret_is_due = records >= SEAL_RECORDS ||
		      (records > 0 && (now - at >= SEAL_SECONDS || now < at)) ||
		      (last != NULL && !seal_witness_has(witness, last->number));
	return TRUE;
}

static gboolean draft(House *house, gint64 now, AuditDraft **ret_draft, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	return tx != NULL && audit_checkpoint_draft(tx, house->seal->key, now, ret_draft, error);
}

static gboolean sign(const Seal *seal, const AuditDraft *made, GBytes **ret_signature,
		     GError **error)
{
	if (FAILPOINT("seal.sign") != 0)
		return error_set(error, ERROR_CA, "injected failure of a signature");
	if (!sign_bytes(seal->signer, made->text, strlen(made->text), ret_signature, error))
		return FALSE;
	FAILPOINT("seal.signed");
	return TRUE;
}

static gboolean keep(House *house, const AuditDraft *made, GBytes *signature, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);
	g_autofree char *line = NULL;

	if (tx == NULL || !audit_checkpoint_keep(tx, made, signature, &line, error) ||
	    !store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("seal.kept");
	seal_witness_log(line);
	return TRUE;
}

static gboolean make(House *house, gint64 now, GError **error)
{
	g_autoptr(AuditDraft) made = NULL;
	g_autoptr(GBytes) signature = NULL;

	if (house->seal->signer == NULL) {
		if (error != NULL)
			*error = g_error_copy(house->seal->key_trouble);
		return FALSE;
	}
	if (!draft(house, now, &made, error))
		return FALSE;
	return made == NULL ||
	       (sign(house->seal, made, &signature, error) && keep(house, made, signature, error));
}

static gboolean hand_on(House *house, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	return tx != NULL &&
	       seal_witness_write(tx, config_text(house->config, CONFIG_WITNESS_FILE), error);
}

gboolean seal_now(House *house, gint64 now, GError **error)
{
	Seal *seal = house->seal;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&seal->mutex);
	g_autoptr(GError) trouble = NULL;
	gboolean is_done = make(house, now, &trouble) && hand_on(house, &trouble);

	g_clear_error(&seal->trouble);
	if (is_done)
		return TRUE;
	seal->trouble = g_error_copy(trouble);
	g_propagate_error(error, g_steal_pointer(&trouble));
	return FALSE;
}
