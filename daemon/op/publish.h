/* SPDX-License-Identifier: Apache-2.0
 * Publication of the revocation list: kept encoded in memory, signed and written at once for all
 * who wait, numbered strictly upwards (RFC 5280 5). */
#pragma once

#include "daemon/ca/crl.h"
#include "daemon/op/op.h"

/* Of the first CA. Later ones have publishers of their own behind it, with lists of their own. */
Publisher *publish_new(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Appends the publisher of CA @issuer unless it is there. It goes with the first. */
void publish_add(Publisher *first, const Config *config, guint16 issuer);
/* That of CA @issuer; the first for one that has none. */
Publisher *publish_of(Publisher *first, guint16 issuer);
/* That of the CA that issues now. */
Publisher *publish_newest(House *house);
/* The one behind @publisher, NULL at the end. */
Publisher *publish_next(Publisher *publisher);
/* "opcard.crl", "opcard-2.crl"; g_free. */
char *publish_list_name(const Publisher *publisher);
/* Whether its list (or delta) is the file @name. */
gboolean publish_has_name(const Publisher *publisher, const char *name, gboolean is_delta);
/* At start: a certificate of that CA ends then. */
void publish_see(Publisher *publisher, gint64 not_after);
/* A CA that has a successor, and whose certificates have all ended: no more lists. */
gboolean publish_is_over(Publisher *publisher, gint64 now);
void publish_free(Publisher *publisher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Publisher, publish_free)

/* After COMMIT: the entry as OCSP answers it now; VALID and PENDING leave the list. */
void publish_note(Publisher *publisher, const StatusEntry *entry, gint64 invalid_from);
/* Before COMMIT of a change that the list of CA @id will show: takes the number of that list, so
 * that it is durable together with the change. 0 while there is no CA to sign it. */
gboolean publish_take_number(StoreTx *tx, const Op *op, guint16 id, guint64 *ret_number,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After COMMIT and publish_note(): lists from now on have at least that number. */
void publish_give_number(Publisher *publisher, guint64 number);
/* Signs and writes the lists that lack a change noted before the call, the newest CA's if none
 * does, and those that are due by their time; returns when they are synced.
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
/* When a list of any CA should be signed again at the latest: after half the shorter of both
 * periods; at once (0) while a change is missing on it. */
gint64 publish_due(Publisher *publisher, gint64 now);
/* At start: numbers go on above @number, the store's last. */
void publish_resume(Publisher *publisher, guint64 number);
/* The number the published file has, 0 when there is none; checked under @issuer's key. */
guint64 publish_witness(Publisher *publisher, const Issuer *issuer);
/* The published file's entries (CrlEntry) into @entries; *ret_number 0 when there is no file.
 * Errors: CA when it is no complete list of @issuer. */
gboolean publish_published(const Publisher *publisher, const Issuer *issuer, GArray *entries,
			   guint64 *ret_number, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct PublishFacts {
	guint64 number;
	gint64 this_update;
	gint64 next_update;
	gsize entries;
} PublishFacts;
void publish_facts(Publisher *publisher, PublishFacts *ret_facts);
