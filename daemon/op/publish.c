/* SPDX-License-Identifier: Apache-2.0
 * Publication of the revocation list. The number is durable in the store before a list with it
 * exists in the world, so a crash can skip a number but never repeat one. */
#include "daemon/op/publish.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/crl_delta.h"
#include "daemon/ca/crl_read.h"
#include "daemon/op/behind.h"
#include "daemon/op/publish_file.h"
#include "daemon/op/publish_private.h"
#include "daemon/store/store_issuer.h"
#include "pkcs11/failpoint.h"

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
	publisher->last_end = MAX(publisher->last_end, entry->not_after);
	if (!is_listed)
		crl_remove(publisher->body, entry->serial);
	if ((is_listed && !crl_put(publisher->body, &row, &error)) ||
	    !crl_delta_note(publisher->changes, before, is_listed ? &row : NULL, &error))
		g_critical("the revocation list refused an entry: %s", error->message);
}

gboolean publish_take_number(StoreTx *tx, const Op *op, guint16 id, guint64 *ret_number,
			     GError **error)
{
	Publisher *publisher = publish_of(op->house->publisher, id);
	g_autoptr(Issuer) issuer = op_issuer_of(op, id);
	gint64 floor, number;

	*ret_number = 0;
	/* Behind the published list the store must stay so until it is reconciled: a number above
	 * the list's would hide that it forgot revocations. */
	if (issuer == NULL || behind_is(op->house))
		return TRUE;
	IssuerRow row = {
		.id = id,
		.crl_this_update = op->now,
		.crl_next_update = op->now + publisher->period,
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
	publisher->given++;
}

static gboolean has_number(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	return publisher->number > publisher->facts.number;
}

/* A list that shows nothing new, or whose changes came on an earlier one already. */
static gboolean take_own_number(Publisher *publisher, const Op *op, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_URGENT, error);
	guint64 number;

	if (tx == NULL || !publish_take_number(tx, op, publisher->issuer, &number, error) ||
	    !store_tx_commit(&tx, error))
		return FALSE;
	publish_give_number(publisher, number);
	return TRUE;
}

/* Both lists of one publication, at one number. */
typedef struct Edition {
	CrlRequest request;
	gint64 delta_until;
	CrlDraft *complete, *changes;
	gsize entries;
	guint64 given;
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
	edition->given = publisher->given;
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
	publisher->shown = edition->given;
	publisher->facts = (PublishFacts){ request->number, request->this_update,
					   request->next_update, edition->entries };
	crl_delta_published(publisher->changes, request->number, request->this_update,
			    request->next_update);
}

static gboolean publish_list(Publisher *publisher, const Op *op, const Issuer *issuer,
			     GError **error)
{
	gint64 now = op->now;
	g_auto(Edition) edition = {
		.request = { .issuer = issuer,
			     .this_update = now,
			     .next_update = now + publisher->period,
			     .delta_url = publisher->delta_url },
		.delta_until = now + publisher->delta_period,
	};
	g_autoptr(GError) cause = NULL;

	/* A list of a store that forgot revocations would take them back everywhere. */
	if (!behind_check(op->house, &cause))
		return publish_file_fail(publisher->path, cause->message, error);
	/* Without the key no number is spent on a list that nobody asked for. */
	if (!has_number(publisher) &&
	    (!issuer_reach(issuer, &cause) || !take_own_number(publisher, op, &cause)))
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

static gboolean run(Publisher *publisher, const Op *op, GError **error)
{
	g_autoptr(Issuer) issuer = op_issuer(op, error);
	g_autoptr(Issuer) own = issuer != NULL ? op_issuer_of(op, publisher->issuer) : NULL;

	return issuer != NULL && publish_list(publisher, op, own != NULL ? own : issuer, error);
}

static gboolean publish_one(Publisher *publisher, const Op *op, GError **error)
{
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
	is_done = run(publisher, op, error);
	g_mutex_lock(&publisher->mutex);
	publisher->is_running = FALSE;
	if (is_done)
		publisher->done = target;
	g_cond_broadcast(&publisher->finished);
	g_mutex_unlock(&publisher->mutex);
	return is_done;
}

static gint64 list_due(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	if (publisher->wanted > publisher->done && !publisher->is_running)
		return 0;
	return publisher->facts.this_update + MIN(publisher->period, publisher->delta_period) / 2;
}

/* A change is in force that the written list does not show. */
static gboolean lacks_change(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	return publisher->given > publisher->shown;
}

/* The newest CA's list, unless only others lack a change; an older one's that lacks one or is due
 * by its time. */
static gboolean is_wanted(House *house, Publisher *publisher, gboolean is_any, gint64 now)
{
	if (lacks_change(publisher))
		return TRUE;
	if (publisher == publish_newest(house))
		return !is_any || list_due(publisher) <= now;
	return !publish_is_over(publisher, now) && list_due(publisher) <= now;
}

gboolean publish_now(House *house, gint64 now, GError **error)
{
	Op op = { .house = house, .now = now };
	g_autoptr(Issuer) newest = op_issuer(&op, error);
	gboolean is_any = FALSE, is_done = TRUE;

	if (newest == NULL)
		return FALSE;
	for (Publisher *one = house->publisher; one != NULL; one = publish_next(one))
		is_any = is_any || lacks_change(one);
	for (Publisher *one = house->publisher; one != NULL; one = publish_next(one)) {
		g_autoptr(GError) cause = NULL;

		/* One CA's key out of reach must not keep the other's list back, nor an old CA's
		 * routine list be the concern of whoever changed something else. */
		if (!is_wanted(house, one, is_any, now) || publish_one(one, &op, &cause) ||
		    (one != publish_newest(house) && !lacks_change(one)))
			continue;
		if (is_done)
			g_propagate_error(error, g_steal_pointer(&cause));
		is_done = FALSE;
	}
	return is_done;
}

Publisher *publish_newest(House *house)
{
	Op op = { .house = house };
	g_autoptr(Issuer) newest = op_issuer(&op, NULL);

	return newest != NULL ? publish_of(house->publisher, issuer_id(newest)) : house->publisher;
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

gint64 publish_due(Publisher *publisher, gint64 now)
{
	gint64 due = G_MAXINT64;

	for (Publisher *one = publisher; one != NULL; one = publish_next(one))
		if (!publish_is_over(one, now))
			due = MIN(due, list_due(one));
	return due;
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

/* Before the first list of our own, which may have to wait for a CA key that is out of reach. */
static void serve_meanwhile(Publisher *publisher, GBytes *list, guint64 number)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	if (publisher->current != NULL)
		return;
	publisher->current = g_bytes_ref(list);
	publisher->current_number = number;
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
	serve_meanwhile(publisher, list, facts.number);
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
