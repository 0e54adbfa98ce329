/* SPDX-License-Identifier: Apache-2.0
 * Shared by the tests of OCSP. */
#include "tests/ca/ocsp_world.h"

#include <openssl/ocsp.h>
#include <string.h>

#define DAY (24 * 60 * 60)

void ocsp_world_set(World *world, int card, StatusState state, int reason)
{
	StatusEntry entry = { .issuer = 1,
			      .state = (guint8) state,
			      .reason = (guint8) reason,
			      .since = world->fixture.now - 1000,
			      .not_after = world->fixture.now + DAY };

	memcpy(entry.serial, world->serial[card], DER_SERIAL_SIZE);
	status_index_set(world->index, &entry);
}

void ocsp_world_init(World *world, const OcspSettings *settings)
{
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	GError *error = NULL;

	fixture_init(&world->fixture, KEY_EC_P256, now);
	fixture_init(&world->other, KEY_EC_P256, now);
	world->index = status_index_new();
	status_index_load_begin(world->index, 0);
	status_index_load_finish(world->index);
	for (int card = 0; card < OCSP_WORLD_CARDS; card++) {
		g_autofree char *number = g_strdup_printf("OP%d", card);
		g_autofree char *name = g_strdup_printf("card%d.pem", card);
		g_autoptr(GBytes) certificate =
			fixture_card(&world->fixture, number, world->serial[card]);

		fixture_write_pem(&world->fixture, name, "CERTIFICATE", certificate);
	}
	fixture_write_pem(&world->fixture, "other-ca.pem", "CERTIFICATE",
			  issuer_certificate(world->other.issuer));
	world->responder = ocsp_responder_create(
		world->fixture.issuer, fixture_path(&world->fixture, "ocsp.pem"), now, &error);
	g_assert_no_error(error);
	world->ocsp = ocsp_new(world->index, settings);
	ocsp_set_responder(world->ocsp, world->responder);
}

void ocsp_world_clear(World *world)
{
	ocsp_free(world->ocsp);
	ocsp_responder_free(world->responder);
	status_index_free(world->index);
	fixture_clear(&world->other);
	fixture_clear(&world->fixture);
}

GBytes *ocsp_world_ask(World *world, const char *arguments)
{
	g_free(fixture_must(&world->fixture, "openssl ocsp -issuer ca.pem %s -reqout request.der",
			    arguments));
	return fixture_read(&world->fixture, "request.der");
}

OcspAnswer ocsp_world_answer(World *world, GBytes *request, gint64 now)
{
	OcspAnswer got;

	ocsp_answer(world->ocsp, g_bytes_get_data(request, NULL), g_bytes_get_size(request), now,
		    &got);
	g_assert_nonnull(got.der);
	fixture_write(&world->fixture, "response.der", g_bytes_get_data(got.der, NULL),
		      g_bytes_get_size(got.der));
	return got;
}

GBytes *ocsp_world_request(World *world, int count, int nonce_length)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	const guint8 *at = g_bytes_get_data(issuer_certificate(world->fixture.issuer), NULL);
	X509 *ca = d2i_X509(NULL, &at,
			    (long) g_bytes_get_size(issuer_certificate(world->fixture.issuer)));
	unsigned char *der = NULL;
	GBytes *bytes;
	int length;

	for (int i = 0; i < count; i++) {
		ASN1_INTEGER *serial = ASN1_INTEGER_new();

		ASN1_STRING_set(serial, world->serial[i % OCSP_WORLD_CARDS], DER_SERIAL_SIZE);
		OCSP_request_add0_id(request,
				     OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(ca),
						      X509_get0_pubkey_bitstr(ca), serial));
		ASN1_INTEGER_free(serial);
	}
	if (nonce_length >= 0) {
		ASN1_OCTET_STRING *nonce = ASN1_OCTET_STRING_new();
		guint8 octets[256];
		gsize header = tlv_header(TLV_OCTET_STRING, (gsize) nonce_length, octets);

		/* OpenSSL takes the extension's value as it stands, the inner header included. */
		memset(octets + header, 0xa5, sizeof octets - header);
		ASN1_OCTET_STRING_set(nonce, octets, (int) header + nonce_length);
		OCSP_REQUEST_add1_ext_i2d(request, NID_id_pkix_OCSP_Nonce, nonce, 0, 0);
		ASN1_OCTET_STRING_free(nonce);
	}
	length = i2d_OCSP_REQUEST(request, &der);
	bytes = g_bytes_new(der, (gsize) length);
	OPENSSL_free(der);
	X509_free(ca);
	OCSP_REQUEST_free(request);
	return bytes;
}
