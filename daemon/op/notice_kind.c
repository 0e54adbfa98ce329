/* SPDX-License-Identifier: Apache-2.0
 * Texts of notices. Lines are kept short: mail goes out as it stands here. */
#include "daemon/op/notice_kind.h"

/* clang-format off */
static const NoticeKind kinds[] = {
	{ "collect-reminder",
	  "【催促】操作者用ICカード {card} の返納（期限 {due}）",
	  "カード番号 {card}（{holder}）は、{reason}により {due} までに返納することになっています。\n"
	  "期限を {days} 日過ぎています。回収のうえ、暗証番号管理者に返納してください。\n"
	  "回収義務: {about}\n",
	  "Reminder: operator card {card} is to be returned (due {due})",
	  "Card {card} ({holder}) was due back on {due}; it is {days} days overdue.\n"
	  "Please collect it and return it to the custodian. Duty: {about}\n" },
	{ "break-glass",
	  "【非常時】{who} が役割 {role} を取得",
	  "{who} が非常時の役割 {role} を取得しました（{until} まで）。\n"
	  "理由: {reason}\n"
	  "この間の処理にはすべて {about} が付きます。終了後に点検してください。\n",
	  "Emergency: {who} took the role {role}",
	  "{who} took the role {role} until {until}.\n"
	  "Reason: {reason}\n"
	  "Everything done meanwhile carries {about}. Please review it afterwards.\n" },
	{ "collect-escalated",
	  "【未回収】操作者用ICカード {card}（期限 {due}）",
	  "カード番号 {card}（{holder}、{owner} が回収）は期限 {due} を {days} 日過ぎても返納されていません。\n"
	  "催促 {reminders} 回。所管に回収を指示してください。\n"
	  "回収義務: {about}\n",
	  "Not returned: operator card {card} (due {due})",
	  "Card {card} ({holder}, to be collected by {owner}) is {days} days overdue after {reminders}\n"
	  "reminders. Please see to its return. Duty: {about}\n" },
};
/* clang-format on */

const NoticeKind *notice_kind_find(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const NoticeKind *notice_kind_row(guint index)
{
	return index < G_N_ELEMENTS(kinds) ? &kinds[index] : NULL;
}
