/* SPDX-License-Identifier: Apache-2.0
 * `status` from counters and indexes only, so that it stays quick with many cards, and the
 * problems that somebody should act on, each with what to do. */
#include "daemon/op/status.h"

#include <libintl.h>
#include <string.h>

#include "daemon/audit/audit.h"
#include "daemon/audit/audit_checkpoint.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/authority.h"
#include "daemon/op/backup.h"
#include "daemon/op/behind.h"
#include "daemon/op/case_file.h"
#include "daemon/op/expiry.h"
#include "daemon/op/pin_due.h"
#include "daemon/op/publish.h"
#include "daemon/op/responder.h"
#include "daemon/op/rule_watch.h"
#include "daemon/op/seal.h"
#include "daemon/op/spool.h"
#include "daemon/op/view.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_intent.h"
#include "daemon/store/store_issuer.h"
#include "daemon/store/store_issuer_renewal.h"
#include "daemon/store/store_outbox.h"
#include "daemon/store/store_pin_reset.h"
#include "daemon/store/store_round.h"
#include "daemon/store/store_transit.h"

#define NAMED_MAX   5
#define TLS_WARNING (30 * 86400) /* seconds before the end */

typedef struct Status {
	StoreTx *tx;
	const Op *op;
	char *today;
	json_t *problems;
	const char *section; /* whose duties are told: NULL = everyone's */
} Status;

static void add_problem(const Status *status, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add_problem(const Status *status, const char *format, ...)
{
	g_autofree char *en = NULL;
	g_autofree char *ja = NULL;
	va_list args;

	va_start(args, format);
	en = g_strdup_vprintf(format, args);
	va_end(args);
	va_start(args, format);
	ja = g_strdup_vprintf(gettext(format), args);
	va_end(args);
	json_array_append_new(status->problems, json_pack("{s:s, s:s}", "en", en, "ja", ja));
}

static json_t *count_cards(const Status *status, GError **error)
{
	gint64 counts[_CARD_STATE_MAX];
	json_t *object;

	if (!store_card_count(status->tx, counts, error))
		return NULL;
	object = json_object();
	for (int i = 0; i < _CARD_STATE_MAX; i++)
		json_object_set_new(object, card_state_name((CardState) i),
				    json_integer(counts[i]));
	return object;
}

/* No card outlives its CA, so they all must be renewed before. */
static void check_end(const Status *status, gint64 end)
{
	ExpiryStep step = expiry_step(end, status->op->now);
	g_autofree char *until = clock_date(end);

	if (step == EXPIRY_ENDED)
		add_problem(status,
			    N_("the certification authority has ended on %s: nothing can be issued "
			       "and no revocation list signed any more"),
			    until);
	else if (step < _EXPIRY_STEP_MAX)
		add_problem(status,
			    N_("the certification authority ends on %s, in less than %d days, and "
			       "every card with it: run `opcardctl ca renew`"),
			    until, expiry_days(step));
}

static void check_responder(const Status *status)
{
	gint64 end = responder_end(status->op->house);
	g_autofree char *until = clock_date(end);

	if (!expiry_responder_is_late(status->op->house, status->op->now))
		return;
	if (end < status->op->now)
		add_problem(status, N_("OCSP answers \"try later\": the responder has no valid "
				       "certificate and the CA key could not make one; see "
				       "`opcardctl doctor`"));
	else
		add_problem(status,
			    N_("the OCSP responder's certificate ends on %s and could not be "
			       "renewed; see `opcardctl doctor`"),
			    until);
}

static void check_key(const Status *status)
{
	g_autoptr(GError) trouble = authority_trouble(status->op->house);

	if (trouble != NULL)
		json_array_append_new(
			status->problems,
			json_pack("{s:s, s:s}", "en", trouble->message, "ja", error_ja(trouble)));
}

/* A CA that has a successor still owes its cards a list. */
static void check_older(const Status *status)
{
	House *house = status->op->house;
	Publisher *newest = publish_newest(house);

	for (Publisher *one = house->publisher; one != NULL; one = publish_next(one)) {
		g_autofree char *name = publish_list_name(one);
		PublishFacts facts;

		publish_facts(one, &facts);
		if (one != newest && !publish_is_over(one, status->op->now) &&
		    facts.next_update < status->op->now)
			add_problem(status,
				    N_("the revocation list %s of an earlier certification "
				       "authority is overdue: see `opcardctl doctor`"),
				    name);
	}
}

static gboolean check_renewal(const Status *status, GError **error)
{
	g_autoptr(IssuerRenewal) renewal = NULL;
	g_autofree char *since = NULL;

	if (!store_issuer_renewal_get(status->tx, 0, &renewal, error))
		return FALSE;
	since = renewal != NULL ? clock_time(renewal->opened_at) : NULL;
	if (renewal != NULL)
		add_problem(status,
			    N_("the renewal of the certification authority begun at %s is not "
			       "finished; it goes on by itself as soon as its keys can be "
			       "reached"),
			    since);
	return TRUE;
}

static void check_ca(const Status *status, const IssuerRow *row, gint64 next_update)
{
	gint64 now = status->op->now;
	g_autofree char *next = clock_time(next_update);

	if (row == NULL) {
		add_problem(status, N_("there is no certification authority yet: run `opcardctl ca "
				       "init`"));
		return;
	}
	if (next_update < now)
		add_problem(
			status,
			N_("the revocation list is overdue since %s: run `opcardctl ca crl` and "
			   "see `opcardctl doctor`"),
			next);
	check_key(status);
	check_older(status);
	check_end(status, row->until);
	check_responder(status);
}

static json_t *crl_of(const Status *status, GError **error)
{
	g_autoptr(IssuerRow) row = NULL;
	PublishFacts facts = { 0 };

	if (!store_issuer_newest(status->tx, &row, error))
		return NULL;
	if (status->op->house->publisher != NULL)
		publish_facts(publish_newest(status->op->house), &facts);
	if (row != NULL && facts.next_update == 0)
		facts = (PublishFacts){ (guint64) row->crl_number, row->crl_this_update,
					row->crl_next_update, 0 };
	check_ca(status, row, facts.next_update);
	if (row == NULL)
		return json_null();
	return json_pack("{s:I, s:o, s:o}", "number", (json_int_t) facts.number, "thisUpdate",
			 view_time(facts.this_update), "nextUpdate", view_time(facts.next_update));
}

/* The narrowest step with cards in it is told; the numbers beside it are in "expiring". */
static json_t *expiring_of(const Status *status, GError **error)
{
	ExpiryCounts counts;
	ExpiryStep step = EXPIRY_30;

	if (!expiry_count(status->tx, status->op, &counts, error))
		return NULL;
	if (counts.cards[EXPIRY_ENDED] > 0)
		add_problem(status,
			    N_("the certificates of %u cards in use have ended: renew the cards "
			       "(`opcardctl card list --expiring 0`)"),
			    counts.cards[EXPIRY_ENDED]);
	while (step < _EXPIRY_STEP_MAX && counts.cards[step] == counts.cards[EXPIRY_ENDED])
		step++;
	if (step < _EXPIRY_STEP_MAX) {
		g_autofree char *next = clock_date(counts.next);

		add_problem(status,
			    N_("the certificates of %u cards end within %d days, the first on %s: "
			       "renew the cards (`opcardctl card list --expiring %d`)"),
			    counts.cards[step] - counts.cards[EXPIRY_ENDED], expiry_days(step),
			    next, expiry_days(step));
	}
	return expiry_view(&counts);
}

static json_t *audit_of(const Status *status, GError **error)
{
	gint64 count, behind, at;
	g_autofree char *head = audit_head(status->tx, &count, error);

	if (head == NULL || !audit_checkpoint_behind(status->tx, &behind, &at, error))
		return NULL;
	return json_pack("{s:s, s:I, s:I, s:o}", "head", head, "count", (json_int_t) count,
			 "unsealed", (json_int_t) behind, "checkpointAt",
			 at != 0 ? view_time(at) : json_null());
}

/* Work that should have ended by now waits for its card (invariant 9). */
static gboolean check_intents(const Status *status, GError **error)
{
	gint64 patience = 2 * config_number(status->op->house->config, CONFIG_DEADLINE);
	g_autoptr(GPtrArray) list = store_intent_list_open(status->tx, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Intent *intent = list->pdata[i];

		if (intent->opened_at + patience < status->op->now)
			add_problem(status,
				    N_("the work %s (%s) waits for card %s: put the card into a "
				       "reader"),
				    intent->id, intent->kind, intent->card);
	}
	return list != NULL;
}

static gboolean check_duties(const Status *status, GError **error)
{
	StoreDutyFilter filter = { .section = status->section, .limit = NAMED_MAX + 1 };
	g_autoptr(GPtrArray) list = store_duty_list(status->tx, &filter, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Duty *duty = list->pdata[i];

		if (strcmp(duty->due, status->today) >= 0)
			break;
		if (i == NAMED_MAX) {
			add_problem(status, N_("more duties are overdue: see `opcardctl duty "
					       "list`"));
			break;
		}
		add_problem(status, N_("card %s should be back since %s (%s); duty %s of %s"),
			    duty->card, duty->due, duty->reason, duty->id, duty->owner_post);
	}
	return list != NULL;
}

static gboolean check_scopes(const Status *status, GError **error)
{
	g_autoptr(GPtrArray) list = store_hold_scopes(status->tx, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Hold *hold = list->pdata[i];
		g_autofree char *since = clock_time(hold->since);

		add_problem(status,
			    N_("an emergency stop is in force for \"%s\" since %s (by %s): two "
			       "persons lift it with `opcardctl emergency resume`"),
			    hold->scope, since, hold->by);
	}
	return list != NULL;
}

/* {"duties":{"open","overdue"},"notices":{"waiting","troubled","failed"}} and what to do. */
static json_t *open_of(const Status *status, GError **error)
{
	OutboxCounts notices = { 0 };
	gint64 duties[2];
	g_autofree char *problem = NULL;

	if (!store_duty_count(status->tx, status->section, status->today, duties, error) ||
	    !store_outbox_count(status->tx, &notices, error))
		return NULL;
	problem = notices.problem;
	if (notices.troubled > 0)
		add_problem(status,
			    N_("%d notices cannot be sent and are tried again (%s): see `opcardctl "
			       "notice list --state waiting`"),
			    (int) notices.troubled, problem);
	if (notices.failed > 0)
		add_problem(status,
			    N_("%d notices were given up (%s): see `opcardctl notice list --state "
			       "failed`, then `opcardctl notice retry NUMBER`"),
			    (int) notices.failed, problem);
	return json_pack("{s:{s:I, s:I}, s:{s:I, s:I, s:I}}", "duties", "open",
			 (json_int_t) duties[0], "overdue", (json_int_t) duties[1], "notices",
			 "waiting", (json_int_t) notices.waiting, "troubled",
			 (json_int_t) notices.troubled, "failed", (json_int_t) notices.failed);
}

/* N87: what is sealed and on its way must arrive. */
static gboolean check_transits(const Status *status, GError **error)
{
	g_autoptr(GPtrArray) list =
		store_transit_list(status->tx, status->today, NAMED_MAX + 1, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Transit *row = list->pdata[i];

		if (i == NAMED_MAX) {
			add_problem(status,
				    N_("more cards are overdue on their way: see `opcardctl "
				       "transit list`"));
			break;
		}
		add_problem(
			status,
			N_("card %s was sent to %s by %s and should have arrived by %s: ask for "
			   "it, or report it (`opcardctl report-lost %s`)"),
			row->card, row->goal, row->sent_by, row->due, row->card);
	}
	return list != NULL;
}

/* A round never acts by itself: whoever is responsible puts on hold what was not shown. */
static gboolean check_rounds(const Status *status, GError **error)
{
	g_autoptr(GPtrArray) list = store_round_late(status->tx, status->today, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const CheckRound *round = list->pdata[i];

		add_problem(
			status,
			N_("the last day of the card check %s of section %s was %s and %lld cards "
			   "were not shown: `opcardctl check-round hold %s`"),
			round->id, round->section, round->due,
			(long long) (round->cards - round->seen - round->held), round->id);
	}
	return list != NULL;
}

/* N81: done first, approved afterwards. */
static gboolean check_resets(const Status *status, GError **error)
{
	g_autoptr(GPtrArray) list = store_pin_reset_unapproved(status->tx, NAMED_MAX, error);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const PinReset *reset = list->pdata[i];
		g_autofree char *at = clock_time(reset->at);

		add_problem(status,
			    N_("the PIN of card %s was reset urgently at %s by %s, without form 6: "
			       "a system-admin approves it with `opcardctl confirm %s` (N81)"),
			    reset->card, at, reset->by, reset->confirmation);
	}
	return list != NULL;
}

static void check_seal(const Status *status)
{
	g_autoptr(GError) trouble = seal_trouble(status->op->house);

	if (trouble != NULL)
		json_array_append_new(
			status->problems,
			json_pack("{s:s, s:s}", "en", trouble->message, "ja", error_ja(trouble)));
}

static void check_tls(const Status *status)
{
	gint64 ends = status->op->house->tls_ends;
	g_autofree char *until = clock_date(ends);

	if (ends != 0 && ends < status->op->now + TLS_WARNING)
		add_problem(status,
			    N_("the certificate of the TLS listener ends on %s: replace the file "
			       "and run `systemctl reload opcardd`"),
			    until);
}

static json_t *backup_of(const Status *status)
{
	House *house = status->op->house;
	gint64 every = config_number(house->config, CONFIG_BACKUP_EVERY);
	gint64 newest = backup_newest(house);
	g_autofree char *last = newest != 0 ? clock_time(newest) : g_strdup("-");

	if (backup_is_configured(house) && every != 0 && newest + 2 * every < status->op->now)
		add_problem(
			status,
			N_("the newest backup is of %s: see the daemon's log, and run `opcardctl "
			   "backup`"),
			last);
	return json_pack("{s:o, s:b}", "newest", newest != 0 ? view_time(newest) : json_null(),
			 "isConfigured", backup_is_configured(house));
}

static void check_behind(const Status *status)
{
	House *house = status->op->house;
	g_autoptr(GError) error = NULL;

	if (spool_count(house->spool) > 0)
		add_problem(
			status,
			N_("%u reports of losses are in force but not in the register yet, because "
			   "the database cannot be written: make room on its disk, or see the "
			   "daemon's log"),
			spool_count(house->spool));
	if (!behind_check(house, &error))
		json_array_append_new(
			status->problems,
			json_pack("{s:s, s:s}", "en", error->message, "ja", error_ja(error)));
}

static gboolean check_all(const Status *status, const StatusSight *sight, GError **error)
{
	check_behind(status);
	check_tls(status);
	check_seal(status);
	if (sight->missing_walls != NULL && *sight->missing_walls != '\0')
		add_problem(status,
			    N_("this kernel lacks walls around child programs: %s; install a "
			       "newer kernel"),
			    sight->missing_walls);
	return rule_watch_add(status->tx, status->op, status->problems, error) &&
	       check_renewal(status, error) && check_scopes(status, error) &&
	       check_intents(status, error) && check_duties(status, error) &&
	       check_rounds(status, error) && check_transits(status, error) &&
	       check_resets(status, error);
}

/* A section's manager is told of the own section's duties alone. */
static const char *section_of(const Op *op)
{
	return case_file_sees(op, NULL) ? NULL
	       : op->actor->sections != NULL && op->actor->sections[0] != NULL
		       ? op->actor->sections[0]
		       : "";
}

json_t *status_read(StoreTx *tx, const Op *op, const StatusSight *sight, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	Status status = { tx, op, today, json_array(), section_of(op) };
	json_t *cards = count_cards(&status, error);
	json_t *pin = cards != NULL ? pin_due_counts(tx, op, error) : NULL;
	json_t *crl = pin != NULL ? crl_of(&status, error) : NULL;
	json_t *expiring = crl != NULL ? expiring_of(&status, error) : NULL;
	json_t *audit = expiring != NULL ? audit_of(&status, error) : NULL;
	json_t *open = audit != NULL ? open_of(&status, error) : NULL;
	json_t *readers = sight->readers != NULL ? json_incref(sight->readers) : json_array();
	json_t *object = json_pack(
		"{s:s, s:o*, s:o*, s:{s:s, s:n, s:n}, s:o*, s:o*, s:o*, s:o, s:I, s:o, s:o}",
		"version", OPCARD_VERSION, "cards", cards, "pin", pin, "directory", "state", "off",
		"lastFullScan", "people", "crl", crl, "expiring", expiring, "audit", audit,
		"backup", backup_of(&status), "spooled", (json_int_t) spool_count(op->house->spool),
		"readers", readers, "problems", status.problems);

	if (open != NULL && check_all(&status, sight, error)) {
		json_object_update(object, open);
		json_decref(open);
		return object;
	}
	json_decref(open);
	json_decref(object);
	return NULL;
}
