/* SPDX-License-Identifier: Apache-2.0
 * A file is left out by what it is (device and number), not by its name: a master key that somebody
 * put beside the CA's key must not slip in. */
#include "daemon/op/backup_part.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/audit/audit.h"
#include "daemon/base/error.h"
#include "daemon/ca/key_file.h"
#include "daemon/ca/token_uri.h"
#include "daemon/op/view.h"
#include "daemon/store/store_copy.h"
#include "daemon/store/store_issuer.h"

#define CHUNK 65536

static void part_free(gpointer data)
{
	BackupPart *part = data;

	g_free(part->name);
	g_free(part->source);
	g_free(part->path);
	g_free(part->sha256);
	g_free(part);
}

static gboolean add_file(GChecksum *sum, int fd)
{
	guint8 chunk[CHUNK];
	gssize n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			return FALSE;
		if (n > 0)
			g_checksum_update(sum, chunk, n);
	}
	return TRUE;
}

char *backup_part_digest(const char *path, GError **error)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	gboolean is_read = fd >= 0 && add_file(sum, fd);
	int code = errno;

	if (fd >= 0)
		close(fd);
	if (is_read)
		return g_strdup(g_checksum_get_string(sum));
	error_set(error, ERROR_STORE, N_("%s cannot be read: %s"), path, strerrordesc_np(code));
	return NULL;
}

gboolean backup_part_measure(BackupPart *part, GError **error)
{
	struct stat facts;

	if (stat(part->source, &facts) != 0)
		return error_set(error, ERROR_STORE, N_("%s cannot be read: %s"), part->source,
				 strerrordesc_np(errno));
	part->size = (guint64) facts.st_size;
	part->modified = facts.st_mtime;
	g_free(part->sha256);
	part->sha256 = backup_part_digest(part->source, error);
	return part->sha256 != NULL;
}

static gboolean is_same_file(const char *uri, const struct stat *facts)
{
	const char *path = *uri != '\0' ? key_file_path(uri, NULL) : NULL;
	struct stat other;

	return path != NULL && stat(path, &other) == 0 && other.st_dev == facts->st_dev &&
	       other.st_ino == facts->st_ino;
}

/* What would open the cards must not lie beside what names them (architecture: "never in a backup
 * to the same recipient"). */
static gboolean is_secret_of_cards(const House *house, const char *path)
{
	struct stat facts;

	return stat(path, &facts) != 0 || !S_ISREG(facts.st_mode) ||
	       is_same_file(config_text(house->config, CONFIG_MASTER_KEY), &facts) ||
	       is_same_file(config_text(house->config, CONFIG_CA_PIN), &facts);
}

static gboolean add_part(GPtrArray *parts, const char *name, const char *source, const char *path,
			 GError **error)
{
	BackupPart *part = g_new0(BackupPart, 1);

	g_ptr_array_add(parts, part);
	part->name = g_strdup(name);
	part->source = g_strdup(source);
	part->path = g_strdup(path);
	return backup_part_measure(part, error);
}

static gboolean add_authority_file(GPtrArray *parts, const House *house, const char *file,
				   GError **error)
{
	gboolean is_key = g_str_has_suffix(file, ".key");
	g_autofree char *path = g_build_filename("ca", file, NULL);
	g_autofree char *source =
		g_build_filename(config_text(house->config, CONFIG_STATE_DIR), path, NULL);

	if (*file == '.' || g_str_has_suffix(file, ".new") || is_secret_of_cards(house, source) ||
	    (is_key && config_number(house->config, CONFIG_BACKUP_CA_KEY) == 0))
		return TRUE;
	return add_part(parts, path, source, path, error);
}

static gboolean add_authority(GPtrArray *parts, const House *house, GError **error)
{
	g_autofree char *folder =
		g_build_filename(config_text(house->config, CONFIG_STATE_DIR), "ca", NULL);
	g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
	const char *file;

	while (files != NULL && (file = g_dir_read_name(files)) != NULL)
		if (!add_authority_file(parts, house, file, error))
			return FALSE;
	return TRUE;
}

/* A key that the configuration puts elsewhere. */
static gboolean add_distant_key(GPtrArray *parts, const House *house, const IssuerRow *row,
				GError **error)
{
	const char *state = config_text(house->config, CONFIG_STATE_DIR);
	g_autofree char *inside = g_strconcat(state, "/", NULL);
	g_autofree char *name = g_strdup_printf("distant/ca-%" G_GINT64_FORMAT ".key", row->id);
	const char *path = token_uri_is(row->key_uri) ? NULL : key_file_path(row->key_uri, NULL);

	if (path == NULL || g_str_has_prefix(path, inside) || is_secret_of_cards(house, path) ||
	    config_number(house->config, CONFIG_BACKUP_CA_KEY) == 0)
		return TRUE;
	return add_part(parts, name, path, path, error);
}

GPtrArray *backup_part_list(StoreTx *tx, const House *house, const char *database, GError **error)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
	g_autoptr(GPtrArray) issuers = store_issuer_list(tx, error);

	if (issuers == NULL ||
	    !add_part(parts, BACKUP_PART_DATABASE, database, BACKUP_PART_DATABASE, error) ||
	    !add_authority(parts, house, error))
		return NULL;
	for (guint i = 0; i < issuers->len; i++)
		if (!add_distant_key(parts, house, issuers->pdata[i], error))
			return NULL;
	return g_steal_pointer(&parts);
}

static json_t *files_of(const GPtrArray *parts)
{
	json_t *files = json_array();

	for (guint i = 0; i < parts->len; i++) {
		const BackupPart *part = parts->pdata[i];

		json_array_append_new(files,
				      json_pack("{s:s, s:s, s:I, s:s}", "name", part->name, "path",
						part->path, "bytes", (json_int_t) part->size,
						"sha256", part->sha256));
	}
	return files;
}

static json_t *issuers_of(StoreTx *tx, GError **error)
{
	g_autoptr(GPtrArray) rows = store_issuer_list(tx, error);
	json_t *list = rows != NULL ? json_array() : NULL;

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const IssuerRow *row = rows->pdata[i];

		json_array_append_new(list, json_pack("{s:I, s:I, s:b}", "id", (json_int_t) row->id,
						      "crlNumber", (json_int_t) row->crl_number,
						      "onToken", token_uri_is(row->key_uri)));
	}
	return list;
}

json_t *backup_part_manifest(StoreTx *tx, const Op *op, const GPtrArray *parts, GError **error)
{
	const Config *config = op->house->config;
	gint64 count;
	int schema;
	g_autofree char *head = audit_head(tx, &count, error);
	json_t *issuers = head != NULL && store_copy_schema(tx, &schema, error)
				  ? issuers_of(tx, error)
				  : NULL;

	if (issuers == NULL)
		return NULL;
	return json_pack("{s:s, s:s, s:i, s:s, s:o, s:s, s:{s:s, s:I}, s:o, s:{s:b, s:b}, s:o}",
			 "format", BACKUP_PART_FORMAT, "version", OPCARD_VERSION, "schema", schema,
			 "organisation", config_text(config, CONFIG_ORGANISATION), "madeAt",
			 view_time(op->now), "stateDir", config_text(config, CONFIG_STATE_DIR),
			 "ledger", "head", head, "count", (json_int_t) count, "issuers", issuers,
			 "keys", "ca", config_number(config, CONFIG_BACKUP_CA_KEY) != 0, "master",
			 0, "files", files_of(parts));
}
