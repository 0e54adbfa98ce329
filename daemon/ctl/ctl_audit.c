/* SPDX-License-Identifier: Apache-2.0
 * The audit trail's commands. Files are read here: the daemon is sent what stands in them. */
#include "daemon/ctl/ctl_audit.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_csv.h"
#include "daemon/ctl/ctl_date.h"
#include "daemon/ctl/ctl_document.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_view.h"
#include "daemon/ctl/ctl_word.h"

#define WITNESS_LINES 20000 /* the newest ones; they stand for those before them */

/* Checkpoint lines of the file, as a syslog has them too. NULL with a problem. */
static json_t *read_witness(const char *file, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) cause = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(json_t) list = json_array();

	if (!g_file_get_contents(file, &text, NULL, &cause)) {
		(void) ctl_problem_set(error, CTL_PROBLEM_INPUT, N_("Cannot read %s: %s"), file,
				       cause->message);
		return NULL;
	}
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		const char *line = strstr(g_strchomp(lines[i]), "OPCARD-CHECKPOINT/");

		if (line == NULL || !g_utf8_validate(line, -1, NULL))
			continue;
		(void) json_array_append_new(list, json_string(line));
		if (json_array_size(list) > WITNESS_LINES)
			(void) json_array_remove(list, 0);
	}
	if (json_array_size(list) > 0)
		return g_steal_pointer(&list);
	(void) ctl_problem_set(error, CTL_PROBLEM_INPUT,
			       N_("No line of %s is a checkpoint (OPCARD-CHECKPOINT/1 …)."), file);
	return NULL;
}

static long long number_of(const json_t *answer, const char *key)
{
	return (long long) json_integer_value(json_object_get(answer, key));
}

static const char *text_or_empty(const json_t *value)
{
	return json_is_string(value) ? json_string_value(value) : "";
}

static void print_verdict(const Ctl *ctl, const json_t *answer)
{
	const char *head = json_string_value(json_object_get(answer, "head"));
	const char *reason = ctl_lang_pick(answer, "reasonEn", "reasonJa");
	long long first = number_of(answer, "firstBad"), last = number_of(answer, "lastBad");

	if (ctl->exit_code == 0) {
		printf(_("The audit trail is whole: %lld records, head %s\n"),
		       number_of(answer, "count"), head != NULL ? head : "-");
		printf(_("Checkpoints compared: %lld, covering %lld records\n"),
		       number_of(answer, "checkpoints"), number_of(answer, "sealed"));
		return;
	}
	if (first == last || last == 0)
		printf(_("The audit trail is BROKEN at record %lld: %s\n"), first,
		       reason != NULL ? reason : "");
	else
		printf(_("The audit trail is BROKEN between record %lld and %lld: %s\n"), first,
		       last, reason != NULL ? reason : "");
}

gboolean ctl_audit_verify(Ctl *ctl, GError **error)
{
	const char *file = ctl_fields_get(ctl, "witness");
	g_autoptr(json_t) body = json_object();
	g_autoptr(CtlReply) reply = NULL;

	if (file != NULL) {
		json_t *lines = read_witness(file, error);

		if (lines == NULL)
			return FALSE;
		(void) json_object_set_new(body, "witness", lines);
	}
	reply = ctl_client_post(ctl->client, ctl->command->route, body, error);
	if (reply == NULL)
		return FALSE;
	ctl->exit_code = json_is_true(json_object_get(reply->json, "ok")) ? 0 : 1;
	if (ctl->json)
		ctl_output_json(reply->json);
	else
		print_verdict(ctl, reply->json);
	return TRUE;
}

gboolean ctl_audit_checkpoint(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(CtlReply) reply = NULL;

	if (body == NULL)
		return FALSE;
	reply = ctl_client_post(ctl->client, ctl->command->route, body, error);
	if (reply == NULL)
		return FALSE;
	if (ctl->json || ctl->dry_run)
		ctl_output_json(reply->json);
	else
		printf("%s\n", text_or_empty(json_object_get(reply->json, "line")));
	return TRUE;
}

/* time, terminal, card; a heading is passed over. */
static gboolean add_line(json_t *entries, const CtlCsvRow *row, GError **error)
{
	g_autofree char *time = NULL;
	g_autofree char *card = NULL;
	json_t *entry;

	if (row->fields->len >= 3) {
		time = ctl_date_parse_time(g_ptr_array_index(row->fields, 0));
		card = ctl_word_number(g_ptr_array_index(row->fields, 2));
	}
	if (time == NULL && json_array_size(entries) == 0 && row->line == 1)
		return TRUE;
	if (time == NULL || card == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("Line %u is not: time, terminal, card number (2026-11-20 "
					  "09:05:00,T-0301-1,OP000123)."),
				       row->line);
	entry = json_pack("{ss ss}", "at", time, "card", card);
	if (*(const char *) g_ptr_array_index(row->fields, 1) != '\0')
		(void) json_object_set_new(entry, "terminal",
					   json_string(g_ptr_array_index(row->fields, 1)));
	(void) json_array_append_new(entries, entry);
	return TRUE;
}

static json_t *read_list(const char *file, GError **error)
{
	g_autoptr(CtlCsv) csv = ctl_csv_read(file, error);
	g_autoptr(json_t) entries = json_array();

	if (csv == NULL)
		return NULL;
	for (guint i = 0; i < csv->rows->len; i++)
		if (!add_line(entries, csv->rows->pdata[i], error))
			return NULL;
	return g_steal_pointer(&entries);
}

static json_t *one_entry(const Ctl *ctl, GError **error)
{
	g_autoptr(json_t) entry = NULL;

	if (ctl_fields_get(ctl, "at") == NULL || ctl_fields_get(ctl, "card") == NULL) {
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("Which? Name --at TIME and --card CARD, or a list with "
					  "--from FILE."));
		return NULL;
	}
	entry = ctl_fields_body(ctl, error);
	if (entry == NULL)
		return NULL;
	(void) json_object_del(entry, "dryRun"); /* of the request, not of its lines */
	return json_pack("[O]", entry);
}

gboolean ctl_audit_lookup(Ctl *ctl, GError **error)
{
	const char *file = ctl_fields_get(ctl, "from");
	json_t *entries = file != NULL ? read_list(file, error) : one_entry(ctl, error);
	g_autoptr(json_t) body = entries != NULL ? json_pack("{so}", "entries", entries) : NULL;
	g_autoptr(CtlReply) reply = NULL;

	if (body == NULL)
		return FALSE;
	reply = ctl_client_post(ctl->client, ctl->command->route, body, error);
	if (reply == NULL)
		return FALSE;
	if (ctl->json)
		ctl_output_json(reply->json);
	else
		ctl_output_table(json_object_get(reply->json, "items"), ctl->command->fields);
	return TRUE;
}

gboolean ctl_audit_export(Ctl *ctl, GError **error)
{
	g_autofree char *staff = g_uri_escape_string(ctl_fields_get(ctl, "staff"), NULL, FALSE);
	g_autofree char *path = g_strconcat("/audit/export/", staff, NULL);
	g_autoptr(CtlReply) reply = ctl_client_get(ctl->client, path, error);
	const char *file = ctl_fields_get(ctl, "output");

	if (reply == NULL || !ctl_output_file(file, reply->body->data, reply->body->len, error))
		return FALSE;
	if (file != NULL && strcmp(file, "-") != 0) {
		fprintf(stderr, _("Written: %s\n"), file);
		fprintf(stderr, _("next: %s\n"), "opcardctl audit check FILE");
	}
	return TRUE;
}

static gboolean show_holds(const Ctl *ctl, GError **error)
{
	g_autoptr(json_t) list = ctl_client_get_json(ctl->client, ctl->command->route, error);

	if (list == NULL)
		return FALSE;
	if (ctl->json)
		ctl_output_json(list);
	else
		ctl_output_table(json_object_get(list, "items"), ctl->command->fields);
	return TRUE;
}

static gboolean change_hold(const Ctl *ctl, const char *path, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(CtlReply) reply = NULL;

	if (body == NULL)
		return FALSE;
	reply = ctl_client_post(ctl->client, path, body, error);
	if (reply == NULL)
		return FALSE;
	if (ctl->json || ctl->dry_run)
		ctl_output_json(reply->json);
	else
		puts(json_string_value(json_object_get(reply->json, "id")));
	return TRUE;
}

gboolean ctl_audit_hold(Ctl *ctl, GError **error)
{
	const char *verb = g_ptr_array_index(ctl->operands, 0);
	const char *id = ctl->operands->len > 1 ? g_ptr_array_index(ctl->operands, 1) : NULL;
	g_autofree char *escaped = id != NULL ? g_uri_escape_string(id, NULL, FALSE) : NULL;
	g_autofree char *path = g_strconcat(ctl->command->route, "/", escaped, "/end", NULL);

	if (strcmp(verb, "list") == 0 && id == NULL)
		return show_holds(ctl, error);
	if (strcmp(verb, "add") == 0 && id == NULL)
		return change_hold(ctl, ctl->command->route, error);
	if (strcmp(verb, "end") == 0 && id != NULL)
		return change_hold(ctl, path, error);
	return ctl_problem_set(error, CTL_PROBLEM_USAGE,
			       N_("Write audit hold add --staff NO --reason TEXT, audit hold end "
				  "ID, or audit hold list."));
}

static gboolean sign_off(const Ctl *ctl, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	g_autoptr(CtlReply) reply = NULL;

	if (body == NULL)
		return FALSE;
	(void) json_object_del(body, "signOff");
	(void) json_object_del(body, "output");
	reply = ctl_client_post(ctl->client, "/audit/sign-off", body, error);
	if (reply == NULL)
		return FALSE;
	if (ctl->json || ctl->dry_run)
		ctl_output_json(reply->json);
	else
		printf(_("Signed: the analysis of fiscal year %s with %lld findings\n"),
		       ctl_fields_get(ctl, "fiscal-year"), number_of(reply->json, "rows"));
	return TRUE;
}

gboolean ctl_audit_report(Ctl *ctl, GError **error)
{
	const char *year = ctl_fields_get(ctl, "fiscal-year");
	g_autofree char *escaped = g_uri_escape_string(year, NULL, FALSE);
	g_autofree char *path = NULL;
	g_autoptr(json_t) report = NULL;

	if (ctl_fields_get(ctl, "sign-off") != NULL)
		return sign_off(ctl, error);
	path = g_strconcat("/registers/operation-analysis?fiscalYear=", escaped, NULL);
	if (ctl_fields_get(ctl, "output") != NULL) {
		g_autofree char *as_pdf = g_strconcat(path, "&format=pdf", NULL);

		return ctl_document_write(ctl, as_pdf, error);
	}
	report = ctl_client_get_json(ctl->client, path, error);
	if (report == NULL)
		return FALSE;
	if (ctl->json)
		ctl_output_json(report);
	else
		ctl_output_table(json_object_get(report, "rows"), ctl->command->fields);
	return TRUE;
}
