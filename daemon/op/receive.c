/* SPDX-License-Identifier: Apache-2.0
 * 受入. */
#include "daemon/op/receive.h"

#include "daemon/base/error.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"

static const char *const kinds[] = { "operator", "administrator", "temporary", "shared" };

static gboolean check_kind(const char *kind, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i], kind) == 0)
			return TRUE;
	return error_set(error, ERROR_USAGE,
			 N_("the kind \"%s\" is unknown; kinds are operator, administrator, "
			    "temporary and shared"),
			 kind);
}

static gboolean receive_one(StoreTx *tx, Op *op, const ReceiveRequest *request, const char *typed,
			    GError **error)
{
	const LifecycleRule *rule = lifecycle_first(EVENT_RECEIVE);
	g_autofree char *number = card_number_fold(typed);
	Record record = { .kind = lifecycle_event_name(EVENT_RECEIVE), .article = rule->article };

	if (number == NULL)
		return error_set(
			error, ERROR_USAGE,
			N_("\"%s\" is no face number: 1 to 20 letters, digits and hyphens"), typed);
	Card card = {
		.number = number,
		.chip_serial = (char *) request->chip_serial,
		.kind = (char *) request->kind,
		.family = (char *) config_text(op->house->config, CONFIG_FAMILY),
		.state = rule->to,
		.place = (char *) request->place,
	};

	return store_card_insert(tx, &card, error) && record_card(tx, op, &card, &record, error);
}

gboolean receive_cards(Op *op, const ReceiveRequest *request, GError **error)
{
	const LifecycleRule *rule = lifecycle_first(EVENT_RECEIVE);
	g_autoptr(StoreTx) tx = NULL;

	if (!op_has_role(op, rule->roles))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not receive cards: it takes the role custodian (T22)"),
				 op->actor->id);
	if (!check_kind(request->kind, error))
		return FALSE;
	if (request->chip_serial != NULL && g_strv_length(request->cards) != 1)
		return error_set(error, ERROR_USAGE,
				 N_("a chip serial belongs to one card; give one number with it"));
	tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	for (char **card = request->cards; tx != NULL && *card != NULL; card++)
		if (!receive_one(tx, op, request, *card, error))
			return FALSE;
	if (tx == NULL || op->is_dry_run)
		return tx != NULL;
	return store_tx_commit(&tx, error);
}
