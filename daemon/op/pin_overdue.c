/* SPDX-License-Identifier: Apache-2.0
 * Holds for PINs past their deadline. Candidates come from a snapshot; each is looked at again
 * inside the transaction, because the holder may have changed the PIN meanwhile. */
#include "daemon/op/pin_overdue.h"

#include "daemon/base/clock.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/pin_due.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_pin.h"
#include "pkcs11/failpoint.h"

#define BATCH 20

typedef struct Run {
	House *house;
	gint64 now;
	gint64 late; /* PINs changed up to this moment are past their deadline */
	guint held;
	GError *unlisted; /* why a list could not be published, the first time; the holds stand */
} Run;

static GPtrArray *find(const Run *run, const StorePinFilter *filter, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(run->house->store, error);

	return tx != NULL ? store_pin_list(tx, filter, error) : NULL;
}

static gboolean is_late(StoreTx *tx, const Run *run, const Card *card, gboolean *ret_is_late,
			GError **error)
{
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, card->number, error);
	gboolean is_held = FALSE;
	Pin pin;

	if (holds == NULL || !store_pin_get(tx, card->number, &pin, error))
		return FALSE;
	for (guint i = 0; i < holds->len; i++)
		if (((const Hold *) holds->pdata[i])->reason == HOLD_PIN_OVERDUE)
			is_held = TRUE;
	*ret_is_late = !is_held && card->state == CARD_ACTIVE && pin.state != PIN_BLOCKED &&
		       pin.state != PIN_INITIAL && pin.changed_at <= run->late;
	return TRUE;
}

static gboolean hold(StoreTx *tx, Op *op, Card *card, GError **error)
{
	const HoldRule *rule = hold_rule(HOLD_PIN_OVERDUE);
	CertStatusOrder order = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	Hold row = { .card = card->number,
		     .reason = HOLD_PIN_OVERDUE,
		     .since = op->now,
		     .by = op->actor->id };
	Record record = { .kind = lifecycle_event_name(EVENT_SUSPEND),
			  .article = rule->article,
			  .from = card_state_name(card_shown(card)) };

	card->is_held = TRUE;
	if (!store_hold_open(tx, &row, error) ||
	    !cert_status_set(tx, op, card->number, &order, error) ||
	    !store_card_put(tx, card, error))
		return FALSE;
	record.extra = json_pack("{s:s}", "reason", rule->name);
	return record_card(tx, op, card, &record, error);
}

/* OCSP answers rightly already, so a full disk must not keep the other cards in use. */
static void publish(Run *run, gboolean is_list_due)
{
	g_autoptr(GError) error = NULL;

	if (is_list_due && !publish_now(run->house, run->now, &error) && run->unlisted == NULL)
		run->unlisted = g_steal_pointer(&error);
}

static gboolean hold_batch(Run *run, const GPtrArray *rows, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(StoreTx) tx = store_tx_begin(run->house->store, STORE_NORMAL, error);
	guint held = 0;

	op_init(&op, run->house, op_daemon_actor(), run->now);
	for (guint i = 0; tx != NULL && i < rows->len; i++) {
		const StorePinRow *row = rows->pdata[i];
		g_autoptr(Card) card = NULL;
		gboolean is_due = FALSE;

		if (row->is_held)
			continue;
		card = store_card_get(tx, row->card, error);
		if (card == NULL || !is_late(tx, run, card, &is_due, error) ||
		    (is_due && !hold(tx, &op, card, error)))
			return FALSE;
		held += is_due ? 1 : 0;
	}
	if (tx == NULL)
		return FALSE;
	if (held == 0)
		return TRUE;
	FAILPOINT("pin-overdue.before");
	if (!cert_status_commit(&op, &tx, error))
		return FALSE;
	FAILPOINT("pin-overdue.after");
	run->held += held;
	publish(run, op.is_list_due);
	return TRUE;
}

static gboolean has_work(const GPtrArray *rows)
{
	for (guint i = 0; i < rows->len; i++)
		if (!((const StorePinRow *) rows->pdata[i])->is_held)
			return TRUE;
	return FALSE;
}

static gboolean hold_all(Run *run, GError **error)
{
	StorePinFilter filter = { .until = run->late, .limit = BATCH };
	g_autofree char *after = NULL;
	guint found = BATCH;

	while (found == BATCH) {
		g_autoptr(GPtrArray) rows = find(run, &filter, error);

		if (rows == NULL || (has_work(rows) && !hold_batch(run, rows, error)))
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
	return TRUE;
}

gboolean pin_overdue_hold(House *house, gint64 now, guint *ret_held, GError **error)
{
	Rotation rotation = pin_due_rule(house->config, now);
	g_autofree char *today = clock_date(now);
	Run run = { house, now, rotation_held_before(&rotation, today), 0, NULL };
	gboolean is_done = hold_all(&run, error);

	if (is_done && run.unlisted != NULL) {
		g_propagate_error(error, run.unlisted);
		return FALSE;
	}
	g_clear_error(&run.unlisted);
	if (is_done)
		*ret_held = run.held;
	return is_done;
}
