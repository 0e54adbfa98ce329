/* SPDX-License-Identifier: Apache-2.0
 * Nodes of the tree, checkpoints and their keys. */
#include "daemon/store/store_tree.h"

#include <string.h>

#include "daemon/store/sql.h"

void store_tree_checkpoint_free(TreeCheckpoint *checkpoint)
{
	if (checkpoint == NULL)
		return;
	g_free(checkpoint->line);
	g_free(checkpoint);
}

gboolean store_tree_node(StoreTx *tx, gint64 level, gint64 position,
			 guint8 ret_hash[STORE_LEDGER_HASH], gboolean *ret_is_there, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT hash FROM ledger_node WHERE level = ?1 AND position = ?2", "ii",
		level, position);
	const guint8 *hash;

	if (query == NULL)
		return FALSE;
	*ret_is_there = FALSE;
	if (!sql_step(query))
		return sql_end(query, error);
	hash = sql_peek_sized(query, 0, STORE_LEDGER_HASH);
	*ret_is_there = TRUE;
	if (hash != NULL)
		memcpy(ret_hash, hash, STORE_LEDGER_HASH);
	else
		memset(ret_hash, 0, STORE_LEDGER_HASH);
	return TRUE;
}

gboolean store_tree_put_node(StoreTx *tx, gint64 level, gint64 position,
			     const guint8 hash[STORE_LEDGER_HASH], GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(hash, STORE_LEDGER_HASH);

	return sql_run(tx, error, "INSERT INTO ledger_node VALUES(?1, ?2, ?3)", "iib", level,
		       position, bytes);
}

gboolean store_tree_width(StoreTx *tx, gint64 level, gint64 *ret_count, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT ifnull(max(position) + 1, 0) FROM ledger_node WHERE level = ?1",
		"i", level);

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error);
	*ret_count = sql_int(query, 0);
	return TRUE;
}

static gpointer read_checkpoint(Sql *query)
{
	TreeCheckpoint *checkpoint = g_new0(TreeCheckpoint, 1);

	checkpoint->number = sql_int(query, 0);
	checkpoint->size = sql_int(query, 1);
	checkpoint->line = sql_text(query, 2);
	return checkpoint;
}

static GPtrArray *read_checkpoints(Sql *query, GError **error)
{
	return sql_collect(query, read_checkpoint, (GDestroyNotify) store_tree_checkpoint_free,
			   error);
}

gboolean store_tree_last(StoreTx *tx, TreeCheckpoint **ret_checkpoint, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT number, size, line FROM ledger_checkpoint"
			  " WHERE number = (SELECT max(number) FROM ledger_checkpoint)",
			  "");
	g_autoptr(GPtrArray) found = read_checkpoints(query, error);

	if (found == NULL)
		return FALSE;
	*ret_checkpoint = found->len > 0 ? g_ptr_array_steal_index(found, 0) : NULL;
	return TRUE;
}

gboolean store_tree_add(StoreTx *tx, const TreeCheckpoint *checkpoint, GError **error)
{
	return sql_run(tx, error, "INSERT INTO ledger_checkpoint VALUES(?1, ?2, ?3)", "iit",
		       checkpoint->number, checkpoint->size, checkpoint->line);
}

GPtrArray *store_tree_list(StoreTx *tx, gint64 after, int limit, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error,
			  "SELECT number, size, line FROM ledger_checkpoint WHERE number > ?1"
			  " ORDER BY number LIMIT ?2",
			  "id", after, limit);

	return read_checkpoints(query, error);
}

gboolean store_tree_key(StoreTx *tx, const char *id, GBytes **ret_spki, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT spki FROM ledger_key WHERE id = ?1", "t", id);

	if (query == NULL)
		return FALSE;
	*ret_spki = sql_step(query) ? sql_bytes(query, 0) : NULL;
	return sql_end(query, error);
}

gboolean store_tree_newest_key(StoreTx *tx, char **ret_id, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error, "SELECT id FROM ledger_key ORDER BY since DESC, id LIMIT 1", "");

	if (query == NULL)
		return FALSE;
	*ret_id = sql_step(query) ? sql_text(query, 0) : NULL;
	return sql_end(query, error);
}

gboolean store_tree_pin_key(StoreTx *tx, const char *id, GBytes *spki, gint64 since, GError **error)
{
	return sql_run(tx, error, "INSERT INTO ledger_key VALUES(?1, ?2, ?3)", "tbi", id, spki,
		       since);
}

gboolean store_tree_is_guarded(StoreTx *tx, gboolean *ret_is_guarded, GError **error)
{
	g_autoptr(Sql) query = sql_query(
		tx, error,
		"SELECT sum(tbl_name IN ('ledger_record', 'ledger_personal')"
		" AND sql LIKE '% BEGIN SELECT raise(ABORT, %') FROM sqlite_schema"
		" WHERE type = 'trigger' AND name IN ('ledger_no_update', 'ledger_no_delete',"
		" 'ledger_personal_no_update', 'ledger_personal_no_delete')",
		"");

	if (query == NULL || !sql_step(query))
		return query != NULL && sql_end(query, error);
	*ret_is_guarded = sql_int(query, 0) == 4;
	return TRUE;
}
