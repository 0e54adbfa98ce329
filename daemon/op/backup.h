/* SPDX-License-Identifier: Apache-2.0
 * A backup beside the running daemon (N08, N17): copied, sealed for the recipient of the
 * configuration, and only then visible under its name. */
#pragma once

#include "daemon/op/op.h"

typedef struct BackupFacts {
	char *path;
	char *name;
	guint64 bytes;
	char *sha256; /* of the sealed file */
	char *head;   /* of the ledger inside */
	gint64 count;
} BackupFacts;

void backup_facts_clear(BackupFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BackupFacts, backup_facts_clear)

/* Makes one and removes those above the number to be kept. ERROR_USAGE without a recipient,
 * ERROR_BUSY while another is made. */
gboolean backup_make(Op *op, BackupFacts *ret_facts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The sealed file @name of the folder, mapped. ERROR_NOT_FOUND. */
GBytes *backup_read(const House *house, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When the newest one in the folder was made; 0 for none. */
gint64 backup_newest(const House *house);
/* Whether [backup] names a recipient. */
gboolean backup_is_configured(const House *house);
/* When the next one falls due by [backup] every; G_MAXINT64 for never. */
gint64 backup_due(const House *house);
/* At start: what a crash left half made is removed. */
void backup_tidy(const House *house);
