/* SPDX-License-Identifier: Apache-2.0
 * What follows from a user report: the difference between the section's designations and the
 * snapshot on paper. Reads only. */
#pragma once

#include "daemon/core/person.h"
#include "daemon/op/designate.h"

typedef enum DesignateAction {
	DESIGNATE_ADD,  /* 追加 */
	DESIGNATE_KEEP, /* 継続 */
	DESIGNATE_END,  /* 削除 */
	_DESIGNATE_ACTION_MAX,
} DesignateAction;

typedef struct DesignateStep {
	DesignateAction action;
	const DesignateRow *row; /* NULL for an END that stands in no row */
	Person *person;
	Designation *designation; /* as it will be; without id for ADD */
	gboolean is_changed;      /* KEEP: title, section name, duties or end differ */
	GPtrArray *recalls;       /* numbers of the cards to recall now, or NULL */
} DesignateStep;

void designate_plan_step_free(DesignateStep *step);

typedef struct DesignatePlan {
	StoreTx *tx;
	const Op *op;
	const DesignateRequest *request;
	ImportResult *result;
} DesignatePlan;

/* Counts, remarks and bad rows go to @plan->result. Array of DesignateStep, or NULL with an error
 * when a row is bad. */
GPtrArray *designate_plan(const DesignatePlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
