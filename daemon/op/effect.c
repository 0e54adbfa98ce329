/* SPDX-License-Identifier: Apache-2.0
 * Effects of events as rows of a table (states.md table A, last column). */
#include "daemon/op/effect.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/recall.h"
#include "daemon/op/back_entry.h"
#include "daemon/op/case_kind.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/duty_remind.h"
#include "daemon/op/loss_notice.h"
#include "daemon/op/notice_card.h"
#include "daemon/op/transit.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_pin.h"
#include "daemon/store/store_register.h"

typedef enum CertificateEffect {
	KEEP_CERTIFICATE,
	HOLD_CERTIFICATE,
	REVOKE_CERTIFICATE,
	REVOKE_BY_DUTY,      /* for the reason the card was recalled */
	RESTORE_CERTIFICATE, /* valid again unless a hold is open */
	_CERTIFICATE_EFFECT_MAX,
} CertificateEffect;

typedef enum DutyEffect {
	KEEP_DUTY,
	OPEN_DUTY,
	CLOSE_DUTY,
	_DUTY_EFFECT_MAX,
} DutyEffect;

typedef struct EffectRow {
	CertificateEffect certificate;
	RevocationReason reason;
	DutyEffect duty;
	const char *case_kind; /* a corrective-action case is opened, NULL = none */
	const char *ended;     /* 理由 of the issue register; "" = by duty; NULL = not ended */
	const char *place;     /* where the card is afterwards, NULL = as before */
	gboolean no_reuse;
	gboolean clears_holder;
	gboolean lifts_holds;
} EffectRow;

#define SAFE "暗証番号管理者の保管庫"

/* clang-format off */
static const EffectRow rows[_CARD_EVENT_MAX] = {
	[EVENT_CANCEL]         = { REVOKE_CERTIFICATE, REVOCATION_CESSATION,      KEEP_DUTY,  NULL,     "交付取消",     SAFE,         FALSE, FALSE, TRUE },
	[EVENT_REPORT_LOST]    = { REVOKE_CERTIFICATE, REVOCATION_KEY_COMPROMISE, CLOSE_DUTY, "lost",   "紛失",         "所在不明",   TRUE,  FALSE, FALSE },
	[EVENT_REPORT_STOLEN]  = { REVOKE_CERTIFICATE, REVOCATION_KEY_COMPROMISE, CLOSE_DUTY, "stolen", "盗難",         "所在不明",   TRUE,  FALSE, FALSE },
	[EVENT_REPORT_DAMAGED] = { REVOKE_CERTIFICATE, REVOCATION_SUPERSEDED,     OPEN_DUTY,  NULL,     NULL,           NULL,         TRUE,  FALSE, FALSE },
	[EVENT_RECALL]         = { HOLD_CERTIFICATE,   REVOCATION_HOLD,           OPEN_DUTY,  NULL,     NULL,           NULL,         FALSE, FALSE, FALSE },
	[EVENT_RECALL_CANCEL]  = { RESTORE_CERTIFICATE, REVOCATION_NONE,          CLOSE_DUTY, NULL,     NULL,           NULL,         FALSE, FALSE, FALSE },
	[EVENT_RETURN]         = { REVOKE_BY_DUTY,     REVOCATION_AFFILIATION_CHANGED, CLOSE_DUTY, NULL, "",            SAFE,         FALSE, FALSE, TRUE },
	[EVENT_FOUND]          = { REVOKE_CERTIFICATE, REVOCATION_KEY_COMPROMISE, CLOSE_DUTY, NULL,     NULL,           SAFE,         TRUE,  FALSE, TRUE },
	[EVENT_REUSE]          = { KEEP_CERTIFICATE,   REVOCATION_NONE,           KEEP_DUTY,  NULL,     NULL,           SAFE,         FALSE, TRUE,  FALSE },
	[EVENT_DISPOSE]        = { REVOKE_CERTIFICATE, REVOCATION_CESSATION,      KEEP_DUTY,  NULL,     NULL,           "廃棄済",     FALSE, FALSE, FALSE },
	[EVENT_WRITE_OFF]      = { REVOKE_CERTIFICATE, REVOCATION_CESSATION,      CLOSE_DUTY, NULL,     "回収不能",     "所在不明",   TRUE,  FALSE, TRUE },
	[EVENT_STOCK_LOST]     = { REVOKE_CERTIFICATE, REVOCATION_KEY_COMPROMISE, CLOSE_DUTY, "stock-lost", "保管中紛失", "所在不明", TRUE,  FALSE, TRUE },
	[EVENT_RECONCILE]      = { KEEP_CERTIFICATE,   REVOCATION_NONE,           OPEN_DUTY,  NULL,     NULL,           NULL,         FALSE, FALSE, FALSE },
	[EVENT_SET_ASIDE]      = { REVOKE_CERTIFICATE, REVOCATION_CESSATION,      KEEP_DUTY,  NULL,     "隔離",         SAFE,         TRUE,  FALSE, TRUE },
};
/* clang-format on */

static gboolean apply_certificate(StoreTx *tx, Op *op, const Card *card, const EffectRow *row,
				  const EffectFacts *facts, GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_REVOKED, .reason = row->reason };
	g_autoptr(Duty) duty = NULL;
	RecallReason recall;

	if (row->certificate == KEEP_CERTIFICATE ||
	    (row->certificate == RESTORE_CERTIFICATE && card->is_held))
		return TRUE;
	if (row->certificate == RESTORE_CERTIFICATE)
		order = (CertStatusOrder){ .to = CERTIFICATE_VALID };
	if (row->certificate == HOLD_CERTIFICATE)
		order.to = CERTIFICATE_HOLD;
	if (row->certificate == REVOKE_BY_DUTY) {
		if (!store_duty_of_card(tx, card->number, &duty, error))
			return FALSE;
		if (duty != NULL && recall_parse(duty->reason, &recall))
			order.reason = recall_revocation(recall);
	}
	if (row->reason == REVOCATION_KEY_COMPROMISE)
		order.invalid_from = facts->occurred_at;
	return cert_status_set(tx, op, card->number, &order, error);
}

gboolean effect_open_duty(StoreTx *tx, const Op *op, const Card *card, const EffectFacts *facts,
			  GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *due = NULL;
	g_autofree char *id = NULL;
	g_autoptr(Designation) designation = NULL;
	g_autoptr(Section) section = NULL;
	gint64 number, days;

	if (card->designation != NULL) {
		designation = store_designation_get(tx, card->designation, error);
		if (designation == NULL ||
		    !store_person_find_section(tx, designation->section, &section, error))
			return FALSE;
	}
	if (!store_next(tx, "duty", &number, error))
		return FALSE;
	days = config_policy(op->house->config, POLICY_COLLECT_WITHIN, today) / 86400;
	due = facts->due != NULL ? g_strdup(facts->due) : clock_add_days(today, (int) days);
	id = g_strdup_printf("B-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	Duty duty = {
		.id = id,
		.card = card->number,
		.kind = (char *) "collect",
		.owner_post = section != NULL && section->manager_post != NULL
				      ? section->manager_post
				      : (char *) "システム管理者",
		.reason = (char *) (facts->reason != NULL ? facts->reason : "OTHER"),
		.due = due,
		.opened_at = op->now,
		.section = designation != NULL ? designation->section : NULL,
	};

	return store_duty_open(tx, &duty, error) && duty_remind_opened(tx, op, card, &duty, error);
}

static gboolean apply_duty(StoreTx *tx, const Op *op, const Card *card, const EffectRow *row,
			   const EffectFacts *facts, GError **error)
{
	g_autoptr(Duty) open = NULL;

	if (row->duty == CLOSE_DUTY)
		return store_duty_close(tx, card->number, op->now, error);
	if (row->duty == KEEP_DUTY)
		return TRUE;
	if (!store_duty_of_card(tx, card->number, &open, error))
		return FALSE;
	return open != NULL || effect_open_duty(tx, op, card, facts, error);
}

static gboolean open_case(StoreTx *tx, const Op *op, const Card *card, const EffectRow *row,
			  const EffectFacts *facts, GError **error)
{
	gint64 number;

	if (row->case_kind == NULL)
		return TRUE;
	if (card->state == CARD_LOST)
		return store_duty_case_police(tx, card->number, facts->police_report, error);
	if (!store_next(tx, "case", &number, error))
		return FALSE;
	g_autofree char *id =
		g_strdup_printf("C-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	g_auto(NoticeCard) whose = { 0 };

	if (!notice_card_read(tx, card, &whose, error))
		return FALSE;
	CaseFile file = {
		.id = id,
		.card = card->number,
		.section = whose.section,
		.kind = (char *) row->case_kind,
		.opened_at = op->now,
		.occurred_at = facts->occurred_at,
		.noticed_at = facts->noticed_at,
		.refused_at = op_effective(op),
		.reported_by = (char *) facts->reported_by,
		.via = (char *) facts->via,
		.police_report = (char *) facts->police_report,
		.note = (char *) facts->note,
	};
	LossNotice loss = { case_kind_ja(file.kind), case_kind_en(file.kind), id };

	return store_duty_case_open(tx, &file, error) &&
	       loss_notice_add(tx, op, card, &loss, error);
}

/* The day of the registers. */
static gint64 happened(const Op *op, const EffectFacts *facts)
{
	return facts->happened_at != 0 ? facts->happened_at : op->now;
}

static gboolean end_row(StoreTx *tx, const Op *op, const Card *card, const EffectRow *row,
			const EffectFacts *facts, GError **error)
{
	g_autofree char *today = clock_date(happened(op, facts));
	const char *reason = row->ended;
	g_autoptr(Duty) duty = NULL;
	g_autofree char *text = NULL;
	RecallReason recall = RECALL_OTHER;
	gboolean has_note = facts->note != NULL && *facts->note != '\0';

	if (reason == NULL)
		return TRUE;
	if (*reason == '\0') {
		if (!store_duty_of_card(tx, card->number, &duty, error))
			return FALSE;
		reason = duty != NULL && recall_parse(duty->reason, &recall) ? recall_ja(recall)
									     : "返納";
	}
	text = g_strconcat(reason, has_note ? "（" : "", has_note ? facts->note : "",
			   has_note ? "）" : "",
			   facts->happened_at != 0 ? "（" BACK_ENTRY_MARK "）" : "", NULL);
	return store_register_end(tx, card->number, today, text, error);
}

static void change_card(Card *card, const EffectRow *row)
{
	if (row->place != NULL) {
		g_free(card->place);
		card->place = g_strdup(row->place);
	}
	if (row->no_reuse)
		card->no_reuse = TRUE;
	if (!row->clears_holder)
		return;
	card->holder = 0;
	g_clear_pointer(&card->designation, g_free);
	g_clear_pointer(&card->authority, g_free);
	g_clear_pointer(&card->replaces, g_free);
	g_clear_pointer(&card->issued_on, g_free);
	g_clear_pointer(&card->lent_on, g_free);
	g_clear_pointer(&card->returned_on, g_free);
}

gboolean effect_apply(StoreTx *tx, Op *op, Card *card, CardEvent event, const EffectFacts *facts,
		      GError **error)
{
	const EffectRow *row = &rows[event];

	if (event == EVENT_REPORT_DAMAGED && facts->is_usable)
		return TRUE;
	if (event == EVENT_WRITE_OFF && !duty_remind_written_off(tx, op, card, facts->note, error))
		return FALSE;
	if (event != EVENT_REPORT_DAMAGED && event != EVENT_RECALL &&
	    !transit_drop(tx, op, card, lifecycle_event_name(event), error))
		return FALSE;
	if (!open_case(tx, op, card, row, facts, error) ||
	    !end_row(tx, op, card, row, facts, error) ||
	    !apply_certificate(tx, op, card, row, facts, error) ||
	    !apply_duty(tx, op, card, row, facts, error))
		return FALSE;
	if (row->lifts_holds &&
	    !store_hold_lift_all(tx, card->number, op->now, op->actor->id, error))
		return FALSE;
	if (event == EVENT_RETURN || event == EVENT_FOUND) {
		g_free(card->returned_on);
		card->returned_on = clock_date(happened(op, facts));
	}
	change_card(card, row);
	return TRUE;
}
