/* SPDX-License-Identifier: Apache-2.0
 * 発行簿 (様式第3号), 管理簿 (様式第5号) and 受領書 (様式第4号) as data: {"values":{…},"rows":[…]}
 * exactly as opcard-form reads it. The card register of a past day comes from the ledger alone. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_application.h"

typedef struct RegisterRequest {
	const char *as_of;   /* ISO date, NULL = today; not in the future */
	const char *section; /* code, NULL = all */
} RegisterRequest;

/* In order of issue. NULL with an error; json_decref. */
json_t *register_issue(StoreTx *tx, const Op *op, const RegisterRequest *request,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In 建制順 of the holders' sections; cards without a holder last, by number. A suspension stands
 * in no register: it changes neither who has the card nor where it is. */
json_t *register_card(StoreTx *tx, const Op *op, const RegisterRequest *request,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every card as the ledger tells of @until, in 建制順 of the holders' sections, then by the order
 * of the section's last user report (様式第2号), then by number. Array of RegisterState. */
GPtrArray *register_ordered(StoreTx *tx, gint64 until, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One receipt for @cards (NULL-terminated), all of one section and handed over on one day, or all
 * still to be handed over: then the day and the result stay blank. */
json_t *register_receipt(StoreTx *tx, const Op *op, const char *const *cards,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Face numbers of the cards that the ledger tells otherwise than the table (invariant 5).
 * Array of char *; *ret_count is the number of cards compared. */
GPtrArray *register_differences(StoreTx *tx, const Op *op, gint64 *ret_count,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* カード種別 as printed; the kind itself when unknown. */
const char *register_kind_ja(const char *kind);
/* "operator, server, …". Free with g_free. */
char *register_kinds(void);
gboolean register_kind_is_known(const char *kind);
/* Data of form 2, 6 or 7 for the application; NULL with an error. */
json_t *register_application(StoreTx *tx, const Op *op, const Application *row,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
