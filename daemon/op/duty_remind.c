/* SPDX-License-Identifier: Apache-2.0
 * The two ladders of a collection duty: reminders to its owner, of which only the newest counts,
 * and the escalation, of which every step is taken. */
#include "daemon/op/duty_remind.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/day_list.h"
#include "daemon/core/recall.h"
#include "daemon/core/workday.h"
#include "daemon/op/notice.h"
#include "daemon/op/notice_card.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_holiday.h"
#include "daemon/store/store_outbox.h"
#include "pkcs11/failpoint.h"

#define DAY      86400
#define PAGE     200
#define REMIND   "remind-"
#define ESCALATE "escalate-"

typedef struct Ladder {
	int days[DAY_LIST_MAX];
	int count;
} Ladder;

typedef struct Walk {
	House *house;
	gint64 now;
	char *today;
	GHashTable *closed;
	Ladder remind;
	Ladder escalate;
} Walk;

static void walk_clear(Walk *walk)
{
	g_clear_pointer(&walk->today, g_free);
	g_clear_pointer(&walk->closed, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

static Ladder ladder_of(const Config *config, PolicyKey key, const char *today)
{
	Ladder ladder = { { 0 }, 0 };

	/* A bad list was refused when the configuration was read. */
	(void) day_list_parse(config_policy_text(config, key, today), ladder.days, &ladder.count);
	return ladder;
}

static void read_ladders(const Config *config, const char *today, Ladder *ret_remind,
			 Ladder *ret_escalate)
{
	*ret_remind = ladder_of(config, POLICY_COLLECT_REMIND, today);
	*ret_escalate = ladder_of(config, POLICY_COLLECT_ESCALATE, today);
}

/* The day that the steps are counted from: the recall, or so long before a later due date that the
 * last reminder falls on it. */
static char *first_day(const Walk *walk, const Duty *duty)
{
	int last = walk->remind.count > 0 ? walk->remind.days[walk->remind.count - 1] : 0;
	char *opened = clock_date(duty->opened_at);
	char *counted = clock_add_days(duty->due, -last);
	gboolean is_later = strcmp(counted, opened) > 0;

	g_free(is_later ? opened : counted);
	return is_later ? counted : opened;
}

static gboolean is_due(const Walk *walk, const Duty *duty, int days)
{
	g_autofree char *first = first_day(walk, duty);
	g_autofree char *day = clock_add_days(first, days);
	g_autofree char *moved = workday_from(day, walk->closed);

	return strcmp(moved, walk->today) <= 0;
}

static int days_late(const char *today, const Duty *duty)
{
	return (int) ((clock_day_start(today) - clock_day_start(duty->due)) / DAY);
}

static json_t *values_of(const char *today, const Duty *duty, const NoticeCard *facts)
{
	RecallReason reason;

	return json_pack("{s:s, s:s*, s:s*, s:s, s:s, s:s, s:i, s:s}", "card", duty->card, "holder",
			 facts->holder, "section", facts->name, "reason",
			 recall_parse(duty->reason, &reason) ? recall_ja(reason) : duty->reason,
			 "due", duty->due, "about", duty->id, "days", days_late(today, duty),
			 "owner", duty->owner_post);
}

gboolean duty_remind_opened(StoreTx *tx, const Op *op, const Card *card, const Duty *duty,
			    GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *owner = notice_card_owner(duty->owner_post);
	g_auto(NoticeCard) facts = { 0 };
	Notice notice = { .kind = "collect-new", .to = owner, .about = duty->id };

	if (!notice_card_read(tx, card, &facts, error))
		return FALSE;
	notice.values = values_of(today, duty, &facts);
	return notice_add(tx, op, &notice, error);
}

/* One step of one duty. */
typedef struct Step {
	const Duty *duty;
	const Card *card;
	const NoticeCard *facts;
	const char *kind;   /* of the notice */
	const char *record; /* kind of the audit record */
	const char *to;
	const char *stage;
} Step;

static gboolean give(StoreTx *tx, const Walk *walk, const Op *op, const Step *step,
		     gboolean *ret_is_given, GError **error)
{
	Notice notice = { .kind = step->kind, .to = step->to, .about = step->duty->id };
	Record record = { .kind = step->record, .article = "T13", .note = step->stage };
	gint64 count = 0, last = 0;
	gboolean is_new = FALSE;

	if (!store_outbox_reminders(tx, step->duty->id, REMIND, &count, &last, error))
		return FALSE;
	notice.values = values_of(walk->today, step->duty, step->facts);
	json_object_set_new(notice.values, "reminders", json_integer(count));
	if (!notice_add_once(tx, op, &notice, step->stage, &is_new, error))
		return FALSE;
	if (!is_new)
		return TRUE;
	*ret_is_given = TRUE;
	record.extra = json_pack("{s:s, s:s}", "duty", step->duty->id, "to", step->to);
	return record_card(tx, op, step->card, &record, error);
}

static gboolean remind(StoreTx *tx, const Walk *walk, const Op *op, Step *step,
		       gboolean *ret_is_given, GError **error)
{
	g_autofree char *owner = notice_card_owner(step->duty->owner_post);

	step->kind = "collect-reminder";
	step->record = "duty-remind";
	step->to = owner;
	for (int i = walk->remind.count - 1; i >= 0; i--) {
		g_autofree char *stage = g_strdup_printf(REMIND "%d", walk->remind.days[i]);

		if (!is_due(walk, step->duty, walk->remind.days[i]))
			continue;
		step->stage = stage;
		return give(tx, walk, op, step, ret_is_given, error);
	}
	return TRUE;
}

/* First the system-admin, then the chief. */
static gboolean escalate(StoreTx *tx, const Walk *walk, const Op *op, Step *step,
			 gboolean *ret_is_given, GError **error)
{
	step->kind = "collect-escalated";
	step->record = "duty-escalate";
	for (int i = 0; i < walk->escalate.count; i++) {
		g_autofree char *stage = g_strdup_printf(ESCALATE "%d", walk->escalate.days[i]);

		if (!is_due(walk, step->duty, walk->escalate.days[i]))
			break;
		step->to = i == 0 && walk->escalate.count > 1 ? "role:system-admin" : "role:chief";
		step->stage = stage;
		if (!give(tx, walk, op, step, ret_is_given, error))
			return FALSE;
	}
	return TRUE;
}

/* The duty may have been closed since it was listed. */
static gboolean take_steps(const Walk *walk, const char *id, gboolean *ret_is_given, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(StoreTx) tx = store_tx_begin(walk->house->store, STORE_NORMAL, error);
	g_autoptr(Duty) duty = tx != NULL ? store_duty_get(tx, id, error) : NULL;
	g_autoptr(Card) card = duty != NULL ? store_card_get(tx, duty->card, error) : NULL;
	g_auto(NoticeCard) facts = { 0 };
	Step step = { .duty = duty, .card = card, .facts = &facts };

	if (card == NULL || !notice_card_read(tx, card, &facts, error))
		return FALSE;
	op_init(&op, walk->house, op_daemon_actor(), walk->now);
	if (duty->closed_at != 0)
		return TRUE;
	FAILPOINT("duty-remind.before");
	if (!remind(tx, walk, &op, &step, ret_is_given, error) ||
	    !escalate(tx, walk, &op, &step, ret_is_given, error) ||
	    (*ret_is_given && !store_tx_commit(&tx, error)))
		return FALSE;
	FAILPOINT("duty-remind.after");
	return TRUE;
}

/* Whether a write is worth while: all but a few duties have had what is due. */
static gboolean has_step(StoreTx *tx, const Walk *walk, const Duty *duty, gboolean *ret_has,
			 GError **error)
{
	const Ladder *ladders[] = { &walk->remind, &walk->escalate };
	const char *const prefixes[] = { REMIND, ESCALATE };

	for (int which = 0; which < 2; which++)
		for (int i = ladders[which]->count - 1; i >= 0; i--) {
			int days = ladders[which]->days[i];
			g_autofree char *stage = g_strdup_printf("%s%d", prefixes[which], days);
			gboolean is_given = FALSE;

			if (!is_due(walk, duty, days))
				continue;
			if (!store_outbox_reminded(tx, duty->id, stage, &is_given, error))
				return FALSE;
			*ret_has = *ret_has || !is_given;
			if (which == 0)
				break;
		}
	return TRUE;
}

/* Numbers of duties with something to do, a page at a time. *ret_after is moved on. */
static GPtrArray *find_page(const Walk *walk, char **ret_after, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(walk->house->store, error);
	StoreDutyFilter filter = { .after = *ret_after, .limit = PAGE };
	g_autoptr(GPtrArray) duties = tx != NULL ? store_duty_list(tx, &filter, error) : NULL;
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; duties != NULL && i < duties->len; i++) {
		const Duty *duty = duties->pdata[i];
		gboolean has = FALSE;

		if (!has_step(tx, walk, duty, &has, error))
			return NULL;
		if (has)
			g_ptr_array_add(found, g_strdup(duty->id));
	}
	if (duties == NULL)
		return NULL;
	g_clear_pointer(ret_after, g_free);
	if (duties->len == PAGE) {
		const Duty *last = duties->pdata[PAGE - 1];

		*ret_after = g_strconcat(last->due, "/", last->id, NULL);
	}
	return g_steal_pointer(&found);
}

static gboolean walk_open(Walk *walk, House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autofree char *from = NULL;

	if (tx == NULL)
		return FALSE;
	*walk = (Walk){ .house = house, .now = now, .today = clock_date(now) };
	read_ladders(house->config, walk->today, &walk->remind, &walk->escalate);
	from = clock_add_days(walk->today, -DAY_LIST_MOST);
	walk->closed = store_holiday_set(tx, from, walk->today, error);
	return walk->closed != NULL;
}

gboolean duty_remind_due(House *house, gint64 now, guint *ret_count, GError **error)
{
	g_auto(Walk) walk = { 0 };
	g_autofree char *after = NULL;
	guint count = 0;

	if (!walk_open(&walk, house, now, error))
		return FALSE;
	do {
		g_autoptr(GPtrArray) page = find_page(&walk, &after, error);

		for (guint i = 0; page != NULL && i < page->len; i++) {
			gboolean is_given = FALSE;

			if (!take_steps(&walk, page->pdata[i], &is_given, error))
				return FALSE;
			count += is_given ? 1 : 0;
		}
		if (page == NULL)
			return FALSE;
	} while (after != NULL);
	*ret_count = count;
	return TRUE;
}

gboolean duty_remind_exhausted(StoreTx *tx, const Op *op, const char *card, char **ret_missing,
			       GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Duty) duty = NULL;
	Ladder remind, escalate;
	const Ladder *last;
	g_autofree char *stage = NULL;
	gboolean is_given = FALSE;

	read_ladders(op->house->config, today, &remind, &escalate);
	last = escalate.count > 0 ? &escalate : &remind;
	if (!store_duty_of_card(tx, card, &duty, error))
		return FALSE;
	if (duty == NULL || last->count == 0)
		return TRUE;
	stage = g_strdup_printf("%s%d", last == &escalate ? ESCALATE : REMIND,
				last->days[last->count - 1]);
	if (!store_outbox_reminded(tx, duty->id, stage, &is_given, error))
		return FALSE;
	if (!is_given)
		*ret_missing = g_steal_pointer(&stage);
	return TRUE;
}

gboolean duty_remind_written_off(StoreTx *tx, const Op *op, const Card *card, const char *note,
				 GError **error)
{
	g_auto(NoticeCard) facts = { 0 };
	Notice notice = { .kind = "written-off", .to = "role:chief", .about = card->number };

	if (!notice_card_read(tx, card, &facts, error))
		return FALSE;
	notice.values =
		json_pack("{s:s, s:s*, s:s*, s:s*, s:s}", "card", card->number, "holder",
			  facts.holder, "section", facts.name, "note", note, "by", op->actor->id);
	return notice_add(tx, op, &notice, error);
}
