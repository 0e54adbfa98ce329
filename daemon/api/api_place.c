/* SPDX-License-Identifier: Apache-2.0
 * Where cards are kept, and their journeys. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/transit.h"

typedef struct PlaceBody {
	char *to;
	char *place;
	char *seal;
	char *note;
	gboolean is_broken;
} PlaceBody;

#define FIELD(name, kind, required, member, limit)                                                 \
	{                                                                                          \
		(name), (kind), (required), offsetof(PlaceBody, member), 0, (limit), NULL, NULL    \
	}

typedef gboolean (*PlaceAct)(Op *op, const TransitRequest *request, GError **error);

/* What each route reads, does and says. */
typedef struct PlaceRow {
	const JsonTable *table;
	PlaceAct act;
	const char *next; /* N_() */
} PlaceRow;

static HttpReply *act(Call *call, const PlaceRow *row, GError **error)
{
	g_autofree char *card = call_card(call, error);
	PlaceBody body = { 0 };
	TransitRequest request;
	gboolean is_done;

	if (card == NULL || !json_read(call->body, row->table, &body, error))
		return NULL;
	request = (TransitRequest){ .card = card,
				    .goal = body.to,
				    .place = body.place,
				    .seal = body.seal,
				    .note = body.note,
				    .is_broken = body.is_broken };
	is_done = row->act(&call->op, &request, error);
	json_clear(row->table, &body);
	if (!is_done)
		return NULL;
	return call->op.is_dry_run ? call_would(N_("allowed; nothing was changed"))
				   : call_card_reply(call, card, row->next, error);
}

HttpReply *handlers_dispatch(Call *call, GError **error)
{
	static const JsonField fields[] = { FIELD("to", JSON_KIND_TEXT, TRUE, to, 100),
					    FIELD("seal", JSON_KIND_TEXT, TRUE, seal, 100) };
	static const JsonTable table = JSON_TABLE(fields, PlaceBody);
	static const PlaceRow row = { &table, transit_send,
				      N_("The card is on its way. Whoever receives it notes the "
					 "number of the seal: `opcardctl arrive` at the section, "
					 "`opcardctl return` at the custodian's.") };

	return act(call, &row, error);
}

HttpReply *handlers_arrive(Call *call, GError **error)
{
	static const JsonField fields[] = { FIELD("seal", JSON_KIND_TEXT, FALSE, seal, 100),
					    FIELD("place", JSON_KIND_TEXT, FALSE, place, 100),
					    FIELD("broken", JSON_KIND_BOOL, FALSE, is_broken, 0),
					    FIELD("note", JSON_KIND_TEXT, FALSE, note, 500) };
	static const JsonTable table = JSON_TABLE(fields, PlaceBody);
	static const PlaceRow row = { &table, transit_arrive,
				      N_("The arrival is recorded. Next: `opcardctl hand-over`, or "
					 "`opcardctl cancel` if the seal was broken.") };

	return act(call, &row, error);
}

static gboolean keep(Op *op, const TransitRequest *request, GError **error)
{
	return transit_place(op, request->card, request->place, error);
}

HttpReply *handlers_place(Call *call, GError **error)
{
	static const JsonField fields[] = { FIELD("place", JSON_KIND_TEXT, TRUE, place, 100) };
	static const JsonTable table = JSON_TABLE(fields, PlaceBody);
	static const PlaceRow row = { &table, keep, N_("The place is recorded.") };

	return act(call, &row, error);
}

static gboolean breach(Op *op, const TransitRequest *request, GError **error)
{
	return transit_breach(op, request->card, request->note, error);
}

HttpReply *handlers_breach(Call *call, GError **error)
{
	static const JsonField fields[] = { FIELD("note", JSON_KIND_TEXT, TRUE, note, 500) };
	static const JsonTable table = JSON_TABLE(fields, PlaceBody);
	static const PlaceRow row = { &table, breach,
				      N_("The breach is recorded with the card. If the card may be "
					 "misused: `opcardctl suspend`.") };

	return act(call, &row, error);
}

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

HttpReply *handlers_transits(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);

	return reply(tx != NULL ? transit_view(tx, &call->op, error) : NULL);
}

HttpReply *handlers_places(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);

	return reply(tx != NULL ? transit_view_places(tx, error) : NULL);
}
