/* SPDX-License-Identifier: Apache-2.0
 * Columns and labels of the rules' own records. */
#include "daemon/ctl/ctl_view_rule.h"

#include "daemon/ctl/ctl_lang.h"

/* clang-format off */
const CtlField ctl_view_rule_exceptions[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "kind|kindJa",          N_("KIND"),          CTL_FORMAT_TEXT },
	{ "subject",              N_("FOR"),           CTL_FORMAT_TEXT },
	{ "reason",               N_("REASON"),        CTL_FORMAT_TEXT },
	{ "until",                N_("UNTIL"),         CTL_FORMAT_DATE },
	{ "state",                N_("STATE"),         CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_rule_exception[] = {
	{ "id",                   N_("Number"),        CTL_FORMAT_TEXT },
	{ "kind|kindJa",          N_("Kind"),          CTL_FORMAT_TEXT },
	{ "state",                N_("State"),         CTL_FORMAT_TEXT },
	{ "subject",              N_("For"),           CTL_FORMAT_TEXT },
	{ "content",              N_("Content"),       CTL_FORMAT_TEXT },
	{ "reason",               N_("Reason"),        CTL_FORMAT_TEXT },
	{ "until",                N_("Until"),         CTL_FORMAT_DATE },
	{ "openedBy",             N_("Opened by"),     CTL_FORMAT_TEXT },
	{ "openedAt",             N_("Opened at"),     CTL_FORMAT_DATE },
	{ "approvedBy",           N_("Approved by"),   CTL_FORMAT_TEXT },
	{ "approvedAt",           N_("Approved at"),   CTL_FORMAT_DATE },
	{ "reviewDue",            N_("Review due"),    CTL_FORMAT_DATE },
	{ "reviewedBy",           N_("Reviewed by"),   CTL_FORMAT_TEXT },
	{ "endedBy",              N_("Ended by"),      CTL_FORMAT_TEXT },
	{ "endedAt",              N_("Ended at"),      CTL_FORMAT_DATE },
	{ "note",                 N_("Note"),          CTL_FORMAT_TEXT },
	{ NULL },
};
/* clang-format on */
