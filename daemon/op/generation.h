/* SPDX-License-Identifier: Apache-2.0
 * A small file beside the database that says how far it has come. A database that is behind it was
 * copied without its write-ahead log, or is an older copy that somebody put back. */
#pragma once

#include "daemon/op/op.h"

/* ERROR_STORE when the database lacks what it is known to have had. *ret_is_restored: it was put
 * there by a restore and has not been reconciled yet. */
gboolean generation_check(const House *house, gboolean *ret_is_restored,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes how far the database is now; called before what is in its log moves into its file. Not
 * while the house is behind its published list. */
void generation_note(House *house);
/* What a restore leaves in @folder: how far the restored database is, and that it was restored. */
gboolean generation_write_restored(StoreTx *tx, const char *folder,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
