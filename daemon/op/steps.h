/* SPDX-License-Identifier: Apache-2.0
 * The visible steps of long work: written by the operation, read by whoever waits for the job. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct Steps Steps;

/* @id is the job's and the intent's id. */
Steps *steps_new(const char *id, const char *kind, const char *card);
Steps *steps_ref(Steps *steps);
void steps_unref(Steps *steps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Steps, steps_unref)

const char *steps_id(const Steps *steps);
/* Whose job it is: a staff number or account; set once before it is shared. NULL = nobody's. */
void steps_set_owner(Steps *steps, const char *owner);
const char *steps_owner(const Steps *steps);
/* @text is an N_() literal; @steps may be NULL. */
void steps_add(Steps *steps, const char *name, const char *text);
/* Ends the job: with @error, or with @result (taken over, may be NULL). */
void steps_finish(Steps *steps, json_t *result, const GError *error, json_t *extra);
gboolean steps_is_final(Steps *steps);
/* Waits until there are more than @after steps, or the job is final, or @until (monotonic µs). */
void steps_wait(Steps *steps, guint after, gint64 until);

/* What there is beyond @after. The error is borrowed until the steps are freed. */
typedef struct StepsView {
	const char *kind;
	const char *card;
	const char *state;   /* "running", "done", "failed" */
	json_t *steps;       /* new reference: array of {n, name, en, ja} */
	json_t *result;      /* new reference or NULL */
	json_t *extra;       /* new reference or NULL: further members of the problem */
	const GError *error; /* NULL unless failed */
} StepsView;
void steps_view(Steps *steps, guint after, StepsView *ret_view);
