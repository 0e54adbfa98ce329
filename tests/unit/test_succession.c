/* SPDX-License-Identifier: Apache-2.0
 * Two CAs over time: the one that has a successor signs its list until its last certificate has
 * ended, and then no more. */
#include "daemon/op/authority.h"
#include "daemon/op/publish.h"
#include "daemon/op/publish_file.h"
#include "daemon/store/store_issuer.h"
#include "tests/unit/record_office.h"

#define DAY 86400

/* The office's CA gets a successor; its last certificate ends in @days. */
static UnitOffice *with_successor(int days)
{
	UnitOffice *office = unit_office_new();
	House *house = &office->house;
	g_autoptr(GError) error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);
	g_autoptr(Signer) signer = sign_new(key, &error);
	g_autoptr(GBytes) certificate =
		issuer_create_root(signer, "C=JP, CN=試験", office->now, 0, &error);
	g_autoptr(Issuer) issuer = issuer_load(2, certificate, signer, &error);
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, &error);
	IssuerRow row = { .certificate = certificate,
			  .key_uri = (char *) "file:/nonexistent",
			  .since = office->now,
			  .until = issuer_not_after(issuer) };

	g_assert_no_error(error);
	g_assert_true(store_issuer_insert(tx, &row, &error));
	g_assert_true(store_tx_commit(&tx, &error));
	g_assert_cmpint(row.id, ==, 2);
	publish_see(house->publisher, office->now + days * DAY);
	publish_add(house->publisher, house->config, 2);
	authority_set_issuer(house, issuer);
	return office;
}

static void end(UnitOffice *office)
{
	authority_close(&office->house);
	unit_office_free(office);
}

static guint64 number_of(UnitOffice *office, guint16 issuer)
{
	PublishFacts facts;

	publish_facts(publish_of(office->house.publisher, issuer), &facts);
	return facts.number;
}

static void publish(UnitOffice *office)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(publish_now(&office->house, office->now, &error));
	g_assert_no_error(error);
}

static void test_last_list(void)
{
	UnitOffice *office = with_successor(10);
	Publisher *old = office->house.publisher;
	guint64 before;

	publish(office);
	g_assert_true(publish_newest(&office->house) == publish_of(old, 2));
	g_assert_cmpuint(number_of(office, 2), ==, 1);
	before = number_of(office, 1);
	office->now += 9 * DAY;
	g_assert_false(publish_is_over(old, office->now));
	publish(office);
	g_assert_cmpuint(number_of(office, 1), ==, before + 1);
	office->now += 2 * DAY;
	g_assert_true(publish_is_over(old, office->now));
	g_assert_false(publish_is_over(publish_of(old, 2), office->now));
	publish(office);
	g_assert_cmpuint(number_of(office, 1), ==, before + 1);
	g_assert_cmpuint(number_of(office, 2), >=, 3);
	/* What is over is not what the next list waits for. */
	g_assert_cmpint(publish_due(old, office->now), >, office->now);
	end(office);
}

static void test_names(void)
{
	static const struct {
		const char *name;
		guint issuer;
		const char *wanted;
	} names[] = {
		{ "opcard.crl", 1, "opcard.crl" },
		{ "opcard.crl", 2, "opcard-2.crl" },
		{ "opcard-delta.crl", 12, "opcard-delta-12.crl" },
		{ "http://ca.example/crl/opcard.crl", 2, "http://ca.example/crl/opcard-2.crl" },
		{ "http://ca.example/list", 2, "http://ca.example/list-2" },
		{ "", 2, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = publish_file_name(names[i].name, names[i].issuer);

		g_assert_cmpstr(name, ==, names[i].wanted);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/succession/last-list", test_last_list);
	g_test_add_func("/succession/names", test_names);
	return g_test_run();
}
