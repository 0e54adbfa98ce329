/* SPDX-License-Identifier: Apache-2.0
 * SoftHSM, but with a card that counts wrong PINs: three tries, then locked, until the PIN is set
 * through the SO PIN. The tries left lie in the reader's file "tries", where a test may also lock
 * the card as a terminal would. */
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

static FILE *open_tries(const char *mode)
{
	const char *configuration = getenv("SOFTHSM2_CONF");
	FILE *file = configuration == NULL ? NULL : fopen(configuration, "re");
	char reader[PATH_MAX - 64] = "";
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

	if (file == NULL)
		abort();
	(void) fprintf(file, "%d\n", tries);
	(void) fclose(file);
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = lower->C_GetTokenInfo(slot, info);
	int tries = tries_left();

	if (rv == CKR_OK && tries < TRIES)
		info->flags |= CKF_USER_PIN_COUNT_LOW;
	if (rv == CKR_OK && tries == 1)
		info->flags |= CKF_USER_PIN_FINAL_TRY;
	if (rv == CKR_OK && tries == 0)
		info->flags |= CKF_USER_PIN_LOCKED;
	return rv;
}

static CK_RV counted(CK_RV rv)
{
	if (rv == CKR_OK)
		set_tries(TRIES);
	if (rv != CKR_PIN_INCORRECT)
		return rv;
	set_tries(tries_left() - 1);
	return tries_left() == 0 ? CKR_PIN_LOCKED : rv;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length)
{
	if (user == CKU_SO)
		return lower->C_Login(session, user, pin, length);
	return tries_left() == 0 ? CKR_PIN_LOCKED
				 : counted(lower->C_Login(session, user, pin, length));
}

static CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *old, CK_ULONG old_length,
		     CK_UTF8CHAR *pin, CK_ULONG length)
{
	CK_SESSION_INFO info;

	if (lower->C_GetSessionInfo(session, &info) == CKR_OK && info.state == CKS_RW_SO_FUNCTIONS)
		return lower->C_SetPIN(session, old, old_length, pin, length);
	return tries_left() == 0 ? CKR_PIN_LOCKED
				 : counted(lower->C_SetPIN(session, old, old_length, pin, length));
}

static CK_RV init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length)
{
	return counted(lower->C_InitPIN(session, pin, length));
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	static CK_FUNCTION_LIST functions;
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
