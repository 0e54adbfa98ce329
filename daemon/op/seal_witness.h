/* SPDX-License-Identifier: Apache-2.0
 * Copies of checkpoints outside the database. */
#pragma once

#include "daemon/store/store_tree.h"

/* Appends to the file @path the checkpoints it lacks, each a line in one write, and syncs it. "" is
 * no file. ERROR_PARTLY. */
gboolean seal_witness_write(StoreTx *tx, const char *path,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the last line of the file is checkpoint @number; TRUE for "". */
gboolean seal_witness_has(const char *path, gint64 number);
/* LOG_AUTHPRIV, so that a syslog server keeps it apart. */
void seal_witness_log(const char *line);
