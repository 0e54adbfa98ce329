/* SPDX-License-Identifier: Apache-2.0
 * The frame around every step of an application (申請): table E asked with what the register knows,
 * then state, step and ledger record in the caller's transaction. */
#pragma once

#include "daemon/op/record.h"
#include "daemon/store/store_application.h"

typedef struct ApplyStep {
	ApplicationEvent event;
	const char *note; /* why, or NULL */
	gint64 person;    /* who did it on paper; 0 = who acts */
} ApplyStep;

/* What table E is told about @row and who acts. */
gboolean apply_facts(StoreTx *tx, const Op *op, const Application *row, ApplicationFacts *ret_facts,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* application_judge() into @facts->verdict, with an exception from separation where there is one.
 */
gboolean apply_judge(StoreTx *tx, const Op *op, const ApplicationRule *rule,
		     ApplicationFacts *facts, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The rule for @step, or NULL with an error that names the application, the rule and the way out.
 */
const ApplicationRule *apply_allow(StoreTx *tx, const Op *op, const Application *row,
				   const ApplyStep *step, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_DENIED for an account behind which no person stands. */
gboolean apply_check_person(const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_STATE for an event that table E does not know in @row's state. */
gboolean apply_refuse_state(const Application *row, ApplicationEvent event, GError **error);
/* Goes along the rule that apply_allow() found: state, dates, step and record. */
gboolean apply_go(StoreTx *tx, const Op *op, Application *row, const ApplyStep *step,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first step of a new application: gives it a number, inserts and records it.
 * @extra (may be NULL) is taken over. */
gboolean apply_open(StoreTx *tx, const Op *op, Application *row, const ApplyStep *step,
		    json_t *extra, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What the daemon does by itself once nothing is left to do: EXECUTED → RECEIVED → CLOSED. */
gboolean apply_settle(StoreTx *tx, const Op *op, Application *row,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Body of @row; a new reference. */
json_t *apply_body(const Application *row);
/* Takes @body over. */
void apply_set_body(Application *row, json_t *body);
/* Records that something was refused for a reason of the regulation (N72), in a transaction of its
 * own; nothing on a dry run or for another error. @lines of a refused list, or NULL. */
void apply_record_refusal(Op *op, const char *id, ApplicationEvent event, const GError *refusal,
			  const json_t *lines);
