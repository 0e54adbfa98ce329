/* SPDX-License-Identifier: Apache-2.0
 * What people see of duties, cases and notices. */
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_view.h"

/* clang-format off */
const CtlField ctl_view_duties[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "holder",               N_("HOLDER"),        CTL_FORMAT_TEXT },
	{ "owner",                N_("OWNER"),         CTL_FORMAT_TEXT },
	{ "due",                  N_("DUE"),           CTL_FORMAT_DATE },
	{ "daysOverdue",          N_("DAYS LATE"),     CTL_FORMAT_NUMBER },
	{ "reminders",            N_("REMINDERS"),     CTL_FORMAT_NUMBER },
	{ "escalations",          N_("ESCALATIONS"),   CTL_FORMAT_NUMBER },
	{ "closedOn",             N_("CLOSED ON"),     CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_duty[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "holder",               N_("HOLDER"),        CTL_FORMAT_TEXT },
	{ "reason",               N_("REASON"),        CTL_FORMAT_REASON },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "owner",                N_("OWNER"),         CTL_FORMAT_TEXT },
	{ "openedOn",             N_("OPENED ON"),     CTL_FORMAT_DATE },
	{ "due",                  N_("DUE"),           CTL_FORMAT_DATE },
	{ "daysOverdue",          N_("DAYS LATE"),     CTL_FORMAT_NUMBER },
	{ "reminders",            N_("REMINDERS"),     CTL_FORMAT_NUMBER },
	{ "escalations",          N_("ESCALATIONS"),   CTL_FORMAT_NUMBER },
	{ "remindedOn",           N_("LAST REMINDER"), CTL_FORMAT_DATE },
	{ "closedOn",             N_("CLOSED ON"),     CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_cases[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "kind",                 N_("CASE"),          CTL_FORMAT_TEXT },
	{ "openedOn",             N_("OPENED ON"),     CTL_FORMAT_DATE },
	{ "closedOn",             N_("CLOSED ON"),     CTL_FORMAT_DATE },
	{ "seconds",              N_("SECONDS"),       CTL_FORMAT_NUMBER },
	{ "measure",              N_("MEASURE"),       CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_case[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "kind",                 N_("CASE"),          CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "openedOn",             N_("OPENED ON"),     CTL_FORMAT_DATE },
	{ "occurredAt",           N_("OCCURRED"),      CTL_FORMAT_DATE },
	{ "noticedAt",            N_("NOTICED"),       CTL_FORMAT_DATE },
	{ "refusedAt",            N_("REFUSED"),       CTL_FORMAT_DATE },
	{ "seconds",              N_("SECONDS"),       CTL_FORMAT_NUMBER },
	{ "reportedBy",           N_("REPORTED BY"),   CTL_FORMAT_TEXT },
	{ "policeReport",         N_("POLICE REPORT"), CTL_FORMAT_TEXT },
	{ "content",              N_("CONTENT"),       CTL_FORMAT_TEXT },
	{ "parties",              N_("PARTIES"),       CTL_FORMAT_TEXT },
	{ "place",                N_("PLACE OF IT"),   CTL_FORMAT_TEXT },
	{ "note",                 N_("SITUATION"),     CTL_FORMAT_TEXT },
	{ "cause",                N_("CAUSE"),         CTL_FORMAT_TEXT },
	{ "response",             N_("RESPONSE"),      CTL_FORMAT_TEXT },
	{ "other",                N_("OTHER"),         CTL_FORMAT_TEXT },
	{ "measure",              N_("MEASURE"),       CTL_FORMAT_TEXT },
	{ "measureDue",           N_("MEASURE BY"),    CTL_FORMAT_DATE },
	{ "closedOn",             N_("CLOSED ON"),     CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_notices[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "at",                   N_("TIME"),          CTL_FORMAT_DATE },
	{ "to",                   N_("TO"),            CTL_FORMAT_TEXT },
	{ "channel",              N_("CHANNEL"),       CTL_FORMAT_TEXT },
	{ "state",                N_("STATE"),         CTL_FORMAT_TEXT },
	{ "subject",              N_("SUBJECT"),       CTL_FORMAT_TEXT },
	{ "problem",              N_("PROBLEM"),       CTL_FORMAT_TEXT },
	{ NULL },
};
/* clang-format on */
