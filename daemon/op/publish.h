/* SPDX-License-Identifier: Apache-2.0
 * Publication of the revocation list: kept encoded in memory, signed and written at once for all
 * who wait, numbered strictly upwards (RFC 5280 5). */
#pragma once

#include "daemon/ca/crl.h"
#include "daemon/op/op.h"

Publisher *publish_new(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void publish_free(Publisher *publisher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Publisher, publish_free)

/* After COMMIT: the entry as OCSP answers it now; VALID and PENDING leave the list. */
void publish_note(Publisher *publisher, const StatusEntry *entry, gint64 invalid_from);
/* Before COMMIT of a change that the list will show: takes the number of that list, so that it is
 * durable together with the change. 0 while there is no CA to sign it. */
gboolean publish_take_number(StoreTx *tx, House *house, gint64 now, guint64 *ret_number,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After COMMIT and publish_note(): lists from now on have at least that number. */
void publish_give_number(Publisher *publisher, guint64 number);
/* Signs and writes a list that holds everything noted before the call; returns when it is synced.
 * Several callers share one list. ERROR_PARTLY when it could not be made or written. */
gboolean publish_now(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but a list that cannot be written now only stays due: publish_due(). */
void publish_soon(House *house, gint64 now);
/* The list as published last and its number; NULL and 0 before the first. A new reference. */
GBytes *publish_current(Publisher *publisher, guint64 *ret_number);
/* The delta made last and its number; NULL and 0 before the first. A new reference. */
GBytes *publish_delta(Publisher *publisher, guint64 *ret_number);
/* Called in whatever thread publishes, whenever publish_delta() has a new one; must not block. Set
 * before anything is published. */
typedef void (*PublishHook)(gpointer data);
void publish_set_hook(Publisher *publisher, PublishHook hook, gpointer data);
/* When the list should be signed again at the latest: after half the shorter of both periods; at
 * once (0) while a change is missing on it. */
gint64 publish_due(Publisher *publisher);
/* At start: numbers go on above @number, the store's last. */
void publish_resume(Publisher *publisher, guint64 number);
/* The number the published file has, 0 when there is none; checked under @issuer's key. */
guint64 publish_witness(Publisher *publisher, const Issuer *issuer);

typedef struct PublishFacts {
	guint64 number;
	gint64 this_update;
	gint64 next_update;
	gsize entries;
} PublishFacts;
void publish_facts(Publisher *publisher, PublishFacts *ret_facts);
