/* SPDX-License-Identifier: Apache-2.0
 * Headings as a table. Spaces and width of a heading do not matter. */
#include "daemon/ctl/ctl_column.h"

#include <string.h>

#include "daemon/ctl/ctl_date.h"
#include "daemon/ctl/ctl_word.h"

/* clang-format off */
static const CtlColumn staff[] = {
	{ "staff",       "職員番号",                   CTL_COLUMN_CODE,   TRUE },
	{ "name",        "氏名",                       CTL_COLUMN_TEXT,   TRUE },
	{ "kana",        "フリガナ|カナ|氏名カナ",     CTL_COLUMN_TEXT,   FALSE },
	{ "section",     "所属コード|所属",            CTL_COLUMN_CODE,   TRUE },
	{ "subsection",  "係名",                       CTL_COLUMN_TEXT,   FALSE },
	{ "title",       "職名",                       CTL_COLUMN_TEXT,   FALSE },
	{ "employment",  "任用形態|雇用区分",          CTL_COLUMN_TEXT,   FALSE },
	{ "until",       "任期満了日|契約満了日",      CTL_COLUMN_DATE,   FALSE },
	{ NULL },
};

static const CtlColumn sections[] = {
	{ "section",     "所属コード",                 CTL_COLUMN_CODE,   TRUE },
	{ "name",        "所属名",                     CTL_COLUMN_TEXT,   TRUE },
	{ "order",       "建制順",                     CTL_COLUMN_NUMBER, TRUE },
	{ "managerPost", "所属長職|所属長",            CTL_COLUMN_TEXT,   FALSE },
	{ "hasTerminal", "端末設置",                   CTL_COLUMN_FLAG,   FALSE },
	{ "duties",      "利用事務",                   CTL_COLUMN_TEXT,   FALSE },
	{ "body",        "任命権者",                   CTL_COLUMN_TEXT,   FALSE },
	{ "departmentPost", "部長職|部の長",           CTL_COLUMN_TEXT,   FALSE },
	{ NULL },
};

static const CtlColumn posts[] = {
	{ "post",        "職|補職",                    CTL_COLUMN_TEXT,   TRUE },
	{ "staff",       "職員番号",                   CTL_COLUMN_CODE,   TRUE },
	{ "from",        "発令日|開始日",              CTL_COLUMN_DATE,   TRUE },
	{ "until",       "終了日|解任日",              CTL_COLUMN_DATE,   FALSE },
	{ "order",       "発令番号|辞令番号",          CTL_COLUMN_TEXT,   TRUE },
	{ "section",     "所属コード",                 CTL_COLUMN_CODE,   FALSE },
	{ "shared",      "複数名",                     CTL_COLUMN_FLAG,   FALSE },
	{ NULL },
};

static const CtlColumn designations[] = {
	{ "staff",       "職員番号",                   CTL_COLUMN_CODE,   TRUE },
	{ "name",        "氏名",                       CTL_COLUMN_TEXT,   FALSE },
	{ "authority",   "権限種別",                   CTL_COLUMN_TEXT,   TRUE },
	{ "duties",      "利用事務",                   CTL_COLUMN_TEXT,   FALSE },
	{ "designation", "指定",                       CTL_COLUMN_TEXT,   FALSE },
	{ "note",        "備考",                       CTL_COLUMN_TEXT,   FALSE },
	{ NULL },
};

static const CtlColumn holidays[] = {
	{ "date",        "日付|年月日|国民の祝日・休日月日", CTL_COLUMN_DATE, TRUE },
	{ "name",        "名称|国民の祝日・休日名称",  CTL_COLUMN_TEXT,   FALSE },
	{ NULL },
};

static const CtlColumn cards[] = {
	{ "card",        "カード番号",                 CTL_COLUMN_CODE,   TRUE },
	{ "kind",        "カード種別",                 CTL_COLUMN_KIND,   FALSE },
	{ "chipSerial",  "チップ番号",                 CTL_COLUMN_CODE,   FALSE },
	{ "place",       "保管場所",                   CTL_COLUMN_TEXT,   FALSE },
	{ NULL },
};

static const struct { const char *kind; const CtlColumn *columns; } tables[] = {
	{ "staff", staff }, { "sections", sections }, { "designations", designations }, { "cards", cards },
	{ "holidays", holidays }, { "posts", posts },
};

static const char *const yes[] = { "有", "あり", "1", "yes", "true", "○", "〇", NULL };
static const char *const no[] = { "無", "なし", "0", "no", "false", "×", "-", NULL };
/* clang-format on */

const CtlColumn *ctl_column_table(const char *kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		if (strcmp(tables[i].kind, kind) == 0)
			return tables[i].columns;
	}
	return NULL;
}

static char *without_spaces(const char *heading)
{
	g_autofree char *folded = ctl_word_fold(heading);
	GString *text = g_string_new(NULL);

	for (const char *at = folded; *at != '\0'; at++) {
		if (!g_ascii_isspace(*at))
			g_string_append_c(text, *at);
	}
	return g_string_free(text, FALSE);
}

const CtlColumn *ctl_column_find(const CtlColumn *columns, const char *heading)
{
	g_autofree char *name = without_spaces(heading);

	for (const CtlColumn *column = columns; column->field != NULL; column++) {
		g_auto(GStrv) names = g_strsplit(column->ja, "|", -1);

		if (g_ascii_strcasecmp(column->field, name) == 0 ||
		    g_strv_contains((const char *const *) names, name))
			return column;
	}
	return NULL;
}

char *ctl_column_names(const CtlColumn *columns)
{
	GString *names = g_string_new(NULL);

	for (const CtlColumn *column = columns; column->field != NULL; column++)
		g_string_append_printf(names, "%s%s/%s", column == columns ? "" : ", ",
				       column->field, column->ja);
	return g_string_free(names, FALSE);
}

static json_t *steal(char *text)
{
	g_autofree char *owned = text;

	return owned == NULL ? NULL : json_string(owned);
}

static json_t *flag(const char *text)
{
	g_autofree char *folded = ctl_word_fold(text);
	g_autofree char *lower = g_ascii_strdown(folded, -1);

	if (g_strv_contains(yes, lower))
		return json_true();
	return g_strv_contains(no, lower) ? json_false() : NULL;
}

static json_t *number(const char *text)
{
	g_autofree char *folded = ctl_word_fold(text);
	gsize length = strlen(folded);

	if (length == 0 || length > 9 || strspn(folded, "0123456789") != length)
		return NULL;
	return json_integer((json_int_t) g_ascii_strtoll(folded, NULL, 10));
}

json_t *ctl_column_value(const CtlColumn *column, const char *text)
{
	switch (column->type) {
	case CTL_COLUMN_TEXT:
		return json_string(text);
	case CTL_COLUMN_CODE:
		return steal(ctl_word_fold(text));
	case CTL_COLUMN_NUMBER:
		return number(text);
	case CTL_COLUMN_DATE:
		return steal(ctl_date_parse(text));
	case CTL_COLUMN_FLAG:
		return flag(text);
	case CTL_COLUMN_KIND:
		return steal(ctl_word_code(CTL_WORDS_KIND, text));
	case _CTL_COLUMN_MAX:
		break;
	}
	return NULL;
}
