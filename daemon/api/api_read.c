/* SPDX-License-Identifier: Apache-2.0
 * What is read: each handler opens a snapshot, asks a view, and replies. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/authority.h"
#include "daemon/op/doctor.h"
#include "daemon/op/expiry.h"
#include "daemon/op/lookup.h"
#include "daemon/op/status.h"
#include "daemon/op/view_card.h"
#include "daemon/op/view_duty.h"
#include "daemon/op/view_event.h"
#include "daemon/op/view_person.h"
#include "daemon/store/store_person.h"

#define EXPIRING_MAX 3660

static StoreTx *read_tx(Call *call, GError **error)
{
	return store_tx_read(call->api->house->store, error);
}

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

static json_t *texts(const GPtrArray *list)
{
	json_t *array = json_array();

	for (guint i = 0; list != NULL && i < list->len; i++)
		json_array_append_new(array, json_string(list->pdata[i]));
	return array;
}

/* What the office calls it, and what is held only for a time or for somebody else. */
static void add_mandate(const Call *call, json_t *whoami)
{
	const Actor *actor = call->actor;
	const RoleTable *table = call->api->house->role_table;
	json_t *names = json_array(), *places = json_array();

	for (int role = 0; role < _ROLE_MAX; role++)
		if ((actor->roles & ROLE_SET(role)) != 0)
			json_array_append_new(names,
					      json_string(role_table_ja(table, (Role) role)));
	for (guint i = 0; actor->deputies != NULL && i < actor->deputies->len; i++)
		json_array_append_new(
			places, json_string(((ActorDeputy *) actor->deputies->pdata[i])->post));
	json_object_set_new(whoami, "roleNames", names);
	json_object_set_new(whoami, "posts", texts(actor->posts));
	json_object_set_new(whoami, "titles", texts(actor->titles));
	json_object_set_new(whoami, "deputyFor", places);
	json_object_set_new(whoami, "actingAs",
			    actor->acting != 0 ? json_string(role_name(ROLE_SYSTEM_ADMIN))
					       : json_null());
	json_object_set_new(whoami, "breakGlass", json_text(actor->grant));
}

HttpReply *handlers_whoami(Call *call, GError **error)
{
	const HttpPeer *peer = call->request->peer;
	json_t *roles = json_array(), *whoami;

	(void) error;
	for (int role = 0; role < _ROLE_MAX; role++)
		if ((call->actor->roles & ROLE_SET(role)) != 0)
			json_array_append_new(roles, json_string(role_name((Role) role)));
	whoami = json_pack("{s:o, s:o, s:s, s:o}", "uid",
			   peer->is_local ? json_integer((json_int_t) peer->uid) : json_null(),
			   "staff",
			   call->actor->person != 0 ? json_string(call->actor->id) : json_null(),
			   "name", call->actor->name, "roles", roles);
	add_mandate(call, whoami);
	return reply(whoami);
}

HttpReply *handlers_status(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	json_t *readers = tx != NULL ? sight_view(call->api->sight, tx, error) : NULL;
	StatusSight sight = { .readers = readers,
			      .missing_walls = call->api->house->missing_walls };
	json_t *status = readers != NULL ? status_read(tx, &call->op, &sight, error) : NULL;

	json_decref(readers);
	return reply(status);
}

HttpReply *handlers_doctor(Call *call, GError **error)
{
	g_autoptr(GError) told = NULL;
	g_autoptr(StoreTx) tx = NULL;

	/* A token is asked before the snapshot; what it says is one of the findings. */
	if (!authority_reach(call->api->house, &told))
		g_debug("%s", told->message);
	tx = read_tx(call, error);
	return reply(tx != NULL ? doctor_examine(tx, &call->op, error) : NULL);
}

static gboolean find_holder(Call *call, StoreTx *tx, gint64 *ret_person, GError **error)
{
	const char *staff = call_query(call, "staff");
	g_autoptr(Person) person = NULL;

	if (staff == NULL)
		return TRUE;
	person = store_person_get(tx, staff, error);
	if (person == NULL)
		return FALSE;
	*ret_person = person->id;
	return TRUE;
}

/* ?expiring=DAYS: those whose certificate ends by then. */
static HttpReply *expiring(Call *call, StoreTx *tx, const StoreCardFilter *wanted, GError **error)
{
	guint64 within;
	StoreExpiryFilter filter = {
		.section = wanted->section,
		.holder = wanted->holder,
		.limit = wanted->limit,
	};

	if (wanted->state != NULL || wanted->part != NULL ||
	    !g_ascii_string_to_unsigned(call_query(call, "expiring"), 10, 0, EXPIRING_MAX, &within,
					NULL)) {
		error_set(error, ERROR_USAGE,
			  N_("expiring must be a number of days up to %d, without state and q"),
			  EXPIRING_MAX);
		return NULL;
	}
	filter.until = call->op.now + (gint64) within * EXPIRY_DAY;
	return reply(expiry_list(tx, &call->op, &filter, wanted->after, error));
}

HttpReply *handlers_cards(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	StoreCardFilter filter = {
		.state = call_query(call, "state"),
		.part = call_query(call, "q"),
		.after = call_query(call, "after"),
	};
	CardState state;

	if (tx == NULL || !call_limit(call, &filter.limit, error) ||
	    !call_section(call, &filter.section, error) ||
	    !find_holder(call, tx, &filter.holder, error))
		return NULL;
	if (filter.state != NULL && !card_state_parse(filter.state, &state)) {
		error_set(
			error, ERROR_USAGE,
			N_("the state \"%s\" is unknown; states are STOCK, SPARE, PENDING, ACTIVE, "
			   "SUSPENDED, RECALLED, LOST, STOLEN, DAMAGED, RETURNED, ERASED, "
			   "DISPOSED, UNRECOVERABLE, QUARANTINED, PERSONALIZING"),
			filter.state);
		return NULL;
	}
	if (call_query(call, "expiring") != NULL)
		return expiring(call, tx, &filter, error);
	return reply(view_card_list(tx, &call->op, &filter, error));
}

/* A holder sees the own card, a section's manager those of the section, the desk all. */
static gboolean may_see(Call *call, StoreTx *tx, const Card *card, GError **error)
{
	gboolean is_allowed;

	if (!call_sees(call, tx, card, &is_allowed, error))
		return FALSE;
	return is_allowed ||
	       error_set(error, ERROR_DENIED,
			 N_("%s may see only the own card or those of the own section"),
			 call->actor->id);
}

/* @number comes from call_card(): a reader may have been asked, so no snapshot was open then. */
static Card *load_card(Call *call, StoreTx *tx, const char *number, GError **error)
{
	g_autoptr(Card) card = store_card_get(tx, number, error);

	if (card == NULL || !may_see(call, tx, card, error))
		return NULL;
	return g_steal_pointer(&card);
}

HttpReply *handlers_card(Call *call, GError **error)
{
	g_autofree char *number = call_card(call, error);
	g_autoptr(StoreTx) tx = number != NULL ? read_tx(call, error) : NULL;
	g_autoptr(Card) card = tx != NULL ? load_card(call, tx, number, error) : NULL;

	return reply(card != NULL ? view_card(tx, &call->op, card, error) : NULL);
}

HttpReply *handlers_lookup(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);

	return reply(tx != NULL ? lookup_next(tx, call_query(call, "q"), call_query(call, "after"),
					      error)
				: NULL);
}

HttpReply *handlers_history(Call *call, GError **error)
{
	g_autofree char *number = call_card(call, error);
	g_autoptr(StoreTx) tx = number != NULL ? read_tx(call, error) : NULL;
	g_autoptr(Card) card = tx != NULL ? load_card(call, tx, number, error) : NULL;

	return reply(card != NULL ? view_event_history(tx, card->number, error) : NULL);
}

HttpReply *handlers_staff_list(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	ViewPersonFilter filter = {
		.part = call_query(call, "q"),
		.after = call_query(call, "after"),
	};

	if (tx == NULL || !call_limit(call, &filter.limit, error) ||
	    !call_section(call, &filter.section, error))
		return NULL;
	return reply(view_person_list(tx, &filter, error));
}

HttpReply *handlers_staff(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	g_autoptr(Person) person = tx != NULL ? store_person_get(tx, call->args[0], error) : NULL;
	const char *section;

	if (person == NULL || !call_section(call, &section, error))
		return NULL;
	if (section != NULL && g_strcmp0(person->section, section) != 0) {
		error_set(error, ERROR_DENIED, N_("%s may see only the own section"),
			  call->actor->id);
		return NULL;
	}
	return reply(view_person(tx, person, error));
}

HttpReply *handlers_sections(Call *call, GError **error)
{
	g_autofree char *today = clock_date(call->op.now);
	g_autoptr(StoreTx) tx = read_tx(call, error);

	return reply(tx != NULL ? view_person_sections(tx, today, error) : NULL);
}

HttpReply *handlers_designations(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);
	g_autofree char *today = clock_date(call->op.now);
	ViewDesignationFilter filter = {
		.staff = call_query(call, "staff"),
		.after = call_query(call, "after"),
		.date = today,
	};

	if (tx == NULL || !call_limit(call, &filter.limit, error) ||
	    !call_section(call, &filter.section, error))
		return NULL;
	return reply(view_person_designations(tx, &filter, error));
}

HttpReply *handlers_confirmations(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = read_tx(call, error);

	return reply(tx != NULL ? view_duty_confirmations(tx, call->op.now, error) : NULL);
}
