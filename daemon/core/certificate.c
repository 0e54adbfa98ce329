/* SPDX-License-Identifier: Apache-2.0
 * Table B as data. */
#include "daemon/core/certificate.h"

static const char *const states[_CERTIFICATE_STATE_MAX] = { "PENDING", "VALID", "HOLD", "REVOKED" };

static const char *const reasons[_REVOCATION_REASON_MAX] = {
	[REVOCATION_KEY_COMPROMISE] = "keyCompromise",
	[REVOCATION_AFFILIATION_CHANGED] = "affiliationChanged",
	[REVOCATION_SUPERSEDED] = "superseded",
	[REVOCATION_CESSATION] = "cessationOfOperation",
	[REVOCATION_HOLD] = "certificateHold",
	[REVOCATION_PRIVILEGE_WITHDRAWN] = "privilegeWithdrawn",
};

static const gboolean may[_CERTIFICATE_STATE_MAX][_CERTIFICATE_STATE_MAX] = {
	[CERTIFICATE_PENDING] = { [CERTIFICATE_VALID] = TRUE, [CERTIFICATE_REVOKED] = TRUE },
	[CERTIFICATE_VALID] = { [CERTIFICATE_HOLD] = TRUE, [CERTIFICATE_REVOKED] = TRUE },
	[CERTIFICATE_HOLD] = { [CERTIFICATE_VALID] = TRUE, [CERTIFICATE_REVOKED] = TRUE },
};

void certificate_free(Certificate *certificate)
{
	if (certificate == NULL)
		return;
	g_free(certificate->card);
	g_free(certificate->intent);
	g_clear_pointer(&certificate->tbs, g_bytes_unref);
	g_clear_pointer(&certificate->der, g_bytes_unref);
	g_clear_pointer(&certificate->spki, g_bytes_unref);
	g_free(certificate);
}

const char *certificate_state_name(CertificateState state)
{
	return states[state];
}

gboolean certificate_state_parse(const char *name, CertificateState *ret_state)
{
	for (int i = 0; i < _CERTIFICATE_STATE_MAX; i++)
		if (g_strcmp0(states[i], name) == 0) {
			*ret_state = (CertificateState) i;
			return TRUE;
		}
	return FALSE;
}

const char *certificate_reason_name(RevocationReason reason)
{
	return reason > 0 && reason < _REVOCATION_REASON_MAX ? reasons[reason] : NULL;
}

gboolean certificate_reason_parse(const char *name, RevocationReason *ret_reason)
{
	for (int i = 0; i < _REVOCATION_REASON_MAX; i++)
		if (reasons[i] != NULL && g_strcmp0(reasons[i], name) == 0) {
			*ret_reason = (RevocationReason) i;
			return TRUE;
		}
	return FALSE;
}

gboolean certificate_may(CertificateState from, CertificateState to)
{
	return may[from][to];
}

const Certificate *certificate_in_force(const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		const Certificate *certificate = list->pdata[i];

		if (certificate->state == CERTIFICATE_VALID ||
		    certificate->state == CERTIFICATE_HOLD)
			return certificate;
	}
	return NULL;
}

char *certificate_serial_hex(const guint8 *serial)
{
	GString *hex = g_string_new(NULL);

	for (int i = 0; i < CERTIFICATE_SERIAL_BYTES; i++)
		g_string_append_printf(hex, "%02x", serial[i]);
	return g_string_free(hex, FALSE);
}
