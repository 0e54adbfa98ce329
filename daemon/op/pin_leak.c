/* SPDX-License-Identifier: Apache-2.0
 * A reported leak. */
#include "daemon/op/pin_leak.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/hold.h"
#include "daemon/op/allow.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/notice_card.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_hold.h"
#include "pkcs11/failpoint.h"

static gboolean hold(StoreTx *tx, Op *op, Card *card, const char *note, GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	Hold row = { .card = card->number,
		     .reason = HOLD_PIN_LEAKED,
		     .since = op->now,
		     .by = op->actor->id,
		     .note = (char *) note };

	card->is_held = TRUE;
	return store_hold_open(tx, &row, error) &&
	       cert_status_set(tx, op, card->number, &order, error) &&
	       store_card_put(tx, card, error);
}

static gboolean open_case(StoreTx *tx, const Op *op, const Card *card, const char *note,
			  GError **error)
{
	g_autofree char *id = NULL;
	gint64 number;

	if (!store_next(tx, "case", &number, error))
		return FALSE;
	id = g_strdup_printf("C-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	g_auto(NoticeCard) whose = { 0 };

	if (!notice_card_read(tx, card, &whose, error))
		return FALSE;
	CaseFile file = {
		.id = id,
		.card = card->number,
		.section = whose.section,
		.kind = (char *) "pin-leaked",
		.opened_at = op->now,
		.noticed_at = op->now,
		.refused_at = op->now,
		.reported_by = op->actor->id,
		.note = (char *) note,
	};

	return store_duty_case_open(tx, &file, error);
}

static gboolean write_record(StoreTx *tx, const Op *op, const Card *card, CardState from,
			     const char *note, GError **error)
{
	const HoldRule *rule = hold_rule(HOLD_PIN_LEAKED);
	Record record = {
		.kind = lifecycle_event_name(EVENT_SUSPEND),
		.article = rule->article,
		.from = card_state_name(from),
		.note = note,
		.extra = json_pack("{s:s}", "reason", rule->name),
	};

	return record_card(tx, op, card, &record, error);
}

gboolean pin_leak_report(Op *op, const PinLeakRequest *request, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_URGENT, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, request->card, error) : NULL;
	AllowRequest question = { .card = card, .event = EVENT_SUSPEND };
	CardState from;

	if (card == NULL)
		return FALSE;
	question.holder = card->holder;
	from = card_shown(card);
	if (allow_event(tx, op, &question, error) == NULL)
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("pin-leak.before");
	if (!hold(tx, op, card, request->note, error) ||
	    !open_case(tx, op, card, request->note, error) ||
	    !write_record(tx, op, card, from, request->note, error) ||
	    !cert_status_commit(op, &tx, error))
		return FALSE;
	FAILPOINT("pin-leak.after");
	return !op->is_list_due || publish_now(op->house, op->now, error);
}
