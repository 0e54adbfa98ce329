/* SPDX-License-Identifier: Apache-2.0
 * Cards that nobody fetched and certificates that end. */
#include "daemon/op/remind_card.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/core/workday.h"
#include "daemon/op/expiry.h"
#include "daemon/op/notice_card.h"
#include "daemon/op/reminder.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_holiday.h"
#include "daemon/store/store_issuer.h"

#define PAGE 200

typedef struct Walk {
	House *house;
	Op op;
	gint64 now;
	char *today;
	GHashTable *closed;
	guint count;
} Walk;

static void walk_clear(Walk *walk)
{
	op_clear(&walk->op);
	g_clear_pointer(&walk->today, g_free);
	g_clear_pointer(&walk->closed, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

static gboolean walk_open(Walk *walk, House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autofree char *from = NULL;

	*walk = (Walk){ .house = house, .now = now, .today = clock_date(now) };
	op_init(&walk->op, house, op_daemon_actor(), now);
	if (tx == NULL)
		return FALSE;
	from = clock_add_days(walk->today, -2 * WORKDAY_CLOSED_MAX);
	walk->closed = store_holiday_set(tx, from, walk->today, error);
	return walk->closed != NULL;
}

typedef struct Late {
	NoticeCard facts;
	char *since; /* the effective date, or of the issue if that was later */
} Late;

static void late_clear(Late *late)
{
	notice_card_clear(&late->facts);
	g_clear_pointer(&late->since, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Late, late_clear)

static gboolean read_late(const Walk *walk, const Card *card, Late *ret_late, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(walk->house->store, error);
	g_autoptr(Designation) designation = NULL;
	const char *issued = card->issued_on;

	if (tx == NULL || card->designation == NULL)
		return tx != NULL;
	designation = store_designation_get(tx, card->designation, error);
	if (designation == NULL || !notice_card_read(tx, card, &ret_late->facts, error))
		return FALSE;
	ret_late->since = g_strdup(issued != NULL && strcmp(issued, designation->from) > 0
					   ? issued
					   : designation->from);
	return TRUE;
}

static gboolean remind_late(Walk *walk, const Card *card, GError **error)
{
	int within =
		(int) (config_policy(walk->house->config, POLICY_HAND_OVER_WITHIN, walk->today) /
		       EXPIRY_DAY);
	Notice notice = { .kind = "hand-over-late", .about = card->number };
	g_auto(Late) late = { { 0 }, NULL };
	g_autofree char *last = NULL;
	g_autofree char *day = NULL;
	g_autofree char *stage = NULL;
	const char *to[] = { "role:system-admin", NULL, NULL };

	if (!read_late(walk, card, &late, error))
		return FALSE;
	if (late.since == NULL)
		return TRUE;
	last = clock_add_days(late.since, within);
	day = workday_from(last, walk->closed);
	stage = g_strconcat("hand-over-", late.since, NULL);
	if (strcmp(day, walk->today) >= 0)
		return TRUE;
	to[1] = late.facts.manager;
	notice.values = json_pack(
		"{s:s, s:s*, s:s*, s:s, s:i}", "card", card->number, "holder", late.facts.holder,
		"section", late.facts.name, "date", late.since, "days",
		(int) ((clock_day_start(walk->today) - clock_day_start(late.since)) / EXPIRY_DAY));
	return reminder_give(&walk->op, &notice, to, stage, &walk->count, error);
}

static GPtrArray *pending(const Walk *walk, const char *after, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(walk->house->store, error);
	StoreCardFilter filter = { .state = "PENDING", .after = after, .limit = PAGE };

	return tx != NULL ? store_card_list(tx, &filter, error) : NULL;
}

gboolean remind_card_hand_over(House *house, gint64 now, guint *ret_count, GError **error)
{
	g_auto(Walk) walk = { 0 };
	g_autofree char *after = NULL;
	guint found = PAGE;

	if (!walk_open(&walk, house, now, error))
		return FALSE;
	while (found == PAGE) {
		g_autoptr(GPtrArray) cards = pending(&walk, after, error);

		for (guint i = 0; cards != NULL && i < cards->len; i++)
			if (!remind_late(&walk, cards->pdata[i], error))
				return FALSE;
		if (cards == NULL)
			return FALSE;
		found = cards->len;
		g_free(after);
		after = found > 0 ? g_strdup(((Card *) cards->pdata[found - 1])->number) : NULL;
	}
	*ret_count = walk.count;
	return TRUE;
}

/* Remembered by the end itself: a renewed card is warned of anew. */
static char *stage_of(gint64 end, ExpiryStep step)
{
	g_autofree char *until = clock_date(end);

	return g_strdup_printf("ends-%s-%d", until, expiry_days(step));
}

static gboolean read_holder(const Walk *walk, const char *number, NoticeCard *ret_facts,
			    GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(walk->house->store, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, number, error) : NULL;

	return card != NULL && notice_card_read(tx, card, ret_facts, error);
}

static gboolean warn_card(Walk *walk, const StoreExpiry *expiry, GError **error)
{
	ExpiryStep step = expiry_step(expiry->not_after, walk->now);
	Notice notice = { .kind = "certificate-ends", .about = expiry->card };
	g_autofree char *stage = stage_of(expiry->not_after, step);
	g_autofree char *until = clock_date(expiry->not_after);
	g_auto(NoticeCard) facts = { 0 };
	g_autofree char *holder = NULL;
	const char *to[] = { NULL, NULL };

	if (step == EXPIRY_ENDED)
		return TRUE;
	if (!read_holder(walk, expiry->card, &facts, error))
		return FALSE;
	holder = facts.staff != NULL ? g_strconcat("staff:", facts.staff, NULL) : NULL;
	to[0] = holder != NULL ? holder : "role:custodian";
	notice.values = json_pack("{s:s, s:s*, s:s, s:i}", "card", expiry->card, "holder",
				  facts.holder, "until", until, "days",
				  (int) ((expiry->not_after - walk->now) / EXPIRY_DAY));
	return reminder_give(&walk->op, &notice, to, stage, &walk->count, error);
}

static GPtrArray *ending(const Walk *walk, const StoreExpiryFilter *filter, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(walk->house->store, error);

	return tx != NULL ? store_expiry_list(tx, filter, error) : NULL;
}

gboolean remind_card_expiry(House *house, gint64 now, guint *ret_count, GError **error)
{
	g_auto(Walk) walk = { 0 };
	StoreExpiryFilter filter = { .until = now + (gint64) expiry_days(EXPIRY_90) * EXPIRY_DAY,
				     .limit = PAGE };
	g_autofree char *after = NULL;
	guint found = PAGE;

	if (!walk_open(&walk, house, now, error))
		return FALSE;
	while (found == PAGE) {
		g_autoptr(GPtrArray) list = ending(&walk, &filter, error);

		for (guint i = 0; list != NULL && i < list->len; i++)
			if (!warn_card(&walk, list->pdata[i], error))
				return FALSE;
		if (list == NULL)
			return FALSE;
		found = list->len;
		if (found > 0) {
			const StoreExpiry *last = list->pdata[found - 1];

			g_free(after);
			after = g_strdup(last->card);
			filter.after_end = last->not_after;
			filter.after_card = after;
		}
	}
	*ret_count = walk.count;
	return TRUE;
}

gboolean remind_card_authority(House *house, gint64 now, guint *ret_count, GError **error)
{
	static const char *const to[] = { "role:system-admin", "role:chief", NULL };
	g_auto(Walk) walk = { 0 };
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(IssuerRow) row = NULL;
	Notice notice = { .kind = "authority-ends", .about = "ca" };
	g_autofree char *stage = NULL;
	g_autofree char *until = NULL;
	ExpiryStep step;

	if (tx == NULL || !store_issuer_newest(tx, &row, error))
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	step = row != NULL ? expiry_step(row->until, now) : _EXPIRY_STEP_MAX;
	if (step == _EXPIRY_STEP_MAX)
		return TRUE;
	if (!walk_open(&walk, house, now, error))
		return FALSE;
	stage = stage_of(row->until, step);
	until = clock_date(row->until);
	notice.values = json_pack("{s:s, s:i}", "until", until, "days",
				  (int) ((row->until - now) / EXPIRY_DAY));
	if (!reminder_give(&walk.op, &notice, to, stage, &walk.count, error))
		return FALSE;
	*ret_count = walk.count;
	return TRUE;
}
