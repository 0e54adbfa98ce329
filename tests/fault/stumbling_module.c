/* SPDX-License-Identifier: Apache-2.0
 * SoftHSM as a card whose n-th call fails. The file "stumble" in the reader holds "n rv" (rv as a
 * number): call n and every later one answer rv, with "n 0" the process is killed there. Counted
 * from the first call that only work on a card makes, so not in the process that watches readers.
 * How many calls there were is left in the file "calls". Without "stumble" nothing happens. */
#include <dlfcn.h>
#include <limits.h>
#include <p11-kit/pkcs11.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOFTHSM "/usr/lib/softhsm/libsofthsm2.so"

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

static CK_FUNCTION_LIST *lower;
static CK_FUNCTION_LIST functions;
static unsigned long calls, stumble_at, answer;
static int is_working;

static FILE *open_beside(const char *name, const char *mode)
{
	const char *configuration = getenv("SOFTHSM2_CONF");
	FILE *file = configuration == NULL ? NULL : fopen(configuration, "re");
	char reader[PATH_MAX - 64];
	char path[PATH_MAX];

	if (file == NULL || fscanf(file, "directories.tokendir = %4000[^\n]", reader) != 1)
		abort();
	(void) fclose(file);
	(void) snprintf(path, sizeof path, "%s/%s", reader, name);
	return fopen(path, mode);
}

/* Work on a card begins with one of these; whoever only watches never makes them. */
static void work_begins(void)
{
	FILE *file = is_working ? NULL : open_beside("stumble", "re");

	is_working = 1;
	if (file == NULL)
		return;
	if (fscanf(file, "%lu %lu", &stumble_at, &answer) != 2)
		abort();
	(void) fclose(file);
}

static CK_RV step(void)
{
	FILE *file;

	if (!is_working || stumble_at == 0)
		return CKR_OK;
	calls++;
	file = open_beside("calls", "we");
	if (file == NULL || fprintf(file, "%lu\n", calls) < 0)
		abort();
	(void) fclose(file);
	if (calls < stumble_at)
		return CKR_OK;
	if (answer == 0)
		raise(SIGKILL);
	return answer;
}

#define WRAP(name, parameters, arguments)                                                          \
	static CK_RV name parameters                                                               \
	{                                                                                          \
		CK_RV result = step();                                                             \
		return result != CKR_OK ? result : lower->C_##name arguments;                      \
	}

/* clang-format off */
WRAP(CloseSession, (CK_SESSION_HANDLE s), (s))
WRAP(CreateObject, (CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *o), (s, t, n, o))
WRAP(DestroyObject, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o), (s, o))
WRAP(FindObjects, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE *o, CK_ULONG m, CK_ULONG *n), (s, o, m, n))
WRAP(FindObjectsFinal, (CK_SESSION_HANDLE s), (s))
WRAP(FindObjectsInit, (CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n), (s, t, n))
WRAP(GenerateKeyPair, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_ATTRIBUTE *a, CK_ULONG an,
	CK_ATTRIBUTE *b, CK_ULONG bn, CK_OBJECT_HANDLE *x, CK_OBJECT_HANDLE *y), (s, m, a, an, b, bn, x, y))
WRAP(GetAttributeValue, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *t, CK_ULONG n), (s, o, t, n))
WRAP(GetSlotList, (CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *n), (present, slots, n))
WRAP(GetTokenInfo, (CK_SLOT_ID slot, CK_TOKEN_INFO *info), (slot, info))
WRAP(InitPIN, (CK_SESSION_HANDLE s, CK_UTF8CHAR *p, CK_ULONG n), (s, p, n))
WRAP(Login, (CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_UTF8CHAR *p, CK_ULONG n), (s, u, p, n))
WRAP(Logout, (CK_SESSION_HANDLE s), (s))
WRAP(SetPIN, (CK_SESSION_HANDLE s, CK_UTF8CHAR *p, CK_ULONG n, CK_UTF8CHAR *q, CK_ULONG m), (s, p, n, q, m))
WRAP(Sign, (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG n, CK_BYTE *o, CK_ULONG *m), (s, d, n, o, m))
WRAP(SignInit, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE k), (s, m, k))
/* clang-format on */

static CK_RV OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void *data, CK_NOTIFY notify,
			 CK_SESSION_HANDLE *session)
{
	CK_RV result;

	work_begins();
	result = step();
	return result != CKR_OK ? result : lower->C_OpenSession(slot, flags, data, notify, session);
}

static CK_RV InitToken(CK_SLOT_ID slot, CK_UTF8CHAR *pin, CK_ULONG length, CK_UTF8CHAR *label)
{
	CK_RV result;

	work_begins();
	result = step();
	return result != CKR_OK ? result : lower->C_InitToken(slot, pin, length, label);
}

#define REPLACE(name) functions.C_##name = name

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL);
	CK_C_GetFunctionList get =
		library == NULL ? NULL : (CK_C_GetFunctionList) dlsym(library, "C_GetFunctionList");

	if (get == NULL || get(&lower) != CKR_OK)
		return CKR_GENERAL_ERROR;
	functions = *lower;
	REPLACE(CloseSession), REPLACE(CreateObject), REPLACE(DestroyObject), REPLACE(FindObjects);
	REPLACE(FindObjectsFinal), REPLACE(FindObjectsInit), REPLACE(GenerateKeyPair);
	REPLACE(GetAttributeValue), REPLACE(GetSlotList), REPLACE(GetTokenInfo), REPLACE(InitPIN);
	REPLACE(InitToken), REPLACE(Login), REPLACE(Logout), REPLACE(OpenSession), REPLACE(SetPIN);
	REPLACE(Sign), REPLACE(SignInit);
	*list = &functions;
	return CKR_OK;
}
