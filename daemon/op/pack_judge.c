/* SPDX-License-Identifier: Apache-2.0
 * One row per article. A part without a source is a row with a reason, never left out: a table
 * that hides its gaps is no evidence. */
#include "daemon/op/pack_judge.h"

#include <string.h>

#include "daemon/audit/audit.h"
#include "daemon/core/yearly.h"
#include "daemon/op/register.h"
#include "daemon/op/report.h"
#include "daemon/store/store_work.h"

#define NOT_RECORDED "記録なし（この版に記録する仕組みがない）"

typedef struct Finding {
	gboolean is_met;
	char *why; /* NULL: nothing to say */
} Finding;

typedef Finding (*Judge)(const json_t *rows);

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

/* Rows where @key is missing, or is @value. */
static guint count_bad(const json_t *rows, const char *key, const char *value)
{
	json_t *row;
	size_t i;
	guint count = 0;

	json_array_foreach((json_t *) rows, i, row)
	{
		const char *text = text_of(row, key);

		count += value != NULL ? g_strcmp0(text, value) == 0 : text == NULL;
	}
	return count;
}

static Finding verdict(guint bad, const char *format)
{
	return (Finding){ bad == 0, bad == 0 ? NULL : g_strdup_printf(format, bad) };
}

static Finding judge_kept(const json_t *rows)
{
	(void) rows;
	return (Finding){ TRUE, NULL };
}

static Finding judge_checked(const json_t *rows)
{
	return verdict(count_bad(rows, "result", "未確認"), "%u 枚が年度内に未確認");
}

/* 日数 stands only in rows that are late. */
static Finding judge_collected(const json_t *rows)
{
	return verdict((guint) json_array_size(rows) - count_bad(rows, "days", NULL),
		       "%u 枚が回収期限を超過");
}

static Finding judge_pins(const json_t *rows)
{
	return verdict((guint) json_array_size(rows), "%u 人が変更期限を超過");
}

static Finding judge_disposed(const json_t *rows)
{
	return verdict(count_bad(rows, "evidence", NULL) + count_bad(rows, "witness", NULL),
		       "証拠又は立会者の欠けが %u 件");
}

static Finding judge_approved(const json_t *rows)
{
	return verdict(count_bad(rows, "by", "（承認なし）"), "承認のない実行が %u 件");
}

static Finding judge_prevented(const json_t *rows)
{
	return verdict(count_bad(rows, "measure", "（未提出）"), "再発防止策の未提出が %u 件");
}

/* Of the values, not of the rows: what was found is no fault, to have read nothing is one. */
static Finding judge_signed(const json_t *values)
{
	gboolean is_signed = text_of(values, "確認日") != NULL;

	return (Finding){ is_signed, is_signed ? NULL : g_strdup("解析結果が確認されていない") };
}

static Finding judge_excepted(const json_t *rows)
{
	return verdict(count_bad(rows, "state", "事後承認待ち"), "事後承認のない例外が %u 件");
}

static Finding judge_found(const json_t *rows)
{
	return verdict(count_bad(rows, "state", "期限超過"), "改善の期限を過ぎた指摘が %u 件");
}

static Finding judge_worked(const json_t *rows)
{
	return verdict(count_bad(rows, "state", "確認待ち"), "二人目の確認を待つ作業が %u 件");
}

/* clang-format off */
static const struct {
	const char *article;
	const char *content;
	const char *evidence;
	int part;     /* PackPart, or _PACK_PART_MAX: nothing is recorded */
	Judge judge;
} articles[] = {
	{ "第12条第1項", "カードは指定された職員に貸与し、異動・退職のときは回収する", "04 未回収一覧", PACK_UNCOLLECTED, judge_collected },
	{ "第12条（様式第２号）、第14条（様式第６号）、第15条（様式第７号）", "申請を承認してから実行する", "10 申請一覧", PACK_APPLICATIONS, judge_approved },
	{ "第12条第2項", "発行、回収の都度、発行簿に記録する", "01 発行簿", PACK_ISSUE, judge_kept },
	{ "第13条第6項", "紛失、盗難を報告し、再発防止策を講じる", "07 紛失・盗難一覧", PACK_LOSSES, judge_prevented },
	{ "第13条第3項（様式第５号）", "カードチェックを行う", "03 カードチェック結果", PACK_CHECK, judge_checked },
	{ "第14条第3号", "パスワードを半年に一度以上変更する", "05 パスワード変更期限超過者", PACK_PIN, judge_pins },
	{ "要件 I08", "機器等の構成を記録し、変更を反映する", "09 構成管理簿", PACK_CONFIGURATION, judge_kept },
	{ "要件 N19", "廃棄は破砕し、立会者と証拠を残す", "06 廃棄記録", PACK_DISPOSAL, judge_disposed },
	{ "第21条第1項", "帳票の出力を記録する", "08 出力記録", PACK_PRINTS, judge_kept },
	{ "第11条第3項", "業務端末等使用簿に利用を記録する", "様式第1号", _PACK_PART_MAX, NULL },
	{ "第16条第2項（解析結果）", "解析の結果を読み、確認する", "13 操作履歴解析結果", PACK_ANALYSIS, judge_signed },
	{ "要件 N05", "例外の許可を理由と期限を付けて記録する", "10 例外一覧", PACK_EXCEPTIONS, judge_excepted },
	{ "第28条", "監査の指摘と改善を記録する", "11 指摘一覧", PACK_FINDINGS, judge_found },
	{ "要件 N57", "一括の処理、設定及び版の変更を記録し、二人で確認する", "12 作業記録", PACK_WORKS, judge_worked },
};
/* clang-format on */

typedef struct Line {
	const char *article;
	const char *content;
	const char *evidence;
	gint64 count; /* -1: nothing to count */
} Line;

/* Takes the finding's text over. */
static void add_line(Pack *pack, json_t *rows, const Line *line, Finding finding)
{
	g_autofree char *count =
		line->count >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT, line->count) : NULL;
	json_t *row = json_object();

	report_set(row, "article", line->article);
	report_set(row, "content", line->content);
	report_set(row, "evidence", line->evidence);
	report_set(row, "count", count);
	report_set(row, "judgement", finding.is_met ? "✔" : "✘");
	report_set(row, "note", finding.why);
	json_array_append_new(rows, row);
	pack->met += finding.is_met ? 1 : 0;
	pack->unmet += finding.is_met ? 0 : 1;
	g_free(finding.why);
}

static void add_articles(Pack *pack, json_t *rows)
{
	for (gsize i = 0; i < G_N_ELEMENTS(articles); i++) {
		gboolean is_recorded = articles[i].part != _PACK_PART_MAX;
		const json_t *list =
			is_recorded ? json_object_get(pack->data[articles[i].part], "rows") : NULL;
		Line line = { articles[i].article, articles[i].content, articles[i].evidence,
			      is_recorded ? (gint64) json_array_size(list) : -1 };

		add_line(pack, rows, &line,
			 is_recorded ? articles[i].judge(
					       articles[i].part == PACK_ANALYSIS
						       ? json_object_get(pack->data[PACK_ANALYSIS],
									 "values")
						       : list)
				     : (Finding){ FALSE, g_strdup(NOT_RECORDED) });
	}
}

/* 管理簿 from the tables and from the ledger must be the same (invariant 5). */
static gboolean add_register(StoreTx *tx, const Op *op, Pack *pack, json_t *rows, GError **error)
{
	gint64 count = 0;
	g_autoptr(GPtrArray) numbers = register_differences(tx, op, &count, error);
	Line line = { "第13条第3項", "カードの現況を管理簿に記録する", "02 管理簿", count };

	if (numbers == NULL)
		return FALSE;
	add_line(pack, rows, &line, verdict(numbers->len, "台帳の記録と異なるカードが %u 枚"));
	return TRUE;
}

static gboolean add_chain(StoreTx *tx, Pack *pack, json_t *rows, GError **error)
{
	AuditVerdict told;
	Line line = { "第16条第1項", "監査記録を改ざんから守る", "監査記録の連鎖の検査", 0 };
	Finding finding;

	if (!audit_verify(tx, NULL, &told, error))
		return FALSE;
	line.count = told.count;
	finding = (Finding){ told.is_ok,
			     told.is_ok ? g_strdup_printf("最終のハッシュ %.16s…", told.head)
					: g_strdup_printf("%" G_GINT64_FORMAT " 番の記録に誤り",
							  told.first_bad) };
	add_line(pack, rows, &line, finding);
	return TRUE;
}

/* T33, T43, N85, K02: what is done once a year, and by which report. */
static gboolean add_yearly(StoreTx *tx, Pack *pack, json_t *rows, GError **error)
{
	static const struct {
		YearlyKind kind;
		const char *article;
		const char *content;
	} tasks[] = {
		{ YEARLY_ANALYSIS, "第16条第2項", "操作履歴を年に一度以上分析し、結果を確認する" },
		{ YEARLY_AUDIT, "第28条", "年に一度以上監査を行い、報告する" },
		{ YEARLY_INSPECTION, "要件 N85", "年に一度以上自己点検を行う" },
		{ YEARLY_CONTINUATION, "要件 K02", "年に一度指定の継続を確認する" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(tasks); i++) {
		Line line = { tasks[i].article, tasks[i].content, yearly_row(tasks[i].kind)->ja,
			      0 };
		g_autoptr(YearlyDone) done = NULL;

		if (!store_work_yearly_get(tx, pack->fiscal_year, yearly_row(tasks[i].kind)->name,
					   &done, error))
			return FALSE;
		line.count = done != NULL ? 1 : 0;
		add_line(pack, rows, &line,
			 done != NULL
				 ? (Finding){ TRUE, g_strdup_printf("%s（%s）", done->reference,
								    done->done_on) }
				 : (Finding){ FALSE, g_strdup("実施の記録がない") });
	}
	return TRUE;
}

gboolean pack_judge(StoreTx *tx, const Op *op, Pack *pack, GError **error)
{
	json_t *rows = json_array();
	json_t *values = json_object_get(pack->data[PACK_CARD], "values");
	json_t *index = json_pack("{s:O, s:o}", "values", values, "rows", rows);

	add_articles(pack, rows);
	if (add_yearly(tx, pack, rows, error) && add_register(tx, op, pack, rows, error) &&
	    add_chain(tx, pack, rows, error)) {
		pack->index = index;
		return TRUE;
	}
	json_decref(index);
	return FALSE;
}
