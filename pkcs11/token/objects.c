/* SPDX-License-Identifier: Apache-2.0
 * Objects of a card by raw PKCS#11 calls. Attributes a card reports about its keys are never relied
 * on: some cards say "extractable" of keys that cannot leave them. */
#include "pkcs11/token/objects.h"

#include <openssl/x509.h>
#include <string.h>

#include "pkcs11/failpoint.h"
#include "pkcs11/token/spki.h"

#define LABEL     "opcard auth"
#define FIRST_ID  1
#define LAST_ID   2
#define FOUND_MAX 256

typedef struct Found {
	CK_ULONG count;
	CK_OBJECT_HANDLE handles[FOUND_MAX];
} Found;

static CK_BBOOL yes = CK_TRUE;
static CK_BBOOL no = CK_FALSE;

static bool search(Session *session, CK_ATTRIBUTE *template, CK_ULONG size, Found *ret_found,
		   CardFailure *ret_failure)
{
	CK_RV rv = session->p11->C_FindObjectsInit(session->handle, template, size);
	CK_ULONG got = 0;

	ret_found->count = 0;
	if (!session_read(rv, "search the card", ret_failure))
		return false;
	do {
		rv = session->p11->C_FindObjects(session->handle,
						 ret_found->handles + ret_found->count,
						 FOUND_MAX - ret_found->count, &got);
		if (rv == CKR_OK && got <= FOUND_MAX - ret_found->count)
			ret_found->count += got;
	} while (rv == CKR_OK && got > 0 && ret_found->count < FOUND_MAX);
	(void) session->p11->C_FindObjectsFinal(session->handle);
	return session_read(rv, "search the card", ret_failure);
}

static bool search_class(Session *session, CK_OBJECT_CLASS class, Found *ret_found,
			 CardFailure *ret_failure)
{
	CK_ATTRIBUTE template[] = { { CKA_CLASS, &class, sizeof class } };

	return search(session, template, 1, ret_found, ret_failure);
}

bool objects_count(Session *session, CardContents *ret_contents, CardFailure *ret_failure)
{
	CardContents contents = { 0 };
	Found found;

	if (!session_need(session, ret_failure) || !session_refresh(session, ret_failure))
		return false;
	if (!search(session, NULL, 0, &found, ret_failure))
		return false;
	contents.objects = (unsigned) found.count;
	if (!search_class(session, CKO_PRIVATE_KEY, &found, ret_failure))
		return false;
	contents.private_keys = (unsigned) found.count;
	if (!search_class(session, CKO_CERTIFICATE, &found, ret_failure))
		return false;
	contents.certificates = (unsigned) found.count;
	contents.user_pin_set = (session->token.flags & CKF_USER_PIN_INITIALIZED) != 0;
	*ret_contents = contents;
	return true;
}

static bool search_id(Session *session, CK_OBJECT_CLASS class, CK_BYTE id, Found *ret_found,
		      CardFailure *ret_failure)
{
	CK_ATTRIBUTE template[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_ID, &id, sizeof id },
	};

	return search(session, template, 2, ret_found, ret_failure);
}

/* The first id without a private key. */
static bool choose_id(Session *session, bool first, CK_BYTE *ret_id, CardFailure *ret_failure)
{
	Found found;

	if (!search_class(session, CKO_PRIVATE_KEY, &found, ret_failure))
		return false;
	if (first && found.count > 0)
		return card_failure_set(ret_failure, CARD_FAILURE_NOT_EMPTY,
					"the card has a key already");
	for (CK_BYTE id = FIRST_ID; id <= LAST_ID; id++) {
		if (!search_id(session, CKO_PRIVATE_KEY, id, &found, ret_failure))
			return false;
		if (found.count == 0) {
			*ret_id = id;
			return true;
		}
	}
	return card_failure_set(ret_failure, CARD_FAILURE_NOT_EMPTY,
				"the card has two keys already");
}

static bool generate_pair(Session *session, const SpkiKind *kind, CK_BYTE id,
			  CK_OBJECT_HANDLE *ret_public, CardFailure *ret_failure)
{
	CK_BYTE exponent[] = { 1, 0, 1 };
	CK_ULONG bits = kind->bits;
	CK_OBJECT_HANDLE private;
	CK_MECHANISM mechanism = { kind->generate, NULL, 0 };
	CK_ATTRIBUTE public_template[6] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_VERIFY, &yes, sizeof yes },
		{ CKA_ID, &id, sizeof id },
		{ CKA_LABEL, (void *) LABEL, strlen(LABEL) },
	};
	CK_ATTRIBUTE private_template[] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &yes, sizeof yes },
		{ CKA_SENSITIVE, &yes, sizeof yes },
		{ CKA_EXTRACTABLE, &no, sizeof no },
		{ CKA_SIGN, &yes, sizeof yes },
		{ CKA_ID, &id, sizeof id },
		{ CKA_LABEL, (void *) LABEL, strlen(LABEL) },
	};
	CK_ULONG count = 4;

	if (kind->curve != NULL) {
		public_template[count++] =
			(CK_ATTRIBUTE){ CKA_EC_PARAMS, (void *) kind->curve, kind->curve_length };
	} else {
		public_template[count++] = (CK_ATTRIBUTE){ CKA_MODULUS_BITS, &bits, sizeof bits };
		public_template[count++] =
			(CK_ATTRIBUTE){ CKA_PUBLIC_EXPONENT, exponent, sizeof exponent };
	}
	return session_change(
		session,
		session->p11->C_GenerateKeyPair(
			session->handle, &mechanism, public_template, count, private_template,
			sizeof private_template / sizeof private_template[0], ret_public, &private),
		"make a key pair", ret_failure);
}

bool objects_generate(Session *session, const char *name, bool first, CardBytes *ret_spki,
		      CardFailure *ret_failure)
{
	const SpkiKind *kind = spki_kind(name);
	CK_OBJECT_HANDLE public;
	CK_BYTE id;

	if (kind == NULL)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL, "no kind of key: %s",
					name);
	if (session->login != SESSION_USER)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"a key needs the user's login first");
	if (!choose_id(session, first, &id, ret_failure) ||
	    !generate_pair(session, kind, id, &public, ret_failure))
		return false;
	session->has_key = true;
	session->key_id = id;
	FAILPOINT("card.generated");
	return spki_read(session, kind, public, ret_spki, ret_failure);
}

static bool read_value(Session *session, CK_OBJECT_HANDLE object, CardBytes *ret_bytes,
		       CardFailure *ret_failure)
{
	CK_ATTRIBUTE value = { CKA_VALUE, ret_bytes->bytes, sizeof ret_bytes->bytes };

	if (!session_read(session->p11->C_GetAttributeValue(session->handle, object, &value, 1),
			  "read a certificate back", ret_failure))
		return false;
	if (value.ulValueLen > sizeof ret_bytes->bytes)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the certificate on the card is too long");
	ret_bytes->length = value.ulValueLen;
	return true;
}

/* DER of a name or number, as PKCS#11 wants its attributes. */
typedef struct Names {
	unsigned char *subject;
	unsigned char *issuer;
	unsigned char *serial;
	int subject_length;
	int issuer_length;
	int serial_length;
} Names;

static bool read_names(const unsigned char *der, size_t length, Names *ret_names)
{
	X509 *certificate = d2i_X509(NULL, &der, (long) length);
	Names names = { 0 };

	if (certificate == NULL)
		return false;
	names.subject_length = i2d_X509_NAME(X509_get_subject_name(certificate), &names.subject);
	names.issuer_length = i2d_X509_NAME(X509_get_issuer_name(certificate), &names.issuer);
	names.serial_length = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &names.serial);
	X509_free(certificate);
	*ret_names = names;
	return names.subject_length > 0 && names.issuer_length > 0 && names.serial_length > 0;
}

static void free_names(Names *names)
{
	OPENSSL_free(names->subject);
	OPENSSL_free(names->issuer);
	OPENSSL_free(names->serial);
}

static bool create_certificate(Session *session, const unsigned char *der, size_t length,
			       const Names *names, CardFailure *ret_failure)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_OBJECT_HANDLE object;
	CK_ATTRIBUTE template[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_CERTIFICATE_TYPE, &type, sizeof type },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_ID, &session->key_id, sizeof session->key_id },
		{ CKA_LABEL, (void *) LABEL, strlen(LABEL) },
		{ CKA_SUBJECT, names->subject, (CK_ULONG) names->subject_length },
		{ CKA_ISSUER, names->issuer, (CK_ULONG) names->issuer_length },
		{ CKA_SERIAL_NUMBER, names->serial, (CK_ULONG) names->serial_length },
		{ CKA_VALUE, (void *) der, length },
	};

	return session_change(session,
			      session->p11->C_CreateObject(session->handle, template,
							   sizeof template / sizeof template[0],
							   &object),
			      "store the certificate", ret_failure);
}

static bool read_back(Session *session, const unsigned char *der, size_t length,
		      CardBytes *ret_read_back, CardFailure *ret_failure)
{
	Found found;

	if (!search_id(session, CKO_CERTIFICATE, session->key_id, &found, ret_failure))
		return false;
	if (found.count != 1)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the certificate cannot be found on the card again");
	if (!read_value(session, found.handles[0], ret_read_back, ret_failure))
		return false;
	if (ret_read_back->length != length || memcmp(ret_read_back->bytes, der, length) != 0)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the card gave back another certificate");
	return true;
}

bool objects_put(Session *session, const unsigned char *der, size_t length,
		 CardBytes *ret_read_back, CardFailure *ret_failure)
{
	Names names = { 0 };
	Found found;
	bool worked;

	if (!session->has_key || session->login != SESSION_USER)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"a certificate needs its key first");
	if (!search_id(session, CKO_CERTIFICATE, session->key_id, &found, ret_failure))
		return false;
	if (found.count > 0)
		return card_failure_set(ret_failure, CARD_FAILURE_NOT_EMPTY,
					"the key has a certificate already");
	worked = read_names(der, length, &names) ||
		 card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL, "not a certificate");
	worked = worked && create_certificate(session, der, length, &names, ret_failure);
	free_names(&names);
	FAILPOINT("card.put");
	return worked && read_back(session, der, length, ret_read_back, ret_failure);
}

/* The one-byte CKA_ID of the certificate that equals `der`. */
static bool find_certificate(Session *session, const unsigned char *der, size_t length,
			     CK_BYTE *ret_id, CardFailure *ret_failure)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE by_value[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_VALUE, (void *) der, length },
	};
	CK_ATTRIBUTE id = { CKA_ID, ret_id, sizeof *ret_id };
	Found found;

	if (!search(session, by_value, 2, &found, ret_failure))
		return false;
	if (found.count != 1)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the certificate looked for is not on the card");
	return session_read(
		session->p11->C_GetAttributeValue(session->handle, found.handles[0], &id, 1),
		"read a certificate's id", ret_failure);
}

bool objects_find(Session *session, const unsigned char *der, size_t length,
		  CardFailure *ret_failure)
{
	CK_BYTE id;

	return session_need(session, ret_failure) &&
	       find_certificate(session, der, length, &id, ret_failure);
}

static bool has_id(Session *session, CK_OBJECT_HANDLE object, CK_BYTE wanted)
{
	CK_BYTE id = 0;
	CK_ATTRIBUTE attribute = { CKA_ID, &id, sizeof id };
	CK_RV rv = session->p11->C_GetAttributeValue(session->handle, object, &attribute, 1);

	return rv == CKR_OK && attribute.ulValueLen == sizeof id && id == wanted;
}

bool objects_keep(Session *session, const unsigned char *der, size_t length,
		  CardFailure *ret_failure)
{
	CK_BYTE id = 0;
	Found found;

	if (session->login != SESSION_USER)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"removing a key needs the user's login first");
	if (!find_certificate(session, der, length, &id, ret_failure) ||
	    !search_id(session, CKO_PRIVATE_KEY, id, &found, ret_failure))
		return false;
	if (found.count != 1)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the certificate to keep has no key");
	if (!search(session, NULL, 0, &found, ret_failure))
		return false;
	for (CK_ULONG i = 0; i < found.count; i++)
		if (!has_id(session, found.handles[i], id) &&
		    !session_change(
			    session,
			    session->p11->C_DestroyObject(session->handle, found.handles[i]),
			    "remove the other key", ret_failure))
			return false;
	session->has_key = true;
	session->key_id = id;
	return true;
}

bool objects_private_key(Session *session, CK_OBJECT_HANDLE *ret_key, CardFailure *ret_failure)
{
	Found found;

	if (session->login != SESSION_USER)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"signing needs the user's login first");
	if (session->has_key
		    ? !search_id(session, CKO_PRIVATE_KEY, session->key_id, &found, ret_failure)
		    : !search_class(session, CKO_PRIVATE_KEY, &found, ret_failure))
		return false;
	if (found.count != 1)
		return card_failure_set(ret_failure, CARD_FAILURE_DAMAGED,
					"the card has %lu keys where one is expected", found.count);
	*ret_key = found.handles[0];
	return true;
}
