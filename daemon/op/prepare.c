/* SPDX-License-Identifier: Apache-2.0
 * A blank chip has no serial yet, so its first administrator key comes from the face number; the
 * final one from the serial, once that is recorded. A crash between the two is found again by the
 * label. */
#include "daemon/op/prepare.h"

#include "daemon/base/error.h"
#include "daemon/op/work.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_pin.h"
#include "pkcs11/failpoint.h"

#define TEST_ALPHABET "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

static gboolean begin(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Record record = { .kind = "prepare-begin",
			  .article = "N31",
			  .from = card_state_name(work->card->state) };

	return tx != NULL && work_intend(tx, work, NULL, &record, error) &&
	       store_tx_commit(&tx, error);
}

/* The serial is durable before the key that is derived from it is set. */
static gboolean learn_chip(Work *work, const char *serial, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	g_autoptr(Card) other = NULL;

	if (tx == NULL || !store_card_find_chip(tx, serial, &other, error))
		return FALSE;
	if (other != NULL && g_strcmp0(other->number, work->card->number) != 0)
		return error_set(error, ERROR_EXISTS, N_("the chip %s already belongs to card %s"),
				 serial, other->number);
	g_free(work->card->chip_serial);
	work->card->chip_serial = g_strdup(serial);
	g_free(work->card->so_key_id);
	work->card->so_key_id = g_strdup(so_pin_key_id(work->op->house->so_key));
	return store_card_put(tx, work->card, error) && work_step(tx, work, "chip", NULL, error) &&
	       store_tx_commit(&tx, error);
}

static gboolean take_over(Work *work, GError **error)
{
	AtReader *desk = work->desk;
	g_autofree char *label = at_reader_label(work->card->number);
	g_autoptr(Secret) first =
		so_pin_transport(desk->house->so_key, desk->family, work->card->number, error);
	g_autoptr(Secret) final = NULL;
	CardFailure failure;

	if (first == NULL)
		return FALSE;
	steps_add(work->op->steps, "initialise", N_("Initialising the card"));
	if (!desk->ready.initialised &&
	    !card_client_initialise(desk->client, first, label, desk->ready.serial, &failure))
		return work_fail(work, &failure, error);
	FAILPOINT("prepare.initialised");
	if (!learn_chip(work, desk->ready.serial, error))
		return FALSE;
	FAILPOINT("prepare.learned");
	final = at_reader_so_pin(desk, error);
	if (final == NULL)
		return FALSE;
	steps_add(work->op->steps, "key", N_("Setting the administrator key of this card"));
	return card_client_rekey(desk->client, first, final, &failure) ||
	       work_fail(work, &failure, error);
}

/* The chip was learned before a crash; its key may still be the first one. */
static gboolean take_over_again(Work *work, GError **error)
{
	AtReader *desk = work->desk;
	g_autoptr(Secret) first =
		so_pin_transport(desk->house->so_key, desk->family, work->card->number, error);
	g_autoptr(Secret) final = first != NULL ? at_reader_so_pin(desk, error) : NULL;
	CardFailure failure;

	if (final == NULL)
		return FALSE;
	return card_client_rekey(desk->client, first, final, &failure) ||
	       failure.kind == CARD_FAILURE_FOREIGN || work_fail(work, &failure, error);
}

/* N31: unblocking is tried once now, so that it works the day it is needed; then all is erased. */
static gboolean self_test(Work *work, GError **error)
{
	AtReader *desk = work->desk;
	g_autofree char *label = at_reader_label(work->card->number);
	g_autoptr(Secret) so_pin = at_reader_so_pin(desk, error);
	g_autoptr(Secret) pin = secret_new_random(TEST_ALPHABET, 8);
	CardFailure failure;

	FAILPOINT("prepare.keyed");
	if (so_pin == NULL || pin == NULL)
		return FALSE;
	steps_add(work->op->steps, "self-test", N_("Testing that the card can be unblocked"));
	if (!card_client_unblock(desk->client, so_pin, pin, &failure) ||
	    !card_client_check(desk->client, pin, FALSE, &failure))
		return work_fail(work, &failure, error);
	steps_add(work->op->steps, "wipe", N_("Erasing the card and reading it back"));
	return card_client_wipe(desk->client, so_pin, label, &failure) ||
	       work_fail(work, &failure, error);
}

static gboolean finish(Work *work, GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Pin pin = { .state = PIN_BLOCKED };
	Record record = { .kind = lifecycle_event_name(EVENT_PREPARE),
			  .article = "N31",
			  .from = card_state_name(CARD_STOCK) };

	FAILPOINT("prepare.tested");
	if (tx == NULL)
		return FALSE;
	work->card->state = CARD_SPARE;
	return store_card_put(tx, work->card, error) &&
	       store_pin_put(tx, work->card->number, &pin, error) &&
	       record_card(tx, work->op, work->card, &record, error) &&
	       work_close(tx, work, "done", error) && store_tx_commit(&tx, error);
}

gboolean prepare_card(Op *op, const PrepareRequest *request, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = EVENT_PREPARE,
			       .kind = "prepare" };
	g_auto(Work) work = { 0 };
	g_autoptr(GError) cause = NULL;
	gboolean is_ours;

	if (!work_open(&work, op, &wanted, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("prepare.begin");
	if (!begin(&work, error))
		return FALSE;
	FAILPOINT("prepare.begun");
	is_ours = work.card->chip_serial != NULL;
	if (!(is_ours ? take_over_again(&work, &cause) : take_over(&work, &cause)) ||
	    !self_test(&work, &cause) || !finish(&work, &cause)) {
		work_give_up(&work, "operation-failed", TRUE, cause);
		g_propagate_error(error, g_steal_pointer(&cause));
		return FALSE;
	}
	FAILPOINT("prepare.done");
	return TRUE;
}
