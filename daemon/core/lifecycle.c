/* SPDX-License-Identifier: Apache-2.0
 * Table A as data. A changed rule is a changed line here and in tests/unit/lifecycle.golden. */
#include "daemon/core/lifecycle.h"

#define S(state) LIFECYCLE_FROM(CARD_##state)
#define R(role)  ROLE_SET(ROLE_##role)

#define IN_USE (S(PENDING) | S(ACTIVE) | S(SUSPENDED) | S(RECALLED))
#define DESK   (R(CUSTODIAN) | R(SYSTEM_ADMIN))
#define KEPT                                                                                       \
	(S(STOCK) | S(SPARE) | S(PERSONALIZING) | S(DAMAGED) | S(RETURNED) | S(ERASED) |           \
	 S(UNRECOVERABLE) | S(QUARANTINED))

/* clang-format off */
static const LifecycleRule rules[] = {
/* row from                                           event                   to                  roles                                                              guards                                                                                  form article */
{  1, 0,                                              EVENT_RECEIVE,          CARD_STOCK,         R(CUSTODIAN),                                                      0,                                                                                      5, "T22" },
{  2, S(STOCK),                                       EVENT_PREPARE,          CARD_SPARE,         R(CUSTODIAN),                                                      GUARD_PRESENT,                                                                          0, "N31" },
{  3, S(STOCK) | S(SPARE),                            EVENT_ISSUE_BEGIN,      CARD_PERSONALIZING, R(CUSTODIAN),                                                      GUARD_PRESENT | GUARD_DESIGNATED | GUARD_SINGLE | GUARD_SEPARATION,                     2, "T13" },
{  4, S(PERSONALIZING),                               EVENT_ISSUE_DONE,       CARD_PENDING,       R(DAEMON),                                                         GUARD_PRESENT,                                                                          3, "T14" },
{  5, S(PERSONALIZING),                               EVENT_ISSUE_FAILED,     CARD_SPARE,         R(DAEMON),                                                         0,                                                                                      0, "N31" },
{  6, S(PENDING),                                     EVENT_HAND_OVER,        CARD_ACTIVE,        R(CUSTODIAN) | R(SECTION_MANAGER),                                 GUARD_PRESENT | GUARD_ELIGIBLE | GUARD_EFFECTIVE | GUARD_SEPARATION,                    4, "T15" },
{  7, S(PENDING),                                     EVENT_CANCEL,           CARD_RETURNED,      R(SYSTEM_ADMIN),                                                   0,                                                                                      0, "T14" },
{  8, S(ACTIVE) | S(SUSPENDED),                       EVENT_SUSPEND,          CARD_SUSPENDED,     R(ANYONE) | R(DAEMON),                                             0,                                                                                      0, "T24" },
{  9, S(SUSPENDED),                                   EVENT_RESUME,           CARD_ACTIVE,        R(SECTION_MANAGER) | R(SYSTEM_ADMIN),                              GUARD_ELIGIBLE,                                                                         0, "T24" },
{ 10, IN_USE,                                         EVENT_REPORT_LOST,      CARD_LOST,          R(CUSTODIAN) | R(SYSTEM_ADMIN) | R(SECTION_MANAGER) | R(DAEMON),   0,                                                                                      0, "T24" },
{ 11, IN_USE | S(LOST),                               EVENT_REPORT_STOLEN,    CARD_STOLEN,        R(CUSTODIAN) | R(SYSTEM_ADMIN) | R(SECTION_MANAGER) | R(DAEMON),   0,                                                                                      0, "T24" },
{ 12, IN_USE,                                         EVENT_REPORT_DAMAGED,   CARD_DAMAGED,       R(HOLDER) | R(SECTION_MANAGER) | DESK,                             0,                                                                                      7, "N32" },
{ 13, S(ACTIVE) | S(SUSPENDED),                       EVENT_RECALL,           CARD_RECALLED,      R(SYSTEM_ADMIN) | R(DAEMON),                                       GUARD_NO_OTHER_RIGHT,                                                                   0, "T13" },
{ 14, S(RECALLED),                                    EVENT_RECALL_CANCEL,    CARD_ACTIVE,        R(SYSTEM_ADMIN),                                                   GUARD_SECOND | GUARD_HELD_ONLY | GUARD_ELIGIBLE | GUARD_SINGLE,                         0, "T13" },
{ 15, S(ACTIVE) | S(SUSPENDED) | S(RECALLED) | S(DAMAGED), EVENT_RETURN,      CARD_RETURNED,      R(CUSTODIAN),                                                      0,                                                                                      3, "T13" },
{ 16, S(LOST) | S(STOLEN) | S(UNRECOVERABLE),         EVENT_FOUND,            CARD_RETURNED,      R(CUSTODIAN),                                                      0,                                                                                      3, "T24" },
{ 17, S(RETURNED),                                    EVENT_ERASE,            CARD_ERASED,        R(CUSTODIAN),                                                      GUARD_PRESENT | GUARD_WITNESS,                                                          0, "N32" },
{ 18, S(ERASED),                                      EVENT_REUSE,            CARD_SPARE,         R(SYSTEM_ADMIN),                                                   GUARD_REUSABLE,                                                                         0, "N31" },
{ 19, S(STOCK) | S(SPARE) | S(ERASED) | S(QUARANTINED), EVENT_DISPOSE,        CARD_DISPOSED,      R(CUSTODIAN),                                                      GUARD_WITNESS,                                                                          0, "N19" },
{ 20, S(RECALLED) | S(DAMAGED),                       EVENT_WRITE_OFF,        CARD_UNRECOVERABLE, R(SYSTEM_ADMIN),                                                   GUARD_ESCALATED,                                                                        0, "T13" },
{ 21, S(ACTIVE) | S(SUSPENDED),                       EVENT_EMERGENCY_STOP,   CARD_SUSPENDED,     R(SYSTEM_ADMIN) | R(CHIEF),                                        0,                                                                                      0, "K10" },
{ 21, S(SUSPENDED),                                   EVENT_EMERGENCY_RESUME, CARD_ACTIVE,        R(SYSTEM_ADMIN) | R(CHIEF),                                        GUARD_SECOND | GUARD_ELIGIBLE,                                                          0, "K10" },
{ 22, KEPT,                                           EVENT_STOCK_LOST,       CARD_LOST,          R(CUSTODIAN),                                                      0,                                                                                      0, "T24" },
{ 23, S(ACTIVE),                                      EVENT_RE_HOME,          CARD_ACTIVE,        R(SYSTEM_ADMIN) | R(DAEMON),                                       GUARD_ELIGIBLE,                                                                         3, "T14" },
{ 24, S(ACTIVE),                                      EVENT_RENEW,            CARD_ACTIVE,        R(CUSTODIAN) | R(HOLDER),                                          GUARD_PRESENT | GUARD_ELIGIBLE,                                                         0, "T29" },
{ 25, S(SPARE),                                       EVENT_LEND_TEMPORARY,   CARD_ACTIVE,        R(SECTION_MANAGER),                                                GUARD_PRESENT | GUARD_ELIGIBLE | GUARD_TEMPORARY | GUARD_SEPARATION,                    4, "T15" },
{ 26, S(STOCK) | S(SPARE) | S(PERSONALIZING) | S(RETURNED) | S(ERASED), EVENT_SET_ASIDE, CARD_QUARANTINED, R(CUSTODIAN) | R(DAEMON),                                   0,                                                                                      0, "N31" },
{ 27, S(PENDING) | S(ACTIVE) | S(SUSPENDED),          EVENT_RECONCILE,        CARD_RECALLED,      R(DAEMON),                                                         0,                                                                                      0, "N08" },
};

static const struct {
	const char *name;
	const char *ja;
	gboolean has_command;
} events[_CARD_EVENT_MAX] = {
	[EVENT_RECEIVE]          = { "receive",          "受入",         TRUE },
	[EVENT_PREPARE]          = { "prepare",          "初期化",       TRUE },
	[EVENT_ISSUE_BEGIN]      = { "issue-begin",      "発行開始",     TRUE },
	[EVENT_ISSUE_DONE]       = { "issue-done",       "発行完了",     FALSE },
	[EVENT_ISSUE_FAILED]     = { "issue-failed",     "発行失敗",     FALSE },
	[EVENT_HAND_OVER]        = { "hand-over",        "交付",         TRUE },
	[EVENT_CANCEL]           = { "cancel",           "交付取消",     TRUE },
	[EVENT_SUSPEND]          = { "suspend",          "一時停止",     TRUE },
	[EVENT_RESUME]           = { "resume",           "停止解除",     TRUE },
	[EVENT_REPORT_LOST]      = { "report-lost",      "紛失届",       TRUE },
	[EVENT_REPORT_STOLEN]    = { "report-stolen",    "盗難届",       TRUE },
	[EVENT_REPORT_DAMAGED]   = { "report-damaged",   "損傷届",       TRUE },
	[EVENT_RECALL]           = { "recall",           "回収指示",     TRUE },
	[EVENT_RECALL_CANCEL]    = { "recall-cancel",    "回収取消",     TRUE },
	[EVENT_RETURN]           = { "return",           "返納",         TRUE },
	[EVENT_FOUND]            = { "found",            "発見",         TRUE },
	[EVENT_ERASE]            = { "erase",            "消去",         TRUE },
	[EVENT_REUSE]            = { "reuse",            "再利用",       TRUE },
	[EVENT_DISPOSE]          = { "dispose",          "廃棄",         TRUE },
	[EVENT_WRITE_OFF]        = { "write-off",        "回収不能決定", TRUE },
	[EVENT_EMERGENCY_STOP]   = { "emergency-stop",   "緊急停止",     TRUE },
	[EVENT_EMERGENCY_RESUME] = { "emergency-resume", "緊急停止解除", TRUE },
	[EVENT_STOCK_LOST]       = { "stock-lost",       "保管中紛失",   TRUE },
	[EVENT_RE_HOME]          = { "re-home",          "所属替",       TRUE },
	[EVENT_RENEW]            = { "renew",            "更新",         TRUE },
	[EVENT_LEND_TEMPORARY]   = { "lend-temporary",   "臨時カード",   TRUE },
	[EVENT_SET_ASIDE]        = { "set-aside",        "隔離",         TRUE },
	[EVENT_RECONCILE]        = { "reconcile",        "復元照合",     FALSE },
};

static const char *const guard_names[] = {
	"eligible", "designated", "effective", "single", "separation", "present", "witness",
	"second", "reusable", "no-other-right", "held-only", "temporary",
	"escalated",
};
/* clang-format on */

const LifecycleRule *lifecycle_find(CardState shown, CardEvent event)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i].event == event && (rules[i].from & LIFECYCLE_FROM(shown)) != 0)
			return &rules[i];
	return NULL;
}

const LifecycleRule *lifecycle_first(CardEvent event)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i].event == event)
			return &rules[i];
	return NULL;
}

char *lifecycle_from_ja(CardEvent event)
{
	const LifecycleRule *rule = lifecycle_first(event);
	GString *text = g_string_new(NULL);

	for (int state = 0; rule != NULL && state < _CARD_STATE_MAX; state++) {
		if ((rule->from & LIFECYCLE_FROM(state)) == 0)
			continue;
		if (text->len > 0)
			g_string_append(text, ", ");
		g_string_append(text, card_state_label((CardState) state));
	}
	return g_string_free(text, FALSE);
}

const char *lifecycle_event_name(CardEvent event)
{
	return events[event].name;
}

const char *lifecycle_event_ja(CardEvent event)
{
	return events[event].ja;
}

gboolean lifecycle_event_parse(const char *name, CardEvent *ret_event)
{
	for (int i = 0; i < _CARD_EVENT_MAX; i++)
		if (g_strcmp0(events[i].name, name) == 0) {
			*ret_event = (CardEvent) i;
			return TRUE;
		}
	return FALSE;
}

gboolean lifecycle_event_has_command(CardEvent event)
{
	return events[event].has_command;
}

const char *lifecycle_guard_name(guint bit)
{
	return bit < G_N_ELEMENTS(guard_names) ? guard_names[bit] : NULL;
}
