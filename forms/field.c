/* SPDX-License-Identifier: Apache-2.0
 * Vocabulary of forms and data. A new column or value is one row here; what is not here is
 * refused, because a misspelt word would print an empty blank nobody notices. */
#include "forms/field.h"

#include "forms/nearest.h"

/* clang-format off */
static const char *const columns_ja[_FIELD_MAX + 1] = {
	[FIELD_ISSUED_ON]   = "発行日",
	[FIELD_SECTION]     = "所属名",
	[FIELD_SUBSECTION]  = "係名",
	[FIELD_TITLE]       = "職名",
	[FIELD_NAME]        = "氏名",
	[FIELD_KANA]        = "氏名カナ",
	[FIELD_STAFF]       = "職員番号",
	[FIELD_AUTHORITY]   = "権限種別",
	[FIELD_CARD]        = "カード番号",
	[FIELD_RETURNED_ON] = "返納日等",
	[FIELD_REASON]      = "理由",
	[FIELD_KIND]        = "カード種別",
	[FIELD_LENT_ON]     = "貸与日",
	[FIELD_CHECKED_ON]  = "カードチェック日",
	[FIELD_NOTE]        = "備考",
	[FIELD_CHECK]       = "パスワード確認",
	[FIELD_CHANGED_ON]  = "最終変更日",
	[FIELD_DUE]         = "期限",
	[FIELD_DAYS]        = "日数",
};

static const char *const columns_json[_FIELD_MAX + 1] = {
	[FIELD_ISSUED_ON]   = "issuedOn",
	[FIELD_SECTION]     = "section",
	[FIELD_SUBSECTION]  = "subsection",
	[FIELD_TITLE]       = "title",
	[FIELD_NAME]        = "name",
	[FIELD_KANA]        = "kana",
	[FIELD_STAFF]       = "staff",
	[FIELD_AUTHORITY]   = "authority",
	[FIELD_CARD]        = "card",
	[FIELD_RETURNED_ON] = "returnedOn",
	[FIELD_REASON]      = "reason",
	[FIELD_KIND]        = "kind",
	[FIELD_LENT_ON]     = "lentOn",
	[FIELD_CHECKED_ON]  = "checkedOn",
	[FIELD_NOTE]        = "note",
	[FIELD_CHECK]       = "check",
	[FIELD_CHANGED_ON]  = "changedOn",
	[FIELD_DUE]         = "due",
	[FIELD_DAYS]        = "days",
};

/* The receipt's own come first in the regulation's order (様式第４号). */
static const char *const values[] = {
	"権限種別", "カード番号", "パスワード確認", "受領日", "所属名", "職氏名",
	"団体名", "出力日時", "出力者", "作成日時",
	"申請日", "報告日", "基準日", "所属長", "職名", "氏名", "理由", NULL,
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
