/* SPDX-License-Identifier: Apache-2.0
 * Logins and PIN changes. The flags are read afresh before every try, because a card that stands on
 * its last try must not be touched by a program's mistake. */
#include "pkcs11/token/login.h"

#include <string.h>

/* A PIN nobody will type: as long as the card allows, up to this. */
#define RANDOM_PIN_LENGTH 24

static CK_UTF8CHAR *pin_bytes(const Secret *pin)
{
	return (CK_UTF8CHAR *) secret_data(pin);
}

static bool has_only(const Secret *pin, const char *alphabet)
{
	const char *bytes = secret_data(pin);

	for (size_t i = 0; i < secret_length(pin); i++)
		if (bytes[i] == '\0' || strchr(alphabet, bytes[i]) == NULL)
			return false;
	return true;
}

/* What the card cannot take is refused here, before it costs a try. */
static bool check_format(const Session *session, const Secret *pin, CardFailure *ret_failure)
{
	size_t length = secret_length(pin);

	if (length < session->token.ulMinPinLen || length > session->token.ulMaxPinLen)
		return card_failure_set(ret_failure, CARD_FAILURE_PIN_FORMAT,
					"the card takes PINs of %lu to %lu characters",
					session->token.ulMinPinLen, session->token.ulMaxPinLen);
	if (!has_only(pin, session->product->alphabet))
		return card_failure_set(ret_failure, CARD_FAILURE_PIN_FORMAT,
					"the PIN has characters that the card does not take");
	return true;
}

static bool set_locked(CardFailure *ret_failure)
{
	(void) card_failure_set(ret_failure, CARD_FAILURE_PIN_LOCKED, "the PIN is locked");
	ret_failure->tries_left = 0;
	return false;
}

static bool check_flags(Session *session, bool last_try, CardFailure *ret_failure)
{
	if (!session_refresh(session, ret_failure))
		return false;
	if ((session->token.flags & CKF_USER_PIN_INITIALIZED) == 0)
		return card_failure_set(ret_failure, CARD_FAILURE_PIN_NOT_SET,
					"the card has no user PIN yet");
	if ((session->token.flags & CKF_USER_PIN_LOCKED) != 0)
		return set_locked(ret_failure);
	if ((session->token.flags & CKF_USER_PIN_FINAL_TRY) != 0 && !last_try) {
		(void) card_failure_set(ret_failure, CARD_FAILURE_PIN_LAST_TRY,
					"one more wrong PIN locks the card");
		ret_failure->tries_left = 1;
		return false;
	}
	return true;
}

/* After a wrong PIN the flags say how many tries are left, if the family says so at all. */
static bool refine_wrong_pin(Session *session, CardFailure *failure)
{
	CardFailure ignored;

	if (failure->kind == CARD_FAILURE_PIN_LOCKED)
		failure->tries_left = 0;
	if (failure->kind != CARD_FAILURE_PIN_WRONG || !session_refresh(session, &ignored))
		return false;
	if ((session->token.flags & CKF_USER_PIN_LOCKED) != 0)
		(void) set_locked(failure);
	else if ((session->token.flags & CKF_USER_PIN_FINAL_TRY) != 0)
		failure->tries_left = 1;
	return false;
}

static bool refine_wrong_so_pin(CardFailure *failure)
{
	if (failure->kind == CARD_FAILURE_PIN_WRONG)
		failure->kind = CARD_FAILURE_FOREIGN;
	else if (failure->kind == CARD_FAILURE_PIN_LOCKED)
		failure->kind = CARD_FAILURE_SO_PIN_LOCKED;
	return false;
}

/* Modules refuse a second kind of login beside the first. */
static void log_out(Session *session)
{
	if (session->login == SESSION_NOBODY)
		return;
	(void) session->p11->C_Logout(session->handle);
	session->login = SESSION_NOBODY;
}

static bool needs_initialised(const Session *session, CardFailure *ret_failure)
{
	return session_is_initialised(session) ||
	       card_failure_set(ret_failure, CARD_FAILURE_CARD_ERROR, "the card is blank");
}

bool login_so(Session *session, const Secret *so_pin, CardFailure *ret_failure)
{
	CK_RV rv;

	if (!needs_initialised(session, ret_failure) || !session_need(session, ret_failure))
		return false;
	log_out(session);
	rv = session->p11->C_Login(session->handle, CKU_SO, pin_bytes(so_pin),
				   secret_length(so_pin));
	if (!session_read(rv, "log in with the SO PIN", ret_failure))
		return refine_wrong_so_pin(ret_failure);
	session->login = SESSION_SO;
	return true;
}

bool login_user(Session *session, const Secret *pin, bool last_try, CardFailure *ret_failure)
{
	CK_RV rv;

	if (!needs_initialised(session, ret_failure) ||
	    !check_flags(session, last_try, ret_failure) ||
	    !check_format(session, pin, ret_failure) || !session_need(session, ret_failure))
		return false;
	log_out(session);
	rv = session->p11->C_Login(session->handle, CKU_USER, pin_bytes(pin), secret_length(pin));
	if (!session_read(rv, "log in with the PIN", ret_failure))
		return refine_wrong_pin(session, ret_failure);
	session->login = SESSION_USER;
	return true;
}

static bool set_user_pin(Session *session, const Secret *so_pin, const Secret *pin,
			 CardFailure *ret_failure)
{
	CK_RV rv;

	if (!login_so(session, so_pin, ret_failure))
		return false;
	rv = session->p11->C_InitPIN(session->handle, pin_bytes(pin), secret_length(pin));
	if (!session_change(session, rv, "set the PIN", ret_failure))
		return false;
	log_out(session);
	return session_refresh(session, ret_failure);
}

bool login_by_random_pin(Session *session, const Secret *so_pin, CardFailure *ret_failure)
{
	size_t length = session->token.ulMaxPinLen < RANDOM_PIN_LENGTH ? session->token.ulMaxPinLen
								       : RANDOM_PIN_LENGTH;
	secret_auto Secret *pin = secret_new_random(session->product->secret_letters, length);

	if (pin == NULL)
		return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "out of memory");
	return set_user_pin(session, so_pin, pin, ret_failure) &&
	       login_user(session, pin, false, ret_failure);
}

bool login_unblock(Session *session, const Secret *so_pin, const Secret *new_pin,
		   CardFailure *ret_failure)
{
	return check_format(session, new_pin, ret_failure) &&
	       set_user_pin(session, so_pin, new_pin, ret_failure);
}

bool login_change(Session *session, const Secret *old_pin, const Secret *new_pin, bool last_try,
		  CardFailure *ret_failure)
{
	CK_RV rv;

	if (!check_format(session, new_pin, ret_failure) ||
	    !login_user(session, old_pin, last_try, ret_failure))
		return false;
	rv = session->p11->C_SetPIN(session->handle, pin_bytes(old_pin), secret_length(old_pin),
				    pin_bytes(new_pin), secret_length(new_pin));
	return session_change(session, rv, "change the PIN", ret_failure);
}

bool login_rekey(Session *session, const Secret *old_so_pin, const Secret *new_so_pin,
		 CardFailure *ret_failure)
{
	CK_RV rv;

	if (!check_format(session, new_so_pin, ret_failure) ||
	    !login_so(session, old_so_pin, ret_failure))
		return false;
	rv = session->p11->C_SetPIN(session->handle, pin_bytes(old_so_pin),
				    secret_length(old_so_pin), pin_bytes(new_so_pin),
				    secret_length(new_so_pin));
	if (!session_change(session, rv, "change the SO PIN", ret_failure))
		return refine_wrong_so_pin(ret_failure);
	log_out(session);
	return true;
}
