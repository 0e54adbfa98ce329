/* SPDX-License-Identifier: Apache-2.0
 * Number and hash of the newest ledger record, as text. It may lag behind the database, never run
 * ahead of it: it is written after the record is durable. */
#include "daemon/op/generation.h"

#include <glib/gstdio.h>
#include <string.h>

#include "daemon/audit/audit.h"
#include "daemon/base/error.h"
#include "daemon/ca/key_file.h"

#define FORMAT   "opcard-generation-1"
#define RESTORED "restored"

typedef struct Mark {
	gint64 seq;
	char hash[AUDIT_HASH_BYTES * 2 + 1];
	gboolean is_restored;
} Mark;

static char *path_in(const char *folder)
{
	return g_build_filename(folder, "generation", NULL);
}

/* A file that is not there, or not whole after a power loss, says nothing. */
static gboolean read_mark(const House *house, Mark *ret_mark)
{
	g_autofree char *path = path_in(config_text(house->config, CONFIG_STATE_DIR));
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	Mark mark = { 0 };
	guint64 seq;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return FALSE;
	lines = g_strsplit(text, "\n", -1);
	if (g_strv_length(lines) < 4 || !g_str_equal(lines[0], FORMAT) ||
	    !g_ascii_string_to_unsigned(lines[1], 10, 0, G_MAXINT64, &seq, NULL) ||
	    strlen(lines[2]) >= sizeof(mark.hash))
		return FALSE;
	mark.seq = (gint64) seq;
	g_strlcpy(mark.hash, lines[2], sizeof(mark.hash));
	mark.is_restored = g_str_equal(lines[3], RESTORED);
	*ret_mark = mark;
	return TRUE;
}

static gboolean write_mark(const char *folder, const Mark *mark, GError **error)
{
	g_autofree char *path = path_in(folder);
	g_autofree char *text =
		g_strdup_printf("%s\n%" G_GINT64_FORMAT "\n%s\n%s\n", FORMAT, mark->seq, mark->hash,
				mark->is_restored ? RESTORED : "");

	return key_file_replace(path, text, strlen(text), error);
}

static gboolean hash_at(StoreTx *tx, gint64 seq, char **ret_hash, GError **error)
{
	LedgerFilter filter = { .after = seq - 1, .limit = 1 };
	g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, error);
	const LedgerRow *row = rows != NULL && rows->len > 0 ? rows->pdata[0] : NULL;
	GString *hex = g_string_new(NULL);
	gsize length = 0;
	const guint8 *data = row != NULL ? g_bytes_get_data(row->hash, &length) : NULL;

	for (gsize i = 0; row != NULL && row->seq == seq && i < length; i++)
		g_string_append_printf(hex, "%02x", data[i]);
	*ret_hash = g_string_free(hex, FALSE);
	return rows != NULL;
}

gboolean generation_check(const House *house, gboolean *ret_is_restored, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autofree char *hash = NULL;
	Mark mark;

	if (tx == NULL)
		return FALSE;
	*ret_is_restored = FALSE;
	if (!read_mark(house, &mark))
		return TRUE;
	if (mark.seq > 0 && !hash_at(tx, mark.seq, &hash, error))
		return FALSE;
	if (mark.seq > 0 && !g_str_equal(hash, mark.hash))
		return error_set(error, ERROR_STORE,
				 N_("opcard.db is not the database this folder worked with last: "
				    "ledger record "
				    "%lld is missing in it or is another one. It was copied "
				    "without its -wal "
				    "file, or an older copy was put back; nothing was changed. Put "
				    "the right "
				    "opcard.db back together with its opcard.db-wal, or move this "
				    "folder away "
				    "and restore a backup (opcardd --restore FILE --key KEY). If "
				    "this copy is "
				    "the newest there is: opcardd --reconcile"),
				 (long long) mark.seq);
	*ret_is_restored = mark.is_restored;
	return TRUE;
}

static gboolean mark_of(StoreTx *tx, Mark *ret_mark, GError **error)
{
	Mark mark = { 0 };
	g_autofree char *head = audit_head(tx, &mark.seq, error);

	if (head == NULL)
		return FALSE;
	g_strlcpy(mark.hash, head, sizeof(mark.hash));
	*ret_mark = mark;
	return TRUE;
}

void generation_note(House *house)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	Mark mark;

	if (g_atomic_int_get(&house->is_behind))
		return;
	tx = store_tx_read(house->store, &error);
	if (tx == NULL || !mark_of(tx, &mark, &error) || mark.seq == house->generation)
		return;
	/* A full disk is told by whatever else fails; the older mark goes on being true. */
	if (write_mark(config_text(house->config, CONFIG_STATE_DIR), &mark, &error))
		house->generation = mark.seq;
	else
		g_debug("the generation stays as it is: %s", error->message);
}

gboolean generation_write_restored(StoreTx *tx, const char *folder, GError **error)
{
	Mark mark;

	if (!mark_of(tx, &mark, error))
		return FALSE;
	mark.is_restored = TRUE;
	return write_mark(folder, &mark, error);
}
