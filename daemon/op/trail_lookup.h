/* SPDX-License-Identifier: Apache-2.0
 * 操作履歴の照会 (Art. 22): a resident asks who used what is recorded of them; the server's log
 * names moments, terminals and cards, and the ledger says who had the card then. */
#pragma once

#include <jansson.h>

#include "daemon/op/op.h"

#define TRAIL_LOOKUP_MAX 5000

typedef struct TrailAsked {
	char *card;
	gint64 at;
	char *terminal; /* or NULL */
} TrailAsked;

/* {"items":[{"at","card","terminal","known","valid","state","section","sectionCode","name","staff",
 * "authority","why","seq"}]} for @asked (array of TrailAsked), recorded. name and staff are null
 * unless [policy] disclose-names allows them. */
json_t *trail_lookup(Op *op, const GPtrArray *asked, GError **error) G_GNUC_WARN_UNUSED_RESULT;
