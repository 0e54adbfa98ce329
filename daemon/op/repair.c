/* SPDX-License-Identifier: Apache-2.0
 * Repair by the kind of intent; a kind is one row. */
#include "daemon/op/repair.h"

#include "daemon/base/error.h"
#include "daemon/op/at_reader.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/issue.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/op/refusal.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_intent.h"
#include "daemon/store/store_pin.h"
#include "pkcs11/failpoint.h"

typedef struct RepairRow {
	const char *kind;
	gboolean revokes_born;   /* certificates recorded by the intent are revoked */
	gboolean waits_for_card; /* the card must be erased at its next sight */
	gboolean pin_is_unknown; /* a PIN may have been set */
} RepairRow;

/* clang-format off */
static const RepairRow rows[] = {
	{ "prepare",    FALSE, FALSE, FALSE },
	{ "issue",      TRUE,  TRUE,  FALSE },
	{ "hand-over",  FALSE, FALSE, TRUE },
	{ "pin-change", FALSE, FALSE, TRUE },
	{ "pin-reset",  FALSE, FALSE, TRUE },
	{ "erase",      FALSE, FALSE, FALSE },
	{ "renew",      TRUE,  FALSE, FALSE },
};
/* clang-format on */

static const RepairRow *find_row(const char *kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_strcmp0(rows[i].kind, kind) == 0)
			return &rows[i];
	return NULL;
}

static gboolean revoke_pending(StoreTx *tx, Op *op, const Intent *intent, GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_REVOKED, .reason = REVOCATION_CESSATION };
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, intent->card, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		Certificate *row = list->pdata[i];

		if (row->state == CERTIFICATE_PENDING && g_strcmp0(row->intent, intent->id) == 0 &&
		    !cert_status_set_one(tx, op, row, &order, error))
			return FALSE;
	}
	return list != NULL;
}

gboolean repair_overtake(StoreTx *tx, Op *op, const char *card, GError **error)
{
	g_autoptr(Intent) intent = NULL;

	if (!store_intent_of_card(tx, card, &intent, error))
		return FALSE;
	return intent == NULL || (revoke_pending(tx, op, intent, error) &&
				  store_intent_close(tx, intent->id, "undone", op->now, error));
}

static gboolean forget_pin(StoreTx *tx, const char *card, GError **error)
{
	Pin pin;

	if (!store_pin_get(tx, card, &pin, error))
		return FALSE;
	pin.state = PIN_UNKNOWN;
	return store_pin_put(tx, card, &pin, error);
}

static gboolean close_intent(Op *op, const Intent *intent, const RepairRow *row, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, intent->card, error) : NULL;
	g_autoptr(Intent) fresh = card != NULL ? store_intent_get(tx, intent->id, error) : NULL;
	Record record = { .kind = "operation-failed", .article = "I25", .note = intent->id };

	if (fresh == NULL || fresh->closed_at != 0)
		return fresh != NULL;
	if ((row->revokes_born && !revoke_pending(tx, op, intent, error)) ||
	    (row->pin_is_unknown && !forget_pin(tx, intent->card, error)) ||
	    !store_intent_close(tx, intent->id, "undone", op->now, error) ||
	    !record_card(tx, op, card, &record, error))
		return FALSE;
	FAILPOINT("repair.commit");
	return cert_status_commit(op, &tx, error);
}

static gboolean repair_one(Op *op, const Intent *intent, RepairCounts *counts, GError **error)
{
	const RepairRow *row = find_row(intent->kind);

	if (row == NULL)
		return error_set(error, ERROR_STORE,
				 N_("the unfinished operation %s is of the unknown kind \"%s\"; "
				    "install the newer version of opcard again"),
				 intent->id, intent->kind);
	if (row->waits_for_card) {
		counts->waiting++;
		return issue_undo(op, intent->card, intent->id, FALSE, error);
	}
	counts->closed++;
	return close_intent(op, intent, row, error);
}

gboolean repair_start(House *house, gint64 now, RepairCounts *ret_counts, GError **error)
{
	g_auto(Op) op = { 0 };
	RepairCounts counts = { 0 };
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(GPtrArray) intents = tx != NULL ? store_intent_list_open(tx, error) : NULL;

	if (intents == NULL)
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	op_init(&op, house, op_daemon_actor(), now);
	for (guint i = 0; i < intents->len; i++)
		if (!repair_one(&op, intents->pdata[i], &counts, error))
			return FALSE;
	*ret_counts = counts;
	refusal_repair(house, now);
	/* A full disk must not keep OCSP from answering, nor a token that hangs: its list is the
	 * first thing the jobs do. */
	if (house->issuer != NULL && !sign_is_remote(issuer_signer(house->issuer)))
		publish_soon(house, now);
	return TRUE;
}

static gboolean find_waiting(House *house, const char *number, Card **ret_card, Intent **ret_intent,
			     GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	if (tx == NULL || !store_intent_of_card(tx, number, ret_intent, error))
		return FALSE;
	if (*ret_intent == NULL || g_strcmp0((*ret_intent)->step, "wipe") != 0)
		return TRUE;
	*ret_card = store_card_get(tx, number, error);
	return *ret_card != NULL;
}

/* A chip that refuses to be erased in a second reader is set aside (N31). */
static gboolean note_refusal(Op *op, const Card *card, const Intent *intent, const char *reader,
			     GError **error)
{
	g_autofree char *mark = g_strdup_printf("\"refusedIn\":\"%s\"", reader);
	gboolean is_second =
		strstr(intent->body, "refusedIn") != NULL && strstr(intent->body, mark) == NULL;
	g_autofree char *body = g_strdup_printf("{%s}", mark);
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) now = tx != NULL ? store_card_get(tx, card->number, error) : NULL;
	Record record = { .kind = lifecycle_event_name(EVENT_SET_ASIDE),
			  .article = "N31",
			  .from = card_state_name(card->state) };

	if (now == NULL)
		return FALSE;
	if (!is_second || now->state != CARD_PERSONALIZING)
		return store_intent_step(tx, intent->id, "wipe", body, error) &&
		       store_tx_commit(&tx, error);
	now->state = CARD_QUARANTINED;
	now->no_reuse = TRUE;
	return store_card_put(tx, now, error) && record_card(tx, op, now, &record, error) &&
	       store_intent_close(tx, intent->id, "quarantined", op->now, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean is_refusal(CardFailureKind kind)
{
	return kind == CARD_FAILURE_DAMAGED || kind == CARD_FAILURE_NOT_EMPTY ||
	       kind == CARD_FAILURE_FOREIGN || kind == CARD_FAILURE_CARD_ERROR ||
	       kind == CARD_FAILURE_SO_PIN_LOCKED;
}

static gboolean wipe_waiting(Op *op, AtReader *desk, const Card *card, const Intent *intent,
			     GError **error)
{
	g_autofree char *label = at_reader_label(card->number);
	g_autoptr(Secret) so_pin = at_reader_so_pin(desk, error);
	CardFailure failure;

	if (so_pin == NULL)
		return FALSE;
	FAILPOINT("repair.wipe");
	if (!card_client_wipe(desk->client, so_pin, label, &failure)) {
		if (is_refusal(failure.kind) && !note_refusal(op, card, intent, desk->name, error))
			return FALSE;
		return at_reader_fail(error, &failure, card->number);
	}
	FAILPOINT("repair.wiped");
	if (!issue_undo(op, card->number, intent->id, TRUE, error))
		return FALSE;
	FAILPOINT("repair.undone");
	return !op->is_list_due || publish_now(op->house, op->now, error);
}

gboolean repair_seen(House *house, const char *number, const char *reader, gint64 now,
		     gboolean *ret_is_done, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(Card) seen = NULL;
	g_autoptr(Card) card = NULL;
	g_autoptr(Intent) first = NULL;
	g_autoptr(Intent) intent = NULL;
	g_autoptr(AtReader) desk = NULL;

	op_init(&op, house, op_daemon_actor(), now);
	*ret_is_done = FALSE;
	if (!find_waiting(house, number, &seen, &first, error))
		return FALSE;
	if (seen == NULL)
		return TRUE;
	desk = at_reader_open(&op, seen, reader, error);
	/* Asked again: somebody else may have had the reader, erased the card and issued it. */
	if (desk == NULL || !find_waiting(house, number, &card, &intent, error))
		return FALSE;
	if (card == NULL)
		return TRUE;
	*ret_is_done = TRUE;
	return wipe_waiting(&op, desk, card, intent, error);
}

gboolean repair_unfinished(House *house, gint64 now, GError **error)
{
	g_autoptr(GError) last = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(GPtrArray) intents = tx != NULL ? store_intent_list_open(tx, error) : NULL;

	if (intents == NULL)
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	for (guint i = 0; i < intents->len; i++) {
		const Intent *intent = intents->pdata[i];
		g_autoptr(GError) one = NULL;

		if (g_strcmp0(intent->step, "wipe") == 0 ||
		    at_reader_is_busy_with(house, intent->card) ||
		    repair_left(house, intent->card, NULL, now, &one))
			continue;
		g_clear_error(&last);
		last = g_steal_pointer(&one);
	}
	if (last == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&last));
	return FALSE;
}

gboolean repair_left(House *house, const char *number, const char *reader, gint64 now,
		     GError **error)
{
	g_auto(Op) op = { 0 };
	RepairCounts counts = { 0 };
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(Intent) intent = NULL;
	gboolean is_done;

	if (tx == NULL || !store_intent_of_card(tx, number, &intent, error))
		return FALSE;
	g_clear_pointer(&tx, store_tx_abort);
	op_init(&op, house, op_daemon_actor(), now);
	if (intent != NULL && !repair_one(&op, intent, &counts, error))
		return FALSE;
	if (op.is_list_due)
		publish_soon(house, now);
	return counts.waiting == 0 || repair_seen(house, number, reader, now, &is_done, error);
}
