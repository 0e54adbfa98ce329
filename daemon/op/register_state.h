/* SPDX-License-Identifier: Apache-2.0
 * The state of every card as the card register needs it, from the tables or from the ledger. */
#pragma once

#include "daemon/core/card.h"
#include "daemon/store/store.h"

/* The holder's members are NULL while nobody has the card: also when it came back. */
typedef struct RegisterState {
	char *number;
	char *kind;
	CardState state; /* ACTIVE also while suspended */
	char *place;
	char *authority;
	char *lent_on;
	char *checked_on;
	char *remark;
	char *staff;
	char *name;
	char *section; /* as frozen at the designation */
	char *section_code;
	char *title;
	gint64 place_in_report; /* register_ordered(): where the holder stands in 様式第2号, or 0 */
} RegisterState;

/* Array of RegisterState, by number. */
GPtrArray *register_state_now(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As the ledger tells of what had happened at @until. */
GPtrArray *register_state_at(StoreTx *tx, gint64 until, GError **error) G_GNUC_WARN_UNUSED_RESULT;
