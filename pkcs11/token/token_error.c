/* SPDX-License-Identifier: Apache-2.0
 * Every return value of PKCS#11 2.40 as a row. What is not listed is a vendor's own. */
#include "pkcs11/token/token_error.h"

typedef struct Row {
	CK_RV rv;
	const char *name;
	CardFailureKind kind;
	bool refusal;
	const char *text; /* NULL: the name says all there is */
} Row;

/* clang-format off */
/* REFUSED: the call that returned it has not changed the card. FAILED: it may have. */
#define REFUSED(name, kind, text) { CKR_##name, "CKR_" #name, CARD_FAILURE_##kind, true, text }
#define FAILED(name, kind, text)  { CKR_##name, "CKR_" #name, CARD_FAILURE_##kind, false, text }

static const Row rows[] = {
	FAILED(CANCEL, CARD_ERROR, "cancelled"),
	FAILED(HOST_MEMORY, SYSTEM, "out of memory"),
	FAILED(SLOT_ID_INVALID, READER, "the reader is gone"),
	FAILED(GENERAL_ERROR, CARD_ERROR, "the module failed for good"),
	FAILED(FUNCTION_FAILED, CARD_ERROR, "the module could not do it"),
	REFUSED(ARGUMENTS_BAD, CARD_ERROR, "the module refuses the arguments"),
	FAILED(NO_EVENT, CARD_ERROR, NULL),
	FAILED(NEED_TO_CREATE_THREADS, MODULE, "the module needs threads of its own"),
	FAILED(CANT_LOCK, MODULE, "the module cannot lock"),
	FAILED(ATTRIBUTE_READ_ONLY, CARD_ERROR, NULL),
	FAILED(ATTRIBUTE_SENSITIVE, CARD_ERROR, NULL),
	FAILED(ATTRIBUTE_TYPE_INVALID, CARD_ERROR, NULL),
	FAILED(ATTRIBUTE_VALUE_INVALID, CARD_ERROR, NULL),
	FAILED(ACTION_PROHIBITED, CARD_ERROR, "the card prohibits it"),
	FAILED(DATA_INVALID, CARD_ERROR, NULL),
	FAILED(DATA_LEN_RANGE, CARD_ERROR, NULL),
	FAILED(DEVICE_ERROR, CARD_ERROR, "the card or reader reports an error"),
	FAILED(DEVICE_MEMORY, CARD_ERROR, "the card is full"),
	FAILED(DEVICE_REMOVED, NO_CARD, "the card was pulled out"),
	FAILED(ENCRYPTED_DATA_INVALID, CARD_ERROR, NULL),
	FAILED(ENCRYPTED_DATA_LEN_RANGE, CARD_ERROR, NULL),
	FAILED(FUNCTION_CANCELED, CARD_ERROR, NULL),
	FAILED(FUNCTION_NOT_PARALLEL, CARD_ERROR, NULL),
	REFUSED(FUNCTION_NOT_SUPPORTED, CARD_ERROR, "the module does not support it"),
	FAILED(KEY_HANDLE_INVALID, CARD_ERROR, NULL),
	REFUSED(KEY_SIZE_RANGE, CARD_ERROR, "the card does not support this key size"),
	FAILED(KEY_TYPE_INCONSISTENT, CARD_ERROR, NULL),
	FAILED(KEY_NOT_NEEDED, CARD_ERROR, NULL),
	FAILED(KEY_CHANGED, CARD_ERROR, NULL),
	FAILED(KEY_NEEDED, CARD_ERROR, NULL),
	FAILED(KEY_INDIGESTIBLE, CARD_ERROR, NULL),
	FAILED(KEY_FUNCTION_NOT_PERMITTED, CARD_ERROR, NULL),
	FAILED(KEY_NOT_WRAPPABLE, CARD_ERROR, NULL),
	FAILED(KEY_UNEXTRACTABLE, CARD_ERROR, NULL),
	REFUSED(MECHANISM_INVALID, CARD_ERROR, "the card does not support this kind of key"),
	FAILED(MECHANISM_PARAM_INVALID, CARD_ERROR, NULL),
	FAILED(OBJECT_HANDLE_INVALID, CARD_ERROR, NULL),
	FAILED(OPERATION_ACTIVE, CARD_ERROR, NULL),
	FAILED(OPERATION_NOT_INITIALIZED, CARD_ERROR, NULL),
	REFUSED(PIN_INCORRECT, PIN_WRONG, "the PIN is wrong"),
	REFUSED(PIN_INVALID, PIN_FORMAT, "the PIN has characters the card does not take"),
	REFUSED(PIN_LEN_RANGE, PIN_FORMAT, "the PIN is too short or too long"),
	REFUSED(PIN_EXPIRED, CARD_ERROR, "the PIN has expired and must be changed"),
	REFUSED(PIN_LOCKED, PIN_LOCKED, "the PIN is locked"),
	FAILED(SESSION_CLOSED, CARD_ERROR, "the session was closed"),
	REFUSED(SESSION_COUNT, CARD_ERROR, "too many sessions"),
	FAILED(SESSION_HANDLE_INVALID, CARD_ERROR, "the session ended"),
	FAILED(SESSION_PARALLEL_NOT_SUPPORTED, CARD_ERROR, NULL),
	REFUSED(SESSION_READ_ONLY, CARD_ERROR, "the session is read-only"),
	REFUSED(SESSION_EXISTS, CARD_ERROR, "another session is open"),
	FAILED(SESSION_READ_ONLY_EXISTS, CARD_ERROR, NULL),
	FAILED(SESSION_READ_WRITE_SO_EXISTS, CARD_ERROR, NULL),
	FAILED(SIGNATURE_INVALID, CARD_ERROR, NULL),
	FAILED(SIGNATURE_LEN_RANGE, CARD_ERROR, NULL),
	FAILED(TEMPLATE_INCOMPLETE, CARD_ERROR, NULL),
	FAILED(TEMPLATE_INCONSISTENT, CARD_ERROR, NULL),
	REFUSED(TOKEN_NOT_PRESENT, NO_CARD, "there is no card in the reader"),
	REFUSED(TOKEN_NOT_RECOGNIZED, DAMAGED, "the card is not recognised"),
	REFUSED(TOKEN_WRITE_PROTECTED, CARD_ERROR, "the card is write-protected"),
	FAILED(UNWRAPPING_KEY_SIZE_RANGE, CARD_ERROR, NULL),
	FAILED(UNWRAPPING_KEY_TYPE_INCONSISTENT, CARD_ERROR, NULL),
	FAILED(USER_ALREADY_LOGGED_IN, CARD_ERROR, NULL),
	REFUSED(USER_NOT_LOGGED_IN, CARD_ERROR, "not logged in"),
	REFUSED(USER_PIN_NOT_INITIALIZED, PIN_NOT_SET, "the card has no user PIN yet"),
	FAILED(USER_TYPE_INVALID, CARD_ERROR, NULL),
	FAILED(USER_ANOTHER_ALREADY_LOGGED_IN, CARD_ERROR, NULL),
	FAILED(USER_TOO_MANY_TYPES, CARD_ERROR, NULL),
	FAILED(WRAPPED_KEY_INVALID, CARD_ERROR, NULL),
	FAILED(WRAPPED_KEY_LEN_RANGE, CARD_ERROR, NULL),
	FAILED(WRAPPING_KEY_HANDLE_INVALID, CARD_ERROR, NULL),
	FAILED(WRAPPING_KEY_SIZE_RANGE, CARD_ERROR, NULL),
	FAILED(WRAPPING_KEY_TYPE_INCONSISTENT, CARD_ERROR, NULL),
	FAILED(RANDOM_SEED_NOT_SUPPORTED, CARD_ERROR, NULL),
	FAILED(RANDOM_NO_RNG, CARD_ERROR, "the card has no random numbers"),
	REFUSED(DOMAIN_PARAMS_INVALID, CARD_ERROR, "the card does not support this curve"),
	REFUSED(CURVE_NOT_SUPPORTED, CARD_ERROR, "the card does not support this curve"),
	FAILED(BUFFER_TOO_SMALL, CARD_ERROR, NULL),
	FAILED(SAVED_STATE_INVALID, CARD_ERROR, NULL),
	FAILED(INFORMATION_SENSITIVE, CARD_ERROR, NULL),
	FAILED(STATE_UNSAVEABLE, CARD_ERROR, NULL),
	REFUSED(CRYPTOKI_NOT_INITIALIZED, MODULE, "the module is not initialised"),
	FAILED(CRYPTOKI_ALREADY_INITIALIZED, CARD_ERROR, NULL),
	FAILED(MUTEX_BAD, CARD_ERROR, NULL),
	FAILED(MUTEX_NOT_LOCKED, CARD_ERROR, NULL),
	FAILED(NEW_PIN_MODE, CARD_ERROR, NULL),
	FAILED(NEXT_OTP, CARD_ERROR, NULL),
	FAILED(EXCEEDED_MAX_ITERATIONS, CARD_ERROR, NULL),
	FAILED(FIPS_SELF_TEST_FAILED, CARD_ERROR, NULL),
	FAILED(LIBRARY_LOAD_FAILED, MODULE, "the module lacks a library"),
	REFUSED(PIN_TOO_WEAK, PIN_FORMAT, "the card refuses the PIN as too weak"),
	FAILED(PUBLIC_KEY_INVALID, CARD_ERROR, NULL),
	FAILED(FUNCTION_REJECTED, CARD_ERROR, "refused at the reader"),
};
/* clang-format on */

static const Row *find(CK_RV rv)
{
	static const Row vendor = { 0, "CKR_VENDOR_DEFINED", CARD_FAILURE_CARD_ERROR, false,
				    "an error of the vendor's own" };
	static const Row strange = { 0, "CKR_?", CARD_FAILURE_CARD_ERROR, false,
				     "an error PKCS#11 does not name" };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].rv == rv)
			return &rows[i];
	return rv >= CKR_VENDOR_DEFINED ? &vendor : &strange;
}

const char *token_error_name(CK_RV rv)
{
	return rv == CKR_OK ? "CKR_OK" : find(rv)->name;
}

bool token_error_is_refusal(CK_RV rv)
{
	return rv != CKR_OK && find(rv)->refusal;
}

bool token_error_set(CardFailure *ret_failure, CK_RV rv, const char *doing)
{
	const Row *row = find(rv);

	(void) card_failure_set(ret_failure, row->kind, "cannot %s: %s%s(%s 0x%lx)", doing,
				row->text == NULL ? "" : row->text, row->text == NULL ? "" : " ",
				row->name, rv);
	ret_failure->ckr = rv;
	return false;
}
