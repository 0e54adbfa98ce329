/* SPDX-License-Identifier: Apache-2.0
 * Findings of audits and self-inspections. */
#include "daemon/op/finding.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/owner.h"
#include "daemon/op/record.h"
#include "pkcs11/failpoint.h"

#define ARTICLE "N84"
#define R(role) ROLE_SET(ROLE_##role)

/* N84: an audit's findings are the auditor's; whoever inspects the own work writes it down. */
static const struct {
	const char *name;
	const char *ja;
	RoleSet opened_by;
} sources[] = {
	{ "audit", "監査", R(AUDITOR) },
	{ "self-inspection", "自己点検", R(SYSTEM_ADMIN) | R(CHIEF) | R(SECTION_MANAGER) },
	{ "analysis", "分析", R(SYSTEM_ADMIN) | R(CHIEF) | R(AUDITOR) },
};

static int source_row(const char *name)
{
	for (int i = 0; i < (int) G_N_ELEMENTS(sources); i++)
		if (g_strcmp0(sources[i].name, name) == 0)
			return i;
	return -1;
}

const char *finding_source_ja(const char *source)
{
	int i = source_row(source);

	return i >= 0 ? sources[i].ja : source;
}

const char *finding_state(const Op *op, const AuditFinding *row)
{
	g_autofree char *today = clock_date(op->now);

	if (row->closed_at != 0)
		return "closed";
	if (row->answered_at != 0)
		return "answered";
	return strcmp(row->due, today) < 0 ? "overdue" : "open";
}

static gboolean check_facts(StoreTx *tx, const Op *op, const FindingFacts *facts, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	int source = source_row(facts->source);

	if (source < 0)
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no source of a finding; sources are audit, "
				    "self-inspection, analysis"),
				 facts->source);
	if (op->actor->person == 0 || !op_has_role(op, sources[source].opened_by)) {
		g_autofree char *needed =
			role_table_names(op->house->role_table, sources[source].opened_by);

		return error_set(error, ERROR_DENIED,
				 N_("%s may not open a finding of \"%s\": it takes the role %s "
				    "(N84)"),
				 op->actor->id, facts->source, needed);
	}
	if (!clock_is_date(facts->due) || strcmp(facts->due, today) < 0)
		return error_set(error, ERROR_USAGE,
				 N_("the due date %s is over or no day of the calendar; write "
				    "today (%s) or a later day"),
				 facts->due, today);
	return owner_check(tx, facts->owner, error);
}

static gboolean put(StoreTx *tx, const Op *op, const AuditFinding *row, const char *kind,
		    GError **error)
{
	Record record = { .kind = kind, .article = ARTICLE, .note = row->note };

	if (!store_finding_put(tx, row, error))
		return FALSE;
	record.extra =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s*}", "finding", row->id, "source",
			  row->source, "reference", row->reference, "content", row->content,
			  "owner", row->owner, "due", row->due, "measure", row->measure);
	return record_event(tx, op, NULL, &record, error);
}

gboolean finding_open(Op *op, const FindingFacts *facts, char **ret_id, GError **error)
{
	g_autofree char *counter = g_strdup_printf("finding-%d", clock_year(op->now));
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autofree char *id = NULL;
	gint64 number;

	if (tx == NULL || !check_facts(tx, op, facts, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	if (!store_next(tx, counter, &number, error))
		return FALSE;
	id = g_strdup_printf("F-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	AuditFinding row = { .id = id,
			     .source = (char *) facts->source,
			     .reference = (char *) facts->reference,
			     .content = (char *) facts->content,
			     .owner = (char *) facts->owner,
			     .due = (char *) facts->due,
			     .opened_at = op->now,
			     .opened_by = op->actor->id };

	FAILPOINT("finding.before");
	if (!put(tx, op, &row, "finding-open", error) || !store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("finding.after");
	*ret_id = g_steal_pointer(&id);
	return TRUE;
}

static gboolean check_open(const AuditFinding *row, GError **error)
{
	return row->closed_at == 0 ||
	       error_set(error, ERROR_STATE, N_("finding %s is closed"), row->id);
}

gboolean finding_answer(Op *op, const char *id, const char *measure, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(AuditFinding) row = tx != NULL ? store_finding_get(tx, id, error) : NULL;
	gboolean is_owner;

	if (row == NULL || !check_open(row, error) ||
	    !owner_is(tx, op, row->owner, &is_owner, error))
		return FALSE;
	if (!is_owner)
		return error_set(error, ERROR_DENIED,
				 N_("%s may not answer finding %s: that is for %s (N84)"),
				 op->actor->id, id, row->owner);
	if (op->is_dry_run)
		return TRUE;
	g_free(row->measure);
	row->measure = g_strdup(measure);
	row->answered_at = op->now;
	g_free(row->answered_by);
	row->answered_by = g_strdup(op->actor->id);
	return put(tx, op, row, "finding-answer", error) && store_tx_commit(&tx, error);
}

/* N84, N05: the auditee does not close what was found with the auditee. */
static gboolean check_close(StoreTx *tx, const Op *op, const AuditFinding *row, GError **error)
{
	gboolean is_owner, is_excepted = FALSE;

	if (op->actor->person == 0 || !op_has_role(op, R(AUDITOR)))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not close finding %s: it takes the role auditor (N84)"),
				 op->actor->id, row->id);
	if (row->measure == NULL)
		return error_set(error, ERROR_STATE,
				 N_("finding %s has no answer yet; %s writes the measure with "
				    "`opcardctl finding answer %s` (T43)"),
				 row->id, row->owner, row->id);
	if (!owner_is(tx, op, row->owner, &is_owner, error))
		return FALSE;
	if (!is_owner && g_strcmp0(row->answered_by, op->actor->id) != 0)
		return TRUE;
	if (!allow_exception(tx, op, &is_excepted, error))
		return FALSE;
	return is_excepted ||
	       error_set(
		       error, ERROR_RULE,
		       N_("%s is the auditee of finding %s; another auditor closes it (N84, N05)"),
		       op->actor->id, row->id);
}

gboolean finding_close(Op *op, const char *id, const char *note, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(AuditFinding) row = tx != NULL ? store_finding_get(tx, id, error) : NULL;

	if (row == NULL || !check_open(row, error) || !check_close(tx, op, row, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	g_free(row->note);
	row->note = g_strdup(note);
	row->closed_at = op->now;
	g_free(row->closed_by);
	row->closed_by = g_strdup(op->actor->id);
	return put(tx, op, row, "finding-close", error) && store_tx_commit(&tx, error);
}
