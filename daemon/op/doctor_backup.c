/* SPDX-License-Identifier: Apache-2.0
 * Findings about backups, unfinished work and what a reconciliation left for a person. */
#include "daemon/op/doctor_backup.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/backup.h"
#include "daemon/op/behind.h"
#include "daemon/op/doctor_finding.h"
#include "daemon/op/spool.h"
#include "daemon/store/store_intent.h"
#include "daemon/store/store_witness.h"

static void check_backup(const Op *op, json_t *findings)
{
	gint64 newest = backup_newest(op->house);
	g_autofree char *time = clock_time(newest);

	if (!backup_is_configured(op->house))
		doctor_finding_add(
			findings, DOCTOR_WARN,
			N_("make a key away from this server and name its certificate by "
			   "recipient in [backup]"),
			N_("no backups are made"));
	else if (newest == 0)
		doctor_finding_add(findings, DOCTOR_WARN, N_("run `opcardctl backup`"),
				   N_("there is no backup yet"));
	else
		doctor_finding_add(findings, DOCTOR_OK, NULL, N_("the newest backup is of %s"),
				   time);
}

static void check_behind(const Op *op, json_t *findings)
{
	g_autoptr(GError) behind = NULL;

	if (!behind_check(op->house, &behind))
		doctor_finding_trouble(
			findings, N_("stop opcardd, run `opcardd --reconcile`, start it again"),
			behind);
}

/* Invariant 9: an open intent waits for a named card, or for the minute's repair. */
static gboolean check_intents(StoreTx *tx, const Op *op, json_t *findings, GError **error)
{
	g_autoptr(GPtrArray) list = store_intent_list_open(tx, error);
	guint waiting = 0;

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const Intent *intent = list->pdata[i];

		if (g_strcmp0(intent->step, "wipe") != 0)
			continue;
		waiting++;
		if (strstr(intent->body, "refusedIn") != NULL)
			doctor_finding_add(
				findings, DOCTOR_WARN,
				N_("put it into another reader: if it refuses there too it is set "
				   "aside (quarantined) by itself, to be disposed of"),
				N_("card %s refused to be erased in one reader (%s)"), intent->card,
				intent->id);
		else
			doctor_finding_add(findings, DOCTOR_WARN,
					   N_("put it into a reader: it is erased by itself"),
					   N_("card %s waits to be erased after work that was cut "
					      "off (%s)"),
					   intent->card, intent->id);
	}
	(void) op;
	if (list != NULL && waiting == 0)
		doctor_finding_add(findings, DOCTOR_OK, NULL, N_("no card waits to be erased"));
	return list != NULL;
}

static gboolean check_unknown(StoreTx *tx, json_t *findings, GError **error)
{
	gint64 count;

	if (!store_witness_count(tx, &count, error))
		return FALSE;
	if (count > 0)
		doctor_finding_add(
			findings, DOCTOR_WARN,
			N_("they were issued after the backup that was restored: collect "
			   "those cards and issue others; the paper registers of that time "
			   "tell whose they are"),
			N_("%lld certificates are on the revocation list whose cards are "
			   "not in the register"),
			(long long) count);
	return TRUE;
}

static void check_spool(const Op *op, json_t *findings)
{
	guint count = spool_count(op->house->spool);

	if (op->house->spool == NULL)
		doctor_finding_add(
			findings, DOCTOR_ERROR,
			N_("see the daemon's log, make room on the disk of the state folder, "
			   "and restart opcardd"),
			N_("there is no spool: with a full disk no loss could be reported"));
	else if (count > 0)
		doctor_finding_add(
			findings, DOCTOR_ERROR,
			N_("make room on the disk of the state folder; they are entered by "
			   "themselves"),
			N_("%u reports of losses are in force but not in the register"), count);
	else
		doctor_finding_add(findings, DOCTOR_OK, NULL,
				   N_("a loss could be reported even with a full disk"));
}

gboolean doctor_backup_examine(StoreTx *tx, const Op *op, json_t *findings, GError **error)
{
	check_backup(op, findings);
	check_behind(op, findings);
	check_spool(op, findings);
	return check_intents(tx, op, findings, error) && check_unknown(tx, findings, error);
}
