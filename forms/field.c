/* SPDX-License-Identifier: Apache-2.0
 * Vocabulary of forms and data. A new column or value is one row here; what is not here is
 * refused, because a misspelt word would print an empty blank nobody notices. */
#include "forms/field.h"

#include "forms/nearest.h"

/* clang-format off */
static const char *const columns_ja[_FIELD_MAX + 1] = {
	[FIELD_ISSUED_ON]     = "発行日",
	[FIELD_SECTION]       = "所属名",
	[FIELD_SUBSECTION]    = "係名",
	[FIELD_TITLE]         = "職名",
	[FIELD_NAME]          = "氏名",
	[FIELD_KANA]          = "氏名カナ",
	[FIELD_STAFF]         = "職員番号",
	[FIELD_AUTHORITY]     = "権限種別",
	[FIELD_CARD]          = "カード番号",
	[FIELD_RETURNED_ON]   = "返納日等",
	[FIELD_REASON]        = "理由",
	[FIELD_KIND]          = "カード種別",
	[FIELD_LENT_ON]       = "貸与日",
	[FIELD_CHECKED_ON]    = "カードチェック日",
	[FIELD_NOTE]          = "備考",
	[FIELD_CHECK]         = "パスワード確認",
	[FIELD_CHANGED_ON]    = "最終変更日",
	[FIELD_DUE]           = "期限",
	[FIELD_DAYS]          = "日数",
	[FIELD_DATE]          = "日付",
	[FIELD_STARTED_AT]    = "開始時間",
	[FIELD_ENDED_AT]      = "終了時間",
	[FIELD_WORK]          = "利用業務",
	[FIELD_MARK]          = "チェック",
	[FIELD_DUTIES]        = "利用事務",
	[FIELD_DESIGNATION]   = "指定",
	[FIELD_NUMBER]        = "番号",
	[FIELD_AT]            = "日時",
	[FIELD_CATEGORY]      = "区分",
	[FIELD_ITEM]          = "名称",
	[FIELD_CONTENT]       = "内容",
	[FIELD_COUNT]         = "数",
	[FIELD_PREVIOUS]      = "前年度",
	[FIELD_TOTAL]         = "合計",
	[FIELD_ISSUED]        = "発行数",
	[FIELD_RETURNED]      = "返納数",
	[FIELD_REVOKED]       = "失効数",
	[FIELD_LOST]          = "紛失数",
	[FIELD_STATE]         = "状態",
	[FIELD_RESULT]        = "結果",
	[FIELD_MEASURE]       = "措置",
	[FIELD_OWNER]         = "担当",
	[FIELD_BY]            = "実施者",
	[FIELD_WITNESS]       = "立会者",
	[FIELD_CHECKED_BY]    = "確認者",
	[FIELD_PLACE]         = "保管場所",
	[FIELD_TERMINAL]      = "端末",
	[FIELD_CHIP]          = "チップ番号",
	[FIELD_MODEL]         = "型式",
	[FIELD_SERIAL]        = "製造番号",
	[FIELD_VERSION]       = "版",
	[FIELD_INSTALLED_ON]  = "設置日",
	[FIELD_MODIFIED_ON]   = "変更日",
	[FIELD_RECALLED_ON]   = "回収指示日",
	[FIELD_REMINDED]      = "督促",
	[FIELD_ERASED_ON]     = "消去日",
	[FIELD_DISPOSED_ON]   = "廃棄日",
	[FIELD_METHOD]        = "方法",
	[FIELD_EVIDENCE]      = "証拠",
	[FIELD_ARTICLE]       = "条",
	[FIELD_JUDGEMENT]     = "判定",
};

static const char *const columns_json[_FIELD_MAX + 1] = {
	[FIELD_ISSUED_ON]     = "issuedOn",
	[FIELD_SECTION]       = "section",
	[FIELD_SUBSECTION]    = "subsection",
	[FIELD_TITLE]         = "title",
	[FIELD_NAME]          = "name",
	[FIELD_KANA]          = "kana",
	[FIELD_STAFF]         = "staff",
	[FIELD_AUTHORITY]     = "authority",
	[FIELD_CARD]          = "card",
	[FIELD_RETURNED_ON]   = "returnedOn",
	[FIELD_REASON]        = "reason",
	[FIELD_KIND]          = "kind",
	[FIELD_LENT_ON]       = "lentOn",
	[FIELD_CHECKED_ON]    = "checkedOn",
	[FIELD_NOTE]          = "note",
	[FIELD_CHECK]         = "check",
	[FIELD_CHANGED_ON]    = "changedOn",
	[FIELD_DUE]           = "due",
	[FIELD_DAYS]          = "days",
	[FIELD_DATE]          = "date",
	[FIELD_STARTED_AT]    = "startedAt",
	[FIELD_ENDED_AT]      = "endedAt",
	[FIELD_WORK]          = "work",
	[FIELD_MARK]          = "mark",
	[FIELD_DUTIES]        = "duties",
	[FIELD_DESIGNATION]   = "designation",
	[FIELD_NUMBER]        = "number",
	[FIELD_AT]            = "at",
	[FIELD_CATEGORY]      = "category",
	[FIELD_ITEM]          = "item",
	[FIELD_CONTENT]       = "content",
	[FIELD_COUNT]         = "count",
	[FIELD_PREVIOUS]      = "previous",
	[FIELD_TOTAL]         = "total",
	[FIELD_ISSUED]        = "issued",
	[FIELD_RETURNED]      = "returned",
	[FIELD_REVOKED]       = "revoked",
	[FIELD_LOST]          = "lost",
	[FIELD_STATE]         = "state",
	[FIELD_RESULT]        = "result",
	[FIELD_MEASURE]       = "measure",
	[FIELD_OWNER]         = "owner",
	[FIELD_BY]            = "by",
	[FIELD_WITNESS]       = "witness",
	[FIELD_CHECKED_BY]    = "checkedBy",
	[FIELD_PLACE]         = "place",
	[FIELD_TERMINAL]      = "terminal",
	[FIELD_CHIP]          = "chipSerial",
	[FIELD_MODEL]         = "model",
	[FIELD_SERIAL]        = "serial",
	[FIELD_VERSION]       = "version",
	[FIELD_INSTALLED_ON]  = "installedOn",
	[FIELD_MODIFIED_ON]   = "modifiedOn",
	[FIELD_RECALLED_ON]   = "recalledOn",
	[FIELD_REMINDED]      = "reminded",
	[FIELD_ERASED_ON]     = "erasedOn",
	[FIELD_DISPOSED_ON]   = "disposedOn",
	[FIELD_METHOD]        = "method",
	[FIELD_EVIDENCE]      = "evidence",
	[FIELD_ARTICLE]       = "article",
	[FIELD_JUDGEMENT]     = "judgement",
};

/* The receipt's own come first in the regulation's order (様式第４号). */
static const char *const values[] = {
	"権限種別", "カード番号", "パスワード確認", "受領日", "所属名", "職氏名",
	"団体名", "出力日時", "出力者", "作成日時", "押印", "押印欄", "監査記録",
	"申請日", "報告日", "基準日", "所属長", "職名", "氏名", "理由", "備考",
	"文書番号", "宛先", "作成者", "点検日", "点検者", "確認日", "確認者", "対象", "対象期間",
	"事故種別", "カード種別", "発生日時", "認知日時", "届出日時", "停止日時", "失効日時", "届出者", "届出方法",
	"発生場所", "内容", "規模", "状況", "原因", "対応", "その他", "警察届出日", "警察届出番号",
	"再発防止策", "再発防止期限", "再発防止完了日",
	"監査日", "監査人", "監査結果", "改善措置", "請求日", "請求者", "請求内容", "決定", "総括", NULL,
};

static const char *const counted[] = { "頁", "総頁", "件数", NULL };
/* clang-format on */

static Field index_of(const char *const *words, const char *word)
{
	for (int i = 0; i < _FIELD_MAX; i++) {
		if (g_str_equal(words[i], word))
			return (Field) i;
	}
	return _FIELD_MAX;
}

Field field_of_word(const char *ja)
{
	return index_of(columns_ja, ja);
}

Field field_of_json(const char *json)
{
	return index_of(columns_json, json);
}

const char *field_word(Field field)
{
	return columns_ja[field];
}

const char *field_json(Field field)
{
	return columns_json[field];
}

gboolean field_is_value(const char *ja)
{
	return g_strv_contains(values, ja);
}

gboolean field_is_placeholder(const char *ja)
{
	return field_is_value(ja) || field_of_word(ja) != _FIELD_MAX ||
	       g_strv_contains(counted, ja);
}

const char *const *field_columns(void)
{
	return columns_ja;
}

const char *const *field_columns_json(void)
{
	return columns_json;
}

const char *const *field_values(void)
{
	return values;
}

const char *const *field_counted(void)
{
	return counted;
}

const char *field_nearest_column(const char *ja)
{
	return nearest_word(ja, columns_ja);
}

const char *field_nearest_json(const char *json)
{
	return nearest_word(json, columns_json);
}

const char *field_nearest_value(const char *ja)
{
	return nearest_word(ja, values);
}

const char *field_nearest_placeholder(const char *ja)
{
	const char *near = nearest_word(ja, values);

	if (near == NULL)
		near = nearest_word(ja, columns_ja);
	return near != NULL ? near : nearest_word(ja, counted);
}
