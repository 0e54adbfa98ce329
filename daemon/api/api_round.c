/* SPDX-License-Identifier: Apache-2.0
 * Rounds of card checks. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/check_round.h"

typedef struct RoundBody {
	char *section;
	char *due;
	gint64 cards;
} RoundBody;

#define FIELD(name, kind, member, least, limit)                                                    \
	{                                                                                          \
		(name), (kind), TRUE, offsetof(RoundBody, member), (least), (limit), NULL, NULL    \
	}

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

HttpReply *handlers_check_rounds(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	const char *section;
	int limit;

	if (tx == NULL || !call_limit(call, &limit, error) || !call_section(call, &section, error))
		return NULL;
	return reply(check_round_list(tx, section, call_query(call, "after"), limit, error));
}

/* A section's manager sees the own section's only. */
HttpReply *handlers_check_round(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	g_autoptr(CheckRound) round = tx != NULL ? store_round_get(tx, call->args[0], error) : NULL;
	const char *section;

	if (round == NULL || !call_narrow(call, round->section, &section, error))
		return NULL;
	return reply(check_round_view(tx, round->id, error));
}

/* {"round":…,"next":…} */
static HttpReply *done(Call *call, const char *id, const char *next, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	json_t *round;

	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	tx = store_tx_read(call->api->house->store, error);
	round = tx != NULL ? check_round_view(tx, id, error) : NULL;
	return round != NULL ? reply_json(200, json_pack("{s:o, s:o}", "round", round, "next",
							 call_text(next)))
			     : NULL;
}

HttpReply *handlers_check_round_open(Call *call, GError **error)
{
	static const JsonField fields[] = {
		FIELD("section", JSON_KIND_TEXT, section, 0, 20),
		FIELD("due", JSON_KIND_DATE, due, 0, 0),
	};
	static const JsonTable table = JSON_TABLE(fields, RoundBody);
	RoundBody body = { 0 };
	g_autofree char *id = NULL;
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	CheckRoundRequest request = { body.section, body.due };

	is_done = check_round_open(&call->op, &request, &id, error);
	json_clear(&table, &body);
	return is_done ? done(call, id,
			      N_("Every card named is shown by its last day: `opcardctl card "
				 "check @reader`."),
			      error)
		       : NULL;
}

HttpReply *handlers_check_round_hold(Call *call, GError **error)
{
	static const JsonField fields[] = { FIELD("cards", JSON_KIND_INT, cards, 0, 100000) };
	static const JsonTable table = JSON_TABLE(fields, RoundBody);
	RoundBody body = { 0 };
	gint64 held;

	if (!json_read(call->body, &table, &body, error) ||
	    !check_round_hold(&call->op, call->args[0], body.cards, &held, error))
		return NULL;
	return done(call, call->args[0],
		    N_("The cards that were not shown are refused now. `opcardctl card check` "
		       "takes the hold off whichever is shown; `opcardctl report-lost` revokes."),
		    error);
}

HttpReply *handlers_check_round_close(Call *call, GError **error)
{
	static const JsonTable none = { NULL, 0, sizeof(RoundBody) };
	RoundBody body = { 0 };

	if (!json_read(call->body, &none, &body, error) ||
	    !check_round_close(&call->op, call->args[0], error))
		return NULL;
	return done(call, call->args[0],
		    N_("The card check is closed; `opcardctl register print card-check` prints "
		       "it."),
		    error);
}
