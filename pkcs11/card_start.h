/* SPDX-License-Identifier: Apache-2.0
 * How every conversation with opcard-card begins on opcardd's side. */
#pragma once

#include "pkcs11/card_failure.h"
#include "pkcs11/child.h"
#include "pkcs11/frame.h"

typedef struct CardStart {
	const char *program;
	const char *argument; /* argv[1], or NULL */
	Frame *greeting;      /* the first frame, borrowed */
	int64_t deadline;     /* frame_deadline_in() */
} CardStart;

/* Starts the child and greets it; on failure no child is left. */
bool card_start_child(const CardStart *start, Child *ret_child, CardFailure *ret_failure)
	__attribute__((warn_unused_result));
