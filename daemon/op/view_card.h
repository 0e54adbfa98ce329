/* SPDX-License-Identifier: Apache-2.0
 * Cards as JSON: the "card show" object of interfaces, whose names are a promise. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/op/view.h"
#include "daemon/store/store_card.h"

/* As of @op->now; NULL with an error; json_decref. */
json_t *view_card(StoreTx *tx, const Op *op, const Card *card,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A page; @filter->limit 0 is the default. */
json_t *view_card_list(StoreTx *tx, const Op *op, const StoreCardFilter *filter,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
