/* SPDX-License-Identifier: Apache-2.0
 * Every question is one function that adds its findings; a question that is answered well adds one
 * line too, so that the reader sees what was looked at. */
#include "daemon/op/doctor.h"

#include "daemon/audit/audit.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/doctor_backup.h"
#include "daemon/op/doctor_expiry.h"
#include "daemon/op/doctor_files.h"
#include "daemon/op/doctor_finding.h"
#include "daemon/op/doctor_key.h"
#include "daemon/op/doctor_rule.h"
#include "daemon/op/incumbent.h"
#include "daemon/op/publish.h"
#include "daemon/op/register.h"
#include "daemon/store/store_check.h"
#include "daemon/store/store_issuer.h"
#include "daemon/store/store_person.h"

#define NAMED_MAX 10

typedef struct Doctor {
	StoreTx *tx;
	const Op *op;
	char *today;
	json_t *findings;
} Doctor;

static gboolean check_store(const Doctor *doctor, GError **error)
{
	g_autofree char *fault = NULL;

	if (!store_check_integrity(doctor->tx, &fault, error))
		return FALSE;
	if (fault == NULL)
		doctor_finding_add(doctor->findings, DOCTOR_OK, NULL, N_("the database is sound"));
	else
		doctor_finding_add(doctor->findings, DOCTOR_ERROR,
				   N_("stop the daemon, keep the file as evidence, and put the "
				      "newest backup of the state folder in its place"),
				   N_("the database is damaged: %s"), fault);
	return TRUE;
}

static gboolean check_ledger(const Doctor *doctor, GError **error)
{
	AuditVerdict verdict;

	if (!audit_verify(doctor->tx, NULL, &verdict, error))
		return FALSE;
	if (verdict.is_ok) {
		doctor_finding_add(doctor->findings, DOCTOR_OK, NULL,
				   N_("the ledger is whole: %lld records"),
				   (long long) verdict.count);
		return TRUE;
	}
	doctor_finding_add(doctor->findings, DOCTOR_ERROR,
			   N_("keep the database file as evidence, tell the auditor, and compare "
			      "with the newest backup (`opcardctl audit verify`)"),
			   N_("the ledger is broken at record %lld"),
			   (long long) verdict.first_bad);
	doctor_finding_add(doctor->findings, DOCTOR_ERROR, NULL, verdict.reason, NULL);
	return TRUE;
}

/* "OP000001, OP000002, …". */
static char *join(const GPtrArray *numbers)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < MIN(numbers->len, NAMED_MAX); i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
				       (const char *) numbers->pdata[i]);
	if (numbers->len > NAMED_MAX)
		g_string_append(text, ", …");
	return g_string_free(text, FALSE);
}

/* One sentence for what must hold of every card, and one for the cards of which it does not. */
typedef struct Rule {
	const char *good;
	const char *bad;
	const char *next;
} Rule;

static gboolean judge(const Doctor *doctor, const Rule *rule, GPtrArray *numbers)
{
	g_autoptr(GPtrArray) owned = numbers;
	g_autofree char *names = owned != NULL ? join(owned) : NULL;

	if (owned == NULL)
		return FALSE;
	if (owned->len == 0)
		doctor_finding_add(doctor->findings, DOCTOR_OK, NULL, rule->good, NULL);
	else
		doctor_finding_add(doctor->findings, DOCTOR_ERROR, rule->next, rule->bad, names);
	return TRUE;
}

static const Rule certificates = {
	N_("every card in use has exactly one certificate"),
	N_("cards in use without exactly one certificate in force: %s"),
	N_("suspend them (`opcardctl suspend CARD --reason ORDER`) and look at `opcardctl card "
	   "history CARD`"),
};
static const Rule designations = {
	N_("every card in use stands on a designation in force"),
	N_("cards in use whose holder is not designated or whose term is over: %s"),
	N_("recall them, re-home them, or take in the missing user report (form 2)"),
};
static const Rule duties = {
	N_("every recalled card has one collection duty"),
	N_("recalled cards without exactly one open duty: %s"),
	N_("look at `opcardctl card history CARD` and tell the maintainers"),
};
static const Rule loose = {
	N_("no certificate is good whose card is not in use"),
	N_("cards that are not in use, with a certificate that is still good: %s"),
	N_("report them lost, or return them, so that the certificate is revoked"),
};

static gboolean check_cards(const Doctor *doctor, GError **error)
{
	StoreTx *tx = doctor->tx;

	return judge(doctor, &certificates, store_check_certificates(tx, error)) &&
	       judge(doctor, &designations, store_check_designations(tx, doctor->today, error)) &&
	       judge(doctor, &duties, store_check_duties(tx, error)) &&
	       judge(doctor, &loose, store_check_loose(tx, error));
}

/* Invariant 5. */
static gboolean check_registers(const Doctor *doctor, GError **error)
{
	gint64 count = 0;
	g_autoptr(GPtrArray) numbers = register_differences(doctor->tx, doctor->op, &count, error);
	g_autofree char *names = numbers != NULL ? join(numbers) : NULL;

	if (numbers == NULL)
		return FALSE;
	if (numbers->len == 0)
		doctor_finding_add(doctor->findings, DOCTOR_OK, NULL,
				   N_("ledger and card register agree on %lld cards"),
				   (long long) count);
	else
		doctor_finding_add(doctor->findings, DOCTOR_ERROR,
				   N_("look at `opcardctl card history CARD`: somebody changed the "
				      "database past the daemon, or a record is missing"),
				   N_("ledger and card register tell different things of: %s"),
				   names);
	return TRUE;
}

static void compare_numbers(const Doctor *doctor, guint64 published, guint64 stored)
{
	if (published == stored)
		doctor_finding_add(
			doctor->findings, DOCTOR_OK, NULL,
			N_("the published revocation list is number %llu, as the database says"),
			(unsigned long long) stored);
	else if (published > stored)
		doctor_finding_add(
			doctor->findings, DOCTOR_ERROR,
			N_("stop opcardd, run `opcardd --reconcile`, start it again; until "
			   "then OCSP says \"try later\" and nothing is issued"),
			N_("the published revocation list is number %llu, but the "
			   "database knows only %llu"),
			(unsigned long long) published, (unsigned long long) stored);
	else
		doctor_finding_add(
			doctor->findings, DOCTOR_ERROR,
			N_("run `opcardctl ca crl` and check that the public folder can "
			   "be written"),
			N_("the published revocation list is number %llu, the database expects "
			   "%llu (0 = no list, or not signed by this authority)"),
			(unsigned long long) published, (unsigned long long) stored);
}

static void check_list(const Doctor *doctor, const IssuerRow *row)
{
	g_autoptr(Issuer) issuer = op_issuer_of(doctor->op, (guint16) row->id);
	Publisher *publisher = publish_of(doctor->op->house->publisher, (guint16) row->id);

	if (issuer == NULL)
		doctor_finding_add(doctor->findings, DOCTOR_ERROR,
				   N_("see the daemon's log, and put the key back where the "
				      "configuration says"),
				   N_("the certification authority's key could not be opened"));
	else if (!publish_is_over(publisher, doctor->op->now))
		compare_numbers(doctor, publish_witness(publisher, issuer),
				(guint64) row->crl_number);
	if (issuer != NULL && issuer_signer(issuer) == NULL)
		doctor_finding_add(
			doctor->findings, DOCTOR_ERROR,
			N_("put it back from the backup of secrets, or renew the cards of "
			   "that authority soon; OCSP answers for them until its responder "
			   "ends"),
			N_("the key of the certification authority number %d is gone: its "
			   "list cannot be signed"),
			(int) row->id);
}

/* The newest row, or NULL. */
static gboolean check_lists(const Doctor *doctor, IssuerRow **ret_newest, GError **error)
{
	g_autoptr(GPtrArray) rows = store_issuer_list(doctor->tx, error);

	if (rows == NULL)
		return FALSE;
	if (rows->len == 0)
		doctor_finding_add(doctor->findings, DOCTOR_WARN, N_("run `opcardctl ca init`"),
				   N_("there is no certification authority yet"));
	for (guint i = 0; i < rows->len; i++)
		check_list(doctor, rows->pdata[i]);
	*ret_newest = rows->len > 0 ? g_ptr_array_steal_index(rows, rows->len - 1) : NULL;
	return TRUE;
}

static gboolean check_post(const Doctor *doctor, const Section *section, GError **error)
{
	g_autoptr(Person) manager = NULL;

	if (section->manager_post == NULL) {
		doctor_finding_add(doctor->findings, DOCTOR_WARN,
				   N_("name the manager's post in the list of sections and import "
				      "it again (T06)"),
				   N_("section %s (%s) has no manager's post"), section->code,
				   section->name);
		return TRUE;
	}
	if (!incumbent_manager(doctor->tx, section, doctor->today, &manager, error))
		return FALSE;
	if (manager == NULL)
		doctor_finding_add(doctor->findings, DOCTOR_WARN,
				   N_("import the staff list with the holder of the post, or "
				      "correct the post (T06)"),
				   N_("nobody in section %s (%s) holds the post %s"), section->code,
				   section->name, section->manager_post);
	return TRUE;
}

static gboolean check_posts(const Doctor *doctor, GError **error)
{
	g_autoptr(GPtrArray) sections = store_person_sections(doctor->tx, error);

	for (guint i = 0; sections != NULL && i < sections->len; i++)
		if (!check_post(doctor, sections->pdata[i], error))
			return FALSE;
	return sections != NULL;
}

json_t *doctor_examine(StoreTx *tx, const Op *op, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	Doctor doctor = { tx, op, today, json_array() };
	g_autoptr(IssuerRow) row = NULL;

	if (check_store(&doctor, error) && check_ledger(&doctor, error) &&
	    check_cards(&doctor, error) && check_registers(&doctor, error) &&
	    check_posts(&doctor, error) && check_lists(&doctor, &row, error) &&
	    doctor_expiry_examine(tx, op, row, doctor.findings, error) &&
	    doctor_key_examine(tx, op, doctor.findings, error) &&
	    doctor_rule_examine(tx, op, doctor.findings, error) &&
	    doctor_backup_examine(tx, op, doctor.findings, error)) {
		doctor_files_examine(op->house->config, row != NULL ? row->key_uri : NULL,
				     doctor.findings);
		return json_pack("{s:o}", "findings", doctor.findings);
	}
	json_decref(doctor.findings);
	return NULL;
}
