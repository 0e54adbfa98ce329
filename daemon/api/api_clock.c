/* SPDX-License-Identifier: Apache-2.0
 * clock accept: two persons say that the machine's time is right. */
#include "daemon/api/handlers.h"
#include "daemon/base/error.h"
#include "daemon/op/clock_guard.h"

typedef struct ClockBody {
	char *note;
} ClockBody;

HttpReply *handlers_clock_accept(Call *call, GError **error)
{
	static const JsonField fields[] = {
		{ "note", JSON_KIND_TEXT, FALSE, offsetof(ClockBody, note), 0, 500, NULL, NULL },
	};
	static const JsonTable table = JSON_TABLE(fields, ClockBody);
	g_autofree char *confirmation = NULL;
	ClockBody body = { NULL };
	MoveOutcome outcome;
	gboolean is_done;

	if (!json_read(call->body, &table, &body, error))
		return NULL;
	is_done = clock_guard_accept(&call->op, body.note, &outcome, &confirmation, error);
	json_clear(&table, &body);
	if (!is_done)
		return NULL;
	return outcome == MOVE_ASKED ? call_asked(confirmation)
				     : call_would(N_("allowed; nothing was changed"));
}
