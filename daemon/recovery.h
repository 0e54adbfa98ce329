/* SPDX-License-Identifier: Apache-2.0
 * The verbs of opcardd for whoever stands at the machine when no daemon runs. */
#pragma once

#include "daemon/base/config.h"

typedef struct RecoveryRequest {
	const char *file; /* of a backup, or NULL */
	const char *key;
	gboolean is_dry_run;
	gboolean is_reconcile;
} RecoveryRequest;

/* Restores, reconciles, or both, and tells every step with the seconds it took. Takes @config over.
 * The exit code. */
int recovery_run(Config *config, const RecoveryRequest *request);
