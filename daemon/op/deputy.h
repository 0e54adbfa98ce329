/* SPDX-License-Identifier: Apache-2.0
 * Acts of a deputy (代理・代決, N02): done with the powers of a post by an order, marked in the
 * audit record, and looked at afterwards (後閲) by whoever holds that post. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_delegation.h"

/* The order under which the caller has one of @needed, NULL when a role of the caller's own is
 * enough. With @section the role section-manager counts only for that section. */
const ActorDeputy *deputy_find(const Op *op, RoleSet needed, const char *section);
/* Where the caller has @needed only as a deputy: opens the 後閲 item for @subject (card number,
 * application …) in @tx; a repeated call for the same act adds nothing. The ledger records of @op
 * carry 代決 by themselves. TRUE without doing anything for everybody else. */
gboolean deputy_record(StoreTx *tx, const Op *op, RoleSet needed, const char *subject,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for what the manager of @section does. */
gboolean deputy_record_section(StoreTx *tx, const Op *op, const char *section, const char *subject,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the caller would act for @person as the deputy of that person's own post: then whatever
 * that person must not do, the deputy must not either. */
gboolean deputy_stands_for(const Op *op, RoleSet needed, gint64 person);
/* The open 後閲 that wait for the caller, by the posts held today. Array of DeputyReview. */
GPtrArray *deputy_waiting(StoreTx *tx, const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
