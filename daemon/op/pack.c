/* SPDX-License-Identifier: Apache-2.0
 * All lists are read in one snapshot, judged, and then drawn one after another. */
#include "daemon/op/pack.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/op/archive.h"
#include "daemon/op/pack_judge.h"
#include "daemon/op/pin_due.h"
#include "daemon/op/print.h"
#include "daemon/op/record.h"
#include "daemon/op/report.h"

#define INDEX "00-条項別証跡一覧"

/* clang-format off */
static const struct {
	const char *name; /* report, or NULL: the late PINs */
	const char *file;
} parts[_PACK_PART_MAX] = {
	[PACK_ISSUE]         = { "issue",         "01-発行簿" },
	[PACK_CARD]          = { "card",          "02-管理簿" },
	[PACK_CHECK]         = { "card-check",    "03-カードチェック結果" },
	[PACK_UNCOLLECTED]   = { "uncollected",   "04-未回収一覧" },
	[PACK_PIN]           = { NULL,            "05-パスワード変更期限超過者（作成日現在）" },
	[PACK_DISPOSAL]      = { "disposal",      "06-廃棄記録" },
	[PACK_LOSSES]        = { "losses",        "07-紛失・盗難一覧" },
	[PACK_PRINTS]        = { "print-log",     "08-出力記録" },
	[PACK_EXCEPTIONS]    = { "exceptions",    "10-例外一覧" },
	[PACK_FINDINGS]      = { "findings",      "11-指摘一覧" },
	[PACK_WORKS]         = { "works",         "12-作業記録" },
	[PACK_ANALYSIS]      = { "operation-analysis", "13-操作履歴解析結果" },
	[PACK_CONFIGURATION] = { "configuration", "09-構成管理簿（作成日現在）" },
	[PACK_APPLICATIONS]  = { "applications",  "10-申請一覧" },
};
/* clang-format on */

static json_t *part_of(StoreTx *tx, const Op *op, PackPart part, const char *year, GError **error)
{
	ReportRequest request = { .name = parts[part].name, .fiscal_year = year };
	PinDueFilter late = { .which = PIN_DUE_LATE };

	return parts[part].name != NULL ? report_make(tx, op, &request, error)
					: pin_due_form(tx, op, &late, error);
}

static gboolean read_all(StoreTx *tx, const Op *op, const char *year, Pack *pack, GError **error)
{
	for (int part = 0; part < _PACK_PART_MAX; part++) {
		pack->data[part] = part_of(tx, op, (PackPart) part, year, error);
		if (pack->data[part] == NULL)
			return FALSE;
	}
	pack->fiscal_year = (int) g_ascii_strtoull(year, NULL, 10);
	return pack_judge(tx, op, pack, error);
}

static gboolean read_snapshot(const Op *op, const char *year, Pack *pack, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);

	return tx != NULL && read_all(tx, op, year, pack, error);
}

static gboolean add(Archive *archive, GString *sums, const char *name, GBytes *content,
		    GError **error)
{
	g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);

	g_string_append_printf(sums, "%s  %s\n", sum, name);
	return archive_add(archive, name, content, error);
}

/* As paper and as a table. */
static gboolean add_part(const Op *op, Archive *archive, GString *sums, PrintRequest *print,
			 const char *file, GError **error)
{
	static const struct {
		PrintFormat format;
		const char *suffix;
	} kinds[] = { { PRINT_PDF, ".pdf" }, { PRINT_CSV, ".csv" } };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *name = g_strconcat(file, kinds[i].suffix, NULL);
		g_autoptr(GBytes) content = NULL;

		print->format = kinds[i].format;
		content = print_render(op, print, NULL, error);
		if (content == NULL || !add(archive, sums, name, content, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_all(const Op *op, const Pack *pack, Archive *archive, GString *sums,
			GError **error)
{
	PrintRequest index = { .list = "audit-pack", .data = pack->index };

	if (!add_part(op, archive, sums, &index, INDEX, error))
		return FALSE;
	for (int part = 0; part < _PACK_PART_MAX; part++) {
		PrintRequest print = { .data = pack->data[part], .list = "pin-overdue" };

		if (parts[part].name != NULL)
			(void) report_form(parts[part].name, &print.form, &print.list);
		if (!add_part(op, archive, sums, &print, parts[part].file, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean record(Op *op, const char *year, const Pack *pack, GBytes *file, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, file);
	Record row = { .kind = "audit-pack", .article = "T43" };

	if (tx == NULL)
		return FALSE;
	row.extra = json_pack("{s:s, s:s, s:i, s:i}", "fiscalYear", year, "sha256", sum, "met",
			      (int) pack->met, "unmet", (int) pack->unmet);
	return record_event(tx, op, NULL, &row, error) && store_tx_commit(&tx, error);
}

static void pack_clear(Pack *pack)
{
	for (int part = 0; part < _PACK_PART_MAX; part++)
		json_decref(pack->data[part]);
	json_decref(pack->index);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pack, pack_clear)

GBytes *pack_make(Op *op, const char *fiscal_year, GError **error)
{
	g_autoptr(Archive) archive = archive_new(op->now);
	g_autoptr(GString) sums = g_string_new(NULL);
	g_autoptr(GBytes) list = NULL;
	g_autoptr(GBytes) file = NULL;
	g_auto(Pack) pack = { 0 };

	if (!read_snapshot(op, fiscal_year, &pack, error) ||
	    !add_all(op, &pack, archive, sums, error))
		return NULL;
	list = g_bytes_new(sums->str, sums->len);
	if (!archive_add(archive, "SHA256SUMS", list, error))
		return NULL;
	file = archive_finish(archive);
	return record(op, fiscal_year, &pack, file, error) ? g_steal_pointer(&file) : NULL;
}

json_t *pack_articles(StoreTx *tx, const Op *op, const char *fiscal_year, GError **error)
{
	g_auto(Pack) pack = { 0 };

	return read_all(tx, op, fiscal_year, &pack, error)
		       ? json_incref(json_object_get(pack.index, "rows"))
		       : NULL;
}
