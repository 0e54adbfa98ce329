/* SPDX-License-Identifier: Apache-2.0
 * Kinds of ledger records as a table. */
#include "daemon/audit/audit_kind.h"

#include "daemon/core/lifecycle.h"

static const struct {
	const char *kind;
	const char *ja;
} kinds[] = {
	{ "ca-init", "認証局開設" },
	{ "ca-renew-begin", "認証局更新開始" },
	{ "ca-renew", "認証局更新" },
	{ "import-staff", "職員取込" },
	{ "import-sections", "所属取込" },
	{ "import-holidays", "閉庁日取込" },
	{ "application-draft", "申請下書き" },
	{ "application-accept", "申請受付" },
	{ "application-rush", "申請前の実行" },
	{ "application-revise", "申請修正" },
	{ "application-submit", "申請提出" },
	{ "application-endorse", "申請所属長確認" },
	{ "application-investigate", "申請調査" },
	{ "application-nominate", "申請指名" },
	{ "application-approve", "申請承認" },
	{ "application-reject", "申請却下" },
	{ "application-send-back", "申請差戻し" },
	{ "application-withdraw", "申請取下げ" },
	{ "application-execute", "申請実行" },
	{ "application-receive", "申請受領" },
	{ "application-close", "申請完結" },
	{ "application-lapse", "申請期限切れ" },
	{ "application-refused", "申請拒否" },
	{ "post-assign", "職への発令" },
	{ "post-end", "職の任を解く発令" },
	{ "delegation-add", "代理・代決の定め" },
	{ "delegation-end", "代理・代決の終了" },
	{ "deputy-review", "後閲" },
	{ "break-glass", "非常時の役割取得" },
	{ "break-glass-end", "非常時の役割返上" },
	{ "break-glass-review", "非常時の役割の事後点検" },
	{ "denied", "拒否" },
	{ "designate", "指定" },
	{ "designation-end", "指定終了" },
	{ "certificate-revoked", "証明書失効" },
	{ "certificate-signed", "証明書発行" },
	{ "hand-over-begin", "交付開始" },
	{ "pin-begin", "パスワード変更開始" },
	{ "pin-change", "パスワード変更" },
	{ "pin-reset-permit", "パスワード再設定承認" },
	{ "pin-reset-begin", "パスワード再設定開始" },
	{ "pin-reset", "パスワード再設定" },
	{ "pin-reset-reject", "緊急再設定の事後却下" },
	{ "pin-reset-approve", "緊急再設定の事後承認" },
	{ "pin-failed", "パスワード操作失敗" },
	{ "prepare-begin", "初期化開始" },
	{ "erase-begin", "消去開始" },
	{ "renew-begin", "更新開始" },
	{ "operation-failed", "処理失敗" },
	{ "dispatch", "発送" },
	{ "arrive", "受領" },
	{ "place", "保管場所変更" },
	{ "place-breach", "保管の違反" },
	{ "lend-approval", "臨時カード包括承認" },
	{ "lend-approval-end", "臨時カード包括承認終了" },
	{ "session-open", "立会い開始" },
	{ "session-close", "立会い終了" },
	{ "card-check", "カードチェック" },
	{ "check-round-open", "カードチェック開始" },
	{ "check-round-close", "カードチェック終了" },
	{ "confirm-asked", "確認依頼" },
	{ "print", "出力" },
	{ "exception-open", "例外登録" },
	{ "exception-approve", "例外承認" },
	{ "exception-review", "例外見直し" },
	{ "exception-end", "例外終了" },
	{ "finding-open", "指摘登録" },
	{ "finding-answer", "指摘回答" },
	{ "finding-close", "指摘完結" },
	{ "work-open", "作業記録" },
	{ "work-confirm", "作業確認" },
	{ "yearly-done", "年次業務実施" },
	{ "clock-alarm", "時計異常" },
	{ "clock-right", "時計回復" },
	{ "clock-accept", "時刻承認" },
	{ "audit-pack", "監査資料作成" },
	{ "audit-key", "監査記録の署名鍵" },
	{ "audit-export", "監査記録の書き出し" },
	{ "audit-lookup", "操作履歴の照会" },
	{ "audit-hold", "監査記録の保全" },
	{ "audit-hold-end", "監査記録の保全終了" },
	{ "audit-dispose", "監査記録の廃棄" },
	{ "audit-report", "操作履歴の解析" },
	{ "audit-sign-off", "解析結果の確認" },
	{ "print-begin", "印刷開始" },
	{ "print-failed", "印刷失敗" },
	{ "backup-begin", "バックアップ開始" },
	{ "backup", "バックアップ" },
	{ "restored", "復元照合（全体）" },
	{ "police-report", "警察届出" },
	{ "case-open", "事案開始" },
	{ "case-note", "事案記入" },
	{ "case-close", "事案完結" },
	{ "duty-remind", "回収の催促" },
	{ "duty-escalate", "未回収の報告" },
	{ "notice-failed", "通知不達" },
	{ "notice-retry", "通知再送" },
};

const char *audit_kind_ja(const char *kind)
{
	CardEvent event;

	if (lifecycle_event_parse(kind, &event))
		return lifecycle_event_ja(event);
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_strcmp0(kinds[i].kind, kind) == 0)
			return kinds[i].ja;
	return kind;
}

gboolean audit_kind_is_known(const char *kind)
{
	return audit_kind_ja(kind) != kind;
}
