/* SPDX-License-Identifier: Apache-2.0
 * Addresses of keys on tokens: what is not understood is refused. */
#include "daemon/base/error.h"
#include "daemon/ca/sign.h"
#include "daemon/ca/token_uri.h"

static void test_good(void)
{
	static const struct {
		const char *uri, *token, *object;
	} good[] = {
		{ "pkcs11:token=ca", "ca", TOKEN_URI_OBJECT },
		{ "pkcs11:token=city%20ca;object=key%3B1", "city ca", "key;1" },
		{ "pkcs11:object=x;type=private;token=%E5%B8%82", "市", "x" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		g_auto(TokenUri) uri = { NULL, NULL };
		g_autoptr(GError) error = NULL;

		g_assert_true(token_uri_parse(good[i].uri, &uri, &error));
		g_assert_no_error(error);
		g_assert_cmpstr(uri.token, ==, good[i].token);
		g_assert_cmpstr(uri.object, ==, good[i].object);
	}
}

static void test_bad(void)
{
	static const char *const bad[] = {
		"pkcs11:",
		"pkcs11:object=x",
		"pkcs11:token=",
		"pkcs11:token=a;token=b",
		"pkcs11:token=a;",
		"pkcs11:token=a;serial=1",
		"pkcs11:token=a;type=public",
		"pkcs11:token=%zz",
		"pkcs11:token=a?pin-value=1234",
		"pkcs11:token=a?module-path=/tmp/evil.so",
		"pkcs11:token=123456789012345678901234567890123",
		"file:/etc/ca.key",
		"",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_auto(TokenUri) uri = { NULL, NULL };
		g_autoptr(GError) error = NULL;

		g_test_message("%s", bad[i]);
		g_assert_false(token_uri_parse(bad[i], &uri, &error));
		g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
		g_assert_null(uri.token);
	}
}

/* Without module or PIN nothing is started; P-384 would need another digest. */
static void test_signer(void)
{
	SignTokenOptions options = { "/nonexistent/opcard-card", "", "", "", 1 };
	g_autoptr(GError) missing = NULL;
	g_autoptr(GError) curve = NULL;
	g_autoptr(GError) absent = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P384, &curve);
	g_autoptr(GBytes) spki = key_spki(key, &curve);
	g_autoptr(GBytes) found = NULL;
	SignToken *token;

	g_assert_null(sign_token_new("pkcs11:token=a", &options, &missing));
	g_assert_error(missing, ERROR_DOMAIN, ERROR_USAGE);
	options.module = "/usr/lib/x.so";
	options.pin_uri = "file:/nonexistent/pin";
	token = sign_token_new("pkcs11:token=a", &options, &curve);
	g_assert_no_error(curve);
	found = sign_token_find(token, &absent);
	g_assert_null(found);
	g_assert_error(absent, ERROR_DOMAIN, ERROR_CA);
	g_assert_null(sign_new_token(token, spki, &curve));
	g_assert_error(curve, ERROR_DOMAIN, ERROR_CA);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/token-uri/good", test_good);
	g_test_add_func("/token-uri/bad", test_bad);
	g_test_add_func("/token-uri/signer", test_signer);
	return g_test_run();
}
