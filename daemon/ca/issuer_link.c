/* SPDX-License-Identifier: Apache-2.0
 * Certificates of a CA key update. */
#include "daemon/ca/issuer_link.h"

#include "daemon/base/error.h"

static const char *const names[_ISSUER_LINK_MAX] = {
	[ISSUER_LINK_NEW] = "new",
	[ISSUER_LINK_NEW_WITH_OLD] = "new-with-old",
	[ISSUER_LINK_OLD_WITH_NEW] = "old-with-new",
};

const char *issuer_link_name(IssuerLink link)
{
	return names[link];
}

/* Whose key signs; NULL while the old one is out of reach. */
static Signer *signer_of(const IssuerLinkRequest *request, IssuerLink link)
{
	return link == ISSUER_LINK_NEW_WITH_OLD ? issuer_signer(request->old) : request->fresh;
}

static gint64 end_of(const IssuerLinkRequest *request, IssuerLink link)
{
	gint64 own = profile_not_after(PROFILE_ROOT, request->now, request->days, 0);
	gint64 old = issuer_not_after(request->old);

	return link == ISSUER_LINK_NEW            ? own
	       : link == ISSUER_LINK_NEW_WITH_OLD ? MIN(own, old)
						  : old;
}

GBytes *issuer_link_prepare(const IssuerLinkRequest *request, IssuerLink link, GError **error)
{
	guint8 serial[DER_SERIAL_SIZE];
	Signer *signer = signer_of(request, link);
	GBytes *old = issuer_spki(request->old), *fresh = sign_spki(request->fresh);
	GBytes *name = issuer_subject(request->old);
	DerRequest der = {
		.profile = PROFILE_ROOT,
		.serial = serial,
		.issuer_name = name,
		.issuer_spki = link == ISSUER_LINK_NEW_WITH_OLD ? old : fresh,
		.subject_name = name,
		.spki = link == ISSUER_LINK_OLD_WITH_NEW ? old : fresh,
		.not_before = link == ISSUER_LINK_OLD_WITH_NEW ? issuer_not_before(request->old)
							       : request->now,
		.not_after = end_of(request, link),
	};

	if (signer == NULL) {
		error_set(error, ERROR_CA, N_("The CA key cannot be reached"));
		return NULL;
	}
	der.algorithm = sign_algorithm(signer);
	return der_serial_new(serial, error) ? der_tbs(&der, error) : NULL;
}

GBytes *issuer_link_sign(const IssuerLinkRequest *request, IssuerLink link, GBytes *tbs,
			 GError **error)
{
	Signer *signer = signer_of(request, link);
	g_autoptr(GBytes) signature = NULL;

	if (signer == NULL) {
		error_set(error, ERROR_CA, N_("The CA key cannot be reached"));
		return NULL;
	}
	if (!sign_bytes(signer, g_bytes_get_data(tbs, NULL), g_bytes_get_size(tbs), &signature,
			error))
		return NULL;
	return der_assemble(tbs, sign_algorithm(signer), signature, sign_spki(signer), error);
}
