/* SPDX-License-Identifier: Apache-2.0
 * Publication of the revocation list. The number is durable in the store before a list with it
 * exists in the world, so a crash can skip a number but never repeat one. */
#include "daemon/op/publish.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/base/error.h"
#include "daemon/ca/crl_delta.h"
#include "daemon/ca/crl_read.h"
#include "daemon/op/publish_file.h"
#include "daemon/store/store_issuer.h"
#include "pkcs11/failpoint.h"

struct Publisher {
	char *path;
	char *delta_path;
	const char *delta_url; /* the configuration's */
	gint64 period;
	gint64 delta_period;
	PublishHook hook; /* set before the first list */
	gpointer hook_data;
	GMutex mutex; /* guards what follows */
	GCond finished;
	CrlBody *body;
	CrlDelta *changes;
	GBytes *current;
	guint64 current_number;
	GBytes *delta;
	guint64 delta_number;
	guint64 wanted; /* callers so far */
	guint64 done;   /* callers served by the last list that was written */
	gboolean is_running;
	guint64 number; /* durable in the store; above facts.number: no list has it yet */
	PublishFacts facts;
};

/* The list is for everybody, whatever the daemon's umask is. */
static gboolean make_public(const char *folder)
{
	g_autofree char *parent = g_path_get_dirname(folder);
	gboolean is_new = !g_file_test(parent, G_FILE_TEST_IS_DIR);

	return g_mkdir_with_parents(folder, 0755) == 0 && chmod(folder, 0755) == 0 &&
	       (!is_new || chmod(parent, 0755) == 0);
}

Publisher *publish_new(const Config *config, GError **error)
{
	g_autoptr(Publisher) publisher = g_new0(Publisher, 1);
	g_autofree char *folder =
		g_build_filename(config_text(config, CONFIG_PUBLIC_DIR), "crl", NULL);

	g_mutex_init(&publisher->mutex);
	g_cond_init(&publisher->finished);
	publisher->path = g_build_filename(folder, "opcard.crl", NULL);
	publisher->delta_path = g_build_filename(folder, "opcard-delta.crl", NULL);
	publisher->delta_url = config_text(config, CONFIG_DELTA_URL);
	publisher->period = config_number(config, CONFIG_CRL_PERIOD);
	publisher->delta_period = config_number(config, CONFIG_DELTA_PERIOD);
	publisher->body = crl_new();
	publisher->changes = crl_delta_new();
	if (!make_public(folder)) {
		error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), folder,
			  strerrordesc_np(errno));
		return NULL;
	}
	return g_steal_pointer(&publisher);
}

void publish_free(Publisher *publisher)
{
	if (publisher == NULL)
		return;
	g_mutex_clear(&publisher->mutex);
	g_cond_clear(&publisher->finished);
	g_clear_pointer(&publisher->body, crl_free);
	g_clear_pointer(&publisher->changes, crl_delta_free);
	g_clear_pointer(&publisher->current, g_bytes_unref);
	g_clear_pointer(&publisher->delta, g_bytes_unref);
	g_free(publisher->path);
	g_free(publisher->delta_path);
	g_free(publisher);
}

static const CrlEntry *entry_of(const Publisher *publisher, const guint8 *serial,
				CrlEntry *ret_entry)
{
	gsize length;
	const guint8 *der = crl_peek(publisher->body, serial, &length);

	return der != NULL && crl_read_entry(der, length, ret_entry) ? ret_entry : NULL;
}

void publish_note(Publisher *publisher, const StatusEntry *entry, gint64 invalid_from)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);
	g_autoptr(GError) error = NULL;
	gboolean is_listed = entry->state == STATUS_HOLD || entry->state == STATUS_REVOKED;
	gboolean has_deltas = crl_delta_base(publisher->changes) != 0; /* not while all is loaded */
	CrlEntry old;
	const CrlEntry *before = has_deltas ? entry_of(publisher, entry->serial, &old) : NULL;
	CrlEntry row = {
		.revoked_at = entry->since,
		.reason = (CrlReason) entry->reason,
		.invalid_from = invalid_from,
	};

	memcpy(row.serial, entry->serial, DER_SERIAL_SIZE);
	if (!is_listed)
		crl_remove(publisher->body, entry->serial);
	if ((is_listed && !crl_put(publisher->body, &row, &error)) ||
	    !crl_delta_note(publisher->changes, before, is_listed ? &row : NULL, &error))
		g_critical("the revocation list refused an entry: %s", error->message);
}

gboolean publish_take_number(StoreTx *tx, House *house, gint64 now, guint64 *ret_number,
			     GError **error)
{
	Publisher *publisher = house->publisher;
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer(&op, NULL);
	gint64 floor, number;

	*ret_number = 0;
	if (issuer == NULL)
		return TRUE;
	IssuerRow row = {
		.id = issuer_id(issuer),
		.crl_this_update = now,
		.crl_next_update = now + publisher->period,
	};

	g_mutex_lock(&publisher->mutex);
	floor = (gint64) publisher->number;
	g_mutex_unlock(&publisher->mutex);
	if (!store_issuer_next_crl(tx, &row, floor, &number, error))
		return FALSE;
	*ret_number = (guint64) number;
	return TRUE;
}

void publish_give_number(Publisher *publisher, guint64 number)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	publisher->number = MAX(publisher->number, number);
}

static gboolean has_number(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	return publisher->number > publisher->facts.number;
}

/* A list that shows nothing new, or whose changes came on an earlier one already. */
static gboolean take_own_number(House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_URGENT, error);
	guint64 number;

	if (tx == NULL || !publish_take_number(tx, house, now, &number, error) ||
	    !store_tx_commit(&tx, error))
		return FALSE;
	publish_give_number(house->publisher, number);
	return TRUE;
}

/* Both lists of one publication, at one number. */
typedef struct Edition {
	CrlRequest request;
	gint64 delta_until;
	CrlDraft *complete, *changes;
	gsize entries;
	GBytes *list, *delta;
} Edition;

static void edition_clear(Edition *edition)
{
	g_clear_pointer(&edition->complete, crl_draft_free);
	g_clear_pointer(&edition->changes, crl_draft_free);
	g_clear_pointer(&edition->list, g_bytes_unref);
	g_clear_pointer(&edition->delta, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Edition, edition_clear)

static gboolean edition_draft(Publisher *publisher, Edition *edition, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);
	CrlRequest delta = edition->request;

	delta.number = edition->request.number = publisher->facts.number = publisher->number;
	delta.next_update = edition->delta_until;
	edition->entries = crl_count(publisher->body);
	edition->complete = crl_draft(publisher->body, &edition->request, error);
	edition->changes = edition->complete != NULL
				   ? crl_delta_draft(publisher->changes, &delta, error)
				   : NULL;
	return edition->changes != NULL;
}

/* The delta is short: whoever waits for it need not wait for the long list and for the disk. */
static gboolean edition_push(Publisher *publisher, Edition *edition, GError **error)
{
	edition->delta = crl_sign(g_steal_pointer(&edition->changes), error);
	if (edition->delta == NULL)
		return FALSE;
	g_mutex_lock(&publisher->mutex);
	g_clear_pointer(&publisher->delta, g_bytes_unref);
	publisher->delta = g_bytes_ref(edition->delta);
	publisher->delta_number = edition->request.number;
	g_mutex_unlock(&publisher->mutex);
	if (publisher->hook != NULL)
		publisher->hook(publisher->hook_data);
	return TRUE;
}

static void edition_done(Publisher *publisher, Edition *edition)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);
	const CrlRequest *request = &edition->request;

	g_clear_pointer(&publisher->current, g_bytes_unref);
	publisher->current = g_steal_pointer(&edition->list);
	publisher->current_number = request->number;
	publisher->facts = (PublishFacts){ request->number, request->this_update,
					   request->next_update, edition->entries };
	crl_delta_published(publisher->changes, request->number, request->this_update,
			    request->next_update);
}

static gboolean publish_list(House *house, const Issuer *issuer, gint64 now, GError **error)
{
	Publisher *publisher = house->publisher;
	g_auto(Edition) edition = {
		.request = { .issuer = issuer,
			     .this_update = now,
			     .next_update = now + publisher->period,
			     .delta_url = publisher->delta_url },
		.delta_until = now + publisher->delta_period,
	};
	g_autoptr(GError) cause = NULL;

	if (!has_number(publisher) && !take_own_number(house, now, &cause))
		return publish_file_fail(publisher->path, cause->message, error);
	FAILPOINT("crl.number");
	if (!edition_draft(publisher, &edition, &cause) ||
	    !edition_push(publisher, &edition, &cause))
		return publish_file_fail(publisher->path, cause->message, error);
	edition.list = crl_sign(g_steal_pointer(&edition.complete), &cause);
	if (edition.list == NULL)
		return publish_file_fail(publisher->path, cause->message, error);
	if (!publish_file_list(publisher->path, edition.list, error))
		return FALSE;
	edition_done(publisher, &edition);
	return publish_file_delta(publisher->delta_path, edition.delta, error);
}

static gboolean run(House *house, gint64 now, GError **error)
{
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer(&op, error);

	return issuer != NULL && publish_list(house, issuer, now, error);
}

gboolean publish_now(House *house, gint64 now, GError **error)
{
	Publisher *publisher = house->publisher;
	guint64 mine, target;
	gboolean is_done;

	g_mutex_lock(&publisher->mutex);
	mine = ++publisher->wanted;
	while (publisher->is_running && publisher->done < mine)
		g_cond_wait(&publisher->finished, &publisher->mutex);
	if (publisher->done >= mine) {
		g_mutex_unlock(&publisher->mutex);
		return TRUE;
	}
	publisher->is_running = TRUE;
	target = publisher->wanted;
	g_mutex_unlock(&publisher->mutex);
	is_done = run(house, now, error);
	g_mutex_lock(&publisher->mutex);
	publisher->is_running = FALSE;
	if (is_done)
		publisher->done = target;
	g_cond_broadcast(&publisher->finished);
	g_mutex_unlock(&publisher->mutex);
	return is_done;
}

void publish_soon(House *house, gint64 now)
{
	g_autoptr(GError) later = NULL;

	if (!publish_now(house, now, &later))
		g_debug("the revocation list stays due: %s", later->message);
}

GBytes *publish_current(Publisher *publisher, guint64 *ret_number)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	*ret_number = publisher->current_number;
	return publisher->current != NULL ? g_bytes_ref(publisher->current) : NULL;
}

gint64 publish_due(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	if (publisher->wanted > publisher->done && !publisher->is_running)
		return 0;
	return publisher->facts.this_update + MIN(publisher->period, publisher->delta_period) / 2;
}

void publish_resume(Publisher *publisher, guint64 number)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	publisher->number = MAX(publisher->number, number);
	publisher->facts.number = MAX(publisher->facts.number, number);
}

GBytes *publish_delta(Publisher *publisher, guint64 *ret_number)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	*ret_number = publisher->delta_number;
	return publisher->delta != NULL ? g_bytes_ref(publisher->delta) : NULL;
}

void publish_set_hook(Publisher *publisher, PublishHook hook, gpointer data)
{
	publisher->hook = hook;
	publisher->hook_data = data;
}

/* One difference between the published list and the one that is in memory. */
typedef struct Difference {
	Publisher *publisher;
	const CrlBody *published;
} Difference;

static void note_difference(const guint8 *serial, gpointer data)
{
	const Difference *difference = data;
	CrlEntry old, new;
	gsize length;
	const guint8 *der = crl_peek(difference->published, serial, &length);
	const CrlEntry *before = der != NULL && crl_read_entry(der, length, &old) ? &old : NULL;

	if (!crl_delta_note(difference->publisher->changes, before,
			    entry_of(difference->publisher, serial, &new), NULL))
		g_critical("the revocation list has an entry that a delta cannot have");
}

/* The published list as the base of deltas, so that clients need not fetch a complete one only
 * because we were started again. One that is newer than the store is none of its making. */
static void resume_deltas(Publisher *publisher, const GArray *entries, const CrlFacts *facts)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);
	g_autoptr(CrlBody) published = crl_new();
	Difference difference = { publisher, published };

	if (crl_delta_base(publisher->changes) != 0 || facts->number > publisher->number)
		return;
	for (guint i = 0; i < entries->len; i++)
		if (!crl_put(published, &g_array_index(entries, CrlEntry, i), NULL))
			return;
	crl_delta_published(publisher->changes, facts->number, facts->this_update,
			    facts->next_update);
	crl_compare(publisher->body, published, note_difference, &difference);
	crl_compare(published, publisher->body, note_difference, &difference);
}

static gboolean has_base(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	return crl_delta_base(publisher->changes) != 0;
}

guint64 publish_witness(Publisher *publisher, const Issuer *issuer)
{
	g_autoptr(GBytes) list = NULL;
	g_autoptr(GArray) entries =
		has_base(publisher) ? NULL : g_array_new(FALSE, FALSE, sizeof(CrlEntry));
	g_autofree char *data = NULL;
	gsize length;
	CrlFacts facts = { .number = 0 };

	if (!g_file_get_contents(publisher->path, &data, &length, NULL))
		return 0;
	list = g_bytes_new_take(g_steal_pointer(&data), length);
	if (!crl_read(list, issuer, entries, &facts, NULL))
		return 0;
	if (entries != NULL)
		resume_deltas(publisher, entries, &facts);
	publish_resume(publisher, facts.number);
	return facts.number;
}

void publish_facts(Publisher *publisher, PublishFacts *ret_facts)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	*ret_facts = publisher->facts;
}
