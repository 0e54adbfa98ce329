/* SPDX-License-Identifier: Apache-2.0
 * SoftHSM as a card that counts wrong PINs, which SoftHSM itself does not: three tries, then it is
 * locked until the SO sets another PIN. The tries left lie in the reader as "tries". */
#include <dlfcn.h>
#include <limits.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"
#define TRIES   3

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

static CK_FUNCTION_LIST *lower;
static CK_FUNCTION_LIST functions;

static FILE *open_tries(const char *mode)
{
	const char *configuration = getenv("SOFTHSM2_CONF");
	FILE *file = configuration == NULL ? NULL : fopen(configuration, "re");
	char reader[PATH_MAX - 64];
	char path[PATH_MAX];

	if (file == NULL || fscanf(file, "directories.tokendir = %4000[^\n]", reader) != 1)
		abort();
	(void) fclose(file);
	(void) snprintf(path, sizeof path, "%s/tries", reader);
	return fopen(path, mode);
}

static int tries_left(void)
{
	FILE *file = open_tries("re");
	int tries = TRIES;

	if (file == NULL)
		return TRIES;
	if (fscanf(file, "%d", &tries) != 1)
		abort();
	(void) fclose(file);
	return tries;
}

static void set_tries(int tries)
{
	FILE *file = open_tries("we");

	if (file == NULL || fprintf(file, "%d\n", tries) < 0)
		abort();
	(void) fclose(file);
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV result = lower->C_GetTokenInfo(slot, info);
	int tries = tries_left();

	if (result != CKR_OK || (info->flags & CKF_TOKEN_INITIALIZED) == 0)
		return result;
	if (tries < TRIES)
		info->flags |= CKF_USER_PIN_COUNT_LOW;
	if (tries == 1)
		info->flags |= CKF_USER_PIN_FINAL_TRY;
	if (tries == 0)
		info->flags |= CKF_USER_PIN_LOCKED;
	return CKR_OK;
}

static CK_RV count(CK_RV result)
{
	if (result == CKR_OK)
		set_tries(TRIES);
	if (result != CKR_PIN_INCORRECT)
		return result;
	set_tries(tries_left() - 1);
	return tries_left() == 0 ? CKR_PIN_LOCKED : result;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length)
{
	if (user != CKU_USER)
		return lower->C_Login(session, user, pin, length);
	if (tries_left() == 0)
		return CKR_PIN_LOCKED;
	return count(lower->C_Login(session, user, pin, length));
}

static CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *old_pin, CK_ULONG old_length,
		     CK_UTF8CHAR *new_pin, CK_ULONG new_length)
{
	CK_SESSION_INFO info;
	CK_RV result = lower->C_GetSessionInfo(session, &info);

	if (result != CKR_OK || info.state == CKS_RW_SO_FUNCTIONS)
		return result != CKR_OK
			       ? result
			       : lower->C_SetPIN(session, old_pin, old_length, new_pin, new_length);
	if (tries_left() == 0)
		return CKR_PIN_LOCKED;
	return count(lower->C_SetPIN(session, old_pin, old_length, new_pin, new_length));
}

static CK_RV init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length)
{
	CK_RV result = lower->C_InitPIN(session, pin, length);

	if (result == CKR_OK)
		set_tries(TRIES);
	return result;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL);
	CK_C_GetFunctionList get =
		library == NULL ? NULL : (CK_C_GetFunctionList) dlsym(library, "C_GetFunctionList");

	if (get == NULL || get(&lower) != CKR_OK)
		return CKR_GENERAL_ERROR;
	functions = *lower;
	functions.C_GetTokenInfo = token_info;
	functions.C_Login = login;
	functions.C_SetPIN = set_pin;
	functions.C_InitPIN = init_pin;
	*list = &functions;
	return CKR_OK;
}
