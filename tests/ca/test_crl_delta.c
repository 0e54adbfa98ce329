/* SPDX-License-Identifier: Apache-2.0
 * Delta lists as a client uses them: whoever holds a complete list that is not over and adds the
 * delta (RFC 5280 5.2.4) knows what the newest complete list says. Read with OpenSSL's library. */
#include <openssl/x509v3.h>
#include <string.h>

#include "daemon/ca/crl_delta.h"
#include "tests/ca/fixture.h"

#define NOW    1790000000
#define PERIOD 86400
#define POOL   60

/* What a list says: serial as text → reason. */
typedef struct Edition {
	guint64 number;
	gint64 next_update;
	GHashTable *entries;
} Edition;

typedef struct World {
	Fixture fixture;
	CrlBody *body;
	CrlDelta *delta;
	GPtrArray *editions; /* complete lists that were published */
	GHashTable *listed;  /* serial → number of the last list it stood on, deltas included */
	guint64 number;
	gint64 now;
	CrlEntry pool[POOL];
} World;

static void edition_free(gpointer data)
{
	Edition *edition = data;

	g_hash_table_unref(edition->entries);
	g_free(edition);
}

static void world_init(World *world)
{
	*world = (World){ .now = NOW };
	fixture_init(&world->fixture, KEY_EC_P256, NOW);
	world->body = crl_new();
	world->delta = crl_delta_new();
	world->editions = g_ptr_array_new_with_free_func(edition_free);
	world->listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (int i = 0; i < POOL; i++)
		g_assert_true(der_serial_new(world->pool[i].serial, NULL));
}

static void world_clear(World *world)
{
	g_hash_table_unref(world->listed);
	g_ptr_array_unref(world->editions);
	crl_delta_free(world->delta);
	crl_free(world->body);
	fixture_clear(&world->fixture);
}

/* @reason < 0: leaves the list. */
static void change(World *world, int card, int reason)
{
	CrlEntry *entry = &world->pool[card];
	CrlEntry before = *entry;
	gboolean was_there = crl_has(world->body, entry->serial);

	if (reason < 0) {
		crl_remove(world->body, entry->serial);
	} else {
		entry->reason = (CrlReason) reason;
		entry->revoked_at = world->now;
		g_assert_true(crl_put(world->body, entry, NULL));
	}
	g_assert_true(crl_delta_note(world->delta, was_there ? &before : NULL,
				     reason < 0 ? NULL : entry, NULL));
}

static int reason_of(const X509_REVOKED *entry)
{
	ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	int reason = code != NULL ? (int) ASN1_ENUMERATED_get(code) : 0;

	ASN1_ENUMERATED_free(code);
	return reason;
}

static guint64 number_in(const X509_CRL *list, int nid)
{
	int critical = -1;
	ASN1_INTEGER *number = X509_CRL_get_ext_d2i(list, nid, &critical, NULL);
	guint64 value = 0;

	if (number == NULL)
		return 0;
	g_assert_cmpint(critical, ==, nid == NID_delta_crl ? 1 : 0);
	g_assert_cmpint(ASN1_INTEGER_get_uint64(&value, number), ==, 1);
	ASN1_INTEGER_free(number);
	return value;
}

static X509_CRL *read_list(CrlDraft *draft)
{
	g_autoptr(GBytes) der = crl_sign(draft, NULL);
	const guint8 *at = g_bytes_get_data(der, NULL);
	X509_CRL *list = d2i_X509_CRL(NULL, &at, (long) g_bytes_get_size(der));

	g_assert_nonnull(list);
	return list;
}

static GHashTable *entries_of(X509_CRL *list)
{
	GHashTable *entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	STACK_OF(X509_REVOKED) *all = X509_CRL_get_REVOKED(list);

	for (int i = 0; i < sk_X509_REVOKED_num(all); i++) {
		const X509_REVOKED *entry = sk_X509_REVOKED_value(all, i);
		BIGNUM *serial = ASN1_INTEGER_to_BN(X509_REVOKED_get0_serialNumber(entry), NULL);
		char *text = BN_bn2hex(serial);

		g_assert_true(g_hash_table_insert(entries, g_strdup(text),
						  GINT_TO_POINTER(reason_of(entry))));
		OPENSSL_free(text);
		BN_free(serial);
	}
	return entries;
}

/* The client's side of RFC 5280 5.2.4. */
static void expect_same_after(const Edition *held, GHashTable *delta, GHashTable *wanted)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter all;
	gpointer serial, reason;

	g_hash_table_iter_init(&all, held->entries);
	while (g_hash_table_iter_next(&all, &serial, &reason))
		g_hash_table_insert(known, serial, reason);
	g_hash_table_iter_init(&all, delta);
	while (g_hash_table_iter_next(&all, &serial, &reason))
		if (GPOINTER_TO_INT(reason) == CRL_REMOVE_FROM_CRL)
			g_hash_table_remove(known, serial);
		else
			g_hash_table_replace(known, serial, reason);
	g_assert_cmpuint(g_hash_table_size(known), ==, g_hash_table_size(wanted));
	g_hash_table_iter_init(&all, wanted);
	while (g_hash_table_iter_next(&all, &serial, &reason)) {
		g_assert_true(g_hash_table_contains(known, serial));
		g_assert_true(g_hash_table_lookup(known, serial) == reason);
	}
}

/* removeFromCRL only where the serial stood on the base or on any list after it. */
static void expect_removals(World *world, GHashTable *delta, guint64 base)
{
	GHashTableIter all;
	gpointer serial, reason;

	g_hash_table_iter_init(&all, delta);
	while (g_hash_table_iter_next(&all, &serial, &reason))
		if (GPOINTER_TO_INT(reason) == CRL_REMOVE_FROM_CRL) {
			const guint64 *last = g_hash_table_lookup(world->listed, serial);

			g_assert_nonnull(last);
			g_assert_cmpuint(*last, >=, base);
		}
}

static void remember(World *world, GHashTable *entries)
{
	GHashTableIter all;
	gpointer serial, reason;

	g_hash_table_iter_init(&all, entries);
	while (g_hash_table_iter_next(&all, &serial, &reason))
		if (GPOINTER_TO_INT(reason) != CRL_REMOVE_FROM_CRL)
			g_hash_table_replace(world->listed, g_strdup(serial),
					     g_memdup2(&world->number, sizeof world->number));
}

/* @is_written: FALSE when the complete list was lost on its way to the disk. Returns the delta. */
static GHashTable *publish(World *world, gboolean is_written)
{
	CrlRequest request = { .issuer = world->fixture.issuer,
			       .number = ++world->number,
			       .this_update = world->now,
			       .next_update = world->now + PERIOD };
	gboolean is_first = crl_delta_base(world->delta) == 0;
	X509_CRL *complete = read_list(crl_draft(world->body, &request, NULL));
	X509_CRL *delta = read_list(crl_delta_draft(world->delta, &request, NULL));
	guint64 base = is_first ? world->number : crl_delta_base(world->delta);
	GHashTable *changes = entries_of(delta);
	Edition *edition = g_new0(Edition, 1);

	*edition = (Edition){ world->number, request.next_update, entries_of(complete) };
	g_assert_cmpuint(number_in(complete, NID_delta_crl), ==, 0);
	g_assert_cmpuint(number_in(complete, NID_crl_number), ==, world->number);
	g_assert_cmpuint(number_in(delta, NID_crl_number), ==, world->number);
	g_assert_cmpuint(number_in(delta, NID_delta_crl), ==, base);
	expect_removals(world, changes, base);
	for (guint i = 0; i < world->editions->len; i++) {
		const Edition *held = world->editions->pdata[i];

		if (held->next_update > world->now)
			g_assert_cmpuint(held->number, >=, base);
		if (held->number >= base)
			expect_same_after(held, changes, edition->entries);
	}
	remember(world, edition->entries);
	remember(world, changes);
	if (is_written) {
		crl_delta_published(world->delta, world->number, world->now, request.next_update);
		g_ptr_array_add(world->editions, edition);
	} else {
		edition_free(edition);
	}
	X509_CRL_free(complete);
	X509_CRL_free(delta);
	return changes;
}

static char *name_of(const World *world, int card)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; i < DER_SERIAL_SIZE; i++)
		g_string_append_printf(text, "%02X", world->pool[card].serial[i]);
	return g_strdup(text->str);
}

/* The reason @card has on @delta, -1 where it is not on it. */
static int on(const World *world, GHashTable *delta, int card)
{
	g_autofree char *name = name_of(world, card);
	gpointer reason;

	return g_hash_table_lookup_extended(delta, name, NULL, &reason) ? GPOINTER_TO_INT(reason)
									: -1;
}

static void test_remove_from_crl(void)
{
	World world;
	g_autoptr(GHashTable) first = NULL;
	g_autoptr(GHashTable) second = NULL;
	g_autoptr(GHashTable) third = NULL;
	g_autoptr(GHashTable) fourth = NULL;

	world_init(&world);
	change(&world, 0, CRL_CERTIFICATE_HOLD);
	first = publish(&world, TRUE); /* the base: 0 is on it */
	g_assert_cmpuint(g_hash_table_size(first), ==, 0);
	change(&world, 0, -1);
	change(&world, 1, CRL_CERTIFICATE_HOLD);
	change(&world, 2, CRL_CERTIFICATE_HOLD);
	change(&world, 2, -1); /* held and lifted between two lists */
	change(&world, 3, CRL_KEY_COMPROMISE);
	second = publish(&world, TRUE);
	g_assert_cmpint(on(&world, second, 0), ==, CRL_REMOVE_FROM_CRL);
	g_assert_cmpint(on(&world, second, 1), ==, CRL_CERTIFICATE_HOLD);
	g_assert_cmpint(on(&world, second, 2), ==, -1);
	g_assert_cmpint(on(&world, second, 3), ==, CRL_KEY_COMPROMISE);
	change(&world, 1, -1); /* stood on the second list only */
	change(&world, 0, CRL_SUPERSEDED);
	third = publish(&world, TRUE);
	g_assert_cmpint(on(&world, third, 0), ==, CRL_SUPERSEDED);
	g_assert_cmpint(on(&world, third, 1), ==, CRL_REMOVE_FROM_CRL);
	g_assert_cmpint(on(&world, third, 3), ==, CRL_KEY_COMPROMISE);
	/* Once no list is left that lacks them they are no news any more. */
	world.now += PERIOD;
	g_hash_table_unref(publish(&world, TRUE));
	world.now += PERIOD;
	fourth = publish(&world, TRUE);
	g_assert_cmpuint(g_hash_table_size(fourth), ==, 0);
	world_clear(&world);
}

static void test_random_clients(void)
{
	World world;

	world_init(&world);
	for (int step = 0; step < 1500; step++) {
		int card = g_test_rand_int_range(0, POOL);
		int what = g_test_rand_int_range(0, 10);

		if (what < 4)
			change(&world, card, CRL_CERTIFICATE_HOLD);
		else if (what < 7)
			change(&world, card, -1);
		else if (what == 7 && g_test_rand_int_range(0, 8) == 0)
			change(&world, card, CRL_KEY_COMPROMISE);
		world.now += g_test_rand_int_range(0, PERIOD / 40);
		if (g_test_rand_int_range(0, 3) == 0)
			g_hash_table_unref(publish(&world, g_test_rand_int_range(0, 10) != 0));
	}
	world_clear(&world);
}

/* A mass of changes moves the base up instead of growing a delta without end. */
static void test_many_changes(void)
{
	World world;
	CrlEntry entry = { .reason = CRL_CERTIFICATE_HOLD, .revoked_at = NOW };

	world_init(&world);
	g_hash_table_unref(publish(&world, TRUE));
	for (int i = 0; i <= CRL_DELTA_CHANGES; i++) {
		g_assert_true(der_serial_new(entry.serial, NULL));
		g_assert_true(crl_put(world.body, &entry, NULL));
		g_assert_true(crl_delta_note(world.delta, NULL, &entry, NULL));
	}
	world.now += 60;
	g_hash_table_unref(publish(&world, TRUE));
	g_assert_cmpuint(crl_delta_base(world.delta), ==, 2);
	g_assert_cmpuint(crl_delta_count(world.delta), ==, 0);
	world_clear(&world);
}

static void test_pointer_to_the_delta(void)
{
	World world;
	CrlRequest request = { .number = 1,
			       .this_update = NOW,
			       .next_update = NOW + PERIOD,
			       .delta_url = "http://ca.example/crl/opcard-delta.crl" };
	X509_CRL *complete, *delta;
	g_autofree char *text = NULL;

	world_init(&world);
	request.issuer = world.fixture.issuer;
	complete = read_list(crl_draft(world.body, &request, NULL));
	delta = read_list(crl_delta_draft(world.delta, &request, NULL));
	g_assert_cmpint(X509_CRL_get_ext_by_NID(complete, NID_freshest_crl, -1), >=, 0);
	/* RFC 5280 5.2.6: never in a delta. */
	g_assert_cmpint(X509_CRL_get_ext_by_NID(delta, NID_freshest_crl, -1), ==, -1);
	g_assert_cmpint(X509_CRL_get_ext_by_NID(complete, NID_delta_crl, -1), ==, -1);
	X509_CRL_free(complete);
	X509_CRL_free(delta);
	g_autoptr(GBytes) der = crl_build(world.body, &request, NULL);

	fixture_write_pem(&world.fixture, "list.pem", "X509 CRL", der);
	text = fixture_must(&world.fixture, "openssl crl -in list.pem -noout -text");
	fixture_expect(text, "X509v3 Freshest CRL");
	fixture_expect(text, "URI:http://ca.example/crl/opcard-delta.crl");
	world_clear(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/crl-delta/remove-from-crl", test_remove_from_crl);
	g_test_add_func("/crl-delta/random-clients", test_random_clients);
	g_test_add_func("/crl-delta/many-changes", test_many_changes);
	g_test_add_func("/crl-delta/freshest-pointer", test_pointer_to_the_delta);
	return g_test_run();
}
