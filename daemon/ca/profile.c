/* SPDX-License-Identifier: Apache-2.0
 * The table of certificate profiles. A card's row says what its holder can do with it: sign in. */
#include "daemon/ca/profile.h"

#define DAY (24 * 60 * 60)

#define CLIENT_AUTH  "1.3.6.1.5.5.7.3.2"
#define OCSP_SIGNING "1.3.6.1.5.5.7.3.9"

#define CA_USAGE   (PROFILE_KEY_CERT_SIGN | PROFILE_CRL_SIGN)
#define LEAF_USAGE PROFILE_DIGITAL_SIGNATURE

/* clang-format off */
static const Profile profiles[_PROFILE_KIND_MAX] = {
	/*                 name    days  usage       purpose       ca     rev    nocheck */
	[PROFILE_ROOT] = { "root", 3652, CA_USAGE,   NULL,         TRUE,  FALSE, FALSE },
	[PROFILE_CARD] = { "card", 1826, LEAF_USAGE, CLIENT_AUTH,  FALSE, TRUE,  FALSE },
	[PROFILE_OCSP] = { "ocsp", 30,   LEAF_USAGE, OCSP_SIGNING, FALSE, FALSE, TRUE  },
};
/* clang-format on */

const Profile *profile_get(ProfileKind kind)
{
	return &profiles[kind];
}

gint64 profile_not_after(ProfileKind kind, gint64 not_before, int days, gint64 issuer_end)
{
	gint64 end = not_before + (gint64) (days > 0 ? days : profiles[kind].days) * DAY - 1;

	return issuer_end > 0 ? MIN(end, issuer_end) : end;
}
