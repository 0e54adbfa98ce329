/* SPDX-License-Identifier: Apache-2.0
 * Witnessed sessions. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/witness.h"

#define CARDS_MAX 10000

typedef struct SessionBody {
	char **cards;
	char *witness;
} SessionBody;

static HttpReply *reply(json_t *value)
{
	return value != NULL ? reply_json(200, value) : NULL;
}

HttpReply *handlers_sessions(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	int limit;

	if (tx == NULL || !call_limit(call, &limit, error))
		return NULL;
	return reply(witness_list(tx, call_query(call, "after"), limit, error));
}

HttpReply *handlers_session(Call *call, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);

	return reply(tx != NULL ? witness_view(tx, call->args[0], error) : NULL);
}

static HttpReply *done(Call *call, const char *id, const char *next, GError **error)
{
	g_autoptr(StoreTx) tx = NULL;
	json_t *session;

	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	tx = store_tx_read(call->api->house->store, error);
	session = tx != NULL ? witness_view(tx, id, error) : NULL;
	return session != NULL ? reply_json(200, json_pack("{s:o, s:o}", "session", session, "next",
							   call_text(next)))
			       : NULL;
}

HttpReply *handlers_session_open(Call *call, GError **error)
{
	static const JsonField fields[] = {
		{ "cards", JSON_KIND_TEXTS, FALSE, offsetof(SessionBody, cards), 0, CARDS_MAX, NULL,
		  NULL },
		{ "witness", JSON_KIND_TEXT, TRUE, offsetof(SessionBody, witness), 0, 20, NULL,
		  NULL },
	};
	static const JsonTable table = JSON_TABLE(fields, SessionBody);
	SessionBody body = { 0 };
	g_autofree char *id = NULL;
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	WitnessRequest request = { body.cards, body.witness };

	is_done = witness_open(&call->op, &request, &id, error);
	json_clear(&table, &body);
	return is_done ? done(call, id,
			      N_("Put one card after another into the reader: `opcardctl erase "
				 "@reader --session ID`, then `opcardctl dispose CARD --session "
				 "ID`."),
			      error)
		       : NULL;
}

HttpReply *handlers_session_close(Call *call, GError **error)
{
	static const JsonTable none = { NULL, 0, sizeof(SessionBody) };
	SessionBody body = { 0 };

	if (!json_read(call->body, &none, &body, error) ||
	    !witness_close(&call->op, call->args[0], error))
		return NULL;
	return done(call, call->args[0], N_("The witnessed session is closed."), error);
}
