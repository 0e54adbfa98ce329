/* SPDX-License-Identifier: Apache-2.0
 * The lines of a 様式第2号: a full snapshot of a section's users in 建制順, with 追加・継続・削除
 * as it follows from the designations in force (T45, K02). */
#pragma once

#include "daemon/op/designate_plan.h"
#include "daemon/store/store_application.h"

/* [{"staff","name","subsection","title","authority","duties","designation","note"}] of @steps, in
 * the order of the staff list (建制順 within a section). */
json_t *apply_lines_of(const GPtrArray *steps);
/* Rows of @lines without those for 削除, whose words are left to be worked out again. Array of
 * DesignateRow. */
GPtrArray *apply_lines_rows(const json_t *lines);
/* Rows that keep what is in force in @section on @date: the yearly confirmation (K02). Who has left
 * the section or whose term has ended is left out. */
GPtrArray *apply_lines_current(StoreTx *tx, const char *section, const char *date,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the same people get, keep and lose the same authorities. */
gboolean apply_lines_are_equal(const json_t *lines, const json_t *other);
/* Lines of form 2 whose person has no card of that authority in use yet; an empty
 * list for the other forms. New reference; NULL with an error. */
json_t *apply_lines_open(StoreTx *tx, const Application *row, gboolean is_issued_enough,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fills is_holder and is_administrative. */
gboolean apply_lines_concern(const Op *op, const Application *row, ApplicationFacts *facts,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
