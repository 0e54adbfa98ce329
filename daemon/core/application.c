/* SPDX-License-Identifier: Apache-2.0
 * Table E as data. A changed rule is a changed line here and in tests/unit/application.golden. */
#include "daemon/core/application.h"

#define S(state) APPLICATION_FROM(APPLICATION_##state)
#define R(role)  ROLE_SET(ROLE_##role)
#define G(guard) APPLICATION_##guard

#define DESK    (R(CUSTODIAN) | R(SYSTEM_ADMIN))
#define SECTION (R(HOLDER) | R(SECTION_MANAGER))
#define DECIDES (R(SYSTEM_ADMIN) | R(CHIEF))
#define OTHERS  (G(NOT_APPLICANT) | G(NOT_HOLDER) | G(NOT_ENDORSER))
#define AFTER   (G(UNAPPROVED) | G(NOT_APPLICANT) | G(NOT_HOLDER) | G(NOT_EXECUTOR))
#define DONE    (S(EXECUTED) | S(RECEIVED))

/* clang-format off */
static const ApplicationRule rules[] = {
/* from                                               event              to                        roles                                              guards                          form article */
{ 0,                                                  APPLY_DRAFT,       APPLICATION_DRAFT,        SECTION | DESK,                                    0,                              0, NULL },
{ 0,                                                  APPLY_ACCEPT,      APPLICATION_INVESTIGATED, DESK,                                              0,                              0, NULL },
{ 0,                                                  APPLY_RUSH,        APPLICATION_EXECUTED,     R(CUSTODIAN),                                      G(NOT_HOLDER),                  0, "N81" },
{ S(DRAFT) | S(SENT_BACK),                            APPLY_REVISE,      APPLICATION_DRAFT,        SECTION | DESK,                                    0,                              0, NULL },
{ S(DRAFT) | S(SENT_BACK),                            APPLY_SUBMIT,      APPLICATION_SUBMITTED,    SECTION | DESK,                                    0,                              0, NULL },
{ S(SUBMITTED),                                       APPLY_ENDORSE,     APPLICATION_ENDORSED,     R(SECTION_MANAGER) | R(CHIEF),                     0,                              0, "T06" },
{ S(SUBMITTED),                                       APPLY_REJECT,      APPLICATION_REJECTED,     R(SECTION_MANAGER) | DECIDES,                      G(NEEDS_NOTE),                  0, NULL },
{ S(SUBMITTED),                                       APPLY_SEND_BACK,   APPLICATION_SENT_BACK,    R(SECTION_MANAGER) | DECIDES,                      G(NEEDS_NOTE),                  0, NULL },
{ S(ENDORSED),                                        APPLY_INVESTIGATE, APPLICATION_INVESTIGATED, DESK,                                              0,                              0, "T35" },
{ S(ENDORSED) | S(INVESTIGATED),                      APPLY_SEND_BACK,   APPLICATION_SENT_BACK,    R(CUSTODIAN) | DECIDES,                            G(NEEDS_NOTE),                  0, NULL },
{ S(ENDORSED) | S(INVESTIGATED),                      APPLY_REJECT,      APPLICATION_REJECTED,     DECIDES,                                           G(NEEDS_NOTE),                  0, NULL },
{ S(APPROVED),                                        APPLY_SEND_BACK,   APPLICATION_SENT_BACK,    DECIDES,                                           G(NEEDS_NOTE),                  2, NULL },
{ S(APPROVED),                                        APPLY_SEND_BACK,   APPLICATION_SENT_BACK,    DECIDES,                                           G(NEEDS_NOTE),                  7, NULL },
{ S(INVESTIGATED),                                    APPLY_NOMINATE,    APPLICATION_INVESTIGATED, R(SYSTEM_ADMIN),                                   G(ADMINISTRATIVE) | G(NOT_HOLDER), 0, "N47" },
{ S(INVESTIGATED),                                    APPLY_APPROVE,     APPLICATION_APPROVED,     DECIDES,                                           OTHERS | G(NOMINATED),          0, "N20" },
{ S(DRAFT) | S(SENT_BACK) | S(SUBMITTED) | S(ENDORSED) | S(INVESTIGATED), APPLY_WITHDRAW, APPLICATION_WITHDRAWN, SECTION | DESK,                   0,                              0, NULL },
{ S(APPROVED),                                        APPLY_EXECUTE,     APPLICATION_EXECUTED,     R(SYSTEM_ADMIN),                                   G(NOT_HOLDER) | G(DECIDED),     2, "T13" },
{ S(APPROVED),                                        APPLY_EXECUTE,     APPLICATION_EXECUTED,     R(CUSTODIAN),                                      G(NOT_HOLDER) | G(DECIDED),     6, "T28" },
{ S(APPROVED),                                        APPLY_EXECUTE,     APPLICATION_EXECUTED,     R(CUSTODIAN),                                      G(NOT_HOLDER) | G(DECIDED),     7, "T31" },
{ S(APPROVED),                                        APPLY_LAPSE,       APPLICATION_CLOSED,       R(DAEMON),                                         0,                              6, NULL },
{ S(EXECUTED),                                        APPLY_APPROVE,     APPLICATION_EXECUTED,     DECIDES,                                           AFTER,                          0, "N81" },
{ S(RECEIVED),                                        APPLY_APPROVE,     APPLICATION_RECEIVED,     DECIDES,                                           AFTER,                          0, "N81" },
{ DONE,                                               APPLY_REJECT,      APPLICATION_REJECTED,     DECIDES,                                           AFTER | G(NEEDS_NOTE),          0, "N81" },
{ S(EXECUTED),                                        APPLY_RECEIVE,     APPLICATION_RECEIVED,     R(CUSTODIAN) | R(SECTION_MANAGER) | R(DAEMON),     G(WHOLE),                       0, "T15" },
{ S(RECEIVED),                                        APPLY_CLOSE,       APPLICATION_CLOSED,       R(SYSTEM_ADMIN) | R(DAEMON),                       G(DECIDED),                     0, NULL },
{ S(EXECUTED),                                        APPLY_CLOSE,       APPLICATION_CLOSED,       R(SYSTEM_ADMIN),                                   G(DECIDED) | G(NEEDS_NOTE),     0, NULL },
};

static const struct {
	const char *name;
	const char *ja;
	const char *label;
	gboolean is_over;
} states[_APPLICATION_STATE_MAX] = {
	[APPLICATION_DRAFT]        = { "DRAFT",        "下書き",     "DRAFT 下書き",           FALSE },
	[APPLICATION_SUBMITTED]    = { "SUBMITTED",    "提出",       "SUBMITTED 提出",         FALSE },
	[APPLICATION_ENDORSED]     = { "ENDORSED",     "所属長確認", "ENDORSED 所属長確認",    FALSE },
	[APPLICATION_INVESTIGATED] = { "INVESTIGATED", "調査",       "INVESTIGATED 調査",      FALSE },
	[APPLICATION_APPROVED]     = { "APPROVED",     "承認",       "APPROVED 承認",          FALSE },
	[APPLICATION_SENT_BACK]    = { "SENT_BACK",    "差戻し",     "SENT_BACK 差戻し",       FALSE },
	[APPLICATION_REJECTED]     = { "REJECTED",     "却下",       "REJECTED 却下",          TRUE },
	[APPLICATION_EXECUTED]     = { "EXECUTED",     "実行",       "EXECUTED 実行",          FALSE },
	[APPLICATION_RECEIVED]     = { "RECEIVED",     "受領",       "RECEIVED 受領",          FALSE },
	[APPLICATION_CLOSED]       = { "CLOSED",       "完結",       "CLOSED 完結",            TRUE },
	[APPLICATION_WITHDRAWN]    = { "WITHDRAWN",    "取下げ",     "WITHDRAWN 取下げ",       TRUE },
};

static const struct {
	const char *name;
	const char *kind;
	const char *ja;
} events[_APPLICATION_EVENT_MAX] = {
	[APPLY_DRAFT]       = { "draft",       "application-draft",       "申請下書き" },
	[APPLY_ACCEPT]      = { "accept",      "application-accept",      "申請受付" },
	[APPLY_RUSH]        = { "rush",        "application-rush",        "申請前の実行" },
	[APPLY_REVISE]      = { "revise",      "application-revise",      "申請修正" },
	[APPLY_SUBMIT]      = { "submit",      "application-submit",      "申請提出" },
	[APPLY_ENDORSE]     = { "endorse",     "application-endorse",     "申請所属長確認" },
	[APPLY_INVESTIGATE] = { "investigate", "application-investigate", "申請調査" },
	[APPLY_NOMINATE]    = { "nominate",    "application-nominate",    "申請指名" },
	[APPLY_APPROVE]     = { "approve",     "application-approve",     "申請承認" },
	[APPLY_REJECT]      = { "reject",      "application-reject",      "申請却下" },
	[APPLY_SEND_BACK]   = { "send-back",   "application-send-back",   "申請差戻し" },
	[APPLY_WITHDRAW]    = { "withdraw",    "application-withdraw",    "申請取下げ" },
	[APPLY_EXECUTE]     = { "execute",     "application-execute",     "申請実行" },
	[APPLY_RECEIVE]     = { "receive",     "application-receive",     "申請受領" },
	[APPLY_CLOSE]       = { "close",       "application-close",       "申請完結" },
	[APPLY_LAPSE]       = { "lapse",       "application-lapse",       "申請期限切れ" },
};

static const struct {
	int form;
	const char *ja;
	const char *en;
	const char *article;
} forms[] = {
	{ 2, "業務端末システム使用者報告書",       "user report",                        "T45" },
	{ 6, "パスワード変更申請書",               "request to reset a PIN",             "T49" },
	{ 7, "操作者用ＩＣカード再発行申請書",     "request to reissue a card",          "T50" },
};

static const char *const guard_names[] = {
	"note", "not-applicant", "not-holder", "not-endorser", "not-executor", "nominated", "administrative",
	"unapproved", "decided", "whole",
};
/* clang-format on */

const ApplicationRule *application_find(int form, ApplicationState state, ApplicationEvent event)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i].event == event && (rules[i].from & APPLICATION_FROM(state)) != 0 &&
		    (rules[i].form == 0 || rules[i].form == form))
			return &rules[i];
	return NULL;
}

const ApplicationRule *application_first(ApplicationEvent event)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i].event == event && rules[i].from == 0)
			return &rules[i];
	return NULL;
}

static gboolean is_role_fit(const ApplicationRule *rule, const ApplicationFacts *facts)
{
	RoleSet roles = facts->roles & ~ROLE_SET(ROLE_HOLDER);

	if (facts->is_own)
		roles |= ROLE_SET(ROLE_HOLDER);
	return (rule->roles & roles) != 0;
}

static gboolean is_same(gint64 person, gint64 other)
{
	return person != 0 && person == other;
}

/* N05; an exception that names its reason lifts these and nothing else. */
static ApplicationVerdict judge_separation(guint guards, const ApplicationFacts *facts)
{
	if (facts->is_excepted)
		return APPLICATION_ALLOWED;
	if ((guards & APPLICATION_NOT_APPLICANT) != 0 && is_same(facts->person, facts->applicant))
		return APPLICATION_REFUSED_APPLICANT;
	if ((guards & APPLICATION_NOT_HOLDER) != 0 && facts->is_holder)
		return APPLICATION_REFUSED_HOLDER;
	if ((guards & APPLICATION_NOT_ENDORSER) != 0 && is_same(facts->person, facts->endorser))
		return APPLICATION_REFUSED_ENDORSER;
	if ((guards & APPLICATION_NOT_EXECUTOR) != 0 && is_same(facts->person, facts->executor))
		return APPLICATION_REFUSED_EXECUTOR;
	return APPLICATION_ALLOWED;
}

/* N47: named by the one, approved by the other. */
static ApplicationVerdict judge_nomination(guint guards, const ApplicationFacts *facts)
{
	if ((guards & APPLICATION_ADMINISTRATIVE) != 0 && !facts->is_administrative)
		return APPLICATION_REFUSED_ORDINARY;
	if ((guards & APPLICATION_NOMINATED) == 0 || !facts->is_administrative)
		return APPLICATION_ALLOWED;
	if (facts->nominator == 0)
		return APPLICATION_REFUSED_NOMINATION;
	if ((facts->roles & ROLE_SET(ROLE_CHIEF)) == 0)
		return APPLICATION_REFUSED_CHIEF;
	if (!facts->is_excepted && is_same(facts->person, facts->nominator))
		return APPLICATION_REFUSED_NOMINATOR;
	return APPLICATION_ALLOWED;
}

static ApplicationVerdict judge_course(guint guards, const ApplicationFacts *facts)
{
	if ((guards & APPLICATION_UNAPPROVED) != 0 && facts->is_approved)
		return APPLICATION_REFUSED_APPROVED;
	if ((guards & APPLICATION_DECIDED) != 0 && !facts->is_approved)
		return APPLICATION_REFUSED_UNDECIDED;
	if ((guards & APPLICATION_WHOLE) != 0 && !facts->is_whole)
		return APPLICATION_REFUSED_OPEN;
	if ((guards & APPLICATION_NEEDS_NOTE) != 0 && !facts->has_note)
		return APPLICATION_REFUSED_NOTE;
	return APPLICATION_ALLOWED;
}

ApplicationVerdict application_judge(const ApplicationRule *rule, const ApplicationFacts *facts)
{
	ApplicationVerdict verdict;

	if (!is_role_fit(rule, facts))
		return APPLICATION_REFUSED_ROLE;
	verdict = judge_course(rule->guards, facts);
	if (verdict == APPLICATION_ALLOWED)
		verdict = judge_separation(rule->guards, facts);
	return verdict == APPLICATION_ALLOWED ? judge_nomination(rule->guards, facts) : verdict;
}

gboolean application_is_separation(ApplicationVerdict verdict)
{
	return verdict == APPLICATION_REFUSED_APPLICANT || verdict == APPLICATION_REFUSED_HOLDER ||
	       verdict == APPLICATION_REFUSED_ENDORSER || verdict == APPLICATION_REFUSED_EXECUTOR ||
	       verdict == APPLICATION_REFUSED_NOMINATOR;
}

ApplicationEvent application_next(ApplicationState state, gboolean is_approved)
{
	switch (state) {
	case APPLICATION_DRAFT:
	case APPLICATION_SENT_BACK:
		return APPLY_SUBMIT;
	case APPLICATION_SUBMITTED:
		return APPLY_ENDORSE;
	case APPLICATION_ENDORSED:
		return APPLY_INVESTIGATE;
	case APPLICATION_INVESTIGATED:
		return APPLY_APPROVE;
	case APPLICATION_APPROVED:
		return APPLY_EXECUTE;
	case APPLICATION_EXECUTED:
		return is_approved ? APPLY_RECEIVE : APPLY_APPROVE;
	case APPLICATION_RECEIVED:
		return is_approved ? APPLY_CLOSE : APPLY_APPROVE;
	case APPLICATION_REJECTED:
	case APPLICATION_CLOSED:
	case APPLICATION_WITHDRAWN:
	case _APPLICATION_STATE_MAX:
		break;
	}
	return _APPLICATION_EVENT_MAX;
}

gboolean application_is_over(ApplicationState state)
{
	return states[state].is_over;
}

static gsize form_index(gint64 form)
{
	gsize i = 0;

	while (i < G_N_ELEMENTS(forms) && forms[i].form != form)
		i++;
	return i;
}

gboolean application_is_form(gint64 form)
{
	return form_index(form) < G_N_ELEMENTS(forms);
}

const char *application_form_ja(int form)
{
	return forms[form_index(form)].ja;
}

const char *application_form_en(int form)
{
	return forms[form_index(form)].en;
}

const char *application_article(const ApplicationRule *rule, int form)
{
	return rule->article != NULL ? rule->article : forms[form_index(form)].article;
}

const char *application_state_name(ApplicationState state)
{
	return states[state].name;
}

const char *application_state_ja(ApplicationState state)
{
	return states[state].ja;
}

const char *application_state_label(ApplicationState state)
{
	return states[state].label;
}

gboolean application_state_parse(const char *name, ApplicationState *ret_state)
{
	for (int i = 0; i < _APPLICATION_STATE_MAX; i++)
		if (g_strcmp0(states[i].name, name) == 0) {
			*ret_state = (ApplicationState) i;
			return TRUE;
		}
	return FALSE;
}

const char *application_event_name(ApplicationEvent event)
{
	return events[event].name;
}

const char *application_event_ja(ApplicationEvent event)
{
	return events[event].ja;
}

const char *application_event_kind(ApplicationEvent event)
{
	return events[event].kind;
}

gboolean application_event_parse(const char *name, ApplicationEvent *ret_event)
{
	for (int i = 0; i < _APPLICATION_EVENT_MAX; i++)
		if (g_strcmp0(events[i].name, name) == 0) {
			*ret_event = (ApplicationEvent) i;
			return TRUE;
		}
	return FALSE;
}

const char *application_guard_name(guint bit)
{
	return bit < G_N_ELEMENTS(guard_names) ? guard_names[bit] : NULL;
}

char *application_from_ja(int form, ApplicationEvent event)
{
	GString *text = g_string_new(NULL);

	for (int state = 0; state < _APPLICATION_STATE_MAX; state++)
		if (application_find(form, (ApplicationState) state, event) != NULL)
			g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
					       states[state].label);
	return g_string_free(text, FALSE);
}
