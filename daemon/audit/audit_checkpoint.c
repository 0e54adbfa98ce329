/* SPDX-License-Identifier: Apache-2.0
 * Checkpoints as text, and the work of making one. */
#include "daemon/audit/audit_checkpoint.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "daemon/audit/audit_record.h"
#include "daemon/audit/audit_tree.h"
#include "daemon/base/error.h"

#define MARK    "OPCARD-CHECKPOINT/1"
#define LEVEL   AUDIT_CHECKPOINT_LEVEL
#define BLOCK   AUDIT_CHECKPOINT_BLOCK
#define PARTS   8
#define DER_MAX 80

static char *upper_hex(const guint8 *bytes, gsize length)
{
	g_autofree char *hex = g_malloc(2 * length + 1);

	audit_hash_hex(bytes, length, hex);
	return g_ascii_strup(hex, -1);
}

void audit_checkpoint_key(GBytes *spki, char ret_key[AUDIT_CHECKPOINT_KEY + 1])
{
	g_autofree char *hex = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, spki);
	g_autofree char *upper = g_ascii_strup(hex, AUDIT_CHECKPOINT_KEY);

	g_strlcpy(ret_key, upper, AUDIT_CHECKPOINT_KEY + 1);
}

gboolean audit_checkpoint_pin(StoreTx *tx, GBytes *spki, const AuditRecord *record, GError **error)
{
	char key[AUDIT_CHECKPOINT_KEY + 1];
	g_autofree char *body = NULL;
	AuditRecord row = *record;
	gint64 seq;

	audit_checkpoint_key(spki, key);
	body = g_strdup_printf("{\"key\":\"%s\"}", key);
	row.kind = "audit-key";
	row.body = body;
	return audit_append(tx, &row, &seq, error) && store_tree_pin_key(tx, key, spki, seq, error);
}

/* Only as upper_hex() writes it: a line has one form. */
static gboolean parse_hex(const char *text, guint8 *ret_bytes, gsize length)
{
	if (strlen(text) != 2 * length || strspn(text, "0123456789ABCDEF") != 2 * length)
		return FALSE;
	for (gsize i = 0; i < length; i++)
		ret_bytes[i] = (guint8) (g_ascii_xdigit_value(text[2 * i]) << 4 |
					 g_ascii_xdigit_value(text[2 * i + 1]));
	return TRUE;
}

static gboolean parse_number(const char *text, gint64 *ret_number)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &number, NULL) ||
	    (text[0] == '0' && text[1] != '\0'))
		return FALSE;
	*ret_number = (gint64) number;
	return TRUE;
}

gboolean audit_checkpoint_parse(const char *line, AuditCheckpoint *ret_checkpoint)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", PARTS + 1);
	AuditCheckpoint checkpoint = { 0 };
	guint8 key[AUDIT_CHECKPOINT_KEY / 2], der[DER_MAX];

	if (g_strv_length(parts) != PARTS || strcmp(parts[0], MARK) != 0 ||
	    !parse_number(parts[1], &checkpoint.number) ||
	    !parse_number(parts[2], &checkpoint.size) ||
	    !parse_hex(parts[3], checkpoint.root, AUDIT_HASH_BYTES) ||
	    !parse_number(parts[4], &checkpoint.at) ||
	    !parse_hex(parts[5], checkpoint.prev, AUDIT_HASH_BYTES) ||
	    !parse_hex(parts[6], key, sizeof(key)) || strlen(parts[7]) > 2 * sizeof(der) ||
	    !parse_hex(parts[7], der, strlen(parts[7]) / 2))
		return FALSE;
	g_strlcpy(checkpoint.key, parts[6], sizeof(checkpoint.key));
	checkpoint.signed_length = strlen(line) - strlen(parts[7]) - 1;
	*ret_checkpoint = checkpoint;
	return TRUE;
}

gboolean audit_checkpoint_parse_paper(const char *line, AuditCheckpoint *ret_checkpoint)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", 5);
	AuditCheckpoint checkpoint = { 0 };

	if (g_strv_length(parts) != 4 || strcmp(parts[0], MARK) != 0 ||
	    !parse_number(parts[1], &checkpoint.number) ||
	    !parse_number(parts[2], &checkpoint.size) ||
	    !parse_hex(parts[3], checkpoint.root, AUDIT_HASH_BYTES))
		return FALSE;
	*ret_checkpoint = checkpoint;
	return TRUE;
}

gboolean audit_checkpoint_is_signed(const char *line, const AuditCheckpoint *checkpoint,
				    GBytes *spki)
{
	const char *text = line + checkpoint->signed_length + 1;
	gsize spki_length, length = strlen(text) / 2;
	const guint8 *at = g_bytes_get_data(spki, &spki_length);
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long) spki_length);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	guint8 der[DER_MAX];
	gboolean is_signed;

	is_signed = length <= sizeof(der) && parse_hex(text, der, length) && key != NULL &&
		    context != NULL &&
		    EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestVerify(context, der, length, (const guint8 *) line,
				     checkpoint->signed_length) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return is_signed;
}

void audit_checkpoint_hash(const char *line, guint8 ret_hash[AUDIT_HASH_BYTES])
{
	gsize length = AUDIT_HASH_BYTES;
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_checksum_update(sum, (const guchar *) line, -1);
	g_checksum_get_digest(sum, ret_hash, &length);
}

gboolean audit_checkpoint_behind(StoreTx *tx, gint64 *ret_records, gint64 *ret_at, GError **error)
{
	g_autoptr(TreeCheckpoint) last = NULL;
	AuditCheckpoint checkpoint = { 0 };
	guint8 hash[AUDIT_HASH_BYTES];
	gint64 tip;

	if (!store_ledger_tip(tx, &tip, hash, error) || !store_tree_last(tx, &last, error))
		return FALSE;
	if (last != NULL && !audit_checkpoint_parse(last->line, &checkpoint))
		checkpoint.size = last->size;
	*ret_records = tip - checkpoint.size;
	*ret_at = checkpoint.at;
	return TRUE;
}

typedef struct Leaves {
	AuditHash *hash;
	AuditTree tree;
	gint64 next; /* number of the record that must come */
} Leaves;

static gboolean take_leaf(gint64 seq, int version, const guint8 *record_hash, gpointer data)
{
	Leaves *leaves = data;
	guint8 leaf[AUDIT_HASH_BYTES];

	if (seq != leaves->next || record_hash == NULL)
		return FALSE;
	audit_record_leaf(leaves->hash, version, record_hash, leaf);
	audit_tree_push(&leaves->tree, leaves->hash, 0, leaf);
	leaves->next++;
	return TRUE;
}

/* The tree over records first <= seq < end alone. */
static gboolean sum_up(StoreTx *tx, gint64 first, gint64 end, Leaves *leaves, GError **error)
{
	leaves->tree.size = 0;
	leaves->next = first;
	if (!store_ledger_hashes(tx, first, end, take_leaf, leaves, error))
		return FALSE;
	return leaves->next == end ||
	       error_set(error, ERROR_STORE,
			 N_("record %lld of the audit trail is missing or damaged; "
			    "run `opcardctl audit verify`"),
			 (long long) leaves->next);
}

static void add_node(AuditDraft *draft, gint64 level, gint64 position, const guint8 *hash)
{
	AuditNode node = { .level = level, .position = position };

	memcpy(node.hash, hash, sizeof(node.hash));
	g_array_append_val(draft->nodes, node);
}

/* Pushes a full block and notes every node it completes. */
static void add_block(AuditDraft *draft, AuditHash *hash, AuditTree *tree, const guint8 *root)
{
	gint64 position = (gint64) (tree->size >> LEVEL);
	guint8 node[AUDIT_HASH_BYTES];
	guint level = LEVEL;

	memcpy(node, root, sizeof(node));
	add_node(draft, level, position, node);
	for (; ((tree->size >> level) & 1) != 0; level++) {
		audit_tree_join(hash, tree->edge[level], node, node);
		position >>= 1;
		add_node(draft, level + 1, position, node);
	}
	memcpy(tree->edge[level], node, sizeof(node));
	tree->size += BLOCK;
}

static gboolean load_edge(StoreTx *tx, gint64 blocks, AuditTree *tree, GError **error)
{
	tree->size = (guint64) blocks << LEVEL;
	for (guint level = LEVEL; level < AUDIT_TREE_LEVELS; level++) {
		gboolean is_there = TRUE;

		if (((tree->size >> level) & 1) == 0)
			continue;
		if (!store_tree_node(tx, level, (gint64) (tree->size >> level) - 1,
				     tree->edge[level], &is_there, error))
			return FALSE;
		if (!is_there)
			return error_set(error, ERROR_STORE,
					 N_("a node of the audit trail's tree is missing; run "
					    "`opcardctl audit verify`"));
	}
	return TRUE;
}

/* The tree over the first @size records, from the nodes kept and the records behind them. */
static gboolean grow(StoreTx *tx, gint64 size, AuditDraft *draft, GError **error)
{
	g_autoptr(AuditHash) hash = audit_hash_new();
	Leaves leaves = { .hash = hash };
	AuditTree tree = { 0 };
	guint8 root[AUDIT_HASH_BYTES];
	gint64 blocks;

	if (!store_tree_width(tx, LEVEL, &blocks, error) || !load_edge(tx, blocks, &tree, error))
		return FALSE;
	for (; blocks < size / BLOCK; blocks++) {
		if (!sum_up(tx, blocks * BLOCK + 1, (blocks + 1) * BLOCK + 1, &leaves, error))
			return FALSE;
		audit_tree_root(&leaves.tree, hash, root);
		add_block(draft, hash, &tree, root);
	}
	if (!sum_up(tx, blocks * BLOCK + 1, size + 1, &leaves, error))
		return FALSE;
	for (int level = LEVEL - 1; level >= 0; level--)
		if (((leaves.tree.size >> level) & 1) != 0)
			audit_tree_push(&tree, hash, (guint) level, leaves.tree.edge[level]);
	audit_tree_root(&tree, hash, draft->checkpoint.root);
	return TRUE;
}

static char *text_of(const AuditCheckpoint *checkpoint)
{
	g_autofree char *root = upper_hex(checkpoint->root, AUDIT_HASH_BYTES);
	g_autofree char *prev = upper_hex(checkpoint->prev, AUDIT_HASH_BYTES);

	return g_strdup_printf(
		MARK " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s %s",
		checkpoint->number, checkpoint->size, root, checkpoint->at, prev, checkpoint->key);
}

gboolean audit_checkpoint_draft(StoreTx *tx, const char *key, gint64 now, AuditDraft **ret_draft,
				GError **error)
{
	g_autoptr(AuditDraft) draft = g_new0(AuditDraft, 1);
	g_autoptr(TreeCheckpoint) last = NULL;
	guint8 ignored[AUDIT_HASH_BYTES];
	gint64 size;

	draft->nodes = g_array_new(FALSE, FALSE, sizeof(AuditNode));
	if (!store_ledger_tip(tx, &size, ignored, error) || !store_tree_last(tx, &last, error))
		return FALSE;
	if (last != NULL && last->size > size)
		return error_set(error, ERROR_STORE,
				 N_("checkpoint %lld tells of %lld"
				    " records and there are %lld"
				    "; run `opcardctl audit verify`"),
				 (long long) last->number, (long long) last->size,
				 (long long) size);
	if (size == 0 || (last != NULL && last->size == size)) {
		*ret_draft = NULL;
		return TRUE;
	}
	draft->checkpoint.number = last != NULL ? last->number + 1 : 1;
	draft->checkpoint.size = size;
	draft->checkpoint.at = now;
	g_strlcpy(draft->checkpoint.key, key, sizeof(draft->checkpoint.key));
	if (last != NULL)
		audit_checkpoint_hash(last->line, draft->checkpoint.prev);
	if (!grow(tx, size, draft, error))
		return FALSE;
	draft->text = text_of(&draft->checkpoint);
	*ret_draft = g_steal_pointer(&draft);
	return TRUE;
}

gboolean audit_checkpoint_keep(StoreTx *tx, const AuditDraft *draft, GBytes *signature,
			       char **ret_line, GError **error)
{
	g_autofree char *hex =
		upper_hex(g_bytes_get_data(signature, NULL), g_bytes_get_size(signature));
	g_autofree char *line = g_strconcat(draft->text, " ", hex, NULL);
	TreeCheckpoint row = { .number = draft->checkpoint.number,
			       .size = draft->checkpoint.size,
			       .line = line };

	for (guint i = 0; i < draft->nodes->len; i++) {
		const AuditNode *node = &g_array_index(draft->nodes, AuditNode, i);

		if (!store_tree_put_node(tx, node->level, node->position, node->hash, error))
			return FALSE;
	}
	if (!store_tree_add(tx, &row, error))
		return FALSE;
	*ret_line = g_steal_pointer(&line);
	return TRUE;
}

void audit_checkpoint_draft_free(AuditDraft *draft)
{
	if (draft == NULL)
		return;
	g_free(draft->text);
	g_array_unref(draft->nodes);
	g_free(draft);
}
