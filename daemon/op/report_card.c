/* SPDX-License-Identifier: Apache-2.0
 * Cards of a day, joined with what else is known of them. */
#include "daemon/op/report_card.h"

#include "daemon/base/clock.h"
#include "daemon/core/recall.h"
#include "daemon/op/register.h"
#include "daemon/op/register_state.h"
#include "daemon/op/view.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_outbox.h"
#include "daemon/store/store_round.h"

#define DAY  86400
#define PAGE 500

typedef struct Check {
	gint64 at;
	char *by;
} Check;

static void check_free(gpointer data)
{
	Check *check = data;

	g_free(check->by);
	g_free(check);
}

/* Numbers → duties (borrowed) that were open when the report's time ended. */
static gboolean find_duties(const Report *report, GPtrArray *all, GHashTable *open, GError **error)
{
	g_autofree char *after = NULL;
	guint count;

	do {
		StoreDutyFilter filter = { .is_all = TRUE, .after = after, .limit = PAGE };
		g_autoptr(GPtrArray) page = store_duty_list(report->tx, &filter, error);

		if (page == NULL)
			return FALSE;
		count = page->len;
		for (guint i = 0; i < count; i++) {
			Duty *duty = page->pdata[i];
			gboolean is_open = duty->opened_at < report->end &&
					   (duty->closed_at == 0 || duty->closed_at >= report->end);

			if (i == count - 1) {
				g_free(after);
				after = g_strdup(duty->id);
			}
			if (is_open)
				g_hash_table_insert(open, duty->card, duty);
		}
		g_ptr_array_extend_and_steal(all, g_steal_pointer(&page));
	} while (count == PAGE);
	return TRUE;
}

static json_t *holder_row(const RegisterState *state)
{
	json_t *row = json_object();

	report_set(row, "card", state->number);
	report_set(row, "kind", register_kind_ja(state->kind));
	report_set(row, "section", state->section);
	report_set(row, "title", state->title);
	report_set(row, "staff", state->staff);
	report_set(row, "name", state->name);
	report_set(row, "authority", state->authority);
	return row;
}

static json_t *uncollected_row(const Report *report, const RegisterState *state, const Duty *duty)
{
	json_t *row = holder_row(state);
	RecallReason reason;
	gint64 late = (clock_day_start(report->until) - clock_day_start(duty->due)) / DAY;
	g_autofree char *days = g_strdup_printf("%" G_GINT64_FORMAT, late);

	report_set(row, "reason",
		   recall_parse(duty->reason, &reason) ? recall_ja(reason) : duty->reason);
	report_set_day(row, "recalledOn", duty->opened_at);
	report_set(row, "due", duty->due);
	if (late > 0)
		report_set(row, "days", days);
	report_set(row, "owner", duty->owner_post);
	return row;
}

/* 督促: how often the owner was reminded, and who else was told. */
static gboolean set_reminders(const Report *report, json_t *row, const Duty *duty, GError **error)
{
	gint64 reminders = 0, escalations = 0, last = 0;
	g_autofree char *text = NULL;

	if (!store_outbox_reminders(report->tx, duty->id, "remind-", &reminders, &last, error) ||
	    !store_outbox_reminders(report->tx, duty->id, "escalate-", &escalations, &last, error))
		return FALSE;
	if (reminders + escalations > 0)
		text = g_strdup_printf("%d回%s", (int) reminders,
				       escalations > 0 ? "・報告済" : "");
	report_set(row, "reminded", text);
	return TRUE;
}

static gboolean is_asked(const Report *report, const RegisterState *state)
{
	const char *section = report->request->section;

	return section == NULL || g_strcmp0(section, state->section_code) == 0;
}

/* 退職, 任期満了: whoever leaves must leave the card (N22). */
static gboolean is_leaver(const Duty *duty)
{
	RecallReason reason;

	return recall_parse(duty->reason, &reason) &&
	       (reason == RECALL_RETIREMENT || reason == RECALL_CONTRACT_END);
}

static gboolean list_open(Report *report, gboolean is_leavers, GError **error)
{
	g_autoptr(GPtrArray) duties =
		g_ptr_array_new_with_free_func((GDestroyNotify) store_duty_free);
	g_autoptr(GHashTable) open = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) states = register_ordered(report->tx, report->end - 1, error);

	if (states == NULL || !find_duties(report, duties, open, error))
		return FALSE;
	for (guint i = 0; i < states->len; i++) {
		const RegisterState *state = states->pdata[i];
		const Duty *duty = g_hash_table_lookup(open, state->number);

		json_t *row;

		if (duty == NULL || !is_asked(report, state) || (is_leavers && !is_leaver(duty)))
			continue;
		row = uncollected_row(report, state, duty);
		json_array_append_new(report->rows, row);
		if (!set_reminders(report, row, duty, error))
			return FALSE;
	}
	return TRUE;
}

gboolean report_card_uncollected(Report *report, GError **error)
{
	return list_open(report, FALSE, error);
}

gboolean report_card_leavers(Report *report, GError **error)
{
	return list_open(report, TRUE, error);
}

static gboolean take_check(Report *report, const LedgerRow *row, const json_t *body, gpointer data,
			   GError **error)
{
	GHashTable *checks = data;
	Check *check = g_new0(Check, 1);

	(void) body;
	check->at = row->at;
	check->by = view_actor(report->tx, row->actor, error);
	g_hash_table_insert(checks, g_strdup(row->card), check);
	return check->by != NULL;
}

/* Cards → what the newest round that expects them knows, as of the report's day. */
static gboolean take_round(const Report *report, const CheckRound *round, GHashTable *rounds,
			   GError **error)
{
	g_autoptr(GPtrArray) cards = store_round_cards(report->tx, round->id, error);

	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		const CheckRoundCard *card = cards->pdata[i];
		const char *result = "未確認";

		if (card->seen_at != 0 && card->seen_at < report->end)
			result = g_strcmp0(card->proof, "signed") == 0 ? "良（署名）" : "良";
		else if (card->held_at != 0 && card->held_at < report->end)
			result = "未確認（停止）";
		if (!g_hash_table_contains(rounds, card->card))
			g_hash_table_insert(rounds, g_strdup(card->card), (gpointer) result);
	}
	return cards != NULL;
}

static gboolean find_rounds(const Report *report, GHashTable *rounds, GError **error)
{
	g_autofree char *before = NULL;
	guint count;

	do {
		g_autoptr(GPtrArray) page =
			store_round_list(report->tx, report->request->section, before, PAGE, error);

		if (page == NULL)
			return FALSE;
		count = page->len;
		for (guint i = 0; i < count; i++) {
			const CheckRound *round = page->pdata[i];

			if (round->opened_at < report->end &&
			    !take_round(report, round, rounds, error))
				return FALSE;
		}
		g_free(before);
		before = count > 0 ? g_strdup(((CheckRound *) page->pdata[count - 1])->id) : NULL;
	} while (count == PAGE);
	return TRUE;
}

gboolean report_card_check(Report *report, GError **error)
{
	g_autoptr(GHashTable) rounds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) checks =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, check_free);
	LedgerFilter filter = { .kind = "card-check" };
	g_autoptr(GPtrArray) states = register_ordered(report->tx, report->end - 1, error);

	if (states == NULL || !report_ledger(report, &filter, take_check, checks, error) ||
	    !find_rounds(report, rounds, error))
		return FALSE;
	for (guint i = 0; i < states->len; i++) {
		const RegisterState *state = states->pdata[i];
		const Check *check = g_hash_table_lookup(checks, state->number);
		const char *result = g_hash_table_lookup(rounds, state->number);
		json_t *row;

		if (state->name == NULL || !is_asked(report, state))
			continue;
		row = holder_row(state);
		report_set(row, "place", state->place);
		if (result == NULL)
			result = check != NULL ? "良" : "未確認";
		report_set(row, "result", result);
		if (check != NULL)
			report_set_day(row, "checkedOn", check->at);
		report_set(row, "checkedBy", check != NULL ? check->by : NULL);
		report_set(row, "note",
			   state->state != CARD_ACTIVE ? card_state_ja(state->state) : NULL);
		json_array_append_new(report->rows, row);
	}
	return TRUE;
}
