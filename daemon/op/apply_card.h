/* SPDX-License-Identifier: Apache-2.0
 * Where applications meet the work with cards: a reset carries out form 6, a reissue form 7, a
 * hand-over ends them (T28–T31). All within the caller's transaction. */
#pragma once

#include "daemon/op/apply.h"
#include "daemon/op/issue.h"

/* ERROR_RULE unless @id is an approved form 7 for @old. */
gboolean apply_card_check_reissue(StoreTx *tx, const Op *op, const char *id, const Card *old,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A card was made as @request says: the form 7 it stands on is executed; a reissue without one
 * leaves one behind that waits for its approval (N81). */
gboolean apply_card_issued(StoreTx *tx, const Op *op, const IssueRequest *request,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @card is handed over: what was applied for is received, and closed where nothing is left. */
gboolean apply_card_handed_over(StoreTx *tx, const Op *op, const Card *card,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The permitted reset of @card is done. */
gboolean apply_card_reset(StoreTx *tx, const Op *op, const char *card,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A form 6 for @card that was approved is not needed or not good any more. */
gboolean apply_card_lapse(StoreTx *tx, const Op *op, const char *card,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whom a card of the executed form 2 @id is for: @staff when it is named, else the only line
 * without a card. *ret_staff and *ret_authority: g_free. */
gboolean apply_card_pick(Op *op, const char *id, const char *staff, char **ret_staff,
			 char **ret_authority, GError **error) G_GNUC_WARN_UNUSED_RESULT;
