/* SPDX-License-Identifier: Apache-2.0
 * Rounds of card checks and what belongs to them. */
#include "daemon/ctl/ctl_round.h"

#include "daemon/ctl/ctl_lang.h"

/* clang-format off */
const CtlField ctl_round_refusals[] = {
	{ "noticedAt",            N_("NOTICED AT"),    CTL_FORMAT_DATE },
	{ "event",                N_("EVENT"),         CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "scope",                N_("SCOPE"),         CTL_FORMAT_TEXT },
	{ "cards",                N_("CARDS"),         CTL_FORMAT_NUMBER },
	{ "refusedAt",            N_("REFUSED AT"),    CTL_FORMAT_DATE },
	{ "seconds",              N_("SECONDS"),       CTL_FORMAT_NUMBER },
	{ "refusedMilliseconds",  N_("OCSP, MS"),      CTL_FORMAT_NUMBER },
	{ "listedMilliseconds",   N_("CRL, MS"),       CTL_FORMAT_NUMBER },
	{ NULL },
};
/* clang-format on */
