/* SPDX-License-Identifier: Apache-2.0
 * Columns and labels of posts and of what hangs on them. */
#include "daemon/ctl/ctl_view_post.h"

#include "daemon/ctl/ctl_lang.h"

/* clang-format off */
const CtlField ctl_view_post_list[] = {
	{ "post",                 N_("POST"),          CTL_FORMAT_TEXT },
	{ "section",              N_("SECTION"),       CTL_FORMAT_TEXT },
	{ "staff",                N_("STAFF"),         CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_post_one[] = {
	{ "post",                 N_("Post"),          CTL_FORMAT_TEXT },
	{ "section",              N_("Section"),       CTL_FORMAT_TEXT },
	{ "staff",                N_("Staff number"),  CTL_FORMAT_TEXT },
	{ "name",                 N_("Name"),          CTL_FORMAT_TEXT },
	{ NULL },
};

const CtlField ctl_view_post_delegations[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "fromPost",             N_("FOR"),           CTL_FORMAT_TEXT },
	{ "toPost",               N_("DEPUTY"),        CTL_FORMAT_TEXT },
	{ "from",                 N_("FROM"),          CTL_FORMAT_DATE },
	{ "until",                N_("UNTIL"),         CTL_FORMAT_DATE },
	{ "order",                N_("ORDER"),         CTL_FORMAT_TEXT },
	{ "endedAt",              N_("ENDED"),         CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_post_reviews[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "post",                 N_("FOR"),           CTL_FORMAT_TEXT },
	{ "deputyName",           N_("DEPUTY"),        CTL_FORMAT_TEXT },
	{ "subject",              N_("SUBJECT"),       CTL_FORMAT_TEXT },
	{ "roles",                N_("ROLE"),          CTL_FORMAT_TEXT },
	{ "at",                   N_("AT"),            CTL_FORMAT_DATE },
	{ NULL },
};

const CtlField ctl_view_post_grants[] = {
	{ "id",                   N_("ID"),            CTL_FORMAT_TEXT },
	{ "name",                 N_("NAME"),          CTL_FORMAT_TEXT },
	{ "role",                 N_("ROLE"),          CTL_FORMAT_TEXT },
	{ "reason",               N_("REASON"),        CTL_FORMAT_TEXT },
	{ "from",                 N_("FROM"),          CTL_FORMAT_DATE },
	{ "until",                N_("UNTIL"),         CTL_FORMAT_DATE },
	{ "exception",            N_("EXCEPTION"),     CTL_FORMAT_TEXT },
	{ "reviewedBy",           N_("REVIEWED BY"),   CTL_FORMAT_TEXT },
	{ NULL },
};
/* clang-format on */
