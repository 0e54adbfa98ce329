/* SPDX-License-Identifier: Apache-2.0
 * The CA's key pair. A private key without its public half is never removed: it may be the only
 * one there is; the other way round nothing is lost. */
#include "pkcs11/token/token_sign_key.h"

#include <string.h>

#include "pkcs11/failpoint.h"
#include "pkcs11/token/spki.h"

#define FOUND_MAX 2

static CK_BBOOL yes = CK_TRUE;
static CK_BBOOL no = CK_FALSE;

typedef struct Keys {
	CK_ULONG count;
	CK_OBJECT_HANDLE handles[FOUND_MAX];
} Keys;

static bool search(Session *session, CK_OBJECT_CLASS class, const char *label, Keys *ret_keys,
		   CardFailure *ret_failure)
{
	CK_ATTRIBUTE template[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_LABEL, (void *) label, strlen(label) },
	};
	CK_RV rv = session->p11->C_FindObjectsInit(session->handle, template, 2);

	ret_keys->count = 0;
	if (rv == CKR_OK) {
		rv = session->p11->C_FindObjects(session->handle, ret_keys->handles, FOUND_MAX,
						 &ret_keys->count);
		(void) session->p11->C_FindObjectsFinal(session->handle);
	}
	return session_read(rv, "search the token", ret_failure);
}

static bool read_public(Session *session, CK_OBJECT_HANDLE public, CardBytes *ret_spki,
			CardFailure *ret_failure)
{
	static const char *const kinds[] = { "ec:P-256", "rsa:2048", "rsa:3072" };
	CK_KEY_TYPE type = 0;
	CK_ATTRIBUTE attribute = { CKA_KEY_TYPE, &type, sizeof type };

	if (!session_read(session->p11->C_GetAttributeValue(session->handle, public, &attribute, 1),
			  "read the key's type", ret_failure))
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const SpkiKind *kind = spki_kind(kinds[i]);

		if (kind->type == type && spki_read(session, kind, public, ret_spki, ret_failure))
			return true;
	}
	return card_failure_set(ret_failure, CARD_FAILURE_CARD_ERROR,
				"the key is of no kind that can be used: ec:P-256, rsa:2048, "
				"rsa:3072");
}

bool token_sign_key_find(Session *session, const char *label, TokenSignKey *ret_key,
			 CardFailure *ret_failure)
{
	Keys private, public;

	ret_key->spki.length = 0;
	if (!search(session, CKO_PRIVATE_KEY, label, &private, ret_failure) ||
	    !search(session, CKO_PUBLIC_KEY, label, &public, ret_failure))
		return false;
	if (private.count == 0)
		return true;
	if (private.count > 1 || public.count != 1)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the token has %lu private and %lu public keys \"%s\", "
					"where one of each is expected",
					private.count, public.count, label);
	ret_key->private = private.handles[0];
	return read_public(session, public.handles[0], &ret_key->spki, ret_failure);
}

static bool drop_halves(Session *session, const char *label, CardFailure *ret_failure)
{
	Keys found;

	do {
		if (!search(session, CKO_PUBLIC_KEY, label, &found, ret_failure))
			return false;
		if (found.count > 0 &&
		    !session_read(session->p11->C_DestroyObject(session->handle, found.handles[0]),
				  "remove half a key pair", ret_failure))
			return false;
	} while (found.count > 0);
	return true;
}

static bool generate(Session *session, const char *label, const SpkiKind *kind,
		     CardFailure *ret_failure)
{
	CK_BYTE exponent[] = { 1, 0, 1 };
	CK_ULONG bits = kind->bits, count = 4;
	CK_OBJECT_HANDLE public, private;
	CK_MECHANISM mechanism = { kind->generate, NULL, 0 };
	CK_ATTRIBUTE public_template[6] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_VERIFY, &yes, sizeof yes },
		{ CKA_ID, (void *) label, strlen(label) },
		{ CKA_LABEL, (void *) label, strlen(label) },
	};
	CK_ATTRIBUTE private_template[] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &yes, sizeof yes },
		{ CKA_SENSITIVE, &yes, sizeof yes },
		{ CKA_EXTRACTABLE, &no, sizeof no },
		{ CKA_SIGN, &yes, sizeof yes },
		{ CKA_ID, (void *) label, strlen(label) },
		{ CKA_LABEL, (void *) label, strlen(label) },
	};

	if (kind->curve != NULL) {
		public_template[count++] =
			(CK_ATTRIBUTE){ CKA_EC_PARAMS, (void *) kind->curve, kind->curve_length };
	} else {
		public_template[count++] = (CK_ATTRIBUTE){ CKA_MODULUS_BITS, &bits, sizeof bits };
		public_template[count++] =
			(CK_ATTRIBUTE){ CKA_PUBLIC_EXPONENT, exponent, sizeof exponent };
	}
	return session_read(
		session->p11->C_GenerateKeyPair(
			session->handle, &mechanism, public_template, count, private_template,
			sizeof private_template / sizeof private_template[0], &public, &private),
		"make the key pair", ret_failure);
}

bool token_sign_key_make(Session *session, const char *label, const char *name,
			 TokenSignKey *ret_key, CardFailure *ret_failure)
{
	const SpkiKind *kind = spki_kind(name);

	if (kind == NULL)
		return card_failure_set(ret_failure, CARD_FAILURE_CARD_ERROR,
					"no key of the kind %s can be made on a token: ec:P-256, "
					"rsa:2048, rsa:3072",
					name);
	if (!token_sign_key_find(session, label, ret_key, ret_failure))
		return false;
	if (ret_key->spki.length > 0)
		return card_failure_set(ret_failure, CARD_FAILURE_NOT_EMPTY,
					"the token has a key \"%s\" already", label);
	if (!drop_halves(session, label, ret_failure) ||
	    !generate(session, label, kind, ret_failure))
		return false;
	FAILPOINT("sign.generated");
	return token_sign_key_find(session, label, ret_key, ret_failure);
}
