/* SPDX-License-Identifier: Apache-2.0
 * Steps of an application that need nothing but a person's word: submit, endorse, investigate,
 * nominate, approve, reject, send back, withdraw, receive, close. */
#pragma once

#include "daemon/op/apply.h"
#include "daemon/op/import_result.h"

typedef struct ApplyDecision {
	const char *id;
	ApplicationEvent event;
	const char *note; /* or NULL */
} ApplyDecision;

/* One transaction. Lines of a form 2 are worked out anew when it is put forward and when it is
 * investigated; bad ones go to @result. The approval of a form 6 permits one reset (T28). */
gboolean apply_decide(Op *op, const ApplyDecision *decision, ImportResult *result,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
