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

const CtlField ctl_view_rule_findings[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "source|sourceJa",      N_("SOURCE"),        CTL_FORMAT_TEXT },
	{ "content",              N_("CONTENT"),       CTL_FORMAT_TEXT },
	{ "owner",                N_("OWNER"),         CTL_FORMAT_TEXT },
	{ "due",                  N_("DUE"),           CTL_FORMAT_DATE },
	{ "state",                N_("STATE"),         CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_rule_finding[] = {
	{ "id",                   N_("Number"),        CTL_FORMAT_TEXT },
	{ "source|sourceJa",      N_("Source"),        CTL_FORMAT_TEXT },
	{ "reference",            N_("Report"),        CTL_FORMAT_TEXT },
	{ "state",                N_("State"),         CTL_FORMAT_TEXT },
	{ "content",              N_("Content"),       CTL_FORMAT_TEXT },
	{ "owner",                N_("Owner"),         CTL_FORMAT_TEXT },
	{ "due",                  N_("Due"),           CTL_FORMAT_DATE },
	{ "openedBy",             N_("Opened by"),     CTL_FORMAT_TEXT },
	{ "measure",              N_("Measure"),       CTL_FORMAT_TEXT },
	{ "answeredBy",           N_("Answered by"),   CTL_FORMAT_TEXT },
	{ "answeredAt",           N_("Answered at"),   CTL_FORMAT_DATE },
	{ "closedBy",             N_("Closed by"),     CTL_FORMAT_TEXT },
	{ "closedAt",             N_("Closed at"),     CTL_FORMAT_DATE },
	{ "note",                 N_("Note"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_rule_orders[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "number",               N_("ORDER"),         CTL_FORMAT_TEXT },
	{ "orderedOn",            N_("ORDERED ON"),    CTL_FORMAT_DATE },
	{ "refusedOn",            N_("REFUSED ON"),    CTL_FORMAT_DATE },
	{ "criterion|criterionJa", N_("CRITERION"),    CTL_FORMAT_TEXT },
	{ "decidedBy",            N_("DECIDED BY"),    CTL_FORMAT_TEXT },
	{ "liftedAt",             N_("LIFTED AT"),     CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_rule_works[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "openedAt",             N_("AT"),            CTL_FORMAT_DATE },
	{ "kind|kindJa",          N_("KIND"),          CTL_FORMAT_TEXT },
	{ "content",              N_("CONTENT"),       CTL_FORMAT_TEXT },
	{ "doneBy",               N_("DONE BY"),       CTL_FORMAT_TEXT },
	{ "confirmedBy",          N_("CONFIRMED BY"),  CTL_FORMAT_TEXT },
	{ "state",                N_("STATE"),         CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_rule_work[] = {
	{ "id",                   N_("Number"),        CTL_FORMAT_TEXT },
	{ "kind|kindJa",          N_("Kind"),          CTL_FORMAT_TEXT },
	{ "state",                N_("State"),         CTL_FORMAT_TEXT },
	{ "content",              N_("Content"),       CTL_FORMAT_TEXT },
	{ "before",               N_("Before"),        CTL_FORMAT_TEXT },
	{ "after",                N_("After"),         CTL_FORMAT_TEXT },
	{ "doneBy",               N_("Done by"),       CTL_FORMAT_TEXT },
	{ "doneAt",               N_("Done at"),       CTL_FORMAT_DATE },
	{ "result",               N_("Result"),        CTL_FORMAT_TEXT },
	{ "confirmedBy",          N_("Confirmed by"),  CTL_FORMAT_TEXT },
	{ "confirmedAt",          N_("Confirmed at"),  CTL_FORMAT_DATE },
	{ "note",                 N_("Note"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_rule_yearly[] = {
	{ "kind|kindJa",          N_("TASK"),          CTL_FORMAT_TEXT },
	{ "due",                  N_("DUE"),           CTL_FORMAT_DATE },
	{ "state",                N_("STATE"),         CTL_FORMAT_TEXT },
	{ "doneOn",               N_("DONE ON"),       CTL_FORMAT_DATE },
	{ "reference",            N_("REPORT"),        CTL_FORMAT_TEXT },
	{ NULL },
};
/* clang-format on */
