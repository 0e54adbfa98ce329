/* SPDX-License-Identifier: Apache-2.0
 * Work with cards in readers: each handler reads its body by a table and starts a job. */
#include "daemon/api/handlers.h"
#include "daemon/api/workers.h"
#include "daemon/base/error.h"
#include "daemon/op/apply_card.h"
#include "daemon/op/card_check.h"
#include "daemon/op/erase.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/issue.h"
#include "daemon/op/lend_temporary.h"
#include "daemon/op/pin_change.h"
#include "daemon/op/prepare.h"
#include "daemon/op/reissue.h"
#include "daemon/op/renew.h"

/* What any of them may carry; each route reads only its own fields. */
typedef struct WorkBody {
	char *staff;
	char *authority;
	char *reader;
	char *application;
	char *paper;
	char *new_card;
	char *reason;
	char *received_by;
	char *scan;
	char *witness;
	char *session;
	gboolean is_unerasable;
	Secret *pin;
	Secret *old_pin;
	Secret *new_pin;
} WorkBody;

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(WorkBody, member), 0, (limit), NULL, NULL     \
	}
#define READER FIELD("reader", JSON_KIND_TEXT, FALSE, reader, 64)
#define PIN    FIELD("pin", JSON_KIND_SECRET, TRUE, pin, 64)

static HttpReply *start(Call *call, const JobOrder *order, GError **error)
{
	g_autofree char *card = call_card(call, error);

	return card != NULL ? workers_start(call, card, order, error) : NULL;
}

static gboolean run_prepare(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			    GError **error)
{
	const WorkBody *body = data;
	PrepareRequest request = { .card = card, .reader = body->reader };

	(void) outcome;
	return prepare_card(op, &request, error);
}

HttpReply *handlers_prepare(Call *call, GError **error)
{
	static const JsonField fields[] = { READER };
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "prepare", run_prepare, &table };

	return start(call, &order, error);
}

/* Who is named beside the application must stand in it. */
static gboolean pick_holder(Op *op, const WorkBody *body, char **staff, char **authority,
			    GError **error)
{
	g_autofree char *wanted = g_steal_pointer(staff);
	g_autofree char *other = g_steal_pointer(authority);

	if (!apply_card_pick(op, body->application, wanted, staff, authority, error))
		return FALSE;
	return other == NULL || g_str_equal(other, *authority) ||
	       error_set(error, ERROR_RULE,
			 N_("application %s designates %s for \"%s\", not for \"%s\" (T13)"),
			 body->application, *staff, *authority, other);
}

static gboolean run_issue(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			  GError **error)
{
	const WorkBody *body = data;
	g_autofree char *staff = g_strdup(body->staff);
	g_autofree char *authority = g_strdup(body->authority);
	IssueRequest request = { .card = card,
				 .reader = body->reader,
				 .application = body->application };

	(void) outcome;
	if (body->application == NULL && (staff == NULL || authority == NULL))
		return error_set(error, ERROR_USAGE,
				 N_("card %s: name staff and authority, or the application it is "
				    "issued on (T13)"),
				 card);
	if (body->application != NULL && !pick_holder(op, body, &staff, &authority, error))
		return FALSE;
	request.staff = staff;
	request.authority = authority;
	return issue_card(op, &request, error);
}

HttpReply *handlers_issue(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("staff", JSON_KIND_TEXT, FALSE, staff, 20),
		FIELD("authority", JSON_KIND_TEXT, FALSE, authority, 100),
		FIELD("application", JSON_KIND_TEXT, FALSE, application, 100),
		READER,
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "issue", run_issue, &table };

	return start(call, &order, error);
}

static gboolean run_hand_over(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			      GError **error)
{
	const WorkBody *body = data;
	HandOverRequest request = { .card = card,
				    .reader = body->reader,
				    .pin = body->pin,
				    .received_by = body->received_by,
				    .scan = body->scan };

	(void) outcome;
	return hand_over_card(op, &request, error);
}

HttpReply *handlers_hand_over(Call *call, GError **error)
{
	static const JsonField fields[] = {
		PIN,
		READER,
		FIELD("receivedBy", JSON_KIND_TEXT, FALSE, received_by, 20),
		FIELD("scan", JSON_KIND_TEXT, FALSE, scan, 200),
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "hand-over", run_hand_over, &table };

	return start(call, &order, error);
}

static gboolean run_pin_change(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			       GError **error)
{
	const WorkBody *body = data;
	PinChangeRequest request = { .card = card,
				     .reader = body->reader,
				     .old_pin = body->old_pin,
				     .new_pin = body->new_pin };

	return pin_change(op, &request, &outcome->tries_left, error);
}

HttpReply *handlers_pin_change(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("oldPin", JSON_KIND_SECRET, TRUE, old_pin, 64),
		FIELD("newPin", JSON_KIND_SECRET, TRUE, new_pin, 64),
		READER,
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "pin-change", run_pin_change, &table };

	return start(call, &order, error);
}

static gboolean run_reissue(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			    GError **error)
{
	const WorkBody *body = data;
	gboolean is_named = body->new_card != NULL && body->new_card[0] != '@';
	g_autofree char *new_card = is_named ? card_number_fold(body->new_card) : NULL;
	ReissueRequest request = { .card = card,
				   .new_card = new_card,
				   .reader = body->reader,
				   .reason = body->reason,
				   .application = body->application,
				   .paper = body->paper };

	if (is_named && new_card == NULL)
		return error_set(
			error, ERROR_USAGE,
			N_("\"%s\" is no face number: 1 to 20 letters, digits and hyphens"),
			body->new_card);
	if (!is_named && body->new_card != NULL && g_str_has_prefix(body->new_card, "@reader:"))
		request.reader = body->new_card + strlen("@reader:");
	return reissue_card(op, &request, &outcome->card, error);
}

HttpReply *handlers_reissue(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("newCard", JSON_KIND_TEXT, FALSE, new_card, 80),
		FIELD("reason", JSON_KIND_TEXT, TRUE, reason, 200),
		FIELD("application", JSON_KIND_TEXT, FALSE, application, 100),
		FIELD("paper", JSON_KIND_TEXT, FALSE, paper, 100),
		READER,
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "reissue", run_reissue, &table };

	return start(call, &order, error);
}

static gboolean run_renew(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			  GError **error)
{
	const WorkBody *body = data;
	RenewRequest request = { .card = card, .reader = body->reader, .pin = body->pin };

	return renew_card(op, &request, &outcome->tries_left, error);
}

HttpReply *handlers_renew(Call *call, GError **error)
{
	static const JsonField fields[] = { PIN, READER };
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "renew", run_renew, &table };

	return start(call, &order, error);
}

static gboolean run_erase(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			  GError **error)
{
	const WorkBody *body = data;
	EraseRequest request = { .card = card,
				 .reader = body->reader,
				 .witness = body->witness,
				 .session = body->session,
				 .is_unerasable = body->is_unerasable };

	(void) outcome;
	return erase_card(op, &request, error);
}

HttpReply *handlers_erase(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("witness", JSON_KIND_TEXT, FALSE, witness, 20),
		FIELD("session", JSON_KIND_TEXT, FALSE, session, 20),
		FIELD("unerasable", JSON_KIND_BOOL, FALSE, is_unerasable, 0),
		READER,
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "erase", run_erase, &table };

	return start(call, &order, error);
}

static gboolean run_lend(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			 GError **error)
{
	const WorkBody *body = data;
	LendRequest request = {
		.card = card, .staff = body->staff, .reader = body->reader, .pin = body->pin
	};

	(void) outcome;
	return lend_temporary(op, &request, error);
}

HttpReply *handlers_lend_temporary(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("staff", JSON_KIND_TEXT, TRUE, staff, 20),
		PIN,
		READER,
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "lend-temporary", run_lend, &table };

	return start(call, &order, error);
}

static gboolean run_check(Op *op, const char *card, gpointer data, JobOutcome *outcome,
			  GError **error)
{
	const WorkBody *body = data;
	CardCheckRequest request = { .card = card, .reader = body->reader, .pin = body->pin };

	return card_check(op, &request, &outcome->tries_left, error);
}

HttpReply *handlers_check(Call *call, GError **error)
{
	static const JsonField fields[] = {
		READER,
		FIELD("pin", JSON_KIND_SECRET, FALSE, pin, 64),
	};
	static const JsonTable table = JSON_TABLE(fields, WorkBody);
	static const JobOrder order = { "check", run_check, &table };

	return start(call, &order, error);
}
