/* SPDX-License-Identifier: Apache-2.0
 * Ends of cards, CA and OCSP responder. */
#include "daemon/op/doctor_expiry.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/doctor_finding.h"
#include "daemon/op/expiry.h"
#include "daemon/op/responder.h"

#define NAMED_MAX 10

/* "OP000001 (2026-12-01), OP000002 (2026-12-03), …" */
static char *name_first(StoreTx *tx, gint64 until, GError **error)
{
	StoreExpiryFilter filter = { .until = until, .limit = NAMED_MAX + 1 };
	g_autoptr(GPtrArray) list = store_expiry_list(tx, &filter, error);
	g_autoptr(GString) text = g_string_new(NULL);

	if (list == NULL)
		return NULL;
	for (guint i = 0; i < MIN(list->len, NAMED_MAX); i++) {
		const StoreExpiry *expiry = list->pdata[i];
		g_autofree char *end = clock_date(expiry->not_after);

		g_string_append_printf(text, "%s%s (%s)", i > 0 ? ", " : "", expiry->card, end);
	}
	if (list->len > NAMED_MAX)
		g_string_append(text, ", …");
	return g_strdup(text->str);
}

static gboolean check_cards(StoreTx *tx, const Op *op, json_t *findings, GError **error)
{
	gint64 until = op->now + (gint64) expiry_days(EXPIRY_90) * EXPIRY_DAY;
	g_autofree char *names = NULL;
	ExpiryCounts counts;

	if (!expiry_count(tx, op, &counts, error))
		return FALSE;
	if (counts.cards[EXPIRY_90] == 0) {
		doctor_finding_add(findings, DOCTOR_OK, NULL,
				   N_("no card's certificate ends within %d days"),
				   expiry_days(EXPIRY_90));
		return TRUE;
	}
	names = name_first(tx, until, error);
	if (names == NULL)
		return FALSE;
	doctor_finding_add(
		findings, counts.cards[EXPIRY_30] > 0 ? DOCTOR_ERROR : DOCTOR_WARN,
		N_("renew them (`opcardctl renew CARD`); `opcardctl card list --expiring "
		   "90` shows all"),
		N_("certificates of cards that have ended: %u, within 30 days: %u, 60 "
		   "days: %u, 90 days: %u; first %s"),
		counts.cards[EXPIRY_ENDED], counts.cards[EXPIRY_30] - counts.cards[EXPIRY_ENDED],
		counts.cards[EXPIRY_60] - counts.cards[EXPIRY_30],
		counts.cards[EXPIRY_90] - counts.cards[EXPIRY_60], names);
	return TRUE;
}

static void check_authority(const Op *op, const IssuerRow *row, json_t *findings)
{
	g_autofree char *today = clock_date(op->now);
	g_autofree char *until = clock_date(row->until);
	gint64 period = config_policy(op->house->config, POLICY_CARD_VALIDITY, today);
	ExpiryStep step = expiry_step(row->until, op->now);

	if (step < _EXPIRY_STEP_MAX)
		doctor_finding_add(findings, step <= EXPIRY_30 ? DOCTOR_ERROR : DOCTOR_WARN,
				   N_("the cards end with it: put a new one in its place in time, "
				      "and renew them"),
				   N_("the certification authority ends on %s, in less than %d "
				      "days"),
				   until, expiry_days(step));
	else if (row->until < op->now + period)
		doctor_finding_add(findings, DOCTOR_WARN,
				   N_("plan its successor; until then cards are issued for a "
				      "shorter time"),
				   N_("cards issued today end on %s with the certification "
				      "authority, before their %d days are over"),
				   until, (int) (period / EXPIRY_DAY));
	else
		doctor_finding_add(findings, DOCTOR_OK, NULL,
				   N_("the certification authority ends on %s, later than any card "
				      "issued today"),
				   until);
}

static void check_responder(const Op *op, json_t *findings)
{
	gint64 end = responder_end(op->house);
	g_autofree char *until = clock_date(end);

	if (!expiry_responder_is_late(op->house, op->now))
		doctor_finding_add(findings, DOCTOR_OK, NULL,
				   N_("the OCSP responder's certificate ends on %s and renews "
				      "itself"),
				   until);
	else
		doctor_finding_add(
			findings, DOCTOR_ERROR,
			N_("make the CA key reachable and the state folder writable; the "
			   "daemon tries again every hour and at its start (its log says "
			   "what failed)"),
			end < op->now ? N_("OCSP answers \"try later\": the responder's "
					   "certificate has ended (%s)")
				      : N_("the OCSP responder's certificate ends on %s "
					   "and was not renewed in time"),
			until);
}

gboolean doctor_expiry_examine(StoreTx *tx, const Op *op, const IssuerRow *row, json_t *findings,
			       GError **error)
{
	if (row != NULL) {
		check_authority(op, row, findings);
		check_responder(op, findings);
	}
	return check_cards(tx, op, findings, error);
}
