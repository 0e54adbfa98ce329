/* SPDX-License-Identifier: Apache-2.0
 * The key protects nothing: it is printed here so that hashes in the corpus stay true. */
#include "tests/fuzz/fuzz_ca.h"

#include <string.h>

static const char pem[] = "-----BEGIN PRIVATE KEY-----\n"
			  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPiEKPs3SxLG2Mw2y\n"
			  "S3K0UFcx1PGxEKmpeK8LqhMuVmChRANCAATRCTjstDhENs9U41C2NI58/KVKXOd2\n"
			  "b9nC89YBxEFtcX9mGNMWxXxkhvua2VdFYoxtSvfAW33Yuljnwy+Ib3eo\n"
			  "-----END PRIVATE KEY-----\n";

const Issuer *fuzz_ca(void)
{
	static Issuer *issuer;
	g_autoptr(GBytes) text = g_bytes_new_static(pem, strlen(pem));

	if (issuer == NULL) {
		g_autoptr(Key) key = key_parse_pem(text, NULL);
		g_autoptr(Signer) signer = sign_new(key, NULL);
		g_autoptr(GBytes) certificate =
			issuer_create_root(signer, "CN=fuzz", FUZZ_CA_NOW - 86400, 0, NULL);

		issuer = issuer_load(1, certificate, signer, NULL);
		g_assert_nonnull(issuer);
	}
	return issuer;
}

void fuzz_ca_serial(guint8 number, guint8 ret_serial[DER_SERIAL_SIZE])
{
	memset(ret_serial, 0, DER_SERIAL_SIZE);
	ret_serial[0] = 0x40;
	ret_serial[DER_SERIAL_SIZE - 1] = number;
}
