/* SPDX-License-Identifier: Apache-2.0
 * PINs on the card: every login and every change of a PIN. Nothing here is ever tried twice. */
#pragma once

#include "pkcs11/token/session.h"

/* A wrong SO PIN is FOREIGN. Whoever was logged in is logged out first. */
bool login_so(Session *session, const Secret *so_pin, CardFailure *ret_failure)
	__attribute__((warn_unused_result));

/* Looks at LOCKED and FINAL_TRY first. `last_try`: go on although one more wrong PIN locks the
 * card. */
bool login_user(Session *session, const Secret *pin, bool last_try, CardFailure *ret_failure)
	__attribute__((warn_unused_result));

/* A user PIN that nobody knows, set through the SO PIN; ends logged in as the user. */
bool login_by_random_pin(Session *session, const Secret *so_pin, CardFailure *ret_failure)
	__attribute__((warn_unused_result));

bool login_unblock(Session *session, const Secret *so_pin, const Secret *new_pin,
		   CardFailure *ret_failure) __attribute__((warn_unused_result));
bool login_change(Session *session, const Secret *old_pin, const Secret *new_pin, bool last_try,
		  CardFailure *ret_failure) __attribute__((warn_unused_result));
bool login_rekey(Session *session, const Secret *old_so_pin, const Secret *new_so_pin,
		 CardFailure *ret_failure) __attribute__((warn_unused_result));
