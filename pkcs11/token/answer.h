/* SPDX-License-Identifier: Apache-2.0
 * Requests and their answers: one row a verb. */
#pragma once

#include "pkcs11/frame.h"
#include "pkcs11/token/session.h"

/* The answer to one request, DONE or ERROR; never NULL. Secrets are taken out of the request. */
Frame *answer_request(Session *session, Frame *request) __attribute__((warn_unused_result));

/* The frame that tells of a failure, and the one that greets with what lies in the reader. */
Frame *answer_error(const CardFailure *failure) __attribute__((warn_unused_result));
Frame *answer_ready(const Session *session, const char *walls) __attribute__((warn_unused_result));

/* CARD_FLAG_… of the token as last looked at. */
uint64_t answer_flags(const Session *session);
