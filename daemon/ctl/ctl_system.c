/* SPDX-License-Identifier: Apache-2.0
 * status, doctor, verify and the few changes that fit no row: what they print is not one table. */
#include "daemon/ctl/ctl_system.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_pin.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_view.h"
#include "daemon/ctl/ctl_word.h"

#define RANGE_MAX 10000

static void print_counts(json_t *cards)
{
	static const CtlField fields[] = {
		{ "state", N_("STATE"), CTL_FORMAT_CARD },
		{ "count", N_("COUNT"), CTL_FORMAT_NUMBER },
		{ NULL },
	};
	g_autoptr(json_t) items = json_array();
	const char *state;
	json_t *count;

	json_object_foreach(cards, state, count)(void)
		json_array_append_new(items, json_pack("{ss sO}", "state", state, "count", count));
	if (json_array_size(items) > 0)
		putchar('\n');
	ctl_output_table(items, fields);
}

static void print_problems(json_t *problems)
{
	json_t *problem;
	size_t i;

	json_array_foreach(problems, i, problem)
	{
		const char *text = json_is_string(problem) ? json_string_value(problem)
							   : ctl_lang_pick(problem, "en", "ja");

		if (i == 0)
			printf("\n%s\n", _("Problems:"));
		printf("  %s\n", text != NULL ? text : "");
	}
}

/* The days of the next weeks on which most PINs fall due. */
static void print_wave(const json_t *wave)
{
	if (json_array_size(wave) == 0)
		return;
	printf("\n%s\n", _("Most PINs to be changed in the next four weeks:"));
	ctl_output_table(wave, ctl_view_wave);
}

gboolean ctl_system_status(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) status = ctl_client_get_json(ctl->client, ctl->command->route, error);
	json_t *readers = json_object_get(status, "readers");

	if (status == NULL)
		return FALSE;
	if (ctl->json) {
		ctl_output_json(status);
		return TRUE;
	}
	ctl_output_record(status, ctl_view_status);
	print_counts(json_object_get(status, "cards"));
	print_wave(json_object_get(json_object_get(status, "pin"), "wave"));
	if (json_array_size(readers) > 0)
		putchar('\n');
	ctl_output_table(readers, ctl_view_readers);
	print_problems(json_object_get(status, "problems"));
	return TRUE;
}

static const char *mark_of(const char *level)
{
	if (strcmp(level, "ok") == 0)
		return _("[ok]   ");
	return strcmp(level, "warn") == 0 ? _("[warn] ") : _("[ERROR]");
}

gboolean ctl_system_doctor(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) answer = ctl_client_get_json(ctl->client, ctl->command->route, error);
	json_t *finding;
	size_t i;

	if (answer == NULL)
		return FALSE;
	json_array_foreach(json_object_get(answer, "findings"), i, finding)
	{
		const char *level = json_string_value(json_object_get(finding, "level"));
		const char *text = ctl_lang_pick(finding, "en", "ja");
		const char *next = ctl_lang_pick(finding, "nextEn", "nextJa");

		if (g_strcmp0(level, "error") == 0)
			ctl->exit_code = 1;
		if (ctl->json)
			continue;
		printf("%s %s\n", mark_of(level != NULL ? level : ""), text != NULL ? text : "");
		if (next != NULL && *next != '\0') {
			fputs("        ", stdout);
			printf(_("next: %s\n"), next);
		}
	}
	if (ctl->json)
		ctl_output_json(answer);
	return TRUE;
}

/* Posts `body` to the route of the row and tells the answer. */
static gboolean post(const Ctl *ctl, const json_t *body, GError **error)
{
	g_autoptr(CtlReply) reply = ctl_client_post(ctl->client, ctl->command->route, body, error);
	g_autoptr(json_t) document = NULL;

	if (reply == NULL)
		return FALSE;
	document = ctl_act_tell(ctl, reply->json, error);
	if (document != NULL && ctl->json)
		ctl_output_json(document);
	return document != NULL;
}

gboolean ctl_system_ca(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) authority = ctl_client_get_json(ctl->client, ctl->command->route, error);
	json_t *all = json_object_get(authority, "issuers");

	if (authority == NULL)
		return FALSE;
	if (ctl->json) {
		ctl_output_json(authority);
		return TRUE;
	}
	ctl_output_record(authority, ctl->command->fields);
	if (json_array_size(all) > 1) {
		putchar('\n');
		ctl_output_table(all, ctl_view_issuers);
	}
	return TRUE;
}

gboolean ctl_system_emergency(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);

	if (body == NULL)
		return FALSE;
	(void) json_object_set_new(body, "action",
				   json_string(strchr(ctl->command->words, ' ') + 1));
	return post(ctl, body, error);
}

static gsize digits_at_end(const char *text)
{
	gsize length = strlen(text);
	gsize digits = 0;

	while (digits < length && g_ascii_isdigit(text[length - 1 - digits]))
		digits++;
	return digits;
}

/* OP000001..OP000100: same beginning, same count of digits. */
static gboolean add_range(json_t *cards, const char *first, const char *last)
{
	gsize digits = digits_at_end(first);
	gsize prefix = strlen(first) - digits;
	guint64 from = g_ascii_strtoull(first + prefix, NULL, 10);
	guint64 to;

	if (strlen(last) != strlen(first) || strncmp(first, last, prefix) != 0 ||
	    digits_at_end(last) < digits || digits == 0 || digits > 18)
		return FALSE;
	to = g_ascii_strtoull(last + prefix, NULL, 10);
	if (to < from || to - from >= RANGE_MAX)
		return FALSE;
	for (guint64 i = from; i <= to; i++) {
		g_autofree char *number = g_strdup_printf("%.*s%0*" G_GUINT64_FORMAT, (int) prefix,
							  first, (int) digits, i);

		(void) json_array_append_new(cards, json_string(number));
	}
	return TRUE;
}

static gboolean add_numbers(json_t *cards, const char *operand, GError **error)
{
	g_auto(GStrv) ends = g_strsplit(operand, "..", 2);
	g_autofree char *first = ctl_word_number(ends[0]);
	g_autofree char *last = first == NULL || ends[1] == NULL ? NULL : ctl_word_number(ends[1]);

	if (first != NULL && ends[1] == NULL)
		return json_array_append_new(cards, json_string(first)) == 0;
	if (last != NULL && add_range(cards, first, last))
		return TRUE;
	return ctl_problem_set(
		error, CTL_PROBLEM_USAGE,
		N_("\"%s\" is not a card number. A number has 1 to 20 letters A-Z, digits "
		   "and -; a range is written OP000001..OP000100."),
		operand);
}

gboolean ctl_system_receive(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	json_t *cards = json_array();
	g_autoptr(CtlReply) reply = NULL;
	json_t *received = NULL;

	if (body == NULL) {
		json_decref(cards);
		return FALSE;
	}
	(void) json_object_set_new(body, "cards", cards);
	for (guint i = 0; i < ctl->operands->len; i++) {
		if (!add_numbers(cards, g_ptr_array_index(ctl->operands, i), error))
			return FALSE;
	}
	if (json_object_get(body, "kind") == NULL)
		(void) json_object_set_new(body, "kind", json_string("operator"));
	if (ctl->dry_run || ctl->json)
		return post(ctl, body, error);
	reply = ctl_client_post(ctl->client, ctl->command->route, body, error);
	if (reply == NULL)
		return FALSE;
	received = json_object_get(reply->json, "received");
	printf(_("Received: %lld cards\n"), (long long) json_integer_value(received));
	fprintf(stderr, _("next: %s\n"), ctl->command->hint);
	return TRUE;
}

/* NULL with a problem; a PIN on the command line could be read by everyone on this computer. */
static json_t *read_body(const char *text, GError **error)
{
	gboolean is_stdin = strcmp(text, "-") == 0;
	json_error_t place;
	g_autoptr(json_t) body = is_stdin ? json_loadf(stdin, JSON_DECODE_ANY, &place)
					  : json_loads(text, JSON_DECODE_ANY, &place);

	if (body == NULL) {
		(void) ctl_problem_set(error, CTL_PROBLEM_USAGE,
				       N_("This is not JSON: %s (line %d)"), place.text,
				       place.line);
		return NULL;
	}
	if (!is_stdin && ctl_pin_is_in(body)) {
		(void) ctl_problem_set(
			error, CTL_PROBLEM_USAGE,
			N_("A PIN may not stand on the command line. Give - and the JSON on "
			   "stdin."));
		return NULL;
	}
	return g_steal_pointer(&body);
}

gboolean ctl_system_api(Ctl *ctl, GError **error)
{
	g_autofree char *method = g_ascii_strup(g_ptr_array_index(ctl->operands, 0), -1);
	const char *path = g_ptr_array_index(ctl->operands, 1);
	g_autoptr(json_t) body = NULL;
	g_autoptr(CtlReply) reply = NULL;

	if (g_str_has_prefix(path, "/api/v1/"))
		path += strlen("/api/v1");
	if (*path != '/' || strpbrk(path, " \r\n\t") != NULL || strpbrk(method, " \r\n\t") != NULL)
		return ctl_problem_set(
			error, CTL_PROBLEM_USAGE,
			N_("PATH begins with / and is percent-encoded, as in /cards?limit=5."));
	if (ctl->operands->len > 2) {
		body = read_body(g_ptr_array_index(ctl->operands, 2), error);
		if (body == NULL)
			return FALSE;
	}
	reply = ctl_client_send(ctl->client, method, path, body, error);
	if (reply == NULL)
		return FALSE;
	if (reply->json == NULL)
		return ctl_output_file(NULL, reply->body->data, reply->body->len, error);
	ctl_output_json(reply->json);
	return TRUE;
}
