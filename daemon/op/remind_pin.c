/* SPDX-License-Identifier: Apache-2.0
 * Whose PIN is to be changed is found by the range of changes (pin_due.c); what was warned of is
 * remembered by the deadline, so that a change in between begins anew. */
#include "daemon/op/remind_pin.h"

#include "daemon/base/clock.h"
#include "daemon/op/notice.h"
#include "daemon/op/pin_due.h"
#include "daemon/store/store_holiday.h"
#include "daemon/store/store_outbox.h"
#include "daemon/store/store_pin.h"

#define DAY    86400
#define AHEAD  31 /* the first warning is 30 days before */
#define BEFORE 60
#define BATCH  50

typedef struct Walk {
	House *house;
	gint64 now;
	char *today;
	Rotation rotation;
	GHashTable *closed;
} Walk;

static void walk_clear(Walk *walk)
{
	g_clear_pointer(&walk->today, g_free);
	g_clear_pointer(&walk->closed, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

static gboolean walk_open(Walk *walk, House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autofree char *from = NULL;
	g_autofree char *until = NULL;

	if (tx == NULL)
		return FALSE;
	*walk = (Walk){ house, now, clock_date(now), pin_due_rule(house->config, now), NULL };
	from = clock_add_days(walk->today, -BEFORE);
	until = clock_add_days(walk->today, AHEAD);
	walk->closed = store_holiday_set(tx, from, until, error);
	return walk->closed != NULL;
}

/* *ret_stage NULL when nothing is to be said of the card today. */
static gboolean find_stage(StoreTx *tx, const Walk *walk, const StorePinRow *row, char **ret_due,
			   char **ret_stage, GError **error)
{
	g_autofree char *changed_on = clock_date(row->changed_at);
	g_autofree char *due = rotation_due(&walk->rotation, changed_on);
	g_autofree char *next = NULL;
	g_autofree char *stage = NULL;
	gboolean is_given = FALSE;
	int days;

	if (due == NULL || row->state != PIN_SET)
		return TRUE;
	days = rotation_stage(due, walk->today, walk->closed, &next);
	if (days == 0)
		return TRUE;
	stage = g_strdup_printf("pin-%s-%d", due, days);
	if (!store_outbox_reminded(tx, row->card, stage, &is_given, error))
		return FALSE;
	if (!is_given) {
		*ret_stage = g_steal_pointer(&stage);
		*ret_due = g_steal_pointer(&due);
	}
	return TRUE;
}

static gboolean warn(StoreTx *tx, const Walk *walk, const Op *op, const StorePinRow *row,
		     guint *count, GError **error)
{
	g_autofree char *due = NULL;
	g_autofree char *stage = NULL;
	g_autofree char *to = g_strconcat("staff:", row->staff, NULL);
	Notice notice = { .kind = "pin-due", .to = to, .about = row->card };
	gboolean is_new = FALSE;

	if (!find_stage(tx, walk, row, &due, &stage, error))
		return FALSE;
	if (stage == NULL)
		return TRUE;
	notice.values =
		json_pack("{s:s, s:s, s:i}", "card", row->card, "due", due, "days",
			  (int) ((clock_day_start(due) - clock_day_start(walk->today)) / DAY));
	if (!notice_add_once(tx, op, &notice, stage, &is_new, error))
		return FALSE;
	*count += is_new ? 1 : 0;
	return TRUE;
}

static gboolean has_work(StoreTx *tx, const Walk *walk, const GPtrArray *rows, gboolean *ret_has,
			 GError **error)
{
	for (guint i = 0; i < rows->len && !*ret_has; i++) {
		g_autofree char *due = NULL;
		g_autofree char *stage = NULL;

		if (!find_stage(tx, walk, rows->pdata[i], &due, &stage, error))
			return FALSE;
		*ret_has = stage != NULL;
	}
	return TRUE;
}

static GPtrArray *find(const Walk *walk, const StorePinFilter *filter, gboolean *ret_has_work,
		       GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(walk->house->store, error);
	g_autoptr(GPtrArray) rows = tx != NULL ? store_pin_list(tx, filter, error) : NULL;

	return rows != NULL && has_work(tx, walk, rows, ret_has_work, error)
		       ? g_steal_pointer(&rows)
		       : NULL;
}

static gboolean warn_all(const Walk *walk, const GPtrArray *rows, guint *count, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(StoreTx) tx = store_tx_begin(walk->house->store, STORE_NORMAL, error);

	op_init(&op, walk->house, op_daemon_actor(), walk->now);
	for (guint i = 0; tx != NULL && i < rows->len; i++)
		if (!warn(tx, walk, &op, rows->pdata[i], count, error))
			return FALSE;
	return tx != NULL && store_tx_commit(&tx, error);
}

gboolean remind_pin_due(House *house, gint64 now, guint *ret_count, GError **error)
{
	g_auto(Walk) walk = { 0 };
	g_autofree char *horizon = NULL;
	g_autofree char *after = NULL;
	StorePinFilter filter = { .limit = BATCH };
	guint count = 0, found = BATCH;

	if (!walk_open(&walk, house, now, error))
		return FALSE;
	horizon = clock_add_days(walk.today, AHEAD);
	filter.until = rotation_changed_before(&walk.rotation, horizon);
	filter.after_at = rotation_changed_before(&walk.rotation, walk.today);
	while (found == BATCH) {
		gboolean has = FALSE;
		g_autoptr(GPtrArray) rows = find(&walk, &filter, &has, error);

		if (rows == NULL || (has && !warn_all(&walk, rows, &count, error)))
			return FALSE;
		found = rows->len;
		if (found > 0) {
			const StorePinRow *last = rows->pdata[found - 1];

			g_free(after);
			after = g_strdup(last->card);
			filter.after_at = last->changed_at;
			filter.after_card = after;
		}
	}
	*ret_count = count;
	return TRUE;
}
