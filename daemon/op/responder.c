/* SPDX-License-Identifier: Apache-2.0
 * Answers given before a renewal carry the certificate that signed them, so they stay good to
 * their nextUpdate; only the answers kept in memory are signed anew. */
#include "daemon/op/responder.h"

/* "ocsp.pem" of the first CA, "ocsp-2.pem" of the next. */
static char *path_of(const House *house, guint16 id)
{
	g_autofree char *name = id < 2 ? g_strdup("ocsp.pem") : g_strdup_printf("ocsp-%u.pem", id);

	return g_build_filename(config_text(house->config, CONFIG_STATE_DIR), "ca", name, NULL);
}

/* With the mutex held. */
static gint64 *end_of(House *house, guint16 id)
{
	for (guint i = 0; house->older != NULL && i < house->older->len; i++) {
		OlderIssuer *older = house->older->pdata[i];

		if (issuer_id(older->issuer) == id)
			return &older->responder_ends;
	}
	return &house->responder_ends;
}

static gboolean is_in_use(House *house, guint16 id, const OcspResponder *responder)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);

	return *end_of(house, id) == ocsp_responder_not_after(responder);
}

static void use(House *house, guint16 id, OcspResponder *responder)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);

	ocsp_set_responder(house->ocsp, responder);
	*end_of(house, id) = ocsp_responder_not_after(responder);
}

void responder_retire(House *house, const Issuer *issuer)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);

	*end_of(house, issuer_id(issuer)) = G_MAXINT64;
}

gint64 responder_end(House *house)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);
	gint64 end = house->responder_ends;

	for (guint i = 0; house->older != NULL && i < house->older->len; i++)
		end = MIN(end, ((const OlderIssuer *) house->older->pdata[i])->responder_ends);
	return end;
}

gint64 responder_end_of(House *house, guint16 id)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);
	gint64 end = *end_of(house, id);

	return end == G_MAXINT64 ? 0 : end;
}

gboolean responder_open(House *house, const Issuer *issuer, gint64 now, GError **error)
{
	guint16 id = issuer_id(issuer);
	g_autofree char *path = path_of(house, id);
	g_autoptr(OcspResponder) old = ocsp_responder_load(issuer, path, NULL);
	g_autoptr(OcspResponder) fresh = NULL;
	gboolean is_due = old == NULL || ocsp_responder_is_due(old, now);

	if (is_due)
		fresh = ocsp_responder_create(issuer, path, now, error);
	if (fresh != NULL)
		use(house, id, fresh);
	else if (old == NULL)
		ocsp_set_issuer(house->ocsp, issuer);
	else if (!is_in_use(house, id, old))
		use(house, id, old);
	return !is_due || fresh != NULL;
}
