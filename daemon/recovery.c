/* SPDX-License-Identifier: Apache-2.0
 * Restore and reconcile as a person sees them: each step in Japanese and English, with its time, so
 * that a drill gives the figures for the plan (N08). */
#include "daemon/recovery.h"

#include <libintl.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/daemon.h"
#include "daemon/op/restore.h"

typedef struct StopWatch {
	gint64 began; /* monotonic, microseconds */
} StopWatch;

static void tell(gpointer data, const char *en, const char *ja)
{
	const StopWatch *watch = data;
	double seconds = (double) (g_get_monotonic_time() - watch->began) / G_USEC_PER_SEC;

	g_print("[%7.2f s] %s\n            %s\n", seconds, ja, en);
}

static void tell_text(StopWatch *watch, const char *text)
{
	tell(watch, text, gettext(text));
}

static int fail(const GError *error)
{
	g_printerr("opcardd: %s\nopcardd: %s\n", error_ja(error), error->message);
	return error_exit(error_code(error));
}

static void tell_counts(StopWatch *watch, const ReconcileCounts *counts)
{
	static const char *const text =
		N_("taken over from the published list number %llu: %u "
		   "revoked, %u held, %u serials that were unknown; %u cards "
		   "wait for a person (opcardctl card list --state RECALLED)");
	g_autofree char *en =
		g_strdup_printf(text, (unsigned long long) counts->number, counts->revoked,
				counts->held, counts->unknown, counts->cards);
	g_autofree char *ja =
		g_strdup_printf(gettext(text), (unsigned long long) counts->number, counts->revoked,
				counts->held, counts->unknown, counts->cards);

	tell(watch, en, ja);
	if (counts->number == 0)
		tell_text(watch, N_("WARNING: there was no published list; what was revoked since "
				    "the backup must be reported again by hand"));
}

static int reconcile(Config *config, StopWatch *watch)
{
	g_autoptr(GError) error = NULL;
	ReconcileCounts counts = { 0 };
	gboolean was_needed;

	if (!daemon_reconcile(config, &counts, &was_needed, &error))
		return fail(error);
	if (!was_needed)
		tell_text(watch, N_("the database is not behind the published list; nothing was "
				    "changed"));
	else
		tell_counts(watch, &counts);
	tell_text(watch, N_("next: start opcardd and run `opcardctl doctor`"));
	return 0;
}

int recovery_run(Config *config, const RecoveryRequest *request)
{
	StopWatch watch = { g_get_monotonic_time() };
	RestoreRequest restore = {
		.config = config,
		.file = request->file,
		.key = request->key,
		.is_dry_run = request->is_dry_run,
		.now = clock_now(),
		.tell = tell,
		.data = &watch,
	};
	g_autoptr(GError) error = NULL;
	gboolean is_behind = FALSE;
	int code;

	if (request->file != NULL && !restore_run(&restore, &is_behind, &error)) {
		config_free(config);
		return fail(error);
	}
	if (request->is_reconcile && !request->is_dry_run)
		return reconcile(config, &watch);
	code = is_behind && !request->is_dry_run ? error_exit(ERROR_PARTLY) : 0;
	if (code != 0)
		tell_text(&watch, N_("next: opcardd --reconcile, then start opcardd"));
	config_free(config);
	return code;
}
