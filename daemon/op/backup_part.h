/* SPDX-License-Identifier: Apache-2.0
 * Which files belong into a backup, and the manifest that stands in front of them: what it is of,
 * and the length and digest of each file. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

#define BACKUP_PART_MANIFEST "manifest.json"
#define BACKUP_PART_DATABASE "opcard.db"
#define BACKUP_PART_FORMAT   "opcard-backup-1"

typedef struct BackupPart {
	char *name;   /* in the archive */
	char *source; /* where it is read from */
	char *path;   /* where it belongs: below the state folder, or absolute */
	guint64 size;
	gint64 modified;
	char *sha256; /* hex */
} BackupPart;

/* The database copied to @database, the keys and certificates in the state folder's ca/, and keys
 * of the CA that are files elsewhere; with "ca-key = 0" no private key. Never the master key, from
 * which the pepper comes too, nor the PIN of a token. Array of BackupPart. */
GPtrArray *backup_part_list(StoreTx *tx, const House *house, const char *database,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A new reference. */
json_t *backup_part_manifest(StoreTx *tx, const Op *op, const GPtrArray *parts,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Length, time and digest of @part->source. */
gboolean backup_part_measure(BackupPart *part, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Hex of the SHA-256 of a file; NULL with ERROR_STORE. Free with g_free. */
char *backup_part_digest(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
