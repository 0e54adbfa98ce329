/* SPDX-License-Identifier: Apache-2.0
 * Cards through PKCS#11. The module is called directly: libp11 waits for ever where a session
 * cannot be opened, keeps the PIN, and tells success for any PIN once somebody is logged in. */
#include "daemon/ctl/ctl_token.h"

#include <dlfcn.h>
#include <openssl/ssl.h>
#include <p11-kit/pkcs11.h>
#include <string.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_pin.h"
#include "daemon/ctl/ctl_problem.h"
#include "daemon/ctl/ctl_token_key.h"
#include "daemon/ctl/ctl_uri.h"

/* p11-kit's own library is a module that joins all modules registered on this machine. */
#define DEFAULT_MODULE "libp11-kit.so.0"
#define SLOTS_MAX      64
#define OBJECTS_MAX    16
#define VALUE_MAX      8192

struct CtlToken {
	void *library;
	CK_FUNCTION_LIST *p11;
	gboolean is_initialised;
	CK_SLOT_ID slot;
	CK_TOKEN_INFO info;
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
	X509 *certificate;
	EVP_PKEY *private_key;
};

static gboolean set_failed(const char *doing, CK_RV rv, GError **error)
{
	return ctl_problem_set(error, CTL_PROBLEM_CARD, N_("The card cannot be used (%s: 0x%lx)."),
			       doing, (gulong) rv);
}

static gboolean load(CtlToken *token, const char *path, GError **error)
{
	CK_C_GetFunctionList get_list;
	CK_RV rv;

	token->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (token->library == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_CARD,
				       N_("The card's module %s cannot be loaded: %s"), path,
				       dlerror());
	get_list = (CK_C_GetFunctionList) dlsym(token->library, "C_GetFunctionList");
	if (get_list == NULL || get_list(&token->p11) != CKR_OK)
		return ctl_problem_set(error, CTL_PROBLEM_CARD, N_("%s is no PKCS#11 module."),
				       path);
	rv = token->p11->C_Initialize(NULL);
	if (rv != CKR_OK)
		return set_failed("C_Initialize", rv, error);
	token->is_initialised = TRUE;
	return TRUE;
}

/* TRUE if the blank-padded @field says @wanted. */
static gboolean fits(const CK_UTF8CHAR *field, gsize size, const char *wanted)
{
	while (size > 0 && (field[size - 1] == ' ' || field[size - 1] == '\0'))
		size--;
	return wanted == NULL || (strlen(wanted) == size && memcmp(field, wanted, size) == 0);
}

static gboolean is_meant(CtlToken *token, CK_SLOT_ID slot, const CtlUri *uri,
			 CK_TOKEN_INFO *ret_info)
{
	if (token->p11->C_GetTokenInfo(slot, ret_info) != CKR_OK ||
	    (ret_info->flags & CKF_TOKEN_INITIALIZED) == 0 ||
	    (ret_info->flags & CKF_USER_PIN_INITIALIZED) == 0)
		return FALSE;
	return fits(ret_info->label, sizeof ret_info->label, uri->token) &&
	       fits(ret_info->serialNumber, sizeof ret_info->serialNumber, uri->serial);
}

static gboolean find_card(CtlToken *token, const CtlUri *uri, GError **error)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = SLOTS_MAX;
	CK_RV rv = token->p11->C_GetSlotList(CK_TRUE, slots, &n);
	guint found = 0;

	if (rv != CKR_OK)
		return set_failed("C_GetSlotList", rv, error);
	for (CK_ULONG i = 0; i < n; i++) {
		CK_TOKEN_INFO info;

		if (!is_meant(token, slots[i], uri, &info))
			continue;
		token->slot = slots[i];
		token->info = info;
		found++;
	}
	if (found == 1)
		return TRUE;
	return found == 0 ? ctl_problem_set(error, CTL_PROBLEM_CARD,
					    N_("No such card is in a reader of this machine."))
			  : ctl_problem_set(error, CTL_PROBLEM_CARD,
					    N_("%u cards fit; say which one with "
					       "--cert pkcs11:serial=…"),
					    found);
}

static gboolean set_refused(CK_RV rv, GError **error)
{
	if (rv == CKR_PIN_INCORRECT)
		return ctl_problem_set(error, CTL_PROBLEM_CARD,
				       N_("The PIN is wrong. It was not tried again."));
	if (rv == CKR_PIN_LOCKED)
		return ctl_problem_set(error, CTL_PROBLEM_CARD,
				       N_("The PIN of this card is locked. The custodian resets "
					  "it (form 6)."));
	if (rv == CKR_PIN_EXPIRED)
		return ctl_problem_set(error, CTL_PROBLEM_CARD,
				       N_("The PIN of this card must be changed first."));
	return set_failed("C_Login", rv, error);
}

static gboolean log_in(CtlToken *token, const Ctl *ctl, GError **error)
{
	g_autoptr(CtlSecret) pin = ctl_secret_new();
	CK_FLAGS flags = token->info.flags;
	CK_RV rv;

	if ((flags & CKF_USER_PIN_LOCKED) != 0)
		return set_refused(CKR_PIN_LOCKED, error);
	if ((flags & CKF_USER_PIN_FINAL_TRY) != 0 && ctl->pin_fd >= 0)
		return ctl_problem_set(error, CTL_PROBLEM_CARD,
				       N_("One try of this card's PIN is left; type it at the "
					  "terminal, not with --pin-fd."));
	if ((flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
		rv = token->p11->C_Login(token->session, CKU_USER, NULL, 0);
	} else {
		if (!ctl_pin_read(ctl,
				  (flags & CKF_USER_PIN_FINAL_TRY) != 0
					  ? _("PIN of your card (LAST TRY): ")
					  : _("PIN of your card: "),
				  pin, error))
			return FALSE;
		rv = token->p11->C_Login(token->session, CKU_USER,
					 (CK_UTF8CHAR *) ctl_secret_data(pin),
					 ctl_secret_length(pin));
	}
	return rv == CKR_OK || set_refused(rv, error);
}

/* At most OBJECTS_MAX handles. */
static CK_ULONG find(CtlToken *token, CK_ATTRIBUTE *wanted, CK_ULONG n_wanted,
		     CK_OBJECT_HANDLE *handles)
{
	CK_ULONG n = 0;

	if (token->p11->C_FindObjectsInit(token->session, wanted, n_wanted) != CKR_OK)
		return 0;
	if (token->p11->C_FindObjects(token->session, handles, OBJECTS_MAX, &n) != CKR_OK)
		n = 0;
	(void) token->p11->C_FindObjectsFinal(token->session);
	return n;
}

static GBytes *value_of(CtlToken *token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
	guint8 value[VALUE_MAX];
	CK_ATTRIBUTE attribute = { type, value, sizeof value };

	if (token->p11->C_GetAttributeValue(token->session, object, &attribute, 1) != CKR_OK ||
	    attribute.ulValueLen > sizeof value)
		return NULL;
	return g_bytes_new(value, attribute.ulValueLen);
}

static CK_OBJECT_HANDLE key_of(CtlToken *token, GBytes *id)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_OBJECT_HANDLE handles[OBJECTS_MAX];
	gsize length;
	const void *bytes = g_bytes_get_data(id, &length);
	CK_ATTRIBUTE wanted[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_ID, (void *) bytes, length },
	};

	return find(token, wanted, G_N_ELEMENTS(wanted), handles) > 0 ? handles[0] : 0;
}

/* A renewed card may still have its old certificate: the one that ends last is used. */
static void take_certificate(CtlToken *token, CK_OBJECT_HANDLE object)
{
	g_autoptr(GBytes) der = value_of(token, object, CKA_VALUE);
	g_autoptr(GBytes) id = value_of(token, object, CKA_ID);
	const unsigned char *at = der != NULL ? g_bytes_get_data(der, NULL) : NULL;
	CK_OBJECT_HANDLE key = id != NULL ? key_of(token, id) : 0;
	X509 *certificate =
		at != NULL && key != 0 ? d2i_X509(NULL, &at, (long) g_bytes_get_size(der)) : NULL;

	if (certificate == NULL)
		return;
	if (token->certificate != NULL &&
	    ASN1_TIME_compare(X509_get0_notAfter(certificate),
			      X509_get0_notAfter(token->certificate)) <= 0) {
		X509_free(certificate);
		return;
	}
	X509_free(token->certificate);
	token->certificate = certificate;
	token->key = key;
}

static gboolean find_certificate(CtlToken *token, const CtlUri *uri, GError **error)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_OBJECT_HANDLE handles[OBJECTS_MAX];
	CK_ATTRIBUTE wanted[3] = { { CKA_CLASS, &class, sizeof class } };
	CK_ULONG n = 1;
	gsize length;

	if (uri->id != NULL) {
		wanted[n].type = CKA_ID;
		wanted[n].pValue = (void *) g_bytes_get_data(uri->id, &length);
		wanted[n++].ulValueLen = length;
	}
	if (uri->object != NULL)
		wanted[n++] = (CK_ATTRIBUTE){ CKA_LABEL, uri->object, strlen(uri->object) };
	n = find(token, wanted, n, handles);
	for (CK_ULONG i = 0; i < n; i++)
		take_certificate(token, handles[i]);
	if (token->certificate == NULL)
		return ctl_problem_set(error, CTL_PROBLEM_CARD,
				       N_("The card holds no certificate with its key."));
	token->private_key = ctl_token_key_new(token, X509_get0_pubkey(token->certificate));
	return token->private_key != NULL ||
	       ctl_problem_set(error, CTL_PROBLEM_CARD,
			       N_("The card's key is of an unknown kind."));
}

static gboolean open_session(CtlToken *token, GError **error)
{
	CK_RV rv = token->p11->C_OpenSession(token->slot, CKF_SERIAL_SESSION, NULL, NULL,
					     &token->session);

	return rv == CKR_OK || set_failed("C_OpenSession", rv, error);
}

CtlToken *ctl_token_open(const Ctl *ctl, const char *text, GError **error)
{
	g_autoptr(CtlToken) token = g_new0(CtlToken, 1);
	g_autoptr(CtlUri) uri = ctl_uri_parse(text, error);

	if (uri == NULL ||
	    !load(token, uri->module != NULL ? uri->module : DEFAULT_MODULE, error) ||
	    !find_card(token, uri, error) || !open_session(token, error) ||
	    !log_in(token, ctl, error) || !find_certificate(token, uri, error))
		return NULL;
	return g_steal_pointer(&token);
}

void ctl_token_free(CtlToken *token)
{
	if (token == NULL)
		return;
	EVP_PKEY_free(token->private_key);
	X509_free(token->certificate);
	if (token->session != 0)
		(void) token->p11->C_CloseSession(token->session);
	if (token->is_initialised)
		(void) token->p11->C_Finalize(NULL);
	if (token->library != NULL)
		dlclose(token->library);
	g_free(token);
}

gboolean ctl_token_use(CtlToken *token, struct ssl_ctx_st *context)
{
	return SSL_CTX_use_certificate(context, token->certificate) == 1 &&
	       SSL_CTX_use_PrivateKey(context, token->private_key) == 1;
}

gsize ctl_token_sign(CtlToken *token, gulong mechanism, GBytes *data, guint8 *signature, gsize room)
{
	CK_MECHANISM with = { mechanism, NULL, 0 };
	CK_ULONG length = room;
	gsize n;
	const void *bytes = g_bytes_get_data(data, &n);

	if (token->p11->C_SignInit(token->session, &with, token->key) != CKR_OK ||
	    token->p11->C_Sign(token->session, (CK_BYTE *) bytes, n, signature, &length) != CKR_OK)
		return 0;
	return length;
}
