/* SPDX-License-Identifier: Apache-2.0
 * A module whose card counts wrong PINs, which SoftHSM does not: three tries, then locked. The PIN
 * is "right1", the SO PIN anything. The state lies in the reader as "tries", and every login is
 * noted in "logins", so that a test sees a login that should not have been. */
#include <limits.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

#define PIN   "right1"
#define TRIES 3

static char reader[PATH_MAX - 64];

static FILE *open_file(const char *name, const char *mode)
{
	char path[PATH_MAX];

	(void) snprintf(path, sizeof path, "%s/%s", reader, name);
	return fopen(path, mode);
}

static int tries_left(void)
{
	FILE *file = open_file("tries", "re");
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
	FILE *file = open_file("tries", "we");

	(void) fprintf(file, "%d\n", tries);
	(void) fclose(file);
}

static CK_RV initialise(void *arguments)
{
	const char *configuration = getenv("SOFTHSM2_CONF");
	FILE *file = configuration == NULL ? NULL : fopen(configuration, "re");

	(void) arguments;
	if (file == NULL || fscanf(file, "directories.tokendir = %4000[^\n]", reader) != 1)
		return CKR_GENERAL_ERROR;
	(void) fclose(file);
	return CKR_OK;
}

static CK_RV finalise(void *arguments)
{
	(void) arguments;
	return CKR_OK;
}

static CK_RV slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count)
{
	(void) present;
	*count = 1;
	slots[0] = 7;
	return CKR_OK;
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	int tries = tries_left();

	(void) slot;
	memset(info, ' ', sizeof *info);
	memcpy(info->serialNumber, "1234", 4);
	info->flags = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED;
	if (tries < TRIES)
		info->flags |= CKF_USER_PIN_COUNT_LOW;
	if (tries == 1)
		info->flags |= CKF_USER_PIN_FINAL_TRY;
	if (tries == 0)
		info->flags |= CKF_USER_PIN_LOCKED;
	info->ulMinPinLen = 4;
	info->ulMaxPinLen = 8;
	return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
			  CK_SESSION_HANDLE *session)
{
	(void) slot;
	(void) flags;
	(void) application;
	(void) notify;
	*session = 1;
	return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
	(void) session;
	return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length)
{
	FILE *file = open_file("logins", "ae");

	(void) session;
	(void) fprintf(file, "%s\n", user == CKU_SO ? "so" : "user");
	(void) fclose(file);
	if (user == CKU_SO)
		return CKR_OK;
	if (tries_left() == 0)
		return CKR_PIN_LOCKED;
	if (length == strlen(PIN) && memcmp(pin, PIN, length) == 0) {
		set_tries(TRIES);
		return CKR_OK;
	}
	set_tries(tries_left() - 1);
	return tries_left() == 0 ? CKR_PIN_LOCKED : CKR_PIN_INCORRECT;
}

static CK_RV init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length)
{
	(void) session;
	(void) pin;
	(void) length;
	set_tries(TRIES);
	return CKR_OK;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	static CK_FUNCTION_LIST functions;

	functions.C_Initialize = initialise;
	functions.C_Finalize = finalise;
	functions.C_GetSlotList = slot_list;
	functions.C_GetTokenInfo = token_info;
	functions.C_OpenSession = open_session;
	functions.C_CloseSession = close_session;
	functions.C_Login = login;
	functions.C_Logout = close_session;
	functions.C_InitPIN = init_pin;
	*list = &functions;
	return CKR_OK;
}
