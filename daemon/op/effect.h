/* SPDX-License-Identifier: Apache-2.0
 * What an event does besides moving the card: certificate, duty, case, register, flags. One row
 * per event. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_duty.h"

typedef struct EffectFacts {
	const char *reason; /* RecallReason name for recall and damage, or NULL */
	const char *due;    /* ISO date of the duty; NULL = by policy */
	const char *reported_by;
	const char *via;
	const char *police_report;
	const char *note;
	gint64 occurred_at; /* 0 = not known */
	gint64 noticed_at;
	gint64 happened_at; /* entered afterwards (事後入力): when the event was; 0 = now */
	gboolean is_usable; /* damaged but in use until the replacement is handed over */
} EffectFacts;

/* Applies the row of @event to @card (in memory) and the store. */
gboolean effect_apply(StoreTx *tx, Op *op, Card *card, CardEvent event, const EffectFacts *facts,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens the collection duty of @card, owned by its section's post. */
gboolean effect_open_duty(StoreTx *tx, const Op *op, const Card *card, const EffectFacts *facts,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
