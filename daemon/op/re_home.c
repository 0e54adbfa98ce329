/* SPDX-License-Identifier: Apache-2.0
 * 所属替: one 返納 and one 貸与 row, the card untouched. */
#include "daemon/op/re_home.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_register.h"

static Designation *other_designation(StoreTx *tx, const Op *op, const Card *card,
				      const char *section, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(GPtrArray) list = store_designation_list(tx, NULL, card->holder, today, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Designation *row = list->pdata[i];

		if (person_is_designated(row, today) && g_strcmp0(row->section, section) == 0 &&
		    g_strcmp0(row->authority, card->authority) == 0 &&
		    g_strcmp0(row->id, card->designation) != 0)
			return g_ptr_array_steal_index(list, i);
	}
	if (list != NULL)
		error_set(error, ERROR_RULE,
			  N_("the holder of card %s has no other designation for \"%s\" in section "
			     "%s; import its user report (form 2) first"),
			  card->number, card->authority, section);
	return NULL;
}

static gboolean write_rows(StoreTx *tx, const Op *op, const Card *card,
			   const Designation *designation, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Person) holder = store_person_by_id(tx, card->holder, error);

	if (holder == NULL)
		return FALSE;
	IssueRow row = {
		.card = card->number,
		.staff = holder->staff,
		.issued_on = today,
		.section_code = designation->section,
		.section = designation->section_name,
		.title = designation->title,
		.name = holder->name,
		.authority = designation->authority,
	};

	return store_register_end(tx, card->number, today, "所属替", error) &&
	       store_register_issue(tx, &row, error);
}

/* The other section may be under an emergency stop, which covers the card from now on. */
static gboolean take_over_stop(StoreTx *tx, Op *op, Card *card, GError **error)
{
	CertStatusOrder held = { .to = CERTIFICATE_HOLD, .reason = REVOCATION_HOLD };
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, card->number, error);

	if (holds == NULL)
		return FALSE;
	card->is_held = holds->len > 0;
	return !card->is_held || cert_status_set(tx, op, card->number, &held, error);
}

gboolean re_home_card(Op *op, const char *number, const char *section, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, number, error) : NULL;
	g_autoptr(Designation) designation = NULL;
	AllowRequest question = { .card = card, .event = EVENT_RE_HOME };
	Record record = { .kind = lifecycle_event_name(EVENT_RE_HOME),
			  .article = "T14",
			  .note = section };

	if (card == NULL)
		return FALSE;
	question.holder = card->holder;
	if (allow_event(tx, op, &question, error) == NULL)
		return FALSE;
	designation = other_designation(tx, op, card, section, error);
	if (designation == NULL)
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	g_free(card->designation);
	card->designation = g_strdup(designation->id);
	if (!write_rows(tx, op, card, designation, error) || !store_card_put(tx, card, error) ||
	    !take_over_stop(tx, op, card, error) || !record_card(tx, op, card, &record, error) ||
	    !cert_status_commit(op, &tx, error))
		return FALSE;
	return !op->is_list_due || publish_now(op->house, op->now, error);
}
