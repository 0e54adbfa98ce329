/* SPDX-License-Identifier: Apache-2.0
 * Everything irreversible happens between two ledger entries: "issue-begin" is committed before
 * the card is touched, so a crash leaves a trace that repair finds at the next start. */
#include "daemon/op/issue.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow_key.h"
#include "daemon/op/apply_card.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/personalise.h"
#include "daemon/op/publish.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_intent.h"
#include "daemon/store/store_pin.h"
#include "daemon/store/store_register.h"
#include "pkcs11/failpoint.h"

static void set(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
}

/* tx1 */
static gboolean begin(Work *work, const IssueRequest *request, GError **error)
{
	g_autofree char *today = clock_date(work->op->now);
	g_autoptr(StoreTx) tx = work_tx(work, error);
	g_autoptr(Designation) designation = NULL;
	Record record = { .kind = lifecycle_event_name(EVENT_ISSUE_BEGIN), .article = "T13" };
	json_t *body;
	gboolean is_begun;

	if (tx == NULL || !store_designation_for(tx, work->request->holder, request->authority,
						 today, &designation, error))
		return FALSE;
	record.from = card_state_name(work->card->state);
	work->card->state = CARD_PERSONALIZING;
	work->card->holder = designation->person;
	set(&work->card->designation, designation->id);
	set(&work->card->authority, designation->authority);
	set(&work->card->replaces, request->replaces);
	if (!store_card_put(tx, work->card, error))
		return FALSE;
	body = json_pack("{s:s}", "reader", work->desk->name);
	record.extra = json_pack("{s:s*, s:s}", "application", request->application, "intent",
				 work->number);
	is_begun = work_intend(tx, work, body, &record, error) && store_tx_commit(&tx, error);
	json_decref(body);
	return is_begun;
}

static gboolean enter_register(StoreTx *tx, const Work *work, GError **error)
{
	g_autoptr(Designation) designation =
		store_designation_get(tx, work->card->designation, error);
	g_autoptr(Person) holder = store_person_by_id(tx, work->card->holder, error);

	if (designation == NULL || holder == NULL)
		return FALSE;
	IssueRow row = {
		.card = work->card->number,
		.staff = holder->staff,
		.issued_on = work->card->issued_on,
		.section_code = designation->section,
		.section = designation->section_name,
		.title = designation->title,
		.name = holder->name,
		.authority = designation->authority,
	};

	return store_register_issue(tx, &row, error);
}

/* tx3 */
static gboolean finish(Work *work, const IssueRequest *request, const Certificate *certificate,
		       GError **error)
{
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Pin pin = { .state = PIN_BLOCKED };
	Record record = { .kind = lifecycle_event_name(EVENT_ISSUE_DONE),
			  .article = "T14",
			  .from = card_state_name(CARD_PERSONALIZING) };

	if (tx == NULL)
		return FALSE;
	g_free(work->card->issued_on);
	work->card->issued_on = clock_date(work->op->now);
	work->card->state = CARD_PENDING;
	return store_certificate_set_der(tx, certificate, error) &&
	       store_card_put(tx, work->card, error) &&
	       store_pin_put(tx, work->card->number, &pin, error) &&
	       enter_register(tx, work, error) && apply_card_issued(tx, work->op, request, error) &&
	       record_card(tx, work->op, work->card, &record, error) &&
	       work_close(tx, work, "done", error) && cert_status_commit(work->op, &tx, error);
}

static gboolean revoke_born(StoreTx *tx, Op *op, const char *card, const char *intent,
			    GError **error)
{
	CertStatusOrder order = { .to = CERTIFICATE_REVOKED, .reason = REVOCATION_CESSATION };
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, card, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		Certificate *certificate = list->pdata[i];

		if (g_strcmp0(certificate->intent, intent) == 0 &&
		    certificate->state == CERTIFICATE_PENDING &&
		    !cert_status_set_one(tx, op, certificate, &order, error))
			return FALSE;
	}
	return list != NULL;
}

static void give_back(Card *card)
{
	card->state = CARD_SPARE;
	card->holder = 0;
	g_clear_pointer(&card->designation, g_free);
	g_clear_pointer(&card->authority, g_free);
	g_clear_pointer(&card->replaces, g_free);
}

gboolean issue_undo(Op *op, const char *number, const char *intent, gboolean is_wiped,
		    GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, number, error) : NULL;
	g_autoptr(Intent) open = card != NULL ? store_intent_get(tx, intent, error) : NULL;
	Record record = { .kind = lifecycle_event_name(EVENT_ISSUE_FAILED), .article = "N31" };

	if (open == NULL || !revoke_born(tx, op, number, intent, error))
		return FALSE;
	/* Closed by another event (a loss from the safe): the card's state is not ours any more. */
	if (open->closed_at != 0)
		return cert_status_commit(op, &tx, error);
	if (!is_wiped)
		return store_intent_step(tx, intent, "wipe", NULL, error) &&
		       cert_status_commit(op, &tx, error);
	record.from = card_state_name(card->state);
	give_back(card);
	return store_card_put(tx, card, error) && record_card(tx, op, card, &record, error) &&
	       store_intent_close(tx, intent, "undone", op->now, error) &&
	       cert_status_commit(op, &tx, error);
}

/* Whatever failed, the card must not keep a key and the serial must not stay alive. */
static void undo(Work *work)
{
	g_autoptr(GError) ignored = NULL;
	g_autoptr(GError) wiping = NULL;
	g_autoptr(GError) again = NULL;
	gboolean is_wiped;

	cert_status_forget(work->op);
	is_wiped = personalise_wipe(work, &wiping) ||
		   (work_reopen(work, &again) && personalise_wipe(work, &again));
	FAILPOINT("issue.undo");
	if (!issue_undo(work->op, work->card->number, work->intent, is_wiped, &ignored))
		steps_add(work->op->steps, "left", N_("The rest is repaired at the next start"));
	else if (!is_wiped)
		steps_add(work->op->steps, "waits",
			  N_("The card is erased as soon as it is seen in a reader again"));
	if (work->op->is_list_due)
		publish_soon(work->op->house, work->op->now);
}

static gboolean wipe(Work *work, GError **error)
{
	gboolean is_wiped = personalise_wipe(work, error);

	FAILPOINT("issue.wiped");
	return is_wiped;
}

static gboolean find_holder(Op *op, const IssueRequest *request, gint64 *ret_person, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(Person) person = tx != NULL ? store_person_get(tx, request->staff, error) : NULL;

	if (person == NULL)
		return FALSE;
	*ret_person = person->id;
	return TRUE;
}

gboolean issue_card(Op *op, const IssueRequest *request, GError **error)
{
	WorkRequest wanted = { .card = request->card,
			       .reader = request->reader,
			       .event = request->is_temporary ? EVENT_LEND_TEMPORARY
							      : EVENT_ISSUE_BEGIN,
			       .kind = "issue",
			       .not_after = request->not_after,
			       .authority = request->authority,
			       .replaces = request->replaces };
	g_auto(Work) work = { 0 };
	g_autoptr(Certificate) certificate = NULL;
	g_autoptr(Issuer) issuer = op_issuer(op, error);

	if (issuer == NULL || !allow_key_issue(op, issuer, error) ||
	    !find_holder(op, request, &wanted.holder, error) ||
	    !work_open(&work, op, &wanted, error))
		return FALSE;
	/* A preparation that was cut off may have left another administrator key than ours. */
	if (work.card->chip_serial == NULL || work.card->state == CARD_STOCK)
		return error_set(
			error, ERROR_STATE,
			N_("card %s was never initialised; run `opcardctl card prepare %s` "
			   "first"),
			request->card, request->card);
	if (op->is_dry_run)
		return TRUE;
	FAILPOINT("issue.begin");
	if (!begin(&work, request, error))
		return FALSE;
	FAILPOINT("issue.begun");
	if (!wipe(&work, error) || !personalise_card(&work, FALSE, &certificate, error) ||
	    !finish(&work, request, certificate, error)) {
		undo(&work);
		return FALSE;
	}
	FAILPOINT("issue.done");
	return TRUE;
}
