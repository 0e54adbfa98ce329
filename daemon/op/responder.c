/* SPDX-License-Identifier: Apache-2.0
 * Answers given before a renewal carry the certificate that signed them, so they stay good to
 * their nextUpdate; only the answers kept in memory are signed anew. */
#include "daemon/op/responder.h"

static char *path_of(const House *house)
{
	return g_build_filename(config_text(house->config, CONFIG_STATE_DIR), "ca", "ocsp.pem",
				NULL);
}

static gboolean is_in_use(House *house, const OcspResponder *responder)
{
	return responder_end(house) == ocsp_responder_not_after(responder);
}

static void use(House *house, OcspResponder *responder)
{
	ocsp_set_responder(house->ocsp, responder);
	g_mutex_lock(&house->issuer_mutex);
	house->responder_ends = ocsp_responder_not_after(responder);
	g_mutex_unlock(&house->issuer_mutex);
}

gint64 responder_end(House *house)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);

	return house->responder_ends;
}

gboolean responder_open(House *house, const Issuer *issuer, gint64 now, GError **error)
{
	g_autofree char *path = path_of(house);
	g_autoptr(OcspResponder) old = ocsp_responder_load(issuer, path, NULL);
	g_autoptr(OcspResponder) fresh = NULL;
	gboolean is_due = old == NULL || ocsp_responder_is_due(old, now);

	if (is_due)
		fresh = ocsp_responder_create(issuer, path, now, error);
	if (fresh != NULL)
		use(house, fresh);
	else if (old == NULL)
		ocsp_set_issuer(house->ocsp, issuer);
	else if (!is_in_use(house, old))
		use(house, old);
	return !is_due || fresh != NULL;
}
