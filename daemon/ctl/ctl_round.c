/* SPDX-License-Identifier: Apache-2.0
 * Rounds of card checks and what belongs to them. */
#include "daemon/ctl/ctl_round.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_act.h"
#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_prompt.h"
#include "daemon/ctl/ctl_word.h"

/* clang-format off */
const CtlField ctl_round_refusals[] = {
	{ "noticedAt",            N_("NOTICED AT"),    CTL_FORMAT_DATE },
	{ "event",                N_("EVENT"),         CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "scope",                N_("SCOPE"),         CTL_FORMAT_TEXT },
	{ "cards",                N_("CARDS"),         CTL_FORMAT_NUMBER },
	{ "refusedAt",            N_("REFUSED AT"),    CTL_FORMAT_DATE },
	{ "seconds",              N_("SECONDS"),       CTL_FORMAT_NUMBER },
	{ "refusedMilliseconds",  N_("OCSP, MS"),      CTL_FORMAT_NUMBER },
	{ "listedMilliseconds",   N_("CRL, MS"),       CTL_FORMAT_NUMBER },
	{ NULL },
};

const CtlField ctl_round_list[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "sectionName",          N_("NAME"),          CTL_FORMAT_TEXT },
	{ "due",                  N_("DUE"),           CTL_FORMAT_DATE },
	{ "cards",                N_("CARDS"),         CTL_FORMAT_NUMBER },
	{ "seen",                 N_("SHOWN"),         CTL_FORMAT_NUMBER },
	{ "held",                 N_("PUT ON HOLD"),   CTL_FORMAT_NUMBER },
	{ "closedOn",             N_("CLOSED ON"),     CTL_FORMAT_DATE },
	{ NULL },
};

static const CtlField round_cards[] = {
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "state",                N_("STATE"),         CTL_FORMAT_CARD },
	{ "holder",               N_("HOLDER"),        CTL_FORMAT_TEXT },
	{ "place",                N_("PLACE"),         CTL_FORMAT_TEXT },
	{ "checkedAt",            N_("SHOWN AT"),      CTL_FORMAT_DATE },
	{ "checkedBy",            N_("SEEN BY"),       CTL_FORMAT_TEXT },
	{ "proof",                N_("PROOF"),         CTL_FORMAT_TEXT },
	{ "heldAt",               N_("PUT ON HOLD"),   CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_round_transits[] = {
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "leg",                  N_("LEG"),           CTL_FORMAT_TEXT },
	{ "to",                   N_("TO"),            CTL_FORMAT_TEXT },
	{ "sentAt",               N_("SENT AT"),       CTL_FORMAT_DATE },
	{ "sentBy",               N_("BY"),            CTL_FORMAT_TEXT },
	{ "due",                  N_("DUE"),           CTL_FORMAT_DATE },
	{ "overdue",              N_("OVERDUE"),       CTL_FORMAT_YES_NO },
	{ NULL },
};

const CtlField ctl_round_places[] = {
	{ "place",                N_("PLACE"),         CTL_FORMAT_TEXT },
	{ "cards",                N_("CARDS"),         CTL_FORMAT_NUMBER },
	{ NULL },
};

const CtlField ctl_round_approvals[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "until",                N_("UNTIL"),         CTL_FORMAT_DATE },
	{ "paper",                N_("PAPER"),         CTL_FORMAT_TEXT },
	{ "by",                   N_("BY"),            CTL_FORMAT_TEXT },
	{ "endedOn",              N_("CLOSED ON"),     CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_round_sessions[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "witness",              N_("WITNESS"),       CTL_FORMAT_TEXT },
	{ "openedOn",             N_("OPENED ON"),     CTL_FORMAT_DATE },
	{ "cards",                N_("CARDS"),         CTL_FORMAT_NUMBER },
	{ "erased",               N_("ERASED"),        CTL_FORMAT_NUMBER },
	{ "disposed",             N_("DESTROYED"),     CTL_FORMAT_NUMBER },
	{ "closedOn",             N_("CLOSED ON"),     CTL_FORMAT_DATE },
	{ NULL },
};

static const CtlField session_cards[] = {
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "erasedAt",             N_("ERASED"),        CTL_FORMAT_DATE },
	{ "disposedAt",           N_("DESTROYED"),     CTL_FORMAT_DATE },
	{ NULL },
};

static const struct {
	const char *noun;
	const CtlField *record;
	const CtlField *cards;
} shown[] = {
	{ "check-round ", ctl_round_list, round_cards },
	{ "session ", ctl_round_sessions, session_cards },
};
/* clang-format on */

/* The path of the record that the first operand names, or the route itself. */
static char *record_path(const Ctl *ctl, const char *route)
{
	const char *id = ctl->operands->len > 0 ? g_ptr_array_index(ctl->operands, 0) : "";
	g_autofree char *folded = ctl_word_fold(id);
	g_autofree char *escaped = g_uri_escape_string(folded, NULL, FALSE);
	g_auto(GStrv) around = g_strsplit(route, "{id}", 2);

	return around[1] == NULL ? g_strdup(route)
				 : g_strconcat(around[0], escaped, around[1], NULL);
}

static gboolean send(const Ctl *ctl, const json_t *body, GError **error)
{
	g_autofree char *path = record_path(ctl, ctl->command->route);
	g_autoptr(CtlReply) reply = ctl_client_post(ctl->client, path, body, error);
	g_autoptr(json_t) document = NULL;

	if (reply == NULL)
		return FALSE;
	document = ctl_act_tell(ctl, reply->json, error);
	if (document != NULL && ctl->json)
		ctl_output_json(document);
	return document != NULL;
}

gboolean ctl_round_post(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);

	return body != NULL && send(ctl, body, error);
}

gboolean ctl_round_session(Ctl *ctl, GError **error)
{
	g_autoptr(json_t) body = ctl_fields_body(ctl, error);
	json_t *cards = json_array();

	if (body == NULL) {
		json_decref(cards);
		return FALSE;
	}
	for (guint i = 0; i < ctl->operands->len; i++) {
		g_autofree char *card = ctl_word_fold(g_ptr_array_index(ctl->operands, i));

		(void) json_array_append_new(cards, json_string(card));
	}
	(void) json_object_set_new(body, "cards", cards);
	return send(ctl, body, error);
}

static void print_record(const Ctl *ctl, const json_t *record)
{
	for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
		if (!g_str_has_prefix(ctl->command->words, shown[i].noun))
			continue;
		ctl_output_record(record, shown[i].record);
		putchar('\n');
		ctl_output_table(json_object_get(record, "items"), shown[i].cards);
	}
}

gboolean ctl_round_show(Ctl *ctl, GError **error)
{
	g_autofree char *path = record_path(ctl, ctl->command->route);
	g_autoptr(json_t) record = ctl_client_get_json(ctl->client, path, error);

	if (record == NULL)
		return FALSE;
	if (ctl->json)
		ctl_output_json(record);
	else
		print_record(ctl, record);
	return TRUE;
}

static gboolean confirm(const Ctl *ctl, const json_t *round, GError **error)
{
	const char *id = g_ptr_array_index(ctl->operands, 0);
	const json_t *missing = json_object_get(round, "missing");
	g_autofree char *question = NULL;
	g_autofree char *answer = NULL;
	g_autofree char *folded = NULL;
	g_autofree char *wanted = ctl_word_fold(id);
	const json_t *card;
	size_t i;

	if (!ctl->json)
		json_array_foreach(missing, i, card)
			fprintf(stderr, "  %s\n", json_string_value(card));
	question = g_strdup_printf(_("These %zu cards will be refused. Type the number of the card "
				     "check (%s) to go on: "),
				   json_array_size(missing), id);
	answer = ctl->confirm != NULL ? g_strdup(ctl->confirm)
				      : ctl_prompt_line(ctl, question, "--confirm ID", error);
	if (answer == NULL)
		return FALSE;
	folded = ctl_word_fold(answer);
	return g_strcmp0(folded, wanted) == 0 ||
	       ctl_problem_set(error, CTL_PROBLEM_INPUT,
			       N_("The number typed is not %s; nothing was done."), id);
}

gboolean ctl_round_hold(Ctl *ctl, GError **error)
{
	g_autofree char *path = record_path(ctl, "/check-rounds/{id}");
	g_autoptr(json_t) round = ctl_client_get_json(ctl->client, path, error);
	g_autoptr(json_t) body = NULL;

	if (round == NULL || (!ctl->dry_run && !confirm(ctl, round, error)))
		return FALSE;
	body = ctl_fields_body(ctl, error);
	if (body == NULL)
		return FALSE;
	(void) json_object_set_new(
		body, "cards",
		json_integer((json_int_t) json_array_size(json_object_get(round, "missing"))));
	return send(ctl, body, error);
}
