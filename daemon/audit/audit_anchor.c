/* SPDX-License-Identifier: Apache-2.0
 * Checkpoints follow each other by their hashes, so one good signature stands for all before it;
 * they are checked one by one only to find the first that is not sound. */
#include "daemon/audit/audit_anchor.h"

#include <jansson.h>
#include <string.h>

#include "daemon/audit/audit_checkpoint.h"
#include "daemon/base/error.h"

#define PAGE 1000

typedef struct Anchor {
	gint64 size;
	guint8 root[AUDIT_HASH_BYTES];
} Anchor;

typedef struct Reader {
	StoreTx *tx;
	AuditAnchors *anchors;
	GArray *found;    /* Anchor */
	GHashTable *keys; /* id → SubjectPublicKeyInfo, those the trail itself tells of */
	gint64 count;
	/* The stored checkpoint looked at last. */
	char *line;
	AuditCheckpoint last;
	gint64 sound; /* size of the last sound one */
} Reader;

static void reader_clear(Reader *reader)
{
	g_clear_pointer(&reader->found, g_array_unref);
	g_clear_pointer(&reader->keys, g_hash_table_unref);
	g_clear_pointer(&reader->line, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

void audit_anchor_free(AuditAnchors *anchors)
{
	if (anchors == NULL)
		return;
	g_free(anchors->sizes);
	g_free(anchors->roots);
	g_free(anchors);
}

gsize audit_anchor_find(const AuditAnchors *anchors, gint64 size)
{
	gsize low = 0, high = anchors->count;

	while (low < high) {
		gsize middle = (low + high) / 2;

		if (anchors->sizes[middle] < size)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Calls for the body of every record of a kind of our own. */
typedef void (*TakeBody)(const json_t *body, gpointer data);

static gboolean each_own(StoreTx *tx, const char *kind, TakeBody take_body, gpointer data,
			 GError **error)
{
	g_autoptr(GPtrArray) rows = store_ledger_own(tx, kind, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		json_t *body = json_loads(((const LedgerRow *) rows->pdata[i])->body, 0, NULL);

		if (body != NULL)
			take_body(body, data);
		json_decref(body);
	}
	return rows != NULL;
}

static void take_disposal(const json_t *body, gpointer data)
{
	gint64 *last = data;

	*last = MAX(*last, (gint64) json_integer_value(json_object_get(body, "last")));
}

gboolean audit_anchor_disposed(StoreTx *tx, gint64 *ret_last, GError **error)
{
	*ret_last = 0;
	return each_own(tx, "audit-dispose", take_disposal, ret_last, error);
}

static void take_key(const json_t *body, gpointer data)
{
	const char *id = json_string_value(json_object_get(body, "key"));

	if (id != NULL)
		g_hash_table_insert(data, g_strdup(id), NULL);
}

/* Only keys the trail tells of, and only when the bytes pinned are that key. */
static gboolean load_keys(Reader *reader, GError **error)
{
	GHashTableIter iter;
	gpointer id;

	if (!each_own(reader->tx, "audit-key", take_key, reader->keys, error))
		return FALSE;
	g_hash_table_iter_init(&iter, reader->keys);
	while (g_hash_table_iter_next(&iter, &id, NULL)) {
		g_autoptr(GBytes) spki = NULL;
		char own[AUDIT_CHECKPOINT_KEY + 1] = "";

		if (!store_tree_key(reader->tx, id, &spki, error))
			return FALSE;
		if (spki != NULL)
			audit_checkpoint_key(spki, own);
		if (spki != NULL && strcmp(own, id) == 0)
			g_hash_table_iter_replace(&iter, g_bytes_ref(spki));
	}
	return TRUE;
}

static void blame(Reader *reader, gint64 first, gint64 last, const char *reason)
{
	AuditAnchors *anchors = reader->anchors;

	if (anchors->first_bad != 0 && anchors->first_bad <= first)
		return;
	anchors->first_bad = first;
	anchors->last_bad = MAX(first, last);
	anchors->reason = reason;
}

static gboolean is_signed(const Reader *reader, const char *line, const AuditCheckpoint *checkpoint)
{
	GBytes *spki = g_hash_table_lookup(reader->keys, checkpoint->key);

	return spki != NULL && audit_checkpoint_is_signed(line, checkpoint, spki);
}

static gboolean follows(const Reader *reader, const TreeCheckpoint *row,
			const AuditCheckpoint *checkpoint)
{
	guint8 prev[AUDIT_HASH_BYTES] = { 0 };

	if (reader->line != NULL)
		audit_checkpoint_hash(reader->line, prev);
	return checkpoint->number == reader->last.number + 1 && checkpoint->number == row->number &&
	       checkpoint->size == row->size && checkpoint->size > reader->last.size &&
	       memcmp(checkpoint->prev, prev, sizeof(prev)) == 0;
}

static void add(Reader *reader, const AuditCheckpoint *checkpoint)
{
	Anchor anchor = { .size = checkpoint->size };

	memcpy(anchor.root, checkpoint->root, sizeof(anchor.root));
	g_array_append_val(reader->found, anchor);
}

static void remember(Reader *reader, const char *line, const AuditCheckpoint *checkpoint)
{
	g_free(reader->line);
	reader->line = g_strdup(line);
	reader->last = *checkpoint;
}

/* FALSE: what comes behind @row is not sound. @is_each: every signature is checked. */
static gboolean take_row(Reader *reader, const TreeCheckpoint *row, gboolean is_each)
{
	AuditCheckpoint checkpoint;

	if (!audit_checkpoint_parse(row->line, &checkpoint) || !follows(reader, row, &checkpoint) ||
	    (is_each && !is_signed(reader, row->line, &checkpoint))) {
		blame(reader, reader->sound + 1, row->size,
		      N_("a checkpoint is not the one that was signed, or one before it is "
			 "missing"));
		return FALSE;
	}
	if (reader->line != NULL && strcmp(reader->last.key, checkpoint.key) != 0 &&
	    !is_signed(reader, reader->line, &reader->last))
		return FALSE;
	if (checkpoint.size > reader->count)
		blame(reader, reader->count + 1, checkpoint.size,
		      N_("records at the end are missing: a checkpoint tells of them"));
	else
		add(reader, &checkpoint);
	remember(reader, row->line, &checkpoint);
	reader->sound = checkpoint.size;
	return TRUE;
}

static gboolean read_stored(Reader *reader, gboolean is_each, gboolean *ret_is_sound,
			    GError **error)
{
	gint64 after = G_MININT64;
	guint got = PAGE;

	*ret_is_sound = TRUE;
	while (got == PAGE) {
		g_autoptr(GPtrArray) page = store_tree_list(reader->tx, after, PAGE, error);

		if (page == NULL)
			return FALSE;
		got = page->len;
		for (guint i = 0; i < page->len; i++) {
			const TreeCheckpoint *row = page->pdata[i];

			after = row->number;
			if (!take_row(reader, row, is_each)) {
				*ret_is_sound = FALSE;
				return TRUE;
			}
		}
	}
	if (!is_each && reader->line != NULL && !is_signed(reader, reader->line, &reader->last))
		*ret_is_sound = FALSE;
	return TRUE;
}

static void start_again(Reader *reader)
{
	g_array_set_size(reader->found, 0);
	g_clear_pointer(&reader->line, g_free);
	reader->last = (AuditCheckpoint){ 0 };
	reader->sound = 0;
	reader->anchors->first_bad = reader->anchors->last_bad = 0;
	reader->anchors->reason = NULL;
}

static gboolean read_all(Reader *reader, GError **error)
{
	gboolean is_sound;

	if (!read_stored(reader, FALSE, &is_sound, error))
		return FALSE;
	if (is_sound)
		return TRUE;
	start_again(reader);
	return read_stored(reader, TRUE, &is_sound, error);
}

/* Paper carries no signature: whoever compares it trusts the paper. */
static void take_paper(Reader *reader, const AuditCheckpoint *told)
{
	if (told->size > reader->count)
		blame(reader, reader->count + 1, told->size,
		      N_("records at the end are missing: the witness tells of them"));
	else if (told->size > 0)
		add(reader, told);
}

static gboolean take_witness(Reader *reader, guint number, const char *line, GError **error)
{
	const char *text = strstr(line, "OPCARD-CHECKPOINT/");
	g_autoptr(GPtrArray) same = NULL;
	AuditCheckpoint told;

	if (text != NULL && audit_checkpoint_parse_paper(text, &told)) {
		take_paper(reader, &told);
		return TRUE;
	}
	if (text == NULL || !audit_checkpoint_parse(text, &told))
		return error_set(error, ERROR_USAGE, N_("line %u of the witness is no checkpoint"),
				 number);
	same = store_tree_list(reader->tx, told.number - 1, 1, error);
	if (same == NULL)
		return FALSE;
	if (same->len > 0 && strcmp(((const TreeCheckpoint *) same->pdata[0])->line, text) == 0)
		return TRUE;
	if (g_hash_table_lookup(reader->keys, told.key) == NULL) {
		blame(reader, 1, told.size,
		      N_("the witness was signed with a key this audit trail does not know: its "
			 "checkpoint key was exchanged"));
		return TRUE;
	}
	if (!is_signed(reader, text, &told))
		return error_set(error, ERROR_USAGE,
				 N_("line %u of the witness is not signed by the key it names; the "
				    "witness itself was changed"),
				 number);
	if (told.size > reader->count) {
		blame(reader, reader->count + 1, told.size,
		      N_("records at the end are missing: the witness tells of them"));
		return TRUE;
	}
	add(reader, &told);
	blame(reader, told.size, told.size,
	      same->len > 0 ? N_("a checkpoint of the witness is not the one kept here")
			    : N_("a checkpoint of the witness is missing here"));
	return TRUE;
}

static gint compare_sizes(gconstpointer a, gconstpointer b)
{
	gint64 one = ((const Anchor *) a)->size, other = ((const Anchor *) b)->size;

	return one < other ? -1 : one > other;
}

static void hand_over(Reader *reader)
{
	AuditAnchors *anchors = reader->anchors;

	g_array_sort(reader->found, compare_sizes);
	anchors->count = reader->found->len;
	anchors->sizes = g_new(gint64, anchors->count + 1);
	anchors->roots = g_malloc_n(anchors->count + 1, sizeof(*anchors->roots));
	for (gsize i = 0; i < anchors->count; i++) {
		const Anchor *anchor = &g_array_index(reader->found, Anchor, i);

		anchors->sizes[i] = anchor->size;
		memcpy(anchors->roots[i], anchor->root, sizeof(anchor->root));
	}
}

static void free_key(gpointer spki)
{
	if (spki != NULL)
		g_bytes_unref(spki);
}

AuditAnchors *audit_anchor_read(StoreTx *tx, const AuditWitness *witness, gint64 count,
				GError **error)
{
	g_autoptr(AuditAnchors) anchors = g_new0(AuditAnchors, 1);
	g_auto(Reader) reader = { .tx = tx, .anchors = anchors, .count = MAX(count, 0) };
	const char *const *lines = witness != NULL ? witness->lines : NULL;

	reader.found = g_array_new(FALSE, FALSE, sizeof(Anchor));
	reader.keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_key);
	if (!load_keys(&reader, error) || !read_all(&reader, error))
		return NULL;
	for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
		if (*lines[i] != '\0' && !take_witness(&reader, i + 1, lines[i], error))
			return NULL;
	if (witness != NULL && witness->key != NULL && reader.line != NULL &&
	    strcmp(reader.last.key, witness->key) != 0)
		blame(&reader, 1, reader.sound,
		      N_("the newest checkpoint was signed with another key than this daemon's"));
	hand_over(&reader);
	return g_steal_pointer(&anchors);
}
