/* SPDX-License-Identifier: Apache-2.0
 * The three certificates of a CA key update (RFC 4210 4.4): the new key by itself, the new key by
 * the old one, the old key by the new one. All carry the same name, so that each is self-issued and
 * does not count against pathlen (RFC 5280 6.1.4 (l)). */
#pragma once

#include "daemon/ca/issuer.h"

typedef enum IssuerLink {
	ISSUER_LINK_NEW,          /* self-signed */
	ISSUER_LINK_NEW_WITH_OLD, /* for those who trust the old one */
	ISSUER_LINK_OLD_WITH_NEW, /* for those who trust the new one */
	_ISSUER_LINK_MAX,
} IssuerLink;

typedef struct IssuerLinkRequest {
	const Issuer *old;
	Signer *fresh; /* of the new key */
	gint64 now;
	int days; /* the new certificate's */
} IssuerLinkRequest;

const char *issuer_link_name(IssuerLink link);
/* The exact bytes to be signed, to be recorded before they are. */
GBytes *issuer_link_prepare(const IssuerLinkRequest *request, IssuerLink link,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Signs them with the key the link wants; the certificate, read back and compared. */
GBytes *issuer_link_sign(const IssuerLinkRequest *request, IssuerLink link, GBytes *tbs,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
