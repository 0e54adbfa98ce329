/* SPDX-License-Identifier: Apache-2.0
 * A backup put back while no daemon runs: opened, examined in every respect, and only then put into
 * an empty state folder. Nothing is ever overwritten. */
#pragma once

#include "daemon/base/config.h"

/* One step or finding for whoever restores; both texts are whole sentences. */
typedef void (*RestoreTell)(gpointer data, const char *en, const char *ja);

typedef struct RestoreRequest {
	const Config *config;
	const char *file;
	const char *key; /* path of the recipient's private key */
	gboolean is_dry_run;
	gint64 now;
	RestoreTell tell;
	gpointer data;
} RestoreRequest;

typedef struct RestoreRun RestoreRun;
/* Tells @format in both languages. */
void restore_tell(const RestoreRun *run, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* *ret_is_behind: the published list is newer than the backup, or there is none; the daemon will
 * say tryLater until it is reconciled. Errors: EXISTS (the folder is not empty), USAGE and CA (key
 * or file), STORE (what is inside is not sound). */
gboolean restore_run(const RestoreRequest *request, gboolean *ret_is_behind,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_STATE when a restore into @folder was cut off; asked at every start. */
gboolean restore_check_finished(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
