/* SPDX-License-Identifier: Apache-2.0
 * Changes of the list since its base. A hold that was lifted is listed as removeFromCRL exactly if
 * the serial stood on the base or on any list after it, delta lists included. */
#include "daemon/ca/crl_delta.h"

#include <string.h>

/* Bases are kept this many times in the life of a list: dense enough that a delta is short. */
#define BASES_A_LIFE 16

typedef struct Change {
	guint8 serial[DER_SERIAL_SIZE];
	guint64 shown;      /* the first list that shows the latest change; 0: none yet */
	guint64 stood_on;   /* the last list, complete or delta, it was on; 0: none */
	gboolean is_listed; /* now */
} Change;

typedef struct Base {
	guint64 number;
	gint64 made_at;
	gint64 next_update;
} Base;

struct CrlDelta {
	GHashTable *changes; /* Change as key and value */
	CrlBody *entries;    /* of all changes that are to be listed */
	GArray *bases;       /* Base, ascending; the first is the one in use */
	guint64 last;        /* the number of the last list */
};

/* Serials are random but for their first two bits. */
static guint hash_change(gconstpointer key)
{
	const Change *change = key;
	guint hash;

	memcpy(&hash, change->serial + DER_SERIAL_SIZE - sizeof hash, sizeof hash);
	return hash;
}

static gboolean equal_changes(gconstpointer a, gconstpointer b)
{
	const Change *left = a, *right = b;

	return memcmp(left->serial, right->serial, DER_SERIAL_SIZE) == 0;
}

CrlDelta *crl_delta_new(void)
{
	CrlDelta *delta = g_new0(CrlDelta, 1);

	delta->changes = g_hash_table_new_full(hash_change, equal_changes, g_free, NULL);
	delta->entries = crl_new_delta();
	delta->bases = g_array_new(FALSE, FALSE, sizeof(Base));
	return delta;
}

void crl_delta_free(CrlDelta *delta)
{
	if (delta == NULL)
		return;
	g_hash_table_unref(delta->changes);
	crl_free(delta->entries);
	g_array_unref(delta->bases);
	g_free(delta);
}

static const Base *base_at(const CrlDelta *delta, guint i)
{
	return &g_array_index(delta->bases, Base, i);
}

guint64 crl_delta_base(const CrlDelta *delta)
{
	return delta->bases->len > 0 ? base_at(delta, 0)->number : 0;
}

gsize crl_delta_count(const CrlDelta *delta)
{
	return crl_count(delta->entries);
}

/* What the base shows already, and what left the list before it. */
static gboolean is_old(gpointer key, gpointer value G_GNUC_UNUSED, gpointer data)
{
	const Change *change = key;
	CrlDelta *delta = data;
	guint64 base = crl_delta_base(delta);

	if ((change->shown == 0 || change->shown > base) &&
	    (change->is_listed || change->stood_on >= base))
		return FALSE;
	crl_remove(delta->entries, change->serial);
	return TRUE;
}

static void drop_base(CrlDelta *delta)
{
	g_array_remove_index(delta->bases, 0);
	g_hash_table_foreach_remove(delta->changes, is_old, delta);
}

/* Lists made between two bases are over when the second one is. */
static gboolean is_first_over(const CrlDelta *delta, gint64 now)
{
	return delta->bases->len > 1 && base_at(delta, 1)->next_update <= now;
}

static void move_up(CrlDelta *delta, gint64 now)
{
	while (is_first_over(delta, now) ||
	       (delta->bases->len > 1 && g_hash_table_size(delta->changes) > CRL_DELTA_CHANGES))
		drop_base(delta);
}

void crl_delta_published(CrlDelta *delta, guint64 number, gint64 now, gint64 next_update)
{
	const Base base = { number, now, next_update };
	gboolean is_full = g_hash_table_size(delta->changes) > CRL_DELTA_CHANGES;
	gboolean is_due = delta->bases->len == 0;

	if (!is_due) {
		const Base *last = base_at(delta, delta->bases->len - 1);

		/* A clock that was set back must not stop the bases from moving. */
		is_due = now < last->made_at ||
			 now - last->made_at >= (next_update - now) / BASES_A_LIFE;
	}
	delta->last = MAX(delta->last, number);
	if (is_due || is_full)
		g_array_append_val(delta->bases, base);
	move_up(delta, now);
}

static Change *find_or_add(CrlDelta *delta, const CrlEntry *entry, gboolean is_listed)
{
	Change *change = g_new0(Change, 1);
	Change *known;

	memcpy(change->serial, entry->serial, DER_SERIAL_SIZE);
	known = g_hash_table_lookup(delta->changes, change);
	if (known != NULL) {
		g_free(change);
		return known;
	}
	/* Without a record nothing happened to it since the base, so it stood on every list. */
	change->stood_on = is_listed ? delta->last : 0;
	g_hash_table_add(delta->changes, change);
	return change;
}

gboolean crl_delta_note(CrlDelta *delta, const CrlEntry *before, const CrlEntry *after,
			GError **error)
{
	const CrlEntry *entry = after != NULL ? after : before;
	Change *change;

	if (delta->bases->len == 0 || entry == NULL)
		return TRUE;
	change = find_or_add(delta, entry, before != NULL);
	change->shown = 0;
	change->is_listed = after != NULL;
	if (after == NULL && change->stood_on < crl_delta_base(delta)) {
		crl_remove(delta->entries, entry->serial);
		g_hash_table_remove(delta->changes, change);
		return TRUE;
	}
	CrlEntry listed = *entry;

	if (after == NULL) {
		listed.reason = CRL_REMOVE_FROM_CRL;
		listed.invalid_from = 0;
	}
	return crl_put(delta->entries, &listed, error);
}

CrlDraft *crl_delta_draft(CrlDelta *delta, const CrlRequest *request, GError **error)
{
	CrlRequest own = *request;
	GHashTableIter all;
	gpointer key;

	move_up(delta, request->this_update);
	/* The very first list has no older one: its delta is empty and adds to itself. */
	own.base = delta->bases->len > 0 ? crl_delta_base(delta) : request->number;
	g_hash_table_iter_init(&all, delta->changes);
	while (g_hash_table_iter_next(&all, &key, NULL)) {
		Change *change = key;

		if (change->shown == 0)
			change->shown = request->number;
		if (change->is_listed)
			change->stood_on = request->number;
	}
	delta->last = request->number;
	return crl_draft(delta->entries, &own, error);
}
