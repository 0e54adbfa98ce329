/* SPDX-License-Identifier: Apache-2.0
 * Slots of one block each, written in place past the page cache. A slot counts only with its
 * digest, so one that was cut off is an empty one. The list of items is kept in memory too. */
#include "daemon/op/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/op/dump.h"
#include "pkcs11/failpoint.h"

#define SLOTS      256
#define BLOCK      4096
#define MAGIC      "OPSPOOL1"
#define MAGIC_SIZE 8
#define DIGEST     32
/* magic, sequence, length, digest, text */
#define HEAD (MAGIC_SIZE + 8 + 4 + DIGEST)

struct Spool {
	GMutex mutex;
	int fd;
	guint8 *block; /* aligned as the disk wants it */
	guint64 next;
	guint64 seq[SLOTS]; /* 0 = free */
	SpoolItem *items[SLOTS];
};

void spool_item_free(SpoolItem *item)
{
	if (item == NULL)
		return;
	g_free(item->card);
	g_free(item->actor);
	g_free(item->reported_by);
	g_free(item->via);
	g_free(item->note);
	g_free(item->police_report);
	g_free(item);
}

static void digest_of(const guint8 *block, gsize length, guint8 *ret_digest)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize size = DIGEST;

	g_checksum_update(sum, block, HEAD - DIGEST);
	g_checksum_update(sum, block + HEAD, (gssize) length);
	g_checksum_get_digest(sum, ret_digest, &size);
}

static gboolean write_block(Spool *spool, guint slot, GError **error)
{
	gssize done = FAILPOINT("spool.write") == 0
			      ? pwrite(spool->fd, spool->block, BLOCK, (off_t) slot * BLOCK)
			      : (errno = EIO, -1);

	if (done == BLOCK && fdatasync(spool->fd) == 0)
		return TRUE;
	return error_set(error, ERROR_STORE, N_("the spool of loss reports cannot be written: %s"),
			 strerrordesc_np(errno));
}

static json_t *text_or_null(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

static json_t *item_json(const SpoolItem *item)
{
	return json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "card",
			 item->card, "event", lifecycle_event_name(item->event), "actor",
			 item->actor, "mayRevoke", item->may_revoke, "at", (json_int_t) item->at,
			 "occurredAt", (json_int_t) item->occurred_at, "noticedAt",
			 (json_int_t) item->noticed_at, "by", text_or_null(item->reported_by),
			 "via", text_or_null(item->via), "note", text_or_null(item->note),
			 "policeReport", text_or_null(item->police_report));
}

static char *text_of(const json_t *value, const char *name)
{
	return g_strdup(json_string_value(json_object_get(value, name)));
}

static gint64 number_of(const json_t *value, const char *name)
{
	return json_integer_value(json_object_get(value, name));
}

static SpoolItem *read_item(const char *text, gsize length)
{
	json_t *value = json_loadb(text, length, 0, NULL);
	g_autoptr(SpoolItem) item = g_new0(SpoolItem, 1);
	const char *event = json_string_value(json_object_get(value, "event"));

	item->card = text_of(value, "card");
	item->actor = text_of(value, "actor");
	item->may_revoke = json_is_true(json_object_get(value, "mayRevoke"));
	item->at = number_of(value, "at");
	item->occurred_at = number_of(value, "occurredAt");
	item->noticed_at = number_of(value, "noticedAt");
	item->reported_by = text_of(value, "by");
	item->via = text_of(value, "via");
	item->note = text_of(value, "note");
	item->police_report = text_of(value, "policeReport");
	if (!lifecycle_event_parse(event, &item->event) || item->card == NULL ||
	    item->actor == NULL)
		g_clear_pointer(&item, spool_item_free);
	json_decref(value);
	return g_steal_pointer(&item);
}

static void load_slot(Spool *spool, guint slot)
{
	const guint8 *block = spool->block;
	guint8 digest[DIGEST];
	guint64 seq;
	guint32 length;

	if (pread(spool->fd, spool->block, BLOCK, (off_t) slot * BLOCK) != BLOCK ||
	    memcmp(block, MAGIC, MAGIC_SIZE) != 0)
		return;
	memcpy(&seq, block + MAGIC_SIZE, sizeof(seq));
	memcpy(&length, block + MAGIC_SIZE + 8, sizeof(length));
	length = GUINT32_FROM_BE(length);
	if (length > BLOCK - HEAD)
		return;
	digest_of(block, length, digest);
	if (memcmp(digest, block + HEAD - DIGEST, DIGEST) != 0)
		return;
	spool->items[slot] = read_item((const char *) block + HEAD, length);
	if (spool->items[slot] == NULL)
		return;
	spool->seq[slot] = GUINT64_FROM_BE(seq);
	spool->next = MAX(spool->next, spool->seq[slot] + 1);
}

/* Blocks that were only reserved would have to be marked as written on the full disk. */
static gboolean fill(Spool *spool, GError **error)
{
	struct stat facts;

	if (fstat(spool->fd, &facts) != 0)
		return error_set(error, ERROR_STORE,
				 N_("the spool of loss reports cannot be made: %s"),
				 strerrordesc_np(errno));
	memset(spool->block, 0, BLOCK);
	for (guint slot = (guint) (facts.st_size / BLOCK); slot < SLOTS; slot++)
		if (pwrite(spool->fd, spool->block, BLOCK, (off_t) slot * BLOCK) != BLOCK)
			return error_set(error, ERROR_STORE,
					 N_("the spool of loss reports cannot be made: %s"),
					 strerrordesc_np(errno));
	return fsync(spool->fd) == 0 ||
	       error_set(error, ERROR_STORE, N_("the spool of loss reports cannot be made: %s"),
			 strerrordesc_np(errno));
}

Spool *spool_open(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "spool", NULL);
	g_autoptr(Spool) spool = g_new0(Spool, 1);
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;

	g_mutex_init(&spool->mutex);
	spool->next = 1;
	spool->block = g_aligned_alloc0(1, BLOCK, BLOCK);
	spool->fd = open(path, flags | O_DIRECT, 0600);
	if (spool->fd < 0 && errno == EINVAL) /* not on every file system */
		spool->fd = open(path, flags, 0600);
	if (spool->fd < 0) {
		error_set(error, ERROR_STORE, N_("cannot open %s: %s"), path,
			  strerrordesc_np(errno));
		return NULL;
	}
	if (!fill(spool, error))
		return NULL;
	for (guint slot = 0; slot < SLOTS; slot++)
		load_slot(spool, slot);
	return g_steal_pointer(&spool);
}

void spool_close(Spool *spool)
{
	if (spool == NULL)
		return;
	for (guint slot = 0; slot < SLOTS; slot++)
		spool_item_free(spool->items[slot]);
	if (spool->fd >= 0)
		close(spool->fd);
	g_aligned_free(spool->block);
	g_mutex_clear(&spool->mutex);
	g_free(spool);
}

static gboolean find_free(const Spool *spool, guint *ret_slot)
{
	for (guint slot = 0; slot < SLOTS; slot++)
		if (spool->seq[slot] == 0) {
			*ret_slot = slot;
			return TRUE;
		}
	return FALSE;
}

static void fill_block(Spool *spool, const char *text, gsize length)
{
	guint64 seq = GUINT64_TO_BE(spool->next);
	guint32 wire = GUINT32_TO_BE((guint32) length);

	memset(spool->block, 0, BLOCK);
	memcpy(spool->block, MAGIC, MAGIC_SIZE);
	memcpy(spool->block + MAGIC_SIZE, &seq, sizeof(seq));
	memcpy(spool->block + MAGIC_SIZE + 8, &wire, sizeof(wire));
	memcpy(spool->block + HEAD, text, length);
	digest_of(spool->block, length, spool->block + HEAD - DIGEST);
}

static gboolean put(Spool *spool, const char *text, gsize length, GError **error)
{
	gboolean is_written;
	guint slot;

	if (length > BLOCK - HEAD || !find_free(spool, &slot))
		return error_set(error, ERROR_LARGE,
				 N_("the spool of loss reports is full, or the report too long"));
	fill_block(spool, text, length);
	is_written = write_block(spool, slot, error);
	FAILPOINT("spool.written");
	/* Kept in memory in any case: it may reach the store before the daemon ends. */
	spool->items[slot] = read_item(text, length);
	spool->seq[slot] = spool->next++;
	return is_written;
}

gboolean spool_put(Spool *spool, const SpoolItem *item, GError **error)
{
	json_t *value = item_json(item);
	g_autofree char *text = dump_json(value);
	gboolean is_done;

	json_decref(value);
	if (spool == NULL) {
		is_done = error_set(error, ERROR_STORE, N_("there is no spool of loss reports"));
	} else {
		g_mutex_lock(&spool->mutex);
		is_done = put(spool, text, strlen(text), error);
		g_mutex_unlock(&spool->mutex);
	}
	return is_done;
}

static SpoolItem *copy_item(const SpoolItem *item, guint slot)
{
	SpoolItem *copy = g_new0(SpoolItem, 1);

	*copy = *item;
	copy->slot = slot;
	copy->card = g_strdup(item->card);
	copy->actor = g_strdup(item->actor);
	copy->reported_by = g_strdup(item->reported_by);
	copy->via = g_strdup(item->via);
	copy->note = g_strdup(item->note);
	copy->police_report = g_strdup(item->police_report);
	return copy;
}

/* The oldest above @after, or NULL. */
static SpoolItem *oldest(const Spool *spool, guint64 after)
{
	guint found = SLOTS;

	for (guint slot = 0; slot < SLOTS; slot++)
		if (spool->seq[slot] > after &&
		    (found == SLOTS || spool->seq[slot] < spool->seq[found]))
			found = slot;
	return found < SLOTS ? copy_item(spool->items[found], found) : NULL;
}

GPtrArray *spool_list(Spool *spool)
{
	GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify) spool_item_free);
	SpoolItem *item;
	guint64 after = 0;

	if (spool == NULL)
		return list;
	g_mutex_lock(&spool->mutex);
	while ((item = oldest(spool, after)) != NULL) {
		after = spool->seq[item->slot];
		g_ptr_array_add(list, item);
	}
	g_mutex_unlock(&spool->mutex);
	return list;
}

gboolean spool_clear(Spool *spool, guint slot, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&spool->mutex);

	memset(spool->block, 0, BLOCK);
	if (!write_block(spool, slot, error))
		return FALSE;
	FAILPOINT("spool.cleared");
	g_clear_pointer(&spool->items[slot], spool_item_free);
	spool->seq[slot] = 0;
	return TRUE;
}

guint spool_count(Spool *spool)
{
	guint count = 0;

	if (spool == NULL)
		return 0;
	g_mutex_lock(&spool->mutex);
	for (guint slot = 0; slot < SLOTS; slot++)
		count += spool->seq[slot] != 0;
	g_mutex_unlock(&spool->mutex);
	return count;
}

gboolean spool_has(Spool *spool, const char *card)
{
	gboolean has = FALSE;

	if (spool == NULL || card == NULL)
		return FALSE;
	g_mutex_lock(&spool->mutex);
	for (guint slot = 0; slot < SLOTS && !has; slot++)
		has = spool->seq[slot] != 0 && g_str_equal(spool->items[slot]->card, card);
	g_mutex_unlock(&spool->mutex);
	return has;
}
