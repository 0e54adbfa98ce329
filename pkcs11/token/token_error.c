/* SPDX-License-Identifier: Apache-2.0
 * Every return value of PKCS#11 2.40 as a row. What is not listed is a vendor's own. */
#include "pkcs11/token/token_error.h"

typedef struct Row {
	CK_RV rv;
	const char *name;
	CardFailureKind kind;
	bool refusal; /* the card was not changed by the call that returned it */
	const char *text;
} Row;

/* clang-format off */
static const Row rows[] = {
	{ CKR_CANCEL, "CKR_CANCEL", CARD_FAILURE_CARD_ERROR, false, "cancelled" },
	{ CKR_HOST_MEMORY, "CKR_HOST_MEMORY", CARD_FAILURE_SYSTEM, false, "out of memory" },
	{ CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID", CARD_FAILURE_READER, false, "the reader is gone" },
	{ CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR", CARD_FAILURE_CARD_ERROR, false, "the module failed for good" },
	{ CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED", CARD_FAILURE_CARD_ERROR, false, "the module could not do it" },
	{ CKR_ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD", CARD_FAILURE_CARD_ERROR, true, "the module refuses the arguments" },
	{ CKR_NO_EVENT, "CKR_NO_EVENT", CARD_FAILURE_CARD_ERROR, false, "no event" },
	{ CKR_NEED_TO_CREATE_THREADS, "CKR_NEED_TO_CREATE_THREADS", CARD_FAILURE_MODULE, false, "the module needs threads of its own" },
	{ CKR_CANT_LOCK, "CKR_CANT_LOCK", CARD_FAILURE_MODULE, false, "the module cannot lock" },
	{ CKR_ATTRIBUTE_READ_ONLY, "CKR_ATTRIBUTE_READ_ONLY", CARD_FAILURE_CARD_ERROR, false, "attribute read only" },
	{ CKR_ATTRIBUTE_SENSITIVE, "CKR_ATTRIBUTE_SENSITIVE", CARD_FAILURE_CARD_ERROR, false, "attribute sensitive" },
	{ CKR_ATTRIBUTE_TYPE_INVALID, "CKR_ATTRIBUTE_TYPE_INVALID", CARD_FAILURE_CARD_ERROR, false, "attribute type invalid" },
	{ CKR_ATTRIBUTE_VALUE_INVALID, "CKR_ATTRIBUTE_VALUE_INVALID", CARD_FAILURE_CARD_ERROR, false, "attribute value invalid" },
	{ CKR_ACTION_PROHIBITED, "CKR_ACTION_PROHIBITED", CARD_FAILURE_CARD_ERROR, false, "the card prohibits it" },
	{ CKR_DATA_INVALID, "CKR_DATA_INVALID", CARD_FAILURE_CARD_ERROR, false, "data invalid" },
	{ CKR_DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE", CARD_FAILURE_CARD_ERROR, false, "data len range" },
	{ CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR", CARD_FAILURE_CARD_ERROR, false, "the card or reader reports an error" },
	{ CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY", CARD_FAILURE_CARD_ERROR, false, "the card is full" },
	{ CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED", CARD_FAILURE_NO_CARD, false, "the card was pulled out" },
	{ CKR_ENCRYPTED_DATA_INVALID, "CKR_ENCRYPTED_DATA_INVALID", CARD_FAILURE_CARD_ERROR, false, "encrypted data invalid" },
	{ CKR_ENCRYPTED_DATA_LEN_RANGE, "CKR_ENCRYPTED_DATA_LEN_RANGE", CARD_FAILURE_CARD_ERROR, false, "encrypted data len range" },
	{ CKR_FUNCTION_CANCELED, "CKR_FUNCTION_CANCELED", CARD_FAILURE_CARD_ERROR, false, "function canceled" },
	{ CKR_FUNCTION_NOT_PARALLEL, "CKR_FUNCTION_NOT_PARALLEL", CARD_FAILURE_CARD_ERROR, false, "function not parallel" },
	{ CKR_FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED", CARD_FAILURE_CARD_ERROR, true, "the module does not support it" },
	{ CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID", CARD_FAILURE_CARD_ERROR, false, "key handle invalid" },
	{ CKR_KEY_SIZE_RANGE, "CKR_KEY_SIZE_RANGE", CARD_FAILURE_CARD_ERROR, true, "the card does not support this key size" },
	{ CKR_KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT", CARD_FAILURE_CARD_ERROR, false, "key type inconsistent" },
	{ CKR_KEY_NOT_NEEDED, "CKR_KEY_NOT_NEEDED", CARD_FAILURE_CARD_ERROR, false, "key not needed" },
	{ CKR_KEY_CHANGED, "CKR_KEY_CHANGED", CARD_FAILURE_CARD_ERROR, false, "key changed" },
	{ CKR_KEY_NEEDED, "CKR_KEY_NEEDED", CARD_FAILURE_CARD_ERROR, false, "key needed" },
	{ CKR_KEY_INDIGESTIBLE, "CKR_KEY_INDIGESTIBLE", CARD_FAILURE_CARD_ERROR, false, "key indigestible" },
	{ CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED", CARD_FAILURE_CARD_ERROR, false, "key function not permitted" },
	{ CKR_KEY_NOT_WRAPPABLE, "CKR_KEY_NOT_WRAPPABLE", CARD_FAILURE_CARD_ERROR, false, "key not wrappable" },
	{ CKR_KEY_UNEXTRACTABLE, "CKR_KEY_UNEXTRACTABLE", CARD_FAILURE_CARD_ERROR, false, "key unextractable" },
	{ CKR_MECHANISM_INVALID, "CKR_MECHANISM_INVALID", CARD_FAILURE_CARD_ERROR, true, "the card does not support this kind of key" },
	{ CKR_MECHANISM_PARAM_INVALID, "CKR_MECHANISM_PARAM_INVALID", CARD_FAILURE_CARD_ERROR, false, "mechanism param invalid" },
	{ CKR_OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID", CARD_FAILURE_CARD_ERROR, false, "object handle invalid" },
	{ CKR_OPERATION_ACTIVE, "CKR_OPERATION_ACTIVE", CARD_FAILURE_CARD_ERROR, false, "operation active" },
	{ CKR_OPERATION_NOT_INITIALIZED, "CKR_OPERATION_NOT_INITIALIZED", CARD_FAILURE_CARD_ERROR, false, "operation not initialized" },
	{ CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT", CARD_FAILURE_PIN_WRONG, true, "the PIN is wrong" },
	{ CKR_PIN_INVALID, "CKR_PIN_INVALID", CARD_FAILURE_PIN_FORMAT, true, "the PIN has characters the card does not take" },
	{ CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE", CARD_FAILURE_PIN_FORMAT, true, "the PIN is too short or too long" },
	{ CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED", CARD_FAILURE_CARD_ERROR, true, "the PIN has expired and must be changed" },
	{ CKR_PIN_LOCKED, "CKR_PIN_LOCKED", CARD_FAILURE_PIN_LOCKED, true, "the PIN is locked" },
	{ CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED", CARD_FAILURE_CARD_ERROR, false, "the session was closed" },
	{ CKR_SESSION_COUNT, "CKR_SESSION_COUNT", CARD_FAILURE_CARD_ERROR, true, "too many sessions" },
	{ CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID", CARD_FAILURE_CARD_ERROR, false, "the session ended" },
	{ CKR_SESSION_PARALLEL_NOT_SUPPORTED, "CKR_SESSION_PARALLEL_NOT_SUPPORTED", CARD_FAILURE_CARD_ERROR, false, "session parallel not supported" },
	{ CKR_SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY", CARD_FAILURE_CARD_ERROR, true, "the session is read-only" },
	{ CKR_SESSION_EXISTS, "CKR_SESSION_EXISTS", CARD_FAILURE_CARD_ERROR, true, "another session is open" },
	{ CKR_SESSION_READ_ONLY_EXISTS, "CKR_SESSION_READ_ONLY_EXISTS", CARD_FAILURE_CARD_ERROR, false, "session read only exists" },
	{ CKR_SESSION_READ_WRITE_SO_EXISTS, "CKR_SESSION_READ_WRITE_SO_EXISTS", CARD_FAILURE_CARD_ERROR, false, "session read write so exists" },
	{ CKR_SIGNATURE_INVALID, "CKR_SIGNATURE_INVALID", CARD_FAILURE_CARD_ERROR, false, "signature invalid" },
	{ CKR_SIGNATURE_LEN_RANGE, "CKR_SIGNATURE_LEN_RANGE", CARD_FAILURE_CARD_ERROR, false, "signature len range" },
	{ CKR_TEMPLATE_INCOMPLETE, "CKR_TEMPLATE_INCOMPLETE", CARD_FAILURE_CARD_ERROR, false, "template incomplete" },
	{ CKR_TEMPLATE_INCONSISTENT, "CKR_TEMPLATE_INCONSISTENT", CARD_FAILURE_CARD_ERROR, false, "template inconsistent" },
	{ CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT", CARD_FAILURE_NO_CARD, true, "there is no card in the reader" },
	{ CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED", CARD_FAILURE_DAMAGED, true, "the card is not recognised" },
	{ CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED", CARD_FAILURE_CARD_ERROR, true, "the card is write-protected" },
	{ CKR_UNWRAPPING_KEY_SIZE_RANGE, "CKR_UNWRAPPING_KEY_SIZE_RANGE", CARD_FAILURE_CARD_ERROR, false, "unwrapping key size range" },
	{ CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT", CARD_FAILURE_CARD_ERROR, false, "unwrapping key type inconsistent" },
	{ CKR_USER_ALREADY_LOGGED_IN, "CKR_USER_ALREADY_LOGGED_IN", CARD_FAILURE_CARD_ERROR, false, "user already logged in" },
	{ CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN", CARD_FAILURE_CARD_ERROR, true, "not logged in" },
	{ CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED", CARD_FAILURE_PIN_NOT_SET, true, "the card has no user PIN yet" },
	{ CKR_USER_TYPE_INVALID, "CKR_USER_TYPE_INVALID", CARD_FAILURE_CARD_ERROR, false, "user type invalid" },
	{ CKR_USER_ANOTHER_ALREADY_LOGGED_IN, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN", CARD_FAILURE_CARD_ERROR, false, "user another already logged in" },
	{ CKR_USER_TOO_MANY_TYPES, "CKR_USER_TOO_MANY_TYPES", CARD_FAILURE_CARD_ERROR, false, "user too many types" },
	{ CKR_WRAPPED_KEY_INVALID, "CKR_WRAPPED_KEY_INVALID", CARD_FAILURE_CARD_ERROR, false, "wrapped key invalid" },
	{ CKR_WRAPPED_KEY_LEN_RANGE, "CKR_WRAPPED_KEY_LEN_RANGE", CARD_FAILURE_CARD_ERROR, false, "wrapped key len range" },
	{ CKR_WRAPPING_KEY_HANDLE_INVALID, "CKR_WRAPPING_KEY_HANDLE_INVALID", CARD_FAILURE_CARD_ERROR, false, "wrapping key handle invalid" },
	{ CKR_WRAPPING_KEY_SIZE_RANGE, "CKR_WRAPPING_KEY_SIZE_RANGE", CARD_FAILURE_CARD_ERROR, false, "wrapping key size range" },
	{ CKR_WRAPPING_KEY_TYPE_INCONSISTENT, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT", CARD_FAILURE_CARD_ERROR, false, "wrapping key type inconsistent" },
	{ CKR_RANDOM_SEED_NOT_SUPPORTED, "CKR_RANDOM_SEED_NOT_SUPPORTED", CARD_FAILURE_CARD_ERROR, false, "random seed not supported" },
	{ CKR_RANDOM_NO_RNG, "CKR_RANDOM_NO_RNG", CARD_FAILURE_CARD_ERROR, false, "the card has no random numbers" },
	{ CKR_DOMAIN_PARAMS_INVALID, "CKR_DOMAIN_PARAMS_INVALID", CARD_FAILURE_CARD_ERROR, true, "the card does not support this curve" },
	{ CKR_CURVE_NOT_SUPPORTED, "CKR_CURVE_NOT_SUPPORTED", CARD_FAILURE_CARD_ERROR, true, "the card does not support this curve" },
	{ CKR_BUFFER_TOO_SMALL, "CKR_BUFFER_TOO_SMALL", CARD_FAILURE_CARD_ERROR, false, "buffer too small" },
	{ CKR_SAVED_STATE_INVALID, "CKR_SAVED_STATE_INVALID", CARD_FAILURE_CARD_ERROR, false, "saved state invalid" },
	{ CKR_INFORMATION_SENSITIVE, "CKR_INFORMATION_SENSITIVE", CARD_FAILURE_CARD_ERROR, false, "information sensitive" },
	{ CKR_STATE_UNSAVEABLE, "CKR_STATE_UNSAVEABLE", CARD_FAILURE_CARD_ERROR, false, "state unsaveable" },
	{ CKR_CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED", CARD_FAILURE_MODULE, true, "the module is not initialised" },
	{ CKR_CRYPTOKI_ALREADY_INITIALIZED, "CKR_CRYPTOKI_ALREADY_INITIALIZED", CARD_FAILURE_CARD_ERROR, false, "cryptoki already initialized" },
	{ CKR_MUTEX_BAD, "CKR_MUTEX_BAD", CARD_FAILURE_CARD_ERROR, false, "mutex bad" },
	{ CKR_MUTEX_NOT_LOCKED, "CKR_MUTEX_NOT_LOCKED", CARD_FAILURE_CARD_ERROR, false, "mutex not locked" },
	{ CKR_NEW_PIN_MODE, "CKR_NEW_PIN_MODE", CARD_FAILURE_CARD_ERROR, false, "new pin mode" },
	{ CKR_NEXT_OTP, "CKR_NEXT_OTP", CARD_FAILURE_CARD_ERROR, false, "next otp" },
	{ CKR_EXCEEDED_MAX_ITERATIONS, "CKR_EXCEEDED_MAX_ITERATIONS", CARD_FAILURE_CARD_ERROR, false, "exceeded max iterations" },
	{ CKR_FIPS_SELF_TEST_FAILED, "CKR_FIPS_SELF_TEST_FAILED", CARD_FAILURE_CARD_ERROR, false, "fips self test failed" },
	{ CKR_LIBRARY_LOAD_FAILED, "CKR_LIBRARY_LOAD_FAILED", CARD_FAILURE_MODULE, false, "the module lacks a library" },
	{ CKR_PIN_TOO_WEAK, "CKR_PIN_TOO_WEAK", CARD_FAILURE_PIN_FORMAT, true, "the card refuses the PIN as too weak" },
	{ CKR_PUBLIC_KEY_INVALID, "CKR_PUBLIC_KEY_INVALID", CARD_FAILURE_CARD_ERROR, false, "public key invalid" },
	{ CKR_FUNCTION_REJECTED, "CKR_FUNCTION_REJECTED", CARD_FAILURE_CARD_ERROR, false, "refused at the reader" },
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

	(void) card_failure_set(ret_failure, row->kind, "cannot %s: %s (%s 0x%lx)", doing,
				row->text, row->name, rv);
	ret_failure->ckr = rv;
	return false;
}
