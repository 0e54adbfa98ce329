/* SPDX-License-Identifier: Apache-2.0
 * The plain copy lies in the state folder, where the database itself lies, and only until it is
 * sealed; what leaves it is sealed. The ledger names every backup before it exists. */
#include "daemon/op/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/audit/audit.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/ca/envelope.h"
#include "daemon/ca/key_file.h"
#include "daemon/op/backup_folder.h"
#include "daemon/op/backup_part.h"
#include "daemon/op/backup_seal.h"
#include "daemon/op/dump.h"
#include "daemon/op/record.h"
#include "daemon/store/store_copy.h"
#include "pkcs11/failpoint.h"

void backup_facts_clear(BackupFacts *facts)
{
	g_free(facts->path);
	g_free(facts->name);
	g_free(facts->sha256);
	g_free(facts->head);
	*facts = (BackupFacts){ 0 };
}

gboolean backup_is_configured(const House *house)
{
	return *config_text(house->config, CONFIG_BACKUP_RECIPIENT) != '\0';
}

static GBytes *load_recipient(const House *house, gint64 now, GError **error)
{
	const char *uri = config_text(house->config, CONFIG_BACKUP_RECIPIENT);
	const char *path = *uri != '\0' ? key_file_path(uri, error) : NULL;
	g_autofree char *until = NULL;
	g_autoptr(GBytes) pem = NULL;
	char *text = NULL;
	gsize length;
	gint64 ends;

	if (*uri == '\0')
		error_set(
			error, ERROR_USAGE,
			N_("there is no recipient of backups: name the certificate of a key that "
			   "is kept away from this server by recipient = file:/…pem in [backup]"));
	if (path == NULL)
		return NULL;
	if (!g_file_get_contents(path, &text, &length, NULL)) {
		error_set(error, ERROR_USAGE, N_("%s cannot be read: %s"), path,
			  strerrordesc_np(errno));
		return NULL;
	}
	pem = g_bytes_new_take(text, length);
	if (!envelope_check(pem, &ends, error))
		return NULL;
	until = clock_date(ends);
	if (ends >= now)
		return g_steal_pointer(&pem);
	error_set(error, ERROR_RULE,
		  N_("the recipient of backups %s ended on %s: put a new certificate there"), path,
		  until);
	return NULL;
}

static gboolean note_begin(Op *op, const char *name, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "backup-begin", .article = "N08", .note = name };

	return tx != NULL && record_event(tx, op, NULL, &record, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean note_end(Op *op, const BackupFacts *facts, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "backup", .article = "N08", .note = facts->name };

	record.extra =
		json_pack("{s:I, s:s, s:I, s:s}", "bytes", (json_int_t) facts->bytes, "sha256",
			  facts->sha256, "records", (json_int_t) facts->count, "head", facts->head);
	if (tx == NULL) {
		json_decref(record.extra);
		return FALSE;
	}
	return record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}

/* The name carries the number of records, which the record of its begin has made unique. */
static gboolean name_it(Op *op, BackupFacts *facts, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autofree char *head = NULL;
	g_autofree char *time = clock_time(op->now);
	g_autofree char *folder = backup_folder_path(op->house);
	gint64 count;

	head = tx != NULL ? audit_head(tx, &count, error) : NULL;
	if (head == NULL)
		return FALSE;
	time[19] = '\0';
	for (char *at = time; *at != '\0'; at++)
		if (*at == ':')
			*at = '-';
	facts->name = g_strdup_printf("opcard-%s-%" G_GINT64_FORMAT ".backup", time, count + 1);
	facts->path = g_build_filename(folder, facts->name, NULL);
	return TRUE;
}

/* Everything is taken from one snapshot. */
static GBytes *describe(Op *op, const char *database, GPtrArray **ret_parts, BackupFacts *facts,
			GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(GPtrArray) parts = NULL;
	json_t *manifest;
	char *text;

	if (tx == NULL || !store_copy(tx, database, error))
		return NULL;
	FAILPOINT("backup.copied");
	parts = backup_part_list(tx, op->house, database, error);
	manifest = parts != NULL ? backup_part_manifest(tx, op, parts, error) : NULL;
	facts->head = manifest != NULL ? audit_head(tx, &facts->count, error) : NULL;
	if (facts->head == NULL) {
		json_decref(manifest);
		return NULL;
	}
	text = dump_json(manifest);
	json_decref(manifest);
	*ret_parts = g_steal_pointer(&parts);
	return g_bytes_new_take(text, strlen(text));
}

static gboolean write_it(Op *op, GBytes *recipient, BackupFacts *facts, GError **error)
{
	g_autofree char *database = backup_folder_copy(op->house);
	g_autoptr(GPtrArray) parts = NULL;
	g_autoptr(GBytes) manifest = describe(op, database, &parts, facts, error);
	BackupSeal seal = { .path = facts->path,
			    .recipient = recipient,
			    .manifest = manifest,
			    .parts = parts,
			    .now = op->now };
	gboolean is_sealed = manifest != NULL && backup_seal(&seal, error);
	BackupPart sealed = { .source = facts->path };

	backup_tidy(op->house);
	if (!is_sealed || !backup_part_measure(&sealed, error))
		return FALSE;
	facts->bytes = sealed.size;
	facts->sha256 = sealed.sha256;
	return TRUE;
}

static gboolean make(Op *op, BackupFacts *facts, GError **error)
{
	g_autoptr(GBytes) recipient = load_recipient(op->house, op->now, error);

	if (recipient == NULL || !backup_folder_open(op->house, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	backup_tidy(op->house);
	if (!name_it(op, facts, error) || !note_begin(op, facts->name, error))
		return FALSE;
	FAILPOINT("backup.begun");
	if (!write_it(op, recipient, facts, error))
		return FALSE;
	FAILPOINT("backup.written");
	if (!note_end(op, facts, error))
		return FALSE;
	FAILPOINT("backup.done");
	backup_folder_thin(op->house);
	return TRUE;
}

gboolean backup_make(Op *op, BackupFacts *ret_facts, GError **error)
{
	g_auto(BackupFacts) facts = { 0 };
	gboolean is_done;

	if (!g_mutex_trylock(&op->house->backup_mutex))
		return error_set(error, ERROR_BUSY,
				 N_("another backup is being made; try again when it is done"));
	is_done = make(op, &facts, error);
	g_mutex_unlock(&op->house->backup_mutex);
	if (!is_done)
		return FALSE;
	*ret_facts = facts;
	facts = (BackupFacts){ 0 };
	return TRUE;
}

GBytes *backup_read(const House *house, const char *name, GError **error)
{
	g_autofree char *folder = backup_folder_path(house);
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autoptr(GMappedFile) file =
		backup_folder_is_name(name) ? g_mapped_file_new(path, FALSE, NULL) : NULL;

	if (file == NULL) {
		error_set(error, ERROR_NOT_FOUND, N_("there is no backup %s"), name);
		return NULL;
	}
	return g_mapped_file_get_bytes(file);
}

gint64 backup_due(const House *house)
{
	gint64 every = config_number(house->config, CONFIG_BACKUP_EVERY);

	return every == 0 || !backup_is_configured(house) ? G_MAXINT64
							  : backup_newest(house) + every;
}
