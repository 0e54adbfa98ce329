/* SPDX-License-Identifier: Apache-2.0
 * The peer of the benchmark "issue-bare": makes one card with nothing but the PKCS#11 calls that
 * it takes and one signature of a CA. Records nothing, checks no right, builds no walls.
 * issue_bare MODULE CA-KEY.pem [--prepare]: only C_InitToken on the blank slot. */
#include <dlfcn.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SO_PIN   "0123456789ABCDEF01234567"
#define USER_PIN "abcdefghijklmnopqrstuvwx"
#define CHECK(call)                                                                                \
	do {                                                                                       \
		if (!(call)) {                                                                     \
			(void) fprintf(stderr, "issue_bare: line %d failed\n", __LINE__);          \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

/* SubjectPublicKeyInfo of P-256 up to the point. */
static const unsigned char spki_head[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
					   0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
					   0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 };

static CK_FUNCTION_LIST *p11;
static CK_SESSION_HANDLE session;
static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE id = 1;

static void load(const char *path)
{
	void *library = dlopen(path, RTLD_NOW);
	CK_C_GetFunctionList get;

	CHECK(library != NULL);
	get = (CK_C_GetFunctionList) dlsym(library, "C_GetFunctionList");
	CHECK(get != NULL && get(&p11) == CKR_OK && p11->C_Initialize(NULL) == CKR_OK);
}

static CK_SLOT_ID find_slot(CK_FLAGS wanted)
{
	CK_SLOT_ID slots[8];
	CK_ULONG count = 8;
	CK_TOKEN_INFO info;

	CHECK(p11->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK);
	for (CK_ULONG i = 0; i < count; i++)
		if (p11->C_GetTokenInfo(slots[i], &info) == CKR_OK &&
		    (info.flags & CKF_TOKEN_INITIALIZED) == wanted)
			return slots[i];
	CHECK(!"a slot");
	return 0;
}

static void initialise(CK_SLOT_ID slot)
{
	CK_UTF8CHAR label[32];

	memset(label, ' ', sizeof label);
	CHECK(p11->C_InitToken(slot, (CK_UTF8CHAR *) SO_PIN, strlen(SO_PIN), label) == CKR_OK);
}

static void log_in(CK_SLOT_ID slot)
{
	CHECK(p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) ==
	      CKR_OK);
	CHECK(p11->C_Login(session, CKU_SO, (CK_UTF8CHAR *) SO_PIN, strlen(SO_PIN)) == CKR_OK);
	CHECK(p11->C_InitPIN(session, (CK_UTF8CHAR *) USER_PIN, strlen(USER_PIN)) == CKR_OK);
	CHECK(p11->C_Logout(session) == CKR_OK);
	CHECK(p11->C_Login(session, CKU_USER, (CK_UTF8CHAR *) USER_PIN, strlen(USER_PIN)) ==
	      CKR_OK);
}

static EVP_PKEY *generate(CK_OBJECT_HANDLE *ret_private)
{
	static CK_BYTE curve[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
	CK_MECHANISM mechanism = { CKM_EC_KEY_PAIR_GEN, NULL, 0 };
	CK_OBJECT_HANDLE public;
	CK_BYTE bytes[128];
	CK_ATTRIBUTE point = { CKA_EC_POINT, bytes, sizeof bytes };
	CK_ATTRIBUTE public_template[] = {
		{ CKA_TOKEN, &yes, 1 },
		{ CKA_VERIFY, &yes, 1 },
		{ CKA_ID, &id, 1 },
		{ CKA_EC_PARAMS, curve, sizeof curve },
	};
	CK_ATTRIBUTE private_template[] = {
		{ CKA_TOKEN, &yes, 1 },      { CKA_PRIVATE, &yes, 1 }, { CKA_SENSITIVE, &yes, 1 },
		{ CKA_EXTRACTABLE, &no, 1 }, { CKA_SIGN, &yes, 1 },    { CKA_ID, &id, 1 },
	};
	unsigned char der[sizeof spki_head + 65];
	const unsigned char *at = der;
	EVP_PKEY *key;

	CHECK(p11->C_GenerateKeyPair(session, &mechanism, public_template, 4, private_template, 6,
				     &public, ret_private) == CKR_OK);
	CHECK(p11->C_GetAttributeValue(session, public, &point, 1) == CKR_OK);
	/* An OCTET STRING around the point. */
	CHECK(point.ulValueLen == 67);
	memcpy(der, spki_head, sizeof spki_head);
	memcpy(der + sizeof spki_head, bytes + 2, 65);
	key = d2i_PUBKEY(NULL, &at, sizeof der);
	CHECK(key != NULL);
	return key;
}

static int certify(EVP_PKEY *key, const char *ca_path, unsigned char **ret_der)
{
	FILE *file = fopen(ca_path, "r");
	EVP_PKEY *ca = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);

	CHECK(ca != NULL);
	(void) fclose(file);
	CHECK(X509_set_version(certificate, 2) &&
	      ASN1_INTEGER_set(X509_get_serialNumber(certificate), 4711) &&
	      X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL &&
	      X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) != NULL &&
	      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					 (const unsigned char *) "OP000001", -1, -1, 0) &&
	      X509_set_issuer_name(certificate, name) && X509_set_pubkey(certificate, key) &&
	      X509_sign(certificate, ca, EVP_sha256()) > 0);
	return i2d_X509(certificate, ret_der);
}

static void put(unsigned char *der, int length)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_OBJECT_HANDLE object;
	CK_BYTE back[4096];
	CK_ATTRIBUTE value = { CKA_VALUE, back, sizeof back };
	CK_ATTRIBUTE template[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_CERTIFICATE_TYPE, &type, sizeof type },
		{ CKA_TOKEN, &yes, 1 },
		{ CKA_PRIVATE, &no, 1 },
		{ CKA_ID, &id, 1 },
		{ CKA_SUBJECT, (void *) "0", 1 },
		{ CKA_VALUE, der, (CK_ULONG) length },
	};

	CHECK(p11->C_CreateObject(session, template, 7, &object) == CKR_OK);
	CHECK(p11->C_GetAttributeValue(session, object, &value, 1) == CKR_OK);
	CHECK(value.ulValueLen == (CK_ULONG) length && memcmp(back, der, (size_t) length) == 0);
}

static void prove(CK_OBJECT_HANDLE private)
{
	CK_MECHANISM mechanism = { CKM_ECDSA, NULL, 0 };
	CK_BYTE nonce[32], hash[SHA256_DIGEST_LENGTH], signature[128];
	CK_ULONG length = sizeof signature;

	CHECK(RAND_bytes(nonce, sizeof nonce) == 1);
	(void) SHA256(nonce, sizeof nonce, hash);
	CHECK(p11->C_SignInit(session, &mechanism, private) == CKR_OK);
	CHECK(p11->C_Sign(session, hash, sizeof hash, signature, &length) == CKR_OK);
}

int main(int argc, char **argv)
{
	CK_OBJECT_HANDLE private;
	unsigned char *der = NULL;
	CK_SLOT_ID slot;
	int length;

	CHECK(argc >= 3);
	load(argv[1]);
	if (argc > 3) {
		initialise(find_slot(0));
		return 0;
	}
	slot = find_slot(CKF_TOKEN_INITIALIZED);
	initialise(slot);
	log_in(slot);
	length = certify(generate(&private), argv[2], &der);
	put(der, length);
	prove(private);
	(void) p11->C_Finalize(NULL);
	return 0;
}
