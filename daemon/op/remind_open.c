/* SPDX-License-Identifier: Apache-2.0
 * What waits for a person. */
#include "daemon/op/remind_open.h"

#include "daemon/base/clock.h"
#include "daemon/op/case_kind.h"
#include "daemon/op/reminder.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_request.h"

#define DAY  86400
#define PAGE 500

static GPtrArray *open_confirmations(House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	return tx != NULL ? store_request_open(tx, now, error) : NULL;
}

static gboolean remind_asked(const Op *op, const Confirmation *asked, guint *count, GError **error)
{
	g_autofree char *by = g_strconcat("staff:", asked->by, NULL);
	g_autofree char *until = clock_time(asked->expires);
	const char *to[] = { "role:system-admin", by, NULL };
	Notice notice = { .kind = "confirmation-ends", .about = asked->id };

	notice.values =
		json_pack("{s:s, s:s, s:s*, s:s, s:s}", "about", asked->id, "event", asked->event,
			  "card", asked->card, "by", asked->by, "until", until);
	return reminder_give(op, &notice, to, "ends", count, error);
}

gboolean remind_open_confirmation(House *house, gint64 now, guint *ret_count, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(GPtrArray) list = open_confirmations(house, now, error);

	op_init(&op, house, op_daemon_actor(), now);
	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Confirmation *asked = list->pdata[i];

		if (asked->expires == CONFIRMATION_NEVER ||
		    3 * (asked->expires - now) > asked->expires - asked->at)
			continue;
		if (!remind_asked(&op, asked, ret_count, error))
			return FALSE;
	}
	return list != NULL;
}

static GPtrArray *open_cases(House *house, gint64 until, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	return tx != NULL ? store_duty_case_open_list(tx, until, PAGE, error) : NULL;
}

static gboolean remind_case(const Op *op, const CaseFile *file, gint64 period, guint *count,
			    GError **error)
{
	g_autofree char *section =
		file->section != NULL ? g_strconcat("section:", file->section, NULL) : NULL;
	gint64 open = op->now - file->opened_at;
	g_autofree char *stage = g_strdup_printf("open-%" G_GINT64_FORMAT, open / period);
	const char *to[] = { "role:system-admin", section, NULL };
	Notice notice = { .kind = "case-open", .about = file->id };

	notice.values = json_pack("{s:s, s:s, s:s, s:s, s:i}", "about", file->id, "event",
				  case_kind_ja(file->kind), "event_en", case_kind_en(file->kind),
				  "card", file->card, "days", (int) (open / DAY));
	return reminder_give(op, &notice, to, stage, count, error);
}

gboolean remind_open_case(House *house, gint64 now, guint *ret_count, GError **error)
{
	g_autofree char *today = clock_date(now);
	gint64 period = config_policy(house->config, POLICY_CASE_REMIND, today);
	g_auto(Op) op = { 0 };
	g_autoptr(GPtrArray) list = NULL;

	if (period == 0)
		return TRUE;
	list = open_cases(house, now - period, error);
	op_init(&op, house, op_daemon_actor(), now);
	for (guint i = 0; list != NULL && i < list->len; i++)
		if (!remind_case(&op, list->pdata[i], period, ret_count, error))
			return FALSE;
	return list != NULL;
}
