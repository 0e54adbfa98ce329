/* SPDX-License-Identifier: Apache-2.0
 * The whole daemon as a value: opens its rooms from the lowest up, serves, and closes them. */
#pragma once

#include "daemon/base/config.h"
#include "daemon/op/reconcile.h"

typedef struct Daemon Daemon;

/* Opens everything, repairs what a crash left, and begins to serve. Takes @config over. */
Daemon *daemon_open(Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the certificates of TLS again. */
gboolean daemon_reload(Daemon *daemon, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Finishes what is under way and closes everything. */
void daemon_close(Daemon *daemon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Daemon, daemon_close)
/* Without serving: takes the published list over into the store (op/reconcile.h). Takes @config
 * over. *ret_was_needed is FALSE when the store is not behind anything. */
gboolean daemon_reconcile(Config *config, ReconcileCounts *ret_counts, gboolean *ret_was_needed,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
