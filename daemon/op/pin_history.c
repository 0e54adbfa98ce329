/* SPDX-License-Identifier: Apache-2.0
 * One salt a card, so that one digest is compared with all that are kept. */
#include "daemon/op/pin_history.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/store/store_pin_history.h"

void pin_history_clear_trace(PinTrace *trace)
{
	g_clear_pointer(&trace->salt, g_bytes_unref);
	g_clear_pointer(&trace->digest, g_bytes_unref);
}

static gint64 kept(const Op *op)
{
	g_autofree char *today = clock_date(op->now);
	gint64 kept = config_policy(op->house->config, POLICY_PIN_HISTORY, today);

	return kept > 1 ? kept : 0;
}

static gboolean read_history(const Op *op, const Card *card, StorePinHistory *ret_history,
			     GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);

	return tx != NULL && store_pin_history_get(tx, card->number, ret_history, error);
}

gboolean pin_history_check(const Op *op, const Card *card, const Secret *pin, PinTrace *ret_trace,
			   GError **error)
{
	g_auto(StorePinHistory) history = { 0 };
	g_auto(PinTrace) trace = { 0 };

	if (kept(op) == 0)
		return TRUE;
	if (!read_history(op, card, &history, error))
		return FALSE;
	trace.salt = history.salt != NULL ? g_bytes_ref(history.salt) : pin_digest_salt(error);
	if (trace.salt == NULL)
		return FALSE;
	trace.digest = pin_digest_make(op->house->so_key, pin, trace.salt, error);
	if (trace.digest == NULL)
		return FALSE;
	for (guint i = 0; i < history.digests->len && i < (guint64) kept(op); i++)
		if (pin_digest_equal(history.digests->pdata[i], trace.digest))
			return error_set(
				error, ERROR_PIN,
				N_("card %s: the PIN is refused: it was used before, and "
				   "the last %d are not taken again; choose another (N34)"),
				card->number, (int) kept(op));
	*ret_trace = trace;
	trace = (PinTrace){ 0 };
	return TRUE;
}

gboolean pin_history_keep(StoreTx *tx, const Op *op, const Card *card, const PinTrace *trace,
			  GError **error)
{
	if (trace->digest != NULL &&
	    !store_pin_history_add(tx, card->number, trace->salt, trace->digest, error))
		return FALSE;
	return store_pin_history_forget(tx, card->number, kept(op), error);
}

gboolean pin_history_forget(StoreTx *tx, const Card *card, GError **error)
{
	return store_pin_history_forget(tx, card->number, 0, error);
}
