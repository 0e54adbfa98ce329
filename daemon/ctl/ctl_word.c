/* SPDX-License-Identifier: Apache-2.0
 * Code words as a table. A word the table lacks is shown as it came, so that a newer daemon's
 * words still appear. */
#include "daemon/ctl/ctl_word.h"

#include <string.h>

#include "daemon/ctl/ctl_lang.h"

#define NUMBER_MAX 20

typedef struct Word {
	CtlWords words;
	const char *code;
	const char *ja;
} Word;

/* clang-format off */
static const Word table[] = {
	{ CTL_WORDS_CARD,        "STOCK",               "在庫" },
	{ CTL_WORDS_CARD,        "SPARE",               "予備" },
	{ CTL_WORDS_CARD,        "PERSONALIZING",       "発行処理中" },
	{ CTL_WORDS_CARD,        "PENDING",             "交付待ち" },
	{ CTL_WORDS_CARD,        "ACTIVE",              "貸与中" },
	{ CTL_WORDS_CARD,        "SUSPENDED",           "一時停止" },
	{ CTL_WORDS_CARD,        "RECALLED",            "回収待ち" },
	{ CTL_WORDS_CARD,        "LOST",                "紛失" },
	{ CTL_WORDS_CARD,        "STOLEN",              "盗難" },
	{ CTL_WORDS_CARD,        "DAMAGED",             "損傷" },
	{ CTL_WORDS_CARD,        "RETURNED",            "返納済" },
	{ CTL_WORDS_CARD,        "ERASED",              "消去済" },
	{ CTL_WORDS_CARD,        "DISPOSED",            "廃棄済" },
	{ CTL_WORDS_CARD,        "UNRECOVERABLE",       "回収不能" },
	{ CTL_WORDS_CARD,        "QUARANTINED",         "隔離" },
	{ CTL_WORDS_CERTIFICATE, "PENDING",             "有効化待ち" },
	{ CTL_WORDS_CERTIFICATE, "VALID",               "有効" },
	{ CTL_WORDS_CERTIFICATE, "HOLD",                "一時停止" },
	{ CTL_WORDS_CERTIFICATE, "REVOKED",             "失効" },
	{ CTL_WORDS_CERTIFICATE, "EXPIRED",             "期限切れ" },
	{ CTL_WORDS_PIN,         "BLOCKED",             "予備閉塞" },
	{ CTL_WORDS_PIN,         "INITIAL",             "初期（要変更）" },
	{ CTL_WORDS_PIN,         "VALID",               "有効" },
	{ CTL_WORDS_PIN,         "DUE",                 "変更期限接近" },
	{ CTL_WORDS_PIN,         "OVERDUE",             "期限超過" },
	{ CTL_WORDS_PIN,         "LOCKED",              "閉塞" },
	{ CTL_WORDS_PIN,         "RESET_AUTHORIZED",    "再設定承認済" },
	{ CTL_WORDS_PIN,         "UNKNOWN",             "不明（要再設定）" },
	{ CTL_WORDS_READER,      "empty",               "カードなし" },
	{ CTL_WORDS_READER,      "blank",               "未初期化カード" },
	{ CTL_WORDS_READER,      "card",                "カードあり" },
	{ CTL_WORDS_READER,      "absent",              "未接続" },
	{ CTL_WORDS_READER,      "error",               "異常" },
	{ CTL_WORDS_REASON,      "MISSING",             "所在不明" },
	{ CTL_WORDS_REASON,      "FORGOTTEN",           "忘れ" },
	{ CTL_WORDS_REASON,      "LEAVE",               "休職等" },
	{ CTL_WORDS_REASON,      "IDLE",                "長期不使用" },
	{ CTL_WORDS_REASON,      "ORDER",               "職権" },
	{ CTL_WORDS_REASON,      "PIN_OVERDUE",         "PIN期限超過" },
	{ CTL_WORDS_REASON,      "PIN_LEAKED",          "PIN漏えい" },
	{ CTL_WORDS_REASON,      "PIN_INITIAL",         "初期PIN" },
	{ CTL_WORDS_REASON,      "UNLISTED",            "名簿不在" },
	{ CTL_WORDS_REASON,      "UNCHECKED",           "未点検" },
	{ CTL_WORDS_REASON,      "EMERGENCY",           "緊急" },
	{ CTL_WORDS_REASON,      "TRANSFER",            "異動" },
	{ CTL_WORDS_REASON,      "RETIREMENT",          "退職" },
	{ CTL_WORDS_REASON,      "DESIGNATION_ENDED",   "指定削除" },
	{ CTL_WORDS_REASON,      "RENEWAL",             "更新" },
	{ CTL_WORDS_REASON,      "CONTRACT_END",        "契約満了" },
	{ CTL_WORDS_REASON,      "OTHER",               "その他" },
	{ CTL_WORDS_REASON,      "keyCompromise",       "紛失・盗難・漏えい" },
	{ CTL_WORDS_REASON,      "affiliationChanged",  "異動・指定変更" },
	{ CTL_WORDS_REASON,      "superseded",          "再発行・損傷・更新" },
	{ CTL_WORDS_REASON,      "cessationOfOperation", "退職・満了" },
	{ CTL_WORDS_REASON,      "certificateHold",     "一時停止" },
	{ CTL_WORDS_REASON,      "privilegeWithdrawn",  "職権剥奪" },
	{ CTL_WORDS_KIND,        "operator",            "操作者用" },
	{ CTL_WORDS_KIND,        "temporary",           "臨時" },
	{ CTL_WORDS_KIND,        "shared",              "共用" },
};
/* clang-format on */

const char *ctl_word_show(CtlWords words, const char *code)
{
	for (gsize i = 0; ctl_lang_is_ja() && i < G_N_ELEMENTS(table); i++) {
		if (table[i].words == words && strcmp(table[i].code, code) == 0)
			return table[i].ja;
	}
	return code;
}

char *ctl_word_code(CtlWords words, const char *text)
{
	g_autofree char *folded = ctl_word_fold(text);

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		if (table[i].words == words && (strcmp(table[i].ja, folded) == 0 ||
						g_ascii_strcasecmp(table[i].code, folded) == 0))
			return g_strdup(table[i].code);
	}
	return g_steal_pointer(&folded);
}

static gunichar fold_character(gunichar c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFF01 + '!';
	if (c == 0x3000)
		return ' ';
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ? '-' : c;
}

char *ctl_word_fold(const char *text)
{
	g_autoptr(GString) folded = g_string_new(NULL);

	if (!g_utf8_validate(text, -1, NULL))
		return g_strdup(text);
	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
		g_string_append_unichar(folded, fold_character(g_utf8_get_char(at)));
	return g_strdup(g_strstrip(folded->str));
}

char *ctl_word_number(const char *text)
{
	g_autofree char *folded = ctl_word_fold(text);
	g_autofree char *upper = g_ascii_strup(folded, -1);
	gsize length = strlen(upper);

	return length >= 1 && length <= NUMBER_MAX &&
			       strspn(upper, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == length &&
			       strpbrk(upper, "0123456789") != NULL
		       ? g_steal_pointer(&upper)
		       : NULL;
}
