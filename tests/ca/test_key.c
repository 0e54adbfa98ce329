/* SPDX-License-Identifier: Apache-2.0
 * Keys on disk, the list of allowed algorithms, proofs of possession. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/base/error.h"
#include "tests/ca/fixture.h"

#define NOW 1790000000

static Fixture fixture;

static const char *uri(const char *name)
{
	static char text[512];

	g_snprintf(text, sizeof text, "file:%s", fixture_path(&fixture, name));
	return text;
}

static void test_store_and_load(void)
{
	static const char *const names[] = { "ec:P-256", "ec:P-384", "rsa:2048", "rsa:3072" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		GError *error = NULL;
		KeyKind kind = _KEY_KIND_MAX;
		g_autoptr(Key) key = NULL;
		g_autoptr(Key) loaded = NULL;
		g_autoptr(GBytes) spki = NULL;
		g_autoptr(GBytes) again = NULL;
		g_autofree char *text = NULL;
		GStatBuf status;

		g_assert_true(key_kind_parse(names[i], &kind, &error));
		g_assert_cmpstr(key_kind_name(kind), ==, names[i]);
		key = key_generate(kind, &error);
		g_assert_true(key_store(key, uri(names[i]), &error));
		g_assert_no_error(error);
		g_assert_cmpint(g_stat(fixture_path(&fixture, names[i]), &status), ==, 0);
		g_assert_cmpint(status.st_mode & 07777, ==, 0600);
		loaded = key_load(uri(names[i]), &error);
		g_assert_no_error(error);
		spki = key_spki(key, &error);
		again = key_spki(loaded, &error);
		g_assert_true(g_bytes_equal(spki, again));
		text = fixture_must(&fixture, "openssl pkey -in %s -noout -text | head -1",
				    names[i]);
		fixture_expect(text, "Private-Key: (");
		text = (g_free(text), fixture_must(&fixture, "head -1 %s", names[i]));
		g_assert_cmpstr(text, ==, "-----BEGIN PRIVATE KEY-----\n");
	}
}

static void test_never_overwrites(void)
{
	GError *error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);

	fixture_write(&fixture, "there", "precious", 8);
	g_assert_false(key_store(key, uri("there"), &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_EXISTS);
	g_clear_error(&error);
	g_free(fixture_must(&fixture, "test \"$(cat there)\" = precious"));
}

static void test_refuses_readable_files(void)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610, 0666 };
	GError *error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);

	g_assert_true(key_store(key, uri("modes.pem"), &error));
	for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_assert_cmpint(g_chmod(fixture_path(&fixture, "modes.pem"), (int) modes[i]), ==,
				0);
		g_assert_null(key_load(uri("modes.pem"), &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
		fixture_expect(error->message, "Others may read");
		g_clear_error(&error);
	}
	g_assert_cmpint(g_chmod(fixture_path(&fixture, "modes.pem"), 0400), ==, 0);
	g_clear_pointer(&key, key_free);
	key = key_load(uri("modes.pem"), &error);
	g_assert_no_error(error);
}

static void test_refuses_other_places(void)
{
	GError *error = NULL;

	g_assert_null(key_load("pkcs11:token=x", &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_clear_error(&error);
	g_assert_null(key_load("file:relative.pem", &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_clear_error(&error);
	g_assert_null(key_load(uri("absent.pem"), &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_null(key_load(fixture.folder, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
}

typedef struct WeakRow {
	const char *command;
	const char *message;
} WeakRow;

static const WeakRow weak[] = {
	{ "openssl genrsa 1024", "An RSA key of 1024 bits is not allowed" },
	{ "openssl ecparam -name secp256k1 -genkey -noout", "curve secp256k1 is not allowed" },
	{ "openssl ecparam -name prime192v1 -genkey -noout", "curve prime192v1 is not allowed" },
	{ "openssl ecparam -name prime256v1 -param_enc explicit -genkey -noout", "unnamed curve" },
	{ "openssl genpkey -algorithm ED25519", "A key for ED25519 is not allowed" },
	{ "openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
	  "A key for RSASSA-PSS is not allowed" },
	{ "openssl dsaparam -genkey -noout 1024", "A key for DSA is not allowed" },
};

static void test_refuses_weak_keys_by_name(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(weak); i++) {
		GError *error = NULL;
		g_autoptr(GBytes) spki = NULL;

		g_free(fixture_must(&fixture,
				    "umask 077; rm -f weak.pem; %s > weak.pem 2>/dev/null && "
				    "openssl pkey -in weak.pem -pubout -outform DER -out weak.der",
				    weak[i].command));
		spki = fixture_read(&fixture, "weak.der");
		g_assert_false(key_check_spki(spki, &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
		fixture_expect(error->message, weak[i].message);
		g_clear_error(&error);
		g_assert_null(key_load(uri("weak.pem"), &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
		g_clear_error(&error);
	}
}

static void test_refuses_trailing_bytes(void)
{
	GError *error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);
	g_autoptr(GBytes) spki = key_spki(key, &error);
	g_autoptr(GByteArray) longer = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;

	g_byte_array_append(longer, g_bytes_get_data(spki, NULL), (guint) g_bytes_get_size(spki));
	g_byte_array_append(longer, (const guint8 *) "", 1);
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&longer));
	g_assert_false(key_check_spki(bytes, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
}

static void check_proof(const char *generate)
{
	GError *error = NULL;
	g_autoptr(GBytes) nonce = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
	g_autoptr(GBytes) other = g_bytes_new_static("1123456789abcdef0123456789abcdef", 32);
	g_autoptr(GBytes) spki = NULL;
	g_autoptr(GBytes) signature = NULL;

	fixture_write(&fixture, "nonce", g_bytes_get_data(nonce, NULL), 32);
	g_free(fixture_must(&fixture,
			    "%s > proof.pem && openssl pkey -in proof.pem -pubout -outform DER "
			    "-out proof.der && openssl dgst -sha256 -sign proof.pem -out proof.sig "
			    "nonce",
			    generate));
	spki = fixture_read(&fixture, "proof.der");
	signature = fixture_read(&fixture, "proof.sig");
	g_assert_true(key_verify(spki, nonce, signature, &error));
	g_assert_no_error(error);
	g_assert_false(key_verify(spki, other, signature, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	g_assert_false(key_verify(spki, nonce, nonce, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
}

static void test_proof_of_possession(void)
{
	check_proof("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null");
	check_proof("openssl genrsa 2048 2>/dev/null");
}

static void test_signer_signs(void)
{
	for (KeyKind kind = 0; kind < _KEY_KIND_MAX; kind++) {
		GError *error = NULL;
		g_autoptr(Key) key = key_generate(kind, &error);
		g_autoptr(Signer) signer = sign_new(key, &error);
		g_autoptr(GBytes) text = g_bytes_new_static("text", 4);
		g_autoptr(GBytes) other = g_bytes_new_static("texT", 4);
		g_autoptr(GBytes) signature = NULL;

		g_assert_true(sign_bytes(signer, "text", 4, &signature, &error));
		g_assert_true(sign_check(sign_spki(signer), sign_algorithm(signer), text, signature,
					 &error));
		g_assert_no_error(error);
		g_assert_false(sign_check(sign_spki(signer), sign_algorithm(signer), other,
					  signature, NULL));
		g_assert_false(sign_check(sign_spki(signer), text, text, signature, NULL));
	}
}

static gpointer sign_often(gpointer data)
{
	Signer *signer = data;

	for (int i = 0; i < 200; i++) {
		g_autoptr(GBytes) text = g_bytes_new(&i, sizeof i);
		g_autoptr(GBytes) signature = NULL;

		g_assert_true(sign_bytes(signer, &i, sizeof i, &signature, NULL));
		g_assert_true(sign_check(sign_spki(signer), sign_algorithm(signer), text, signature,
					 NULL));
	}
	return NULL;
}

static void test_signer_is_shared_by_threads(void)
{
	g_autoptr(Key) key = key_generate(KEY_EC_P256, NULL);
	g_autoptr(Signer) signer = sign_new(key, NULL);
	GThread *threads[4];

	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("signer", sign_often, signer);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
}

int main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	fixture_init(&fixture, KEY_EC_P256, NOW);
	g_test_add_func("/key/store-and-load", test_store_and_load);
	g_test_add_func("/key/never-overwrites", test_never_overwrites);
	g_test_add_func("/key/refuses-readable-files", test_refuses_readable_files);
	g_test_add_func("/key/refuses-other-places", test_refuses_other_places);
	g_test_add_func("/key/refuses-weak-keys-by-name", test_refuses_weak_keys_by_name);
	g_test_add_func("/key/refuses-trailing-bytes", test_refuses_trailing_bytes);
	g_test_add_func("/key/proof-of-possession", test_proof_of_possession);
	g_test_add_func("/key/signer-signs", test_signer_signs);
	g_test_add_func("/key/signer-is-shared", test_signer_is_shared_by_threads);
	result = g_test_run();
	fixture_clear(&fixture);
	return result;
}
