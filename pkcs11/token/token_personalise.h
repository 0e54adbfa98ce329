/* SPDX-License-Identifier: Apache-2.0
 * Making a card ours, and making it empty again. */
#pragma once

#include "pkcs11/token/session.h"

/* A blank card gets SO PIN and label; afterwards the session knows its serial. */
bool token_personalise_initialise(Session *session, const Secret *so_pin, const char *label,
				  CardFailure *ret_failure) __attribute__((warn_unused_result));

/* Erases an initialised card, and looks whether it is empty. */
bool token_personalise_wipe(Session *session, const Secret *so_pin, const char *label,
			    CardFailure *ret_failure) __attribute__((warn_unused_result));
