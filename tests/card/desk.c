/* SPDX-License-Identifier: Apache-2.0
 * The desk of the card tests. OPCARD_CARD names the program under test. */
#include "tests/card/desk.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#define DEADLINE_MS 60000

Desk *desk_new(void)
{
	Desk *desk = g_new0(Desk, 1);

	desk->root = g_dir_make_tmp("opcard-card-XXXXXX", NULL);
	g_assert_nonnull(desk->root);
	desk->reader = g_build_filename(desk->root, "reader", NULL);
	g_assert_cmpint(g_mkdir(desk->reader, 0700), ==, 0);
	return desk;
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) folder = NULL;
	const char *name;

	if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		folder = g_dir_open(path, 0, NULL);
	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	(void) g_remove(path);
}

void desk_free(Desk *desk)
{
	remove_tree(desk->root);
	g_free(desk->root);
	g_free(desk->reader);
	g_free(desk);
}

Secret *desk_secret(const char *text)
{
	Secret *secret = secret_new(text, strlen(text));

	g_assert_nonnull(secret);
	return secret;
}

static CardClientOptions options_of(const Desk *desk, const char *module, unsigned deadline_ms)
{
	return (CardClientOptions){
		.program = g_getenv("OPCARD_CARD"),
		.family = "softhsm",
		.module = module,
		.reader = desk->reader,
		.deadline_ms = deadline_ms,
	};
}

CardClient *desk_start(const Desk *desk, const char *module, unsigned deadline_ms)
{
	CardClientOptions options = options_of(desk, module, deadline_ms);
	CardFailure failure;
	CardClient *client = card_client_start(&options, &failure);

	desk_ok(client != NULL, &failure);
	return client;
}

CardClient *desk_meet(const Desk *desk, CardReady *ret_ready)
{
	CardClient *client = desk_start(desk, NULL, DEADLINE_MS);
	CardFailure failure;

	desk_ok(card_client_ready(client, ret_ready, &failure), &failure);
	return client;
}

CardFailure desk_fail(const Desk *desk, const char *module, const char *serial)
{
	CardClientOptions options = options_of(desk, module, DEADLINE_MS);
	g_autoptr(CardClient) client = NULL;
	CardFailure failure;
	CardReady ready;

	options.serial = serial;
	client = card_client_start(&options, &failure);
	desk_ok(client != NULL, &failure);
	g_assert_false(card_client_ready(client, &ready, &failure));
	return failure;
}

void desk_initialise(const Desk *desk, char ret_serial[CARD_SERIAL_SIZE])
{
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(CardClient) client = NULL;
	CardFailure failure;
	CardReady ready;

	client = desk_meet(desk, &ready);
	desk_ok(card_client_initialise(client, so_pin, "OP000001", ret_serial, &failure), &failure);
}

void desk_personalise(const Desk *desk, CardBytes *ret_spki, CardBytes *ret_certificate)
{
	g_autoptr(Secret) so_pin = desk_secret(DESK_SO);
	g_autoptr(Secret) pin = desk_secret(DESK_PIN);
	g_autoptr(CardClient) client = NULL;
	CardFailure failure;
	CardReady ready;
	CardBytes back;

	client = desk_meet(desk, &ready);
	desk_ok(card_client_generate(client, so_pin, "ec:P-256", ret_spki, &failure), &failure);
	desk_certify(ret_spki, ret_certificate);
	desk_ok(card_client_put(client, ret_certificate->bytes, ret_certificate->length, &back,
				&failure),
		&failure);
	desk_ok(card_client_unblock(client, so_pin, pin, &failure), &failure);
}

char *desk_card_path(const Desk *desk)
{
	g_autoptr(GDir) folder = g_dir_open(desk->reader, 0, NULL);
	const char *name = g_dir_read_name(folder);

	g_assert_nonnull(name);
	g_assert_null(g_dir_read_name(folder));
	return g_build_filename(desk->reader, name, NULL);
}

char *desk_pull(const Desk *desk)
{
	g_autofree char *card = desk_card_path(desk);
	g_autofree char *name = g_path_get_basename(card);
	char *drawer = g_build_filename(desk->root, name, NULL);

	g_assert_cmpint(g_rename(card, drawer), ==, 0);
	return drawer;
}

void desk_insert(const Desk *desk, const char *pulled)
{
	g_autofree char *name = g_path_get_basename(pulled);
	g_autofree char *card = g_build_filename(desk->reader, name, NULL);

	g_assert_cmpint(g_rename(pulled, card), ==, 0);
}

static EVP_PKEY *parse_spki(const CardBytes *spki)
{
	const unsigned char *bytes = spki->bytes;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &bytes, (long) spki->length);

	g_assert_nonnull(key);
	g_assert_true(bytes == spki->bytes + spki->length);
	return key;
}

void desk_certify(const CardBytes *spki, CardBytes *ret_certificate)
{
	EVP_PKEY *subject = parse_spki(spki);
	EVP_PKEY *issuer = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	unsigned char *end = ret_certificate->bytes;

	g_assert_true(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
						 (const unsigned char *) "OP000001", -1, -1, 0));
	X509_set_issuer_name(certificate, name);
	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 4711);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, subject);
	g_assert_cmpint(X509_sign(certificate, issuer, EVP_sha256()), >, 0);
	ret_certificate->length = (size_t) i2d_X509(certificate, &end);
	X509_free(certificate);
	EVP_PKEY_free(subject);
	EVP_PKEY_free(issuer);
}

gboolean desk_verify(const CardBytes *spki, const unsigned char *nonce, const CardBytes *signature)
{
	EVP_PKEY *key = parse_spki(spki);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	gboolean good;

	g_assert_true(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key));
	good = EVP_DigestVerify(context, signature->bytes, signature->length, nonce,
				CARD_NONCE_SIZE) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return good;
}
