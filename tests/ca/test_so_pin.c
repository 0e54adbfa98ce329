/* SPDX-License-Identifier: Apache-2.0
 * SO PINs against vectors computed by `openssl kdf`, and the evenness of their characters. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/pin_digest.h"
#include "daemon/ca/so_pin.h"
#include "pkcs11/secret.h"
#include "tests/ca/fixture.h"

#define NOW 1790000000

static Fixture fixture;

static SoPinKey *fixed_key(void)
{
	g_autofree char *uri = g_strdup_printf("file:%s", fixture_path(&fixture, "master"));
	GError *error = NULL;
	guint8 bytes[SO_PIN_KEY_SIZE];
	SoPinKey *key;

	for (guint i = 0; i < sizeof bytes; i++)
		bytes[i] = (guint8) i;
	fixture_write(&fixture, "master", bytes, sizeof bytes);
	g_assert_cmpint(g_chmod(fixture_path(&fixture, "master"), 0600), ==, 0);
	key = so_pin_key_load(uri, &error);
	g_assert_no_error(error);
	return key;
}

static char *text_of(Secret *secret)
{
	char *text;

	g_assert_nonnull(secret);
	text = g_strndup(secret_data(secret), secret_length(secret));
	secret_free(secret);
	return text;
}

static void test_pinned(void)
{
	g_autoptr(SoPinKey) key = fixed_key();
	g_autofree char *card = text_of(so_pin_card(key, "softhsm", "3a5f2c7d9e1b0846", NULL));
	g_autofree char *transport = text_of(so_pin_transport(key, "softhsm", "OP000123", NULL));
	g_autofree char *digits = text_of(so_pin_card(key, "pkcs15", "3a5f2c7d9e1b0846", NULL));

	g_assert_cmpstr(so_pin_key_id(key), ==, "630dcd29");
	g_assert_cmpstr(card, ==, "kH3xG1y0TZIJBXFM");
	g_assert_cmpstr(transport, ==, "TKZHlJ3gTJPHkiY7");
	g_assert_cmpstr(digits, ==, "58602390");
}

/* The sampling written once more, fed by openssl's own HKDF. */
static char *by_openssl(const char *salt, const char *info, const char *alphabet, gsize length)
{
	g_autofree char *hex = fixture_must(
		&fixture,
		"openssl kdf -binary -keylen 256 -kdfopt digest:SHA256 "
		"-kdfopt hexkey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
		"-kdfopt salt:%s -kdfopt info:'%s' HKDF | od -An -v -tu1",
		salt, info);
	GString *pin = g_string_new(NULL);
	gsize size = strlen(alphabet);

	for (char *at = hex; pin->len < length;) {
		gulong octet = strtoul(at, &at, 10);

		if (octet < 256 - 256 % size)
			g_string_append_c(pin, alphabet[octet % size]);
	}
	return g_string_free(pin, FALSE);
}

static void test_against_openssl(void)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	static const char *const serials[] = { "3a5f2c7d9e1b0846", "1", "0000000000000002", "x y" };
	g_autoptr(SoPinKey) key = fixed_key();

	for (gsize i = 0; i < G_N_ELEMENTS(serials); i++) {
		g_autofree char *quoted = g_strdup_printf("'%s'", serials[i]);
		g_autofree char *want = by_openssl(quoted, "softhsm so-pin 630dcd29", alphabet, 16);
		g_autofree char *got = text_of(so_pin_card(key, "softhsm", serials[i], NULL));
		g_autofree char *want_transport =
			by_openssl(quoted, "softhsm so-pin-transport 630dcd29", alphabet, 16);
		g_autofree char *transport =
			text_of(so_pin_transport(key, "softhsm", serials[i], NULL));
		g_autofree char *want_digits =
			by_openssl(quoted, "pkcs15 so-pin 630dcd29", "0123456789", 8);
		g_autofree char *digits = text_of(so_pin_card(key, "pkcs15", serials[i], NULL));

		g_assert_cmpstr(got, ==, want);
		g_assert_cmpstr(transport, ==, want_transport);
		g_assert_cmpstr(digits, ==, want_digits);
		g_assert_cmpstr(got, !=, transport);
	}
}

/* 48,000 characters over 62: a modulo without rejection would give the first 8 a quarter more.
 * 99.9999 % of fair samples stay below this chi-square (61 degrees of freedom). */
static void test_characters_are_even(void)
{
	g_autoptr(SoPinKey) key = fixed_key();
	guint count[128] = { 0 };
	double square = 0, mean = 16 * 3000 / 62.0;

	for (int i = 0; i < 3000; i++) {
		g_autofree char *serial = g_strdup_printf("%016x", i);
		g_autofree char *pin = text_of(so_pin_card(key, "softhsm", serial, NULL));

		g_assert_cmpuint(strlen(pin), ==, 16);
		for (char *at = pin; *at != '\0'; at++)
			count[(guint8) *at & 127]++;
	}
	for (guint i = 0; i < 128; i++) {
		g_assert_cmpint(count[i] > 0, ==, g_ascii_isalnum((char) i));
		if (count[i] > 0)
			square += (count[i] - mean) * (count[i] - mean) / mean;
	}
	g_assert_cmpfloat(square, <, 131.0);
}

static void test_master_key_file(void)
{
	g_autofree char *uri = g_strdup_printf("file:%s", fixture_path(&fixture, "new-master"));
	GError *error = NULL;
	g_autoptr(SoPinKey) made = so_pin_key_create(uri, &error);
	g_autoptr(SoPinKey) loaded = NULL;

	g_assert_no_error(error);
	g_free(fixture_must(&fixture,
			    "test $(stat -c %%a:%%s new-master) = 600:32 && "
			    "test $(sha256sum new-master | cut -c1-8) = %s",
			    so_pin_key_id(made)));
	loaded = so_pin_key_load(uri, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(so_pin_key_id(loaded), ==, so_pin_key_id(made));
	g_assert_null(so_pin_key_create(uri, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_EXISTS);
	g_clear_error(&error);
	g_assert_cmpint(g_chmod(fixture_path(&fixture, "new-master"), 0644), ==, 0);
	g_assert_null(so_pin_key_load(uri, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
	fixture_write(&fixture, "new-master", "short", 5);
	g_assert_cmpint(g_chmod(fixture_path(&fixture, "new-master"), 0600), ==, 0);
	g_assert_null(so_pin_key_load(uri, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_CA);
	g_clear_error(&error);
}

static void test_refuses(void)
{
	g_autoptr(SoPinKey) key = fixed_key();
	GError *error = NULL;

	g_assert_null(so_pin_card(key, "softhsm", "", &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_clear_error(&error);
	g_assert_null(so_pin_card(key, "unheard-of", "1", &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_clear_error(&error);
}

static char *digest_of(const SoPinKey *key, const char *pin, const char *salt)
{
	Secret *secret = secret_new(pin, strlen(pin));
	g_autoptr(GBytes) octets = g_bytes_new_static(salt, strlen(salt));
	g_autoptr(GBytes) digest = pin_digest_make(key, secret, octets, NULL);
	const guint8 *bytes = g_bytes_get_data(digest, NULL);
	GString *text = g_string_new(NULL);

	g_assert_cmpuint(g_bytes_get_size(digest), ==, PIN_DIGEST_SIZE);
	for (guint i = 0; i < PIN_DIGEST_SIZE; i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	secret_free(secret);
	return g_string_free(text, FALSE);
}

/* Against Python's hmac and hashlib.scrypt. */
static void test_digest_of_an_earlier_pin(void)
{
	g_autoptr(SoPinKey) key = fixed_key();
	g_autofree char *digest = digest_of(key, "kz7Qm2xv", "0123456789abcdef");
	g_autofree char *other = digest_of(key, "kz7Qm2xv", "0123456789abcdee");

	g_assert_cmpstr(digest, ==,
			"07cb15b59f9f48d801553df1ed8d3d86bd5e6b0ba1c953912d6caae81e44a035");
	g_assert_cmpstr(other, !=, digest);
}

int main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	fixture_init(&fixture, KEY_EC_P256, NOW);
	g_test_add_func("/so-pin/pinned", test_pinned);
	g_test_add_func("/so-pin/against-openssl", test_against_openssl);
	g_test_add_func("/so-pin/characters-are-even", test_characters_are_even);
	g_test_add_func("/so-pin/master-key-file", test_master_key_file);
	g_test_add_func("/so-pin/refuses", test_refuses);
	g_test_add_func("/pin-digest/N34-pinned", test_digest_of_an_earlier_pin);
	result = g_test_run();
	fixture_clear(&fixture);
	return result;
}
