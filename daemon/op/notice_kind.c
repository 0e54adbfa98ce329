/* SPDX-License-Identifier: Apache-2.0
 * Texts of notices. Lines are kept short: mail goes out as it stands here. */
#include "daemon/op/notice_kind.h"

/* clang-format off */
static const NoticeKind kinds[] = {
	{ "loss",
	  "【至急】操作者用ICカードの{event}（{card}）",
	  "{event}の届出により、カード番号 {card}（{section} {holder}）を失効しました。\n"
	  "届出の受付 {at}（{by}）。このカードは、すでにどの端末でも使えません。\n"
	  "再発防止策を事案 {case} に記入してください（opcardctl case note {case} --measure …）。\n",
	  "Urgent: operator card {card}: {event_en}",
	  "Card {card} ({section}, {holder}) was reported ({event_en}) at {at} by {by} and is revoked:\n"
	  "no terminal takes it any more. Please enter the preventive measure in case {case}.\n" },
	{ "missing",
	  "【至急】操作者用ICカードの所在不明の届出（{card}）",
	  "カード番号 {card}（{section} {holder}）の{event}の届出を受け付け、一時停止しました。\n"
	  "届出の受付 {at}（{by}）。このカードは、すでにどの端末でも使えません。\n"
	  "暗証番号管理者は事実を確かめ、紛失届（opcardctl report-lost {card}）を行ってください。\n",
	  "Urgent: operator card {card} is reported missing",
	  "Card {card} ({section}, {holder}) was reported ({event_en}) at {at} by {by} and is suspended:\n"
	  "no terminal takes it any more. The custodian confirms with `opcardctl report-lost {card}`.\n" },
	{ "collect-new",
	  "【回収】操作者用ICカード {card}（期限 {due}）",
	  "カード番号 {card}（{holder}）は、{reason}により回収することになりました。\n"
	  "{due} までに回収し、暗証番号管理者に返納してください。\n"
	  "回収義務: {about}\n",
	  "To be collected: operator card {card} (due {due})",
	  "Card {card} ({holder}) is to be collected and returned to the custodian by {due}.\n"
	  "Duty: {about}\n" },
	{ "collect-reminder",
	  "【催促】操作者用ICカード {card} の返納（期限 {due}）",
	  "カード番号 {card}（{holder}）は、{reason}により {due} までに返納することになっています。\n"
	  "期限から {days} 日（負の数は期限までの日数）。回収し、暗証番号管理者に返納してください。\n"
	  "回収義務: {about}\n",
	  "Reminder: operator card {card} is to be returned (due {due})",
	  "Card {card} ({holder}) is to be back on {due}; days overdue: {days} (negative: days left).\n"
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
	  "カード番号 {card}（{holder}、回収の担当 {owner}）が返納されていません。\n"
	  "期限 {due}（{days} 日超過）、催促 {reminders} 回。回収を指示してください。\n"
	  "回収義務: {about}\n",
	  "Not returned: operator card {card} (due {due})",
	  "Card {card} ({holder}, to be collected by {owner}) is {days} days overdue after {reminders}\n"
	  "reminders. Please see to its return. Duty: {about}\n" },
	{ "written-off",
	  "【報告】操作者用ICカード {card} の回収不能決定",
	  "カード番号 {card}（{section} {holder}）を回収不能とし、失効しました（{by}）。\n"
	  "理由: {note}\n",
	  "Given up: operator card {card}",
	  "Card {card} ({section}, {holder}) does not come back: it was written off by {by} and is revoked.\n"
	  "Reason: {note}\n" },
	{ "hand-over-late",
	  "【催促】操作者用ICカード {card} の交付（発令日 {date}）",
	  "カード番号 {card}（{section} {holder}）が発令日 {date} を {days} 日過ぎても交付されていません。\n"
	  "受領書（様式第4号）により交付するか、交付を取り消してください。\n",
	  "Reminder: operator card {card} is not handed over yet",
	  "Card {card} ({section}, {holder}) waits since the effective date {date} ({days} days).\n"
	  "Hand it over (form 4) or cancel the hand-over.\n" },
	{ "confirmation-ends",
	  "【催促】確認待ち {about}（期限 {until}）",
	  "{by} が依頼した {event}（{card}）の確認が {until} に期限切れになります。\n"
	  "第二の者が確認してください: opcardctl confirm {about}\n",
	  "Reminder: {about} waits for a second person until {until}",
	  "{event} ({card}), asked for by {by}, ends unconfirmed at {until}.\n"
	  "A second person confirms with `opcardctl confirm {about}`.\n" },
	{ "pin-due",
	  "操作者用ICカードのパスワード変更（期限 {due}）",
	  "カード番号 {card} のパスワードは {due} までに変更してください（あと {days} 日）。\n"
	  "期限を過ぎると、変更するまで使えなくなります。\n"
	  "パスワードを書き留めたり、人に教えたりしないでください。\n",
	  "Change the PIN of your operator card (due {due})",
	  "Please change the PIN of card {card} by {due} ({days} days left); after that it is refused until\n"
	  "you do. Never write it down and tell nobody.\n" },
	{ "certificate-ends",
	  "操作者用ICカードの更新（証明書の期限 {until}）",
	  "カード番号 {card}（{holder}）の証明書は {until} に終わります（あと {days} 日）。\n"
	  "それまでに更新してください: opcardctl renew {card}\n",
	  "Renew operator card {card} (its certificate ends on {until})",
	  "The certificate of card {card} ({holder}) ends on {until}, in {days} days.\n"
	  "Renew the card before: `opcardctl renew {card}`.\n" },
	{ "authority-ends",
	  "【重要】認証局の期限（{until}）",
	  "操作者用ICカードの認証局は {until} に終わります（あと {days} 日）。全カードが使えなくなる前に\n"
	  "更新してください: opcardctl ca renew\n",
	  "Important: the certification authority ends on {until}",
	  "The certification authority of the operator cards ends on {until}, in {days} days, and every card\n"
	  "with it. Renew it before: `opcardctl ca renew`.\n" },
	{ "case-open",
	  "【催促】事案 {about} の再発防止策",
	  "事案 {about}（{event}、{card}）が {days} 日のあいだ処理中です。\n"
	  "再発防止策を記入し、完結してください（opcardctl case note {about} --measure …）。\n",
	  "Reminder: case {about} is still open",
	  "Case {about} ({event_en}, {card}) is open for {days} days. Enter the preventive measure, then\n"
	  "close it: `opcardctl case close {about}`.\n" },
	{ "application-waits",
	  "【受信箱】様式第{form}号 {title}（{about}）",
	  "申請 {about}（様式第{form}号 {title}、所属 {section}）は「{state}」になりました。次の処理をお願いします。\n"
	  "内容と次の操作は opcardctl inbox で確かめられます。\n",
	  "Inbox: form {form} ({about}) waits for you",
	  "Application {about} (form {form}, section {section}) waits for the next step.\n"
	  "See what to do with opcardctl inbox.\n" },
	{ "application-decided",
	  "【{state}】様式第{form}号 {title}（{about}）",
	  "申請 {about}（様式第{form}号 {title}、所属 {section}）は「{state}」となりました。\n"
	  "理由と経過は opcardctl application show {about} で確かめられます。\n",
	  "Decided: form {form} ({about})",
	  "Application {about} (form {form}, section {section}) was decided.\n"
	  "See why with opcardctl application show {about}.\n" },
	{ "stop-order",
	  "【職権停止】操作者用ICカード {card}（{number}）",
	  "カード番号 {card}（{holder}）を職権により停止しました。\n"
	  "命令: {number}（{orderedOn}）　不服従: {refusedOn}　基準: {criterion}　決定者: {decidedBy}\n"
	  "記録: {about}\n",
	  "Stopped ex officio: operator card {card} ({number})",
	  "Card {card} ({holder}) was stopped ex officio. Order {number} of {orderedOn}, not obeyed on\n"
	  "{refusedOn}; decided by {decidedBy}. Record: {about}\n" },
	{ "yearly-task",
	  "【予告】{task}（期日 {due}）",
	  "{year} 年度の{task}の期日は {due} です。実施したら記録してください:\n"
	  "opcardctl yearly done {name} --fiscal-year {year} --reference 報告書\n",
	  "Reminder: {task_en} is due on {due}",
	  "For the fiscal year {year}, {task_en} is due on {due}. Record it when it is done:\n"
	  "`opcardctl yearly done {name} --fiscal-year {year} --reference REPORT`\n" },
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
