/* SPDX-License-Identifier: Apache-2.0
 * Shared by the tests of the CA room; failures end the test at once. */
#include "tests/ca/fixture.h"

#include <string.h>
#include <unistd.h>

#include "daemon/ca/name.h"

#define DAY (24 * 60 * 60)

void fixture_init(Fixture *fixture, KeyKind kind, gint64 now)
{
	GError *error = NULL;
	g_autoptr(Key) key = key_generate(kind, &error);
	g_autoptr(Signer) signer = sign_new(key, &error);
	g_autoptr(GBytes) certificate =
		issuer_create_root(signer, "C=JP, O=鳥取県, CN=操作者認証局", now - DAY, 0, &error);

	g_assert_no_error(error);
	fixture->now = now;
	fixture->folder = g_dir_make_tmp("opcard-ca-XXXXXX", &error);
	fixture->issuer = issuer_load(1, certificate, signer, &error);
	g_assert_no_error(error);
	fixture_write_pem(fixture, "ca.pem", "CERTIFICATE", certificate);
}

void fixture_clear(Fixture *fixture)
{
	g_autoptr(GDir) folder = g_dir_open(fixture->folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(folder)) != NULL)
		g_assert_cmpint(unlink(fixture_path(fixture, name)), ==, 0);
	g_assert_cmpint(rmdir(fixture->folder), ==, 0);
	g_clear_pointer(&fixture->folder, g_free);
	g_clear_pointer(&fixture->issuer, issuer_free);
}

const char *fixture_path(const Fixture *fixture, const char *name)
{
	static char paths[4][512];
	static int next;
	char *path = paths[next++ % 4];

	g_snprintf(path, sizeof paths[0], "%s/%s", fixture->folder, name);
	return path;
}

void fixture_write(const Fixture *fixture, const char *name, const void *bytes, gsize length)
{
	GError *error = NULL;

	g_file_set_contents(fixture_path(fixture, name), bytes, (gssize) length, &error);
	g_assert_no_error(error);
}

GBytes *fixture_read(const Fixture *fixture, const char *name)
{
	GError *error = NULL;
	char *bytes;
	gsize length;

	g_file_get_contents(fixture_path(fixture, name), &bytes, &length, &error);
	g_assert_no_error(error);
	return g_bytes_new_take(bytes, length);
}

void fixture_write_pem(const Fixture *fixture, const char *name, const char *kind, GBytes *der)
{
	g_autofree char *pem = der_pem(kind, der);

	fixture_write(fixture, name, pem, strlen(pem));
}

static char *run(const Fixture *fixture, int *ret_status, const char *command)
{
	g_autofree char *script =
		g_strdup_printf("cd '%s' && { %s ; } 2>&1", fixture->folder, command);
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	GError *error = NULL;
	char *output = NULL;

	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
		     ret_status, &error);
	g_assert_no_error(error);
	return output;
}

char *fixture_run(const Fixture *fixture, int *ret_status, const char *format, ...)
{
	g_autofree char *command = NULL;
	va_list args;

	va_start(args, format);
	command = g_strdup_vprintf(format, args);
	va_end(args);
	return run(fixture, ret_status, command);
}

char *fixture_must(const Fixture *fixture, const char *format, ...)
{
	g_autofree char *command = NULL;
	char *output;
	va_list args;
	int status;

	va_start(args, format);
	command = g_strdup_vprintf(format, args);
	va_end(args);
	output = run(fixture, &status, command);
	if (status != 0)
		g_printerr("%s\n%s\n", command, output);
	g_assert_cmpint(status, ==, 0);
	return output;
}

void fixture_expect(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return;
	g_printerr("“%s” is missing in:\n%s\n", part, text);
	g_assert_not_reached();
}

GBytes *fixture_card(const Fixture *fixture, const char *card, guint8 ret_serial[DER_SERIAL_SIZE])
{
	GError *error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);
	g_autoptr(GBytes) spki = key_spki(key, &error);
	g_autoptr(GBytes) name = name_card(card, "7Q3K9XAB", &error);
	g_autoptr(GBytes) tbs = NULL;
	IssuerRequest request = {
		.profile = PROFILE_CARD,
		.serial = ret_serial,
		.subject_name = name,
		.spki = spki,
		.not_before = fixture->now,
		.ocsp_url = "http://127.0.0.1:8889/ocsp",
		.crl_url = "http://127.0.0.1:8889/crl/1.crl",
	};
	GBytes *certificate;

	g_assert_true(der_serial_new(ret_serial, &error));
	tbs = issuer_prepare(fixture->issuer, &request, NULL, &error);
	g_assert_no_error(error);
	certificate = issuer_sign(fixture->issuer, tbs, &error);
	g_assert_no_error(error);
	return certificate;
}
