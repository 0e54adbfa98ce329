/* SPDX-License-Identifier: Apache-2.0
 * The table of what happens by itself: name, when next, and the operation. A job that fails is
 * logged and tried again; it never ends the daemon. */
#include "daemon/jobs/jobs.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/op/authority.h"
#include "daemon/op/authority_renew.h"
#include "daemon/op/backup.h"
#include "daemon/op/clock_guard.h"
#include "daemon/op/designate.h"
#include "daemon/op/exception.h"
#include "daemon/op/generation.h"
#include "daemon/op/move.h"
#include "daemon/op/pin_overdue.h"
#include "daemon/op/publish.h"
#include "daemon/op/pulse.h"
#include "daemon/op/remind.h"
#include "daemon/op/repair.h"
#include "daemon/op/seal.h"
#include "daemon/op/spool.h"
#include "daemon/op/spool_report.h"
#include "daemon/op/standing.h"
#include "daemon/op/term.h"
#include "daemon/op/trail_keep.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_request.h"

#define BATCH        20
#define KEEP_ANSWERS (7 * 86400)
#define BACKUP_AGAIN 900 /* seconds until one that failed is tried again */

typedef gboolean (*JobDuty)(House *house, gint64 now, GError **error);
typedef gint64 (*JobNext)(House *house, gint64 now, gint64 last);

typedef struct JobRow {
	const char *name;
	JobNext next;
	JobDuty duty;
	gboolean is_timeless; /* decides nothing by the clock: also by one that cannot be right */
} JobRow;

struct Jobs {
	House *house;
	GThread *thread;
	GMutex mutex;
	GCond wake;
	gboolean is_stopping;
};

static gint64 every_five_seconds(House *house, gint64 now, gint64 last)
{
	(void) house, (void) now;
	return last + 5;
}

static gint64 every_minute(House *house, gint64 now, gint64 last)
{
	(void) house, (void) now;
	return last + 60;
}

static gint64 every_hour(House *house, gint64 now, gint64 last)
{
	(void) house, (void) now;
	return last + 3600;
}

/* 00:00 in Japan, and once after the start. */
static gint64 every_day(House *house, gint64 now, gint64 last)
{
	g_autofree char *today = clock_date(now);

	(void) house;
	return last == 0 ? now
	       : MAX(clock_day_start(today), last + 1) <= now && last < clock_day_start(today)
		       ? now
		       : clock_day_start(today) + 86400;
}

/* At 00:00, and every hour for what came back into use since. */
static gint64 every_day_and_hour(House *house, gint64 now, gint64 last)
{
	return MIN(every_day(house, now, last), every_hour(house, now, last));
}

static gint64 list_due(House *house, gint64 now, gint64 last)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);

	return house->issuer == NULL ? now + 3600
				     : MAX(publish_due(house->publisher, now), last + 10);
}

static gboolean do_checkpoint(House *house, gint64 now, GError **error)
{
	(void) now, (void) error;
	/* In this order a copy of the file without its log is behind what is noted. */
	generation_note(house);
	store_checkpoint(house->store);
	return TRUE;
}

static gint64 backup_next(House *house, gint64 now, gint64 last)
{
	gint64 due = backup_due(house);

	(void) now;
	return due == G_MAXINT64 ? due : MAX(due, last + BACKUP_AGAIN);
}

static gboolean do_backup(House *house, gint64 now, GError **error)
{
	g_auto(Op) op = { 0 };
	g_auto(BackupFacts) facts = { 0 };

	op_init(&op, house, op_daemon_actor(), now);
	return backup_make(&op, &facts, error);
}

static gboolean do_spool(House *house, gint64 now, GError **error)
{
	return spool_count(house->spool) == 0 || spool_report_replay(house, now, error);
}

static gboolean do_seal(House *house, gint64 now, GError **error)
{
	gboolean is_due;

	return seal_is_due(house, now, &is_due, error) && (!is_due || seal_now(house, now, error));
}

static gboolean do_list(House *house, gint64 now, GError **error)
{
	return publish_now(house, now, error);
}

/* So that nobody reads of a trouble that is over; and a renewal that was cut off goes on. */
static gboolean do_trouble(House *house, gint64 now, GError **error)
{
	g_autoptr(GError) trouble = authority_trouble(house);

	return (trouble == NULL || authority_reach(house, error)) &&
	       authority_renew_finish(house, now, error);
}

static gboolean do_responder(House *house, gint64 now, GError **error)
{
	return authority_renew_responder(house, now, error);
}

static gboolean do_forget(House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);

	return tx != NULL && store_request_forget(tx, now - KEEP_ANSWERS, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean make_lost(House *house, const char *card, gint64 now, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autofree char *ignored = NULL;
	MoveOutcome outcome;
	MoveRequest request = {
		.card = card,
		.event = EVENT_REPORT_LOST,
		.facts = { .reported_by = "opcardd", .note = "所在不明のまま期限を過ぎた" },
	};

	op_init(&op, house, op_daemon_actor(), now);
	return move_card(&op, &request, &outcome, &ignored, error);
}

/* Row 10: reported missing by somebody who may not revoke, and nobody said otherwise in time. One
 * card a transaction: each is a single card's deadline, never a mass revocation. */
static gboolean do_missing(House *house, gint64 now, GError **error)
{
	g_autofree char *today = clock_date(now);
	gint64 limit = config_policy(house->config, POLICY_MISSING_BECOMES_LOST, today);
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(GPtrArray) cards =
		tx != NULL ? store_hold_since(tx, HOLD_MISSING, now - limit, BATCH, error) : NULL;

	if (cards == NULL)
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	for (guint i = 0; i < cards->len; i++) {
		g_autoptr(GError) one = NULL;

		/* One that cannot be revoked must not keep the others alive. */
		if (!make_lost(house, cards->pdata[i], now, &one))
			log_error("missing becomes lost", cards->pdata[i], NULL, one);
	}
	return TRUE;
}

static gboolean do_designations(House *house, gint64 now, GError **error)
{
	g_auto(Op) op = { 0 };
	guint recalled;

	op_init(&op, house, op_daemon_actor(), now);
	if (!designate_recall_due(&op, &recalled, error))
		return FALSE;
	if (recalled > 0)
		log_line(LOG_LEVEL_INFO, NULL, NULL, "%u cards recalled: designation ended",
			 recalled);
	return TRUE;
}

static gboolean do_terms(House *house, gint64 now, GError **error)
{
	guint recalled;

	if (!term_recall_due(house, now, &recalled, error))
		return FALSE;
	if (recalled > 0)
		log_line(LOG_LEVEL_INFO, NULL, NULL, "%u cards recalled: term ended", recalled);
	return TRUE;
}

static gboolean do_temporary(House *house, gint64 now, GError **error)
{
	guint recalled;

	if (!standing_recall_due(house, now, &recalled, error))
		return FALSE;
	if (recalled > 0)
		log_line(LOG_LEVEL_INFO, NULL, NULL, "%u temporary cards recalled: not back",
			 recalled);
	return TRUE;
}

static gboolean do_unfinished(House *house, gint64 now, GError **error)
{
	return repair_unfinished(house, now, error);
}

static gboolean do_pins(House *house, gint64 now, GError **error)
{
	guint held;

	if (!pin_overdue_hold(house, now, &held, error))
		return FALSE;
	if (held > 0)
		log_line(LOG_LEVEL_INFO, NULL, NULL, "%u cards on hold: PIN overdue", held);
	return TRUE;
}

static const JobRow rows[] = {
	{ "spooled losses", every_five_seconds, do_spool, TRUE },
	{ "checkpoint", every_five_seconds, do_checkpoint, TRUE },
	{ "clock", every_minute, clock_guard_keep, TRUE },
	{ "audit checkpoint", every_five_seconds, do_seal },
	{ "audit disposal", every_minute, trail_keep_work },
	{ "revocation list", list_due, do_list },
	{ "CA key", every_minute, do_trouble },
	{ "OCSP responder", every_hour, do_responder },
	{ "missing becomes lost", every_minute, do_missing },
	{ "designations that ended", every_day, do_designations },
	{ "exceptions", every_day, exception_keep },
	{ "PINs past their deadline", every_day_and_hour, do_pins },
	{ "terms that ended", every_day, do_terms },
	{ "reminders", every_hour, remind_due },
	{ "temporary cards not back", every_day, do_temporary },
	{ "old answers", every_hour, do_forget },
	{ "unfinished operations", every_minute, do_unfinished },
	{ "backup", backup_next, do_backup },
};

static void run(const JobRow *row, House *house, gint64 now)
{
	g_autoptr(GError) error = NULL;

	gboolean is_good = row->duty(house, now, &error);

	pulse_note(house->pulse, row->name, clock_now(), is_good);
	if (!is_good)
		log_error(row->name, NULL, NULL, error);
}

static gboolean wait(Jobs *jobs, gint64 seconds)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&jobs->mutex);
	gint64 until = g_get_monotonic_time() + CLAMP(seconds, 1, 60) * G_USEC_PER_SEC;

	while (!jobs->is_stopping)
		if (!g_cond_wait_until(&jobs->wake, &jobs->mutex, until))
			break;
	return !jobs->is_stopping;
}

static gpointer loop(gpointer data)
{
	Jobs *jobs = data;
	gint64 last[G_N_ELEMENTS(rows)] = { 0 };
	gboolean was_good = TRUE;
	gint64 next;

	do {
		gint64 now = clock_now();
		gboolean is_good = clock_guard_ask(jobs->house, now) == CLOCK_TRUST_GOOD;

		/* What was put off is due at once when the time is right again. */
		if (is_good != was_good)
			memset(last, 0, sizeof(last));
		was_good = is_good;
		next = now + 60;
		for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
			if (!is_good && !rows[i].is_timeless)
				continue;
			if (rows[i].next(jobs->house, now, last[i]) <= now) {
				run(&rows[i], jobs->house, now);
				last[i] = now;
			}
			next = MIN(next, rows[i].next(jobs->house, now, last[i]));
		}
		next -= now;
	} while (wait(jobs, next));
	return NULL;
}

Jobs *jobs_start(House *house, GError **error)
{
	Jobs *jobs = g_new0(Jobs, 1);

	jobs->house = house;
	g_mutex_init(&jobs->mutex);
	g_cond_init(&jobs->wake);
	jobs->thread = g_thread_try_new("jobs", loop, jobs, error);
	if (jobs->thread == NULL) {
		g_free(jobs);
		return NULL;
	}
	return jobs;
}

void jobs_stop(Jobs *jobs)
{
	if (jobs == NULL)
		return;
	g_mutex_lock(&jobs->mutex);
	jobs->is_stopping = TRUE;
	g_cond_signal(&jobs->wake);
	g_mutex_unlock(&jobs->mutex);
	g_thread_join(jobs->thread);
	g_mutex_clear(&jobs->mutex);
	g_cond_clear(&jobs->wake);
	g_free(jobs);
}
