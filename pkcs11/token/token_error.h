/* SPDX-License-Identifier: Apache-2.0
 * What a PKCS#11 return value means for the person at the desk. */
#pragma once

#include <p11-kit/pkcs11.h>

#include "pkcs11/card_failure.h"

/* "CKR_PIN_INCORRECT"; "CKR_VENDOR_DEFINED" and "CKR_?" for those the standard does not name. */
const char *token_error_name(CK_RV rv);

/* Fills the failure from the table; `doing` completes "cannot …". Always false. */
bool token_error_set(CardFailure *ret_failure, CK_RV rv, const char *doing);

/* Is this a refusal that surely left the card as it was? */
bool token_error_is_refusal(CK_RV rv);
