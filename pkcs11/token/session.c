/* SPDX-License-Identifier: Apache-2.0
 * Loading a vendor module, finding its card, and judging what a failure means for it. */
#include "pkcs11/token/session.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void session_limit_life(uint64_t milliseconds)
{
	uint64_t seconds = milliseconds / 1000 + 2;

	(void) alarm(seconds > 86400 ? 86400 : (unsigned) seconds);
}

/* Fields of CK_TOKEN_INFO are padded with blanks and have no NUL; some modules pad with NULs. */
static void copy_padded(const CK_UTF8CHAR *field, size_t length, char *ret_text)
{
	memcpy(ret_text, field, length);
	ret_text[length] = '\0';
	length = strlen(ret_text);
	while (length > 0 && ret_text[length - 1] == ' ')
		ret_text[--length] = '\0';
}

static bool load(Session *session, const char *module, CardFailure *ret_failure)
{
	CK_C_GetFunctionList get_list;
	CK_FUNCTION_LIST *list = NULL;
	const char *error;

	session->library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	if (session->library == NULL) {
		error = dlerror();
		return card_failure_set(ret_failure, CARD_FAILURE_MODULE,
					"cannot load the module: %s", error == NULL ? "?" : error);
	}
	get_list = (CK_C_GetFunctionList) dlsym(session->library, "C_GetFunctionList");
	if (get_list == NULL)
		return card_failure_set(ret_failure, CARD_FAILURE_MODULE, "%s is no PKCS#11 module",
					module);
	if (!session_read(get_list(&list), "get the module's functions", ret_failure))
		return false;
	if (list == NULL)
		return card_failure_set(ret_failure, CARD_FAILURE_MODULE, "%s has no functions",
					module);
	session->p11 = list;
	return true;
}

static bool initialise_module(Session *session, CardFailure *ret_failure)
{
	CK_RV rv = session->p11->C_Initialize(NULL);

	if (rv == CKR_OK)
		return true;
	session->p11 = NULL;
	(void) token_error_set(ret_failure, rv, "start the module");
	ret_failure->kind = CARD_FAILURE_MODULE;
	return false;
}

static bool check_serial(const Session *session, const char *expected, CardFailure *ret_failure)
{
	if (expected == NULL || strcmp(session->serial, expected) == 0)
		return true;
	if (!session_is_initialised(session))
		return card_failure_set(ret_failure, CARD_FAILURE_NO_CARD,
					"card %s is not in the reader", expected);
	return card_failure_set(ret_failure, CARD_FAILURE_WRONG_CARD,
				"card %s lies in the reader, not %s", session->serial, expected);
}

bool session_open(Session *session, const char *module, const char *expected_serial,
		  CardFailure *ret_failure)
{
	return load(session, module, ret_failure) && initialise_module(session, ret_failure) &&
	       session->product->find(session, &session->slot, ret_failure) &&
	       session_refresh(session, ret_failure) &&
	       check_serial(session, expected_serial, ret_failure);
}

/* No dlclose: the process ends, and some modules crash in their destructors. */
void session_close(Session *session)
{
	if (session->p11 == NULL)
		return;
	session_end(session);
	(void) session->p11->C_Finalize(NULL);
	session->p11 = NULL;
}

bool session_refresh(Session *session, CardFailure *ret_failure)
{
	CK_TOKEN_INFO info;

	if (!session_read(session->p11->C_GetTokenInfo(session->slot, &info), "look at the card",
			  ret_failure))
		return false;
	session->token = info;
	session->serial[0] = '\0';
	session->label[0] = '\0';
	if (session_is_initialised(session)) {
		copy_padded(info.serialNumber, sizeof info.serialNumber, session->serial);
		copy_padded(info.label, sizeof info.label, session->label);
	}
	return true;
}

bool session_is_initialised(const Session *session)
{
	return (session->token.flags & CKF_TOKEN_INITIALIZED) != 0;
}

bool session_read(CK_RV rv, const char *doing, CardFailure *ret_failure)
{
	return rv == CKR_OK || token_error_set(ret_failure, rv, doing);
}

bool session_change(Session *session, CK_RV rv, const char *doing, CardFailure *ret_failure)
{
	if (!token_error_is_refusal(rv))
		session->touched = true;
	return session_read(rv, doing, ret_failure);
}

bool session_need(Session *session, CardFailure *ret_failure)
{
	CK_SESSION_HANDLE handle = 0;

	if (session->handle != 0)
		return true;
	if (!session_read(session->p11->C_OpenSession(session->slot,
						      CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL,
						      NULL, &handle),
			  "open a session with the card", ret_failure))
		return false;
	session->handle = handle;
	session->login = SESSION_NOBODY;
	return true;
}

void session_end(Session *session)
{
	if (session->handle == 0)
		return;
	if (session->login != SESSION_NOBODY)
		(void) session->p11->C_Logout(session->handle);
	(void) session->p11->C_CloseSession(session->handle);
	session->handle = 0;
	session->login = SESSION_NOBODY;
}

void session_begin(Session *session)
{
	session->touched = false;
}

bool session_judge(Session *session, bool worked, CardFailure *failure)
{
	if (!session->product->is_there(session)) {
		(void) card_failure_set(failure, CARD_FAILURE_NO_CARD,
					"the card was pulled out of the reader");
		failure->card = CARD_GONE;
		return false;
	}
	if (!worked)
		failure->card = failure->kind == CARD_FAILURE_NO_CARD ? CARD_GONE
				: session->touched                    ? CARD_UNKNOWN
								      : CARD_INTACT;
	return worked;
}
