/* SPDX-License-Identifier: Apache-2.0
 * Which PINs are to be changed until when (T27): the list, its form, and the wave to come. The
 * index by the day of the change serves all of them. */
#pragma once

#include <jansson.h>

#include "daemon/core/rotation.h"
#include "daemon/op/op.h"

/* The policy in force on the day of @now. */
Rotation pin_due_rule(const Config *config, gint64 now);

typedef enum PinDueWhich {
	PIN_DUE_ALL,     /* late, or due within some days */
	PIN_DUE_LATE,    /* 期限超過者 */
	PIN_DUE_TO_COME, /* not late yet */
	_PIN_DUE_WHICH_MAX,
} PinDueWhich;

typedef struct PinDueFilter {
	PinDueWhich which;
	int within;          /* days from today on */
	const char *section; /* code, or NULL */
	const char *after;   /* cursor of the page before, or NULL */
	gint64 limit;        /* 0 = the default; the form takes all */
} PinDueFilter;

/* {"items":[{"card","staff","name","section","sectionCode","changedOn","due","days","state",
 * "held","warned","warnOn"}],"next"}, the nearest deadline first. "days" is below 0 when late;
 * "warned" is the warning that holds (30, 14, 7, 3, 1) or null, "warnOn" the day of the next one.
 * A section's manager sees the own sections. ERROR_USAGE for a cursor that is none. */
json_t *pin_due_list(StoreTx *tx, const Op *op, const PinDueFilter *filter,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same as data for forms/lists/pin-due.form and pin-overdue.form. */
json_t *pin_due_form(StoreTx *tx, const Op *op, const PinDueFilter *filter,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"due","overdue","wave":[{"date","count"}]}: due within 30 days, late, and the three days of the
 * next four weeks on which most fall due. */
json_t *pin_due_counts(StoreTx *tx, const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
