/* SPDX-License-Identifier: Apache-2.0
 * A list's entry restricts, never loosens: what the store holds or has revoked stays so even if the
 * list does not name it. */
#include "daemon/op/reconcile.h"

#include <string.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/op/behind.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/effect.h"
#include "daemon/op/generation.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_issuer.h"
#include "daemon/store/store_witness.h"
#include "pkcs11/failpoint.h"

#define NOTE "復元したバックアップより新しい失効リストとの照合"

typedef struct Reconcile {
	Op *op;
	StoreTx *tx;
	GHashTable *cards; /* number → whether its certificate is revoked, not only held */
	ReconcileCounts counts;
} Reconcile;

/* What the entry says, as a state of ours. */
static void take_entry(const CrlEntry *entry, Certificate *certificate)
{
	gboolean is_hold = entry->reason == CRL_CERTIFICATE_HOLD;

	certificate->state = is_hold ? CERTIFICATE_HOLD : CERTIFICATE_REVOKED;
	certificate->reason = entry->reason == CRL_UNSPECIFIED ? REVOCATION_CESSATION
							       : (RevocationReason) entry->reason;
	certificate->since = entry->revoked_at;
}

static gboolean add_unknown(Reconcile *reconcile, const Issuer *issuer, const CrlEntry *entry,
			    GError **error)
{
	Certificate certificate = { .issuer = issuer_id(issuer),
				    .not_after = issuer_not_after(issuer) };

	memcpy(certificate.serial, entry->serial, CERTIFICATE_SERIAL_BYTES);
	take_entry(entry, &certificate);
	reconcile->counts.unknown++;
	return store_witness_insert(reconcile->tx, &certificate, error) &&
	       cert_status_put(reconcile->tx, reconcile->op, &certificate, 0, error);
}

static gboolean take_known(Reconcile *reconcile, const CrlEntry *entry, Certificate *certificate,
			   GError **error)
{
	gboolean is_hold = entry->reason == CRL_CERTIFICATE_HOLD;
	gboolean was_pending = certificate->state == CERTIFICATE_PENDING;

	if (certificate->state == CERTIFICATE_REVOKED ||
	    (certificate->state == CERTIFICATE_HOLD && is_hold))
		return TRUE;
	take_entry(entry, certificate);
	if (is_hold)
		reconcile->counts.held++;
	else
		reconcile->counts.revoked++;
	if (certificate->card != NULL &&
	    (!is_hold || was_pending ||
	     !g_hash_table_contains(reconcile->cards, certificate->card)))
		g_hash_table_replace(reconcile->cards, g_strdup(certificate->card),
				     GINT_TO_POINTER(!is_hold || was_pending));
	return cert_status_put(reconcile->tx, reconcile->op, certificate, entry->invalid_from,
			       error);
}

static gboolean take_one(Reconcile *reconcile, const Issuer *issuer, const CrlEntry *entry,
			 GError **error)
{
	g_autoptr(Certificate) certificate = NULL;

	if (!store_witness_find(reconcile->tx, issuer_id(issuer), entry->serial, &certificate,
				error))
		return FALSE;
	return certificate == NULL ? add_unknown(reconcile, issuer, entry, error)
				   : take_known(reconcile, entry, certificate, error);
}

static gboolean take_list(Reconcile *reconcile, const IssuerRow *row, GError **error)
{
	House *house = reconcile->op->house;
	Publisher *publisher = publish_of(house->publisher, (guint16) row->id);
	g_autoptr(Issuer) issuer = op_issuer_of(reconcile->op, (guint16) row->id);
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(CrlEntry));
	guint64 published, number;

	if (issuer == NULL)
		return TRUE;
	if (!publish_published(publisher, issuer, entries, &published, error))
		return FALSE;
	for (guint i = 0; i < entries->len; i++)
		if (!take_one(reconcile, issuer, &g_array_index(entries, CrlEntry, i), error))
			return FALSE;
	reconcile->counts.number = MAX(reconcile->counts.number, published);
	if (published <= (guint64) row->crl_number)
		return TRUE;
	publish_resume(publisher, published);
	return publish_take_number(reconcile->tx, reconcile->op, issuer_id(issuer), &number, error);
}

/* Nobody knows any more why it was revoked: lost, or long back in the safe. */
static gboolean recall_card(Reconcile *reconcile, Card *card, GError **error)
{
	EffectFacts facts = { .reason = "OTHER", .note = NOTE };
	CertStatusOrder hold = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	Record record = { .kind = lifecycle_event_name(EVENT_RECONCILE),
			  .article = "N08",
			  .from = card_state_name(card_shown(card)),
			  .note = NOTE };

	if (!cert_status_set(reconcile->tx, reconcile->op, card->number, &hold, error) ||
	    !effect_apply(reconcile->tx, reconcile->op, card, EVENT_RECONCILE, &facts, error))
		return FALSE;
	card->state = lifecycle_first(EVENT_RECONCILE)->to;
	return store_card_put(reconcile->tx, card, error) &&
	       record_card(reconcile->tx, reconcile->op, card, &record, error);
}

static gboolean hold_card(Reconcile *reconcile, Card *card, GError **error)
{
	Op *op = reconcile->op;
	Hold hold = { .card = card->number,
		      .reason = HOLD_ORDER,
		      .since = op->now,
		      .by = op->actor->id,
		      .note = (char *) NOTE };
	Record record = { .kind = lifecycle_event_name(EVENT_SUSPEND),
			  .article = "N08",
			  .from = card_state_name(card_shown(card)),
			  .note = NOTE };

	if (card->is_held || card->state != CARD_ACTIVE)
		return TRUE;
	card->is_held = TRUE;
	record.extra = json_pack("{s:s}", "reason", hold_rule(HOLD_ORDER)->name);
	if (!store_hold_open(reconcile->tx, &hold, error) ||
	    !store_card_put(reconcile->tx, card, error)) {
		json_decref(record.extra);
		return FALSE;
	}
	return record_card(reconcile->tx, op, card, &record, error);
}

static gboolean settle_card(Reconcile *reconcile, const char *number, gboolean is_revoked,
			    GError **error)
{
	g_autoptr(Card) card = store_card_get(reconcile->tx, number, error);

	if (card == NULL)
		return FALSE;
	if (is_revoked && lifecycle_find(card_shown(card), EVENT_RECONCILE) == NULL)
		return TRUE;
	reconcile->counts.cards++;
	return is_revoked ? recall_card(reconcile, card, error) : hold_card(reconcile, card, error);
}

static gboolean settle_cards(Reconcile *reconcile, GError **error)
{
	GHashTableIter iter;
	gpointer number, is_revoked;

	g_hash_table_iter_init(&iter, reconcile->cards);
	while (g_hash_table_iter_next(&iter, &number, &is_revoked))
		if (!settle_card(reconcile, number, GPOINTER_TO_INT(is_revoked), error))
			return FALSE;
	return TRUE;
}

static gboolean note_all(Reconcile *reconcile, GError **error)
{
	const ReconcileCounts *counts = &reconcile->counts;
	Record record = { .kind = "restored", .article = "N08", .note = NOTE };

	record.extra = json_pack("{s:I, s:i, s:i, s:i, s:i}", "crl", (json_int_t) counts->number,
				 "revoked", (int) counts->revoked, "held", (int) counts->held,
				 "unknown", (int) counts->unknown, "cards", (int) counts->cards);
	return record_event(reconcile->tx, reconcile->op, NULL, &record, error);
}

static gboolean take_all(Reconcile *reconcile, GError **error)
{
	g_autoptr(GPtrArray) rows = store_issuer_list(reconcile->tx, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++)
		if (!take_list(reconcile, rows->pdata[i], error))
			return FALSE;
	return rows != NULL && settle_cards(reconcile, error) && note_all(reconcile, error);
}

static gboolean run(Reconcile *reconcile, GError **error)
{
	House *house = reconcile->op->house;

	reconcile->tx = store_tx_begin(house->store, STORE_URGENT, error);
	if (reconcile->tx == NULL)
		return FALSE;
	FAILPOINT("reconcile.begin");
	/* From here on numbers above the list's are taken; OCSP stays closed. */
	g_atomic_int_set(&house->is_behind, 0);
	if (!take_all(reconcile, error) ||
	    !cert_status_commit(reconcile->op, &reconcile->tx, error)) {
		g_atomic_int_set(&house->is_behind, 1);
		store_tx_abort(reconcile->tx);
		return FALSE;
	}
	FAILPOINT("reconcile.committed");
	generation_note(house);
	FAILPOINT("reconcile.noted");
	status_index_open(house->index);
	return house->issuer == NULL || publish_now(house, reconcile->op->now, error);
}

gboolean reconcile_run(House *house, gint64 now, ReconcileCounts *ret_counts, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autofree char *account =
		getuid() == 0 ? g_strdup("root") : g_strdup_printf("uid:%u", getuid());
	const Actor actor = { .id = account,
			      .name = account,
			      .roles = ROLE_SET(ROLE_DAEMON) | ROLE_SET(ROLE_ROOT) };
	g_autoptr(GHashTable) cards = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Reconcile reconcile = { .op = &op, .cards = cards };
	gboolean is_done;

	op_init(&op, house, &actor, now);
	is_done = run(&reconcile, error);
	*ret_counts = reconcile.counts;
	return is_done;
}
