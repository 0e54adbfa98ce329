/* SPDX-License-Identifier: Apache-2.0
 * One request on its way down. */
#include "daemon/api/call.h"

#include <libintl.h>

#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/at_reader.h"
#include "daemon/op/view_card.h"
#include "daemon/store/store_person.h"

#define SEERS                                                                                      \
	(ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF) |           \
	 ROLE_SET(ROLE_AUDITOR) | ROLE_SET(ROLE_ROOT) | ROLE_SET(ROLE_SECTION_MANAGER) |           \
	 ROLE_SET(ROLE_HOLDER))

void call_free(Call *call)
{
	if (call == NULL)
		return;
	op_clear(&call->op);
	op_actor_free(call->actor);
	json_decref(call->body);
	json_decref(call->extra);
	g_free(call->principal);
	g_clear_pointer(&call->fingerprint, g_bytes_unref);
	g_free(call->flight);
	http_request_free(call->request);
	for (gsize i = 0; i < G_N_ELEMENTS(call->args); i++)
		g_free(call->args[i]);
	g_free(call);
}

static char *card_of_staff(Call *call, const char *staff, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(Person) person = tx != NULL ? store_person_get(tx, staff, error) : NULL;
	g_autoptr(GPtrArray) cards =
		person != NULL ? store_card_of_holder(tx, person->id, error) : NULL;
	const Card *found = NULL;

	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		const Card *card = cards->pdata[i];

		if (!card_is_live(card) && card->state != CARD_RECALLED)
			continue;
		if (found != NULL) {
			error_set(error, ERROR_INPUT,
				  N_("%s (%s) has more than one card (%s, %s); give the number"),
				  person->staff, person->name, found->number, card->number);
			return NULL;
		}
		found = card;
	}
	if (cards != NULL && found == NULL)
		error_set(error, ERROR_NOT_FOUND, N_("%s (%s) has no card"), person->staff,
			  person->name);
	return found != NULL ? g_strdup(found->number) : NULL;
}

char *call_card(Call *call, GError **error)
{
	return call_card_named(call, call->args[0], error);
}

char *call_card_named(Call *call, const char *text, GError **error)
{
	char *number;

	if (g_str_equal(text, "@reader"))
		return at_reader_card(call->api->house, NULL, error);
	if (g_str_has_prefix(text, "@reader:"))
		return at_reader_card(call->api->house, text + strlen("@reader:"), error);
	if (g_str_has_prefix(text, "staff:"))
		return card_of_staff(call, text + strlen("staff:"), error);
	number = card_number_fold(text);
	if (number == NULL)
		error_set(error, ERROR_USAGE,
			  N_("\"%s\" is no face number: 1 to 20 letters, digits and hyphens"),
			  text);
	return number;
}

const char *call_query(const Call *call, const char *key)
{
	const char *value = http_request_query(call->request, key);

	return value != NULL && *value != '\0' ? value : NULL;
}

gboolean call_narrow(const Call *call, const char *asked, const char **ret_section, GError **error)
{
	RoleSet everywhere = ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) |
			     ROLE_SET(ROLE_CHIEF) | ROLE_SET(ROLE_AUDITOR) | ROLE_SET(ROLE_ROOT);

	if (op_has_role(&call->op, everywhere)) {
		*ret_section = asked;
		return TRUE;
	}
	if (op_first_section(&call->op) == NULL || (asked != NULL && !op_manages(&call->op, asked)))
		return error_set(error, ERROR_DENIED, N_("%s may see only the own section"),
				 call->actor->id);
	*ret_section = asked != NULL ? asked : op_first_section(&call->op);
	return TRUE;
}

gboolean call_section(const Call *call, const char **ret_section, GError **error)
{
	return call_narrow(call, call_query(call, "section"), ret_section, error);
}

gboolean call_limit(const Call *call, int *ret_limit, GError **error)
{
	const char *text = call_query(call, "limit");
	guint64 limit = 0;

	if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, 500, &limit, NULL))
		return error_set(error, ERROR_USAGE, N_("limit must be a number from 1 to 500"));
	*ret_limit = (int) limit;
	return TRUE;
}

json_t *call_text(const char *text)
{
	return json_pack("{s:s, s:s}", "en", text, "ja", gettext(text));
}

HttpReply *call_asked(const char *confirmation)
{
	json_t *text = call_text(N_("A second person must confirm this from the own account: "
				    "`opcardctl confirm ID`"));

	json_object_set_new(text, "confirm", json_string(confirmation));
	return reply_json(202, text);
}

HttpReply *call_would(const char *text)
{
	return reply_json(200, json_pack("{s:b, s:o}", "dryRun", 1, "would", call_text(text)));
}

gboolean call_sees(Call *call, StoreTx *tx, const Card *card, gboolean *ret_sees, GError **error)
{
	return allow_role(tx, &call->op, card, SEERS, ret_sees, error);
}

static json_t *card_after(Call *call, StoreTx *tx, const Card *card, GError **error)
{
	gboolean sees;

	if (!call_sees(call, tx, card, &sees, error))
		return NULL;
	return sees ? view_card(tx, &call->op, card, error)
		    : json_pack("{s:s, s:s}", "card", card->number, "state",
				card_state_name(card_shown(card)));
}

HttpReply *call_steps_reply(Call *call, const char *number, const char *const *steps,
			    const char *next, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(Card) card = tx != NULL ? store_card_get(tx, number, error) : NULL;
	json_t *view = card != NULL ? card_after(call, tx, card, error) : NULL;
	json_t *list, *reply;

	if (view == NULL)
		return NULL;
	list = json_array();
	for (; *steps != NULL; steps++)
		json_array_append_new(list, call_text(*steps));
	reply = json_pack("{s:o, s:o}", "card", view, "steps", list);
	if (next != NULL)
		json_object_set_new(reply, "next", call_text(next));
	return reply_json(200, reply);
}

HttpReply *call_card_reply(Call *call, const char *number, const char *next, GError **error)
{
	static const char *const none[] = { NULL };

	return call_steps_reply(call, number, none, next, error);
}
