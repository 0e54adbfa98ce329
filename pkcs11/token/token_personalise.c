/* SPDX-License-Identifier: Apache-2.0
 * C_InitToken: on a blank card it gives the card to us, on ours it erases everything but the
 * serial. */
#include "pkcs11/token/token_personalise.h"

#include <string.h>

#include "pkcs11/failpoint.h"
#include "pkcs11/token/objects.h"

/* Padded with blanks; cutting in the middle of a character would leave half of it, so long ones are
 * refused. */
static bool pad_label(const char *label, CK_UTF8CHAR ret_padded[32], CardFailure *ret_failure)
{
	size_t length = strlen(label);

	if (length > 32)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"a label has at most 32 bytes");
	memset(ret_padded, ' ', 32);
	memcpy(ret_padded, label, length);
	return true;
}

static bool check_length(const Session *session, const Secret *so_pin, CardFailure *ret_failure)
{
	size_t length = secret_length(so_pin);

	return (length >= session->token.ulMinPinLen && length <= session->token.ulMaxPinLen) ||
	       card_failure_set(ret_failure, CARD_FAILURE_PIN_FORMAT,
				"the card takes SO PINs of %lu to %lu characters",
				session->token.ulMinPinLen, session->token.ulMaxPinLen);
}

static bool init_token(Session *session, const Secret *so_pin, const char *label,
		       CardFailure *ret_failure)
{
	CK_UTF8CHAR padded[32];
	CK_RV rv;

	if (!check_length(session, so_pin, ret_failure) || !pad_label(label, padded, ret_failure))
		return false;
	session_end(session);
	rv = session->p11->C_InitToken(session->slot, (CK_UTF8CHAR *) secret_data(so_pin),
				       secret_length(so_pin), padded);
	if (!session_change(session, rv, "initialise the card", ret_failure)) {
		if (ret_failure->kind == CARD_FAILURE_PIN_WRONG)
			ret_failure->kind = CARD_FAILURE_FOREIGN;
		else if (ret_failure->kind == CARD_FAILURE_PIN_LOCKED)
			ret_failure->kind = CARD_FAILURE_SO_PIN_LOCKED;
		return false;
	}
	session->has_key = false;
	return session_refresh(session, ret_failure);
}

bool token_personalise_initialise(Session *session, const Secret *so_pin, const char *label,
				  CardFailure *ret_failure)
{
	if (session_is_initialised(session))
		return card_failure_set(ret_failure, CARD_FAILURE_NOT_BLANK,
					"the card is not blank (serial %s)", session->serial);
	if (!session->product->is_there(session))
		return card_failure_set(ret_failure, CARD_FAILURE_NO_CARD,
					"the blank card is no longer there");
	if (!init_token(session, so_pin, label, ret_failure))
		return false;
	FAILPOINT("card.initialised");
	if (session->product->settled != NULL && !session->product->settled(session, ret_failure))
		return false;
	return (session_is_initialised(session) && session->serial[0] != '\0') ||
	       card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
				"the card has no serial after being initialised");
}

bool token_personalise_wipe(Session *session, const Secret *so_pin, const char *label,
			    CardFailure *ret_failure)
{
	char serial[CARD_SERIAL_SIZE];
	CardContents contents;

	if (!session_is_initialised(session))
		return card_failure_set(ret_failure, CARD_FAILURE_CARD_ERROR, "the card is blank");
	memcpy(serial, session->serial, sizeof serial);
	if (!init_token(session, so_pin, label, ret_failure))
		return false;
	FAILPOINT("card.wiped");
	if (!objects_count(session, &contents, ret_failure))
		return false;
	session_end(session);
	if (contents.objects != 0 || contents.user_pin_set)
		return card_failure_set(ret_failure, CARD_FAILURE_NOT_EMPTY,
					"the card is not empty after erasing: %u objects%s",
					contents.objects, contents.user_pin_set ? ", a PIN" : "");
	return strcmp(serial, session->serial) == 0 ||
	       card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
				"the card changed its serial while it was erased");
}
