/* SPDX-License-Identifier: Apache-2.0
 * Columns and labels as tables. A member that an answer lacks is an empty cell. */
#include "daemon/ctl/ctl_view.h"

#include "daemon/ctl/ctl_lang.h"

/* clang-format off */
const CtlField ctl_view_cards[] = {
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "state",                N_("STATE"),         CTL_FORMAT_CARD },
	{ "reasons",              N_("REASONS"),       CTL_FORMAT_REASON },
	{ "holder.staff",         N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "holder.name",          N_("NAME"),          CTL_FORMAT_TEXT },
	{ "holder.section",       N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "authority",            N_("AUTHORITY"),     CTL_FORMAT_TEXT },
	{ "place",                N_("PLACE"),         CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_expiring[] = {
	{ "certificate.notAfter", N_("ENDS"),          CTL_FORMAT_DATE },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "state",                N_("STATE"),         CTL_FORMAT_CARD },
	{ "holder.staff",         N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "holder.name",          N_("NAME"),          CTL_FORMAT_TEXT },
	{ "holder.section",       N_("SECTION"),       CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_card[] = {
	{ "card",                 N_("Card number"),           CTL_FORMAT_TEXT },
	{ "kind",                 N_("Kind"),                  CTL_FORMAT_KIND },
	{ "authority",            N_("Authority"),             CTL_FORMAT_TEXT },
	{ "state",                N_("State"),                 CTL_FORMAT_CARD },
	{ "reasons",              N_("Reasons"),               CTL_FORMAT_REASON },
	{ "holder.staff",         N_("Staff number"),          CTL_FORMAT_TEXT },
	{ "holder.name",          N_("Name"),                  CTL_FORMAT_TEXT },
	{ "holder.section",       N_("Section"),               CTL_FORMAT_TEXT },
	{ "holder.subsection",    N_("Subsection"),            CTL_FORMAT_TEXT },
	{ "holder.title",         N_("Title"),                 CTL_FORMAT_TEXT },
	{ "place",                N_("Place"),                 CTL_FORMAT_TEXT },
	{ "chipSerial",           N_("Chip serial"),           CTL_FORMAT_TEXT },
	{ "issuedOn",             N_("Issued on"),             CTL_FORMAT_DATE },
	{ "lentOn",               N_("Lent on"),               CTL_FORMAT_DATE },
	{ "checkedOn",            N_("Checked on"),            CTL_FORMAT_DATE },
	{ "returnedOn",           N_("Returned on"),           CTL_FORMAT_DATE },
	{ "certificate.serial",   N_("Certificate serial"),    CTL_FORMAT_TEXT },
	{ "certificate.state",    N_("Certificate"),           CTL_FORMAT_CERTIFICATE },
	{ "certificate.reason",   N_("Revoked because"),       CTL_FORMAT_REASON },
	{ "certificate.notAfter", N_("Certificate ends"),      CTL_FORMAT_DATE },
	{ "pin.state",            N_("PIN"),                   CTL_FORMAT_PIN },
	{ "pin.changedOn",        N_("PIN changed on"),        CTL_FORMAT_DATE },
	{ "pin.due",              N_("PIN to be changed by"),  CTL_FORMAT_DATE },
	{ "pin.next.en|ja",       N_("Next for the PIN"),      CTL_FORMAT_TEXT },
	{ "duty.kind",            N_("Duty"),                  CTL_FORMAT_TEXT },
	{ "duty.owner",           N_("Duty of"),               CTL_FORMAT_TEXT },
	{ "duty.due",             N_("Duty due"),              CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_history[] = {
	{ "seq",                  N_("NO"),            CTL_FORMAT_NUMBER },
	{ "at",                   N_("AT"),            CTL_FORMAT_DATE },
	{ "event|ja",             N_("EVENT"),         CTL_FORMAT_TEXT },
	{ "from",                 N_("BEFORE"),        CTL_FORMAT_CARD },
	{ "to",                   N_("AFTER"),         CTL_FORMAT_CARD },
	{ "byName",               N_("BY"),            CTL_FORMAT_TEXT },
	{ "article",              N_("ARTICLE"),       CTL_FORMAT_TEXT },
	{ "note",                 N_("NOTE"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_people[] = {
	{ "staff",                N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ "kana",                 N_("KANA"),          CTL_FORMAT_TEXT },
	{ "sectionName",          N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "subsection",           N_("SUBSECTION"),    CTL_FORMAT_TEXT },
	{ "title",                N_("TITLE"),         CTL_FORMAT_TEXT },
	{ "until",                N_("UNTIL"),         CTL_FORMAT_DATE },
	{ "cards",                N_("CARDS"),         CTL_FORMAT_LIST },
	{ NULL },
};

const CtlField ctl_view_person[] = {
	{ "staff",                N_("Staff number"),  CTL_FORMAT_TEXT },
	{ "name",                 N_("Name"),          CTL_FORMAT_TEXT },
	{ "kana",                 N_("Kana"),          CTL_FORMAT_TEXT },
	{ "section",              N_("Section code"),  CTL_FORMAT_TEXT },
	{ "sectionName",          N_("Section"),       CTL_FORMAT_TEXT },
	{ "subsection",           N_("Subsection"),    CTL_FORMAT_TEXT },
	{ "title",                N_("Title"),         CTL_FORMAT_TEXT },
	{ "employment",           N_("Employment"),    CTL_FORMAT_TEXT },
	{ "until",                N_("Until"),         CTL_FORMAT_DATE },
	{ "cards",                N_("Cards"),         CTL_FORMAT_LIST },
	{ NULL },
};

const CtlField ctl_view_sections[] = {
	{ "section",              N_("CODE"),          CTL_FORMAT_TEXT },
	{ "name",                 N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "order",                N_("ORDER"),         CTL_FORMAT_NUMBER },
	{ "managerPost",          N_("MANAGER POST"),  CTL_FORMAT_TEXT },
	{ "manager.name",         N_("MANAGER"),       CTL_FORMAT_TEXT },
	{ "hasTerminal",          N_("TERMINAL"),      CTL_FORMAT_YES_NO },
	{ "duties",               N_("DUTIES"),        CTL_FORMAT_LIST },
	{ NULL },
};

const CtlField ctl_view_designations[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "staff",                N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "authority",            N_("AUTHORITY"),     CTL_FORMAT_TEXT },
	{ "duties",               N_("DUTIES"),        CTL_FORMAT_LIST },
	{ "from",                 N_("FROM"),          CTL_FORMAT_DATE },
	{ "until",                N_("UNTIL"),         CTL_FORMAT_DATE },
	{ "application",          N_("APPLICATION"),   CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_confirmations[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "event",                N_("EVENT"),         CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "byName",               N_("BY"),            CTL_FORMAT_TEXT },
	{ "at",                   N_("AT"),            CTL_FORMAT_DATE },
	{ "expires",              N_("EXPIRES"),       CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_readers[] = {
	{ "reader",               N_("READER"),        CTL_FORMAT_TEXT },
	{ "state",                N_("STATE"),         CTL_FORMAT_READER },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "serial",               N_("CHIP SERIAL"),   CTL_FORMAT_TEXT },
	{ "known",                N_("KNOWN"),         CTL_FORMAT_YES_NO },
	{ "holder",               N_("HOLDER"),        CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_inbox[] = {
	{ "en|ja",                N_("WHAT"),          CTL_FORMAT_TEXT },
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "since",                N_("SINCE"),         CTL_FORMAT_DATE },
	{ "command",              N_("COMMAND"),       CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_applications[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "form",                 N_("FORM"),          CTL_FORMAT_NUMBER },
	{ "state|stateJa",        N_("STATE"),         CTL_FORMAT_TEXT },
	{ "sectionName",          N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "applicant.name",       N_("APPLICANT"),     CTL_FORMAT_TEXT },
	{ "changedAt",            N_("AT"),            CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_application[] = {
	{ "id",                   N_("Application"),   CTL_FORMAT_TEXT },
	{ "title|titleJa",        N_("Form"),          CTL_FORMAT_TEXT },
	{ "state|stateJa",        N_("State"),         CTL_FORMAT_TEXT },
	{ "urgent",               N_("Done first"),    CTL_FORMAT_YES_NO },
	{ "sectionName",          N_("Section"),       CTL_FORMAT_TEXT },
	{ "from",                 N_("Effective from"), CTL_FORMAT_DATE },
	{ "card",                 N_("Card number"),   CTL_FORMAT_TEXT },
	{ "holder.name",          N_("Name"),          CTL_FORMAT_TEXT },
	{ "reason",               N_("Reason"),        CTL_FORMAT_TEXT },
	{ "applicant.name",       N_("Applicant"),     CTL_FORMAT_TEXT },
	{ "paper",                N_("Paper"),         CTL_FORMAT_TEXT },
	{ "signedOn",             N_("Sealed on"),     CTL_FORMAT_DATE },
	{ "approvedAt",           N_("Approved"),      CTL_FORMAT_DATE },
	{ "newCard",              N_("New card"),      CTL_FORMAT_TEXT },
	{ "next",                 N_("Next"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_application_lines[] = {
	{ "designation",          N_("DESIGNATION"),   CTL_FORMAT_TEXT },
	{ "staff",                N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ "title",                N_("TITLE"),         CTL_FORMAT_TEXT },
	{ "authority",            N_("AUTHORITY"),     CTL_FORMAT_TEXT },
	{ "duties",               N_("DUTIES"),        CTL_FORMAT_TEXT },
	{ "note",                 N_("NOTE"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_application_steps[] = {
	{ "at",                   N_("AT"),            CTL_FORMAT_DATE },
	{ "event|ja",             N_("EVENT"),         CTL_FORMAT_TEXT },
	{ "by.name",              N_("BY"),            CTL_FORMAT_TEXT },
	{ "note",                 N_("NOTE"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_audit[] = {
	{ "seq",                  N_("NO"),            CTL_FORMAT_NUMBER },
	{ "at",                   N_("AT"),            CTL_FORMAT_DATE },
	{ "kind|ja",              N_("RECORD"),        CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "staff",                N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "actor",                N_("BY"),            CTL_FORMAT_TEXT },
	{ "second",               N_("SECOND PERSON"), CTL_FORMAT_TEXT },
	{ "article",              N_("ARTICLE"),       CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_checkpoints[] = {
	{ "number",               N_("NO"),            CTL_FORMAT_NUMBER },
	{ "at",                   N_("AT"),            CTL_FORMAT_DATE },
	{ "size",                 N_("RECORDS"),       CTL_FORMAT_NUMBER },
	{ "line",                 N_("CHECKPOINT"),    CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_lookup[] = {
	{ "at",                   N_("AT"),            CTL_FORMAT_DATE },
	{ "terminal",             N_("TERMINAL"),      CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "valid",                N_("VALID"),         CTL_FORMAT_YES_NO },
	{ "state",                N_("STATE"),         CTL_FORMAT_CARD },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "authority",            N_("AUTHORITY"),     CTL_FORMAT_TEXT },
	{ "staff",                N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ "why.en|ja",            N_("NOTE"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_holds[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "staff",                N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "reason",               N_("REASON"),        CTL_FORMAT_TEXT },
	{ "since",                N_("SINCE"),         CTL_FORMAT_DATE },
	{ "by",                   N_("BY"),            CTL_FORMAT_TEXT },
	{ "endedAt",              N_("ENDED"),         CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_analysis[] = {
	{ "category",             N_("FINDING"),       CTL_FORMAT_TEXT },
	{ "number",               N_("WHOSE"),         CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ "count",                N_("COUNT"),         CTL_FORMAT_NUMBER },
	{ "content",              N_("WHEN"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_whoami[] = {
	{ "uid",                  N_("Account (uid)"), CTL_FORMAT_TEXT },
	{ "staff",                N_("Staff number"),  CTL_FORMAT_TEXT },
	{ "name",                 N_("Name"),          CTL_FORMAT_TEXT },
	{ "roles|roleNames",      N_("Roles"),         CTL_FORMAT_LIST },
	{ "titles",               N_("Levels"),        CTL_FORMAT_LIST },
	{ "posts",                N_("Posts"),         CTL_FORMAT_LIST },
	{ "deputyFor",            N_("Deputy for"),    CTL_FORMAT_LIST },
	{ "actingAs",             N_("In place of"),   CTL_FORMAT_TEXT },
	{ "breakGlass",           N_("Taken for a time"), CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_ca[] = {
	{ "subject",              N_("Subject"),           CTL_FORMAT_TEXT },
	{ "key",                  N_("Key"),               CTL_FORMAT_TEXT },
	{ "notAfter",             N_("Ends"),              CTL_FORMAT_DATE },
	{ "crl.number",           N_("CRL number"),        CTL_FORMAT_NUMBER },
	{ "crl.entries",          N_("CRL entries"),       CTL_FORMAT_NUMBER },
	{ "crl.thisUpdate",       N_("CRL published"),     CTL_FORMAT_DATE },
	{ "crl.nextUpdate",       N_("Next CRL by"),       CTL_FORMAT_DATE },
	{ "ocsp.notAfter",        N_("OCSP signer ends"),  CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_issuers[] = {
	{ "id",                   N_("NO"),            CTL_FORMAT_NUMBER },
	{ "state",                N_("STATE"),         CTL_FORMAT_TEXT },
	{ "key",                  N_("KEY"),           CTL_FORMAT_TEXT },
	{ "notAfter",             N_("ENDS"),          CTL_FORMAT_DATE },
	{ "crl.file",             N_("CRL"),           CTL_FORMAT_TEXT },
	{ "crl.number",           N_("CRL NUMBER"),    CTL_FORMAT_NUMBER },
	{ "crl.nextUpdate",       N_("NEXT CRL BY"),   CTL_FORMAT_DATE },
	{ "ocsp.notAfter",        N_("OCSP SIGNER ENDS"), CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_config[] = {
	{ "key",                  N_("KEY"),           CTL_FORMAT_TEXT },
	{ "value",                N_("VALUE"),         CTL_FORMAT_TEXT },
	{ "since",                N_("SINCE"),         CTL_FORMAT_DATE },
	{ "default",              N_("DEFAULT"),       CTL_FORMAT_TEXT },
	{ "file",                 N_("FILE"),          CTL_FORMAT_TEXT },
	{ "line",                 N_("LINE"),          CTL_FORMAT_NUMBER },
	{ NULL },
};

const CtlField ctl_view_pins[] = {
	{ "due",                  N_("DUE"),           CTL_FORMAT_DATE },
	{ "days",                 N_("DAYS LEFT"),     CTL_FORMAT_NUMBER },
	{ "card",                 N_("CARD"),          CTL_FORMAT_TEXT },
	{ "staff",                N_("STAFF NO"),      CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "changedOn",            N_("CHANGED ON"),    CTL_FORMAT_DATE },
	{ "state",                N_("PIN"),           CTL_FORMAT_PIN },
	{ "warnOn",               N_("NEXT WARNING"),  CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_wave[] = {
	{ "date",                 N_("DUE"),           CTL_FORMAT_DATE },
	{ "count",                N_("PINS"),          CTL_FORMAT_NUMBER },
	{ NULL },
};

const CtlField ctl_view_status[] = {
	{ "version",                N_("Version"),           CTL_FORMAT_TEXT },
	{ "pin.due",                N_("PINs due soon"),     CTL_FORMAT_NUMBER },
	{ "pin.overdue",            N_("PINs overdue"),      CTL_FORMAT_NUMBER },
	{ "directory.state",        N_("Directory"),         CTL_FORMAT_TEXT },
	{ "directory.lastFullScan", N_("Last full scan"),    CTL_FORMAT_DATE },
	{ "directory.people",       N_("People"),            CTL_FORMAT_NUMBER },
	{ "crl.number",             N_("CRL number"),        CTL_FORMAT_NUMBER },
	{ "crl.thisUpdate",         N_("CRL published"),     CTL_FORMAT_DATE },
	{ "crl.nextUpdate",         N_("Next CRL by"),       CTL_FORMAT_DATE },
	{ "expiring.within90",      N_("Cards ending in 90 days"), CTL_FORMAT_NUMBER },
	{ "audit.count",            N_("Audit records"),     CTL_FORMAT_NUMBER },
	{ NULL },
};
/* clang-format on */
