/* SPDX-License-Identifier: Apache-2.0
 * The "card show" object. Every member is always there; what does not apply is null. */
#include "daemon/op/view_card.h"

#include <libintl.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/pin_due.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_duty.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_pin.h"

/* An open scope is told only of cards it can stop. */
static json_t *reasons_of(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, card->number, error);
	gboolean is_out = card_is_live(card) || card->state == CARD_RECALLED;
	json_t *reasons;

	if (holds == NULL)
		return NULL;
	reasons = json_array();
	for (guint i = 0; i < holds->len; i++) {
		const Hold *hold = holds->pdata[i];

		if (hold->card != NULL || is_out)
			json_array_append_new(reasons, json_string(hold_rule(hold->reason)->name));
	}
	return reasons;
}

static json_t *holder_of(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(Person) person = NULL;
	g_autoptr(Designation) designation = NULL;

	if (card->holder == 0)
		return json_null();
	person = store_person_by_id(tx, card->holder, error);
	if (person == NULL)
		return NULL;
	if (card->designation != NULL) {
		designation = store_designation_get(tx, card->designation, error);
		if (designation == NULL)
			return NULL;
	}
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "staff", person->staff, "name",
			 person->name, "section",
			 view_text(designation != NULL ? designation->section_name : NULL),
			 "sectionCode",
			 view_text(designation != NULL ? designation->section : person->section),
			 "subsection", view_text(person->subsection), "title",
			 view_text(designation != NULL ? designation->title : person->title));
}

/* The one in force; while none is, the newest. */
static const Certificate *choose(const GPtrArray *list)
{
	const Certificate *in_force = certificate_in_force(list);

	return in_force == NULL && list->len > 0 ? list->pdata[0] : in_force;
}

static json_t *certificate_of(StoreTx *tx, const Card *card, gint64 now, GError **error)
{
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, card->number, error);
	const Certificate *chosen = list != NULL ? choose(list) : NULL;
	g_autofree char *hex = NULL;
	g_autofree char *serial = NULL;
	gboolean is_over;

	if (list == NULL)
		return NULL;
	if (chosen == NULL)
		return json_null();
	hex = certificate_serial_hex(chosen->serial);
	serial = g_ascii_strup(hex, -1);
	is_over = chosen->not_after < now && chosen->state != CERTIFICATE_REVOKED;
	return json_pack("{s:s, s:s, s:o, s:o}", "serial", serial, "state",
			 is_over ? "EXPIRED" : certificate_state_name(chosen->state), "reason",
			 view_text(certificate_reason_name(chosen->reason)), "notAfter",
			 view_time(chosen->not_after));
}

/* What the people concerned do next, by what is shown. */
static const struct {
	const char *shown;
	const char *text;
} nexts[] = {
	{ "INITIAL",
	  N_("the holder chooses an own PIN with `opcardctl pin change`; until then the card is "
	     "refused (N35)") },
	{ "DUE", N_("the holder changes the PIN with `opcardctl pin change` by the day it is due "
		    "(T27)") },
	{ "OVERDUE", N_("the holder changes the PIN with `opcardctl pin change`; that lifts the "
			"hold at once (T27)") },
	{ "LOCKED",
	  N_("too many wrong tries: the holder asks the section's security manager for form 6; the "
	     "system-admin accepts it with `opcardctl pin reset CARD --paper REF` (T28)") },
	{ "UNKNOWN",
	  N_("an operation was cut off: the holder tries `opcardctl pin change` with the PIN "
	     "entered last; if the card refuses it, form 6 as for a forgotten PIN (T28)") },
	{ "RESET_AUTHORIZED",
	  N_("the holder brings the card to the custodian, who starts `opcardctl pin reset CARD` "
	     "(T28)") },
};

static json_t *next_of(const char *shown)
{
	for (gsize i = 0; i < G_N_ELEMENTS(nexts); i++)
		if (g_str_equal(nexts[i].shown, shown))
			return json_pack("{s:s, s:s}", "en", nexts[i].text, "ja",
					 gettext(nexts[i].text));
	return json_null();
}

static json_t *pin_of(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	Rotation rotation = pin_due_rule(op->house->config, op->now);
	g_autofree char *changed_on = NULL;
	g_autofree char *due = NULL;
	const char *shown;
	Pin pin;

	if (!store_pin_get(tx, card->number, &pin, error))
		return NULL;
	if (pin.state != PIN_BLOCKED && pin.changed_at != 0) {
		changed_on = clock_date(pin.changed_at);
		due = rotation_due(&rotation, changed_on);
	}
	shown = rotation_shown(&rotation, &pin, op->now);
	return json_pack("{s:s, s:o, s:o, s:o}", "state", shown, "changedOn", view_text(changed_on),
			 "due", view_text(due), "next", next_of(shown));
}

static json_t *duty_of(StoreTx *tx, const Card *card, GError **error)
{
	g_autoptr(Duty) duty = NULL;

	if (!store_duty_of_card(tx, card->number, &duty, error))
		return NULL;
	if (duty == NULL)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:s}", "kind", duty->kind, "owner", duty->owner_post,
			 "due", duty->due, "reason", duty->reason);
}

static json_t *plain(const Card *card)
{
	const struct {
		const char *name;
		const char *text;
	} texts[] = {
		{ "card", card->number },          { "kind", card->kind },
		{ "authority", card->authority },  { "state", card_state_name(card_shown(card)) },
		{ "place", card->place },          { "chipSerial", card->chip_serial },
		{ "issuedOn", card->issued_on },   { "lentOn", card->lent_on },
		{ "checkedOn", card->checked_on }, { "returnedOn", card->returned_on },
		{ "replaces", card->replaces },    { "note", card->note },
	};
	json_t *object = json_object();

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		json_object_set_new(object, texts[i].name, view_text(texts[i].text));
	json_object_set_new(object, "noReuse", json_boolean(card->no_reuse));
	return object;
}

json_t *view_card(StoreTx *tx, const Op *op, const Card *card, GError **error)
{
	json_t *object = plain(card);
	json_t *reasons = reasons_of(tx, card, error);
	json_t *holder = reasons != NULL ? holder_of(tx, card, error) : NULL;
	json_t *certificate = holder != NULL ? certificate_of(tx, card, op->now, error) : NULL;
	json_t *pin = certificate != NULL ? pin_of(tx, op, card, error) : NULL;
	json_t *duty = pin != NULL ? duty_of(tx, card, error) : NULL;

	json_object_set_new(object, "reasons", reasons);
	json_object_set_new(object, "holder", holder);
	json_object_set_new(object, "certificate", certificate);
	json_object_set_new(object, "pin", pin);
	json_object_set_new(object, "duty", duty);
	if (duty != NULL)
		return object;
	json_decref(object);
	return NULL;
}

json_t *view_card_list(StoreTx *tx, const Op *op, const StoreCardFilter *filter, GError **error)
{
	guint limit = (guint) view_limit(filter->limit);
	StoreCardFilter wider = *filter;
	g_autoptr(GPtrArray) cards = NULL;
	const char *next = NULL;
	json_t *items;

	wider.limit = (int) limit + 1;
	cards = store_card_list(tx, &wider, error);
	if (cards == NULL)
		return NULL;
	if (cards->len > limit)
		next = ((const Card *) cards->pdata[limit - 1])->number;
	items = json_array();
	for (guint i = 0; i < MIN(cards->len, limit); i++) {
		json_t *item = view_card(tx, op, cards->pdata[i], error);

		if (item == NULL) {
			json_decref(items);
			return NULL;
		}
		json_array_append_new(items, item);
	}
	return view_page(items, next);
}
