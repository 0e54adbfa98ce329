/* SPDX-License-Identifier: Apache-2.0
 * Whether the clock can be trusted. The mark goes up with every time that is believed and is made
 * durable once a minute, so that a start after a crash or with a dead battery still finds it. */
#include "daemon/op/clock_guard.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/record.h"
#include "daemon/store/store_clock.h"

#define ARTICLE "N77"

struct ClockGuard {
	GMutex mutex;
	gint64 high;         /* the highest time that was believed */
	gint64 elapsed_at;   /* clock_elapsed() at that moment */
	gboolean is_running; /* a time was believed in this run: @elapsed_at means something */
	gint64 alarm_at;     /* as recorded; 0 while there is none */
};

static gboolean read_mark(House *house, gint64 now, ClockMark *ret_mark, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);
	gboolean is_known;

	if (tx == NULL || !store_clock_get(tx, ret_mark, &is_known, error))
		return FALSE;
	if (is_known)
		return TRUE;
	*ret_mark = (ClockMark){ .high = now };
	return store_clock_put(tx, ret_mark, error) && store_tx_commit(&tx, error);
}

gboolean clock_guard_open(House *house, gint64 now, GError **error)
{
	ClockMark mark;

	if (!read_mark(house, now, &mark, error))
		return FALSE;
	house->clock_guard = g_new0(ClockGuard, 1);
	g_mutex_init(&house->clock_guard->mutex);
	house->clock_guard->high = mark.high;
	house->clock_guard->alarm_at = mark.alarm_at;
	return TRUE;
}

void clock_guard_close(House *house)
{
	if (house->clock_guard == NULL)
		return;
	g_mutex_clear(&house->clock_guard->mutex);
	g_clear_pointer(&house->clock_guard, g_free);
}

/* The policy is that of the day of the mark: the other one is the day in doubt. */
static ClockTrust judge(const House *house, const ClockGuard *guard, gint64 now)
{
	g_autofree char *day = clock_date(guard->high);
	PolicyKey ahead = guard->is_running ? POLICY_CLOCK_STEP : POLICY_CLOCK_AHEAD;
	ClockFacts facts = {
		.now = now,
		.high = guard->high,
		.elapsed = guard->is_running ? clock_elapsed() - guard->elapsed_at : 0,
		.behind = config_policy(house->config, POLICY_CLOCK_BEHIND, day),
		.ahead = config_policy(house->config, ahead, day),
	};

	return clock_trust_judge(&facts);
}

static void believe(ClockGuard *guard, gint64 now)
{
	guard->high = now;
	guard->elapsed_at = clock_elapsed();
	guard->is_running = TRUE;
}

ClockTrust clock_guard_ask(House *house, gint64 now)
{
	ClockGuard *guard = house->clock_guard;
	ClockTrust trust;

	if (guard == NULL)
		return CLOCK_TRUST_GOOD;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&guard->mutex);

	trust = judge(house, guard, now);
	if (trust == CLOCK_TRUST_GOOD && (now > guard->high || !guard->is_running))
		believe(guard, MAX(now, guard->high));
	return trust;
}

GError *clock_guard_trouble(House *house, gint64 now)
{
	ClockTrust trust = clock_guard_ask(house, now);
	g_autofree char *shown = clock_time(now);
	g_autofree char *mark = NULL;
	GError *error = NULL;

	if (trust == CLOCK_TRUST_GOOD)
		return NULL;
	g_mutex_lock(&house->clock_guard->mutex);
	mark = clock_time(house->clock_guard->high);
	g_mutex_unlock(&house->clock_guard->mutex);
	if (trust == CLOCK_TRUST_BEHIND)
		error_set(&error, ERROR_CLOCK,
			  N_("the clock of this machine says %s, but it was %s already: nothing is "
			     "granted and no job acts, losses and suspensions are still taken; set "
			     "the clock, or let two persons confirm its time with `opcardctl clock "
			     "accept` (N77)"),
			  shown, mark);
	else
		error_set(&error, ERROR_CLOCK,
			  N_("the clock of this machine says %s, far ahead of the last known time "
			     "%s: nothing is granted and no job acts, losses and suspensions are "
			     "still taken; set the clock, or let two persons confirm its time with "
			     "`opcardctl clock accept` (N77)"),
			  shown, mark);
	return error;
}

gboolean clock_guard_check(House *house, gint64 now, GError **error)
{
	GError *trouble = clock_guard_trouble(house, now);

	if (trouble == NULL)
		return TRUE;
	g_propagate_error(error, trouble);
	return FALSE;
}

static gboolean write_mark(StoreTx *tx, const Op *op, const ClockMark *mark, const char *kind,
			   const char *note, GError **error)
{
	Record record = { .kind = kind, .article = ARTICLE, .note = note };

	if (!store_clock_put(tx, mark, error))
		return FALSE;
	record.extra = json_pack("{s:I, s:I}", "clock", (json_int_t) op->now, "mark",
				 (json_int_t) mark->high);
	return record_event(tx, op, NULL, &record, error);
}

/* Only the mark itself goes without a line in the ledger: it says nothing that happened. */
static gboolean put(House *house, gint64 now, const ClockMark *mark, const char *kind,
		    GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);

	op_init(&op, house, op_daemon_actor(), now);
	return tx != NULL &&
	       (kind != NULL ? write_mark(tx, &op, mark, kind, NULL, error)
			     : store_clock_put(tx, mark, error)) &&
	       store_tx_commit(&tx, error);
}

gboolean clock_guard_keep(House *house, gint64 now, GError **error)
{
	ClockGuard *guard = house->clock_guard;
	ClockTrust trust = clock_guard_ask(house, now);
	const char *kind = NULL;
	ClockMark mark;

	if (guard == NULL)
		return TRUE;
	g_mutex_lock(&guard->mutex);
	mark = (ClockMark){ .high = guard->high, .alarm_at = guard->alarm_at };
	g_mutex_unlock(&guard->mutex);
	if (trust != CLOCK_TRUST_GOOD && mark.alarm_at != 0)
		return TRUE;
	if (trust != CLOCK_TRUST_GOOD)
		kind = "clock-alarm";
	else if (mark.alarm_at != 0)
		kind = "clock-right";
	mark.alarm_at = trust != CLOCK_TRUST_GOOD ? now : 0;
	if (!put(house, now, &mark, kind, error))
		return FALSE;
	g_mutex_lock(&guard->mutex);
	guard->alarm_at = mark.alarm_at;
	g_mutex_unlock(&guard->mutex);
	return TRUE;
}

void clock_guard_settle(House *house, gint64 now)
{
	ClockGuard *guard = house->clock_guard;
	gboolean is_bad = clock_guard_ask(house, now) != CLOCK_TRUST_GOOD, is_told;
	g_autoptr(GError) ignored = NULL;

	if (guard == NULL)
		return;
	g_mutex_lock(&guard->mutex);
	is_told = (guard->alarm_at != 0) == is_bad;
	g_mutex_unlock(&guard->mutex);
	if (!is_told && !clock_guard_keep(house, now, &ignored))
		return;
}

static gboolean check_accept(const Op *op, GError **error)
{
	RoleSet roles = ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF);

	if (op->actor->person == 0 || !op_has_role(op, roles))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not accept the time: two persons with the role "
				    "system-admin or chief do (N77)"),
				 op->actor->id);
	return clock_guard_ask(op->house, op->now) != CLOCK_TRUST_GOOD ||
	       error_set(error, ERROR_STATE,
			 N_("the clock is trusted; there is nothing to accept"));
}

gboolean clock_guard_accept(Op *op, const char *note, MoveOutcome *ret_outcome,
			    char **ret_confirmation, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_URGENT, error);
	ClockGuard *guard = op->house->clock_guard;
	ClockMark mark = { .high = op->now };

	if (tx == NULL || !check_accept(op, error))
		return FALSE;
	if (op->is_dry_run) {
		*ret_outcome = MOVE_WOULD;
		return TRUE;
	}
	if (!op->is_confirmed) {
		json_t *body = json_pack("{s:s, s:s*}", "event", CLOCK_GUARD_EVENT, "note", note);
		MoveQuestion question = { CLOCK_GUARD_EVENT, NULL, body };
		gboolean is_asked = move_ask(&tx, op, &question, ret_confirmation, error);

		json_decref(body);
		*ret_outcome = MOVE_ASKED;
		return is_asked;
	}
	if (!write_mark(tx, op, &mark, CLOCK_GUARD_EVENT, note, error) ||
	    !store_tx_commit(&tx, error))
		return FALSE;
	g_mutex_lock(&guard->mutex);
	believe(guard, op->now);
	guard->alarm_at = 0;
	g_mutex_unlock(&guard->mutex);
	*ret_outcome = MOVE_DONE;
	return TRUE;
}
