/* SPDX-License-Identifier: Apache-2.0
 * What opcardd's side makes of an error frame, and of a child that is gone. */
#pragma once

#include "pkcs11/card_failure.h"
#include "pkcs11/child.h"
#include "pkcs11/frame.h"

/* How long a child that closed its socket, or was asked to end, may still take. */
#define CARD_REPLY_END_MS 2000

/* False for an error frame that makes no sense, which is itself a broken protocol. */
bool card_reply_failure(const Frame *answer, CardFailure *ret_failure);
void card_reply_ended(const ChildEnd *end, CardFailure *ret_failure);
/* After `result` to `verb` the child is of no more use: makes sure that it has ended. */
void card_reply_lost(Child *child, FrameResult result, unsigned verb, CardFailure *ret_failure);
