/* SPDX-License-Identifier: Apache-2.0
 * A kind of key that falls off the list of allowed ones on a day (N12): nothing new is made with
 * it, what is there stays revocable, and doctor names it. */
#include <string.h>

#include "daemon/base/algorithm.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/authority.h"
#include "daemon/op/doctor.h"
#include "daemon/op/publish.h"
#include "tests/unit/fake_office.h"

#define CARD  "OP000001"
#define OTHER "OP000002"

static void must(gboolean is_done, const GError *error)
{
	g_assert_no_error(error);
	g_assert_true(is_done);
}

static void refused(gboolean is_done, GError **error, const char *part)
{
	g_assert_false(is_done);
	g_assert_error(*error, ERROR_DOMAIN, ERROR_RULE);
	g_assert_nonnull(strstr((*error)->message, part));
}

/* The office's configuration, with @more at its end. */
static void configure(FakeOffice *office, const char *more)
{
	g_autofree char *path = g_build_filename(office->folder, "opcardd.conf", NULL);
	g_autofree char *text = NULL;
	g_autofree char *all = NULL;
	g_autoptr(GError) error = NULL;

	must(g_file_get_contents(path, &text, NULL, &error), error);
	all = g_strconcat(text, more, NULL);
	must(g_file_set_contents(path, all, -1, &error), error);
	config_free(office->house->config);
	office->house->config = config_load(path, &error);
	g_assert_no_error(error);
}

static gboolean finds(FakeOffice *office, const char *part)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house->store, &error);
	Op op = { .house = office->house, .now = office->now };
	json_auto_t *document = doctor_examine(tx, &op, &error);
	json_t *item;
	size_t i;

	g_assert_no_error(error);
	json_array_foreach(json_object_get(document, "findings"), i,
			   item) if (strstr(json_string_value(json_object_get(item, "en")), part) !=
				     NULL) return TRUE;
	return FALSE;
}

static FakeOffice *with_card(void)
{
	FakeOffice *office = fake_office_new();
	g_autoptr(GError) error = NULL;

	fake_office_spare(office, CARD);
	fake_office_spare(office, OTHER);
	fake_office_lay(office, CARD);
	must(fake_office_issue(office, CARD, office->holders[0], &error), error);
	must(fake_office_hand_over(office, CARD, &error), error);
	return office;
}

static void test_names(void)
{
	static const char *const good[] = { "ec:P-256", "rsa:2048,ec:P-384",
					    " rsa:4096 , ec:P-256 " };
	static const char *const bad[] = {
		"",          "ec:P-192", "rsa:1024",          "rsa:",
		"ec:P-256,", "dsa:2048", "rsa:2048 ec:P-256", "rsa:99999999"
	};

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_true(algorithm_list_is_good(good[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(algorithm_list_is_good(bad[i]));
	g_assert_true(algorithm_is_allowed("ec:P-256, rsa:2048", "rsa:2048"));
	g_assert_true(algorithm_is_allowed("ec:P-256, rsa:2048", "rsa:4096"));
	g_assert_false(algorithm_is_allowed("ec:P-256, rsa:3072", "rsa:2048"));
	g_assert_true(algorithm_is_allowed("ec:P-256, rsa:3072", "ec:P-256"));
	g_assert_false(algorithm_is_allowed("ec:P-256, rsa:3072", "ec:P-384"));
	g_assert_false(algorithm_is_allowed("ec:P-256", "?"));
}

/* From the day on the CA's own key is not good enough any more. */
static void test_authority(void)
{
	g_autoptr(FakeOffice) office = with_card();
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) refusal = NULL;
	g_autoptr(GError) renewal = NULL;
	PublishFacts before, after;

	configure(office, "[policy 2026-12-01]\nalgorithms = ec:P-384, rsa:3072\n");
	office->now = clock_day_start("2026-12-01") - 1;
	fake_office_lay(office, OTHER);
	must(fake_office_issue(office, OTHER, office->holders[1], &error), error);
	g_assert_true(finds(office, "keys of all cards in use are of allowed kinds"));
	office->now += 1;
	fake_office_spare(office, "OP000003");
	fake_office_lay(office, "OP000003");
	refused(fake_office_issue(office, "OP000003", office->holders[1], &refusal), &refusal,
		"certification authority's key is ec:P-256");
	g_assert_cmpint(fake_office_state(office, "OP000003"), ==, CARD_SPARE);
	fake_office_lay(office, CARD);
	refused(fake_office_renew(office, CARD, &renewal), &renewal, "ec:P-256");
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_VALID), ==, 1);
	g_assert_true(finds(office, "certification authority's key is ec:P-256"));
	g_assert_true(finds(office, "new cards would get a key of the kind ec:P-256"));
	g_assert_true(finds(office,
			    "2 cards in use have a key of the kind ec:P-256, which [policy] "
			    "algorithms does not allow any more (N12): OP000001, OP000002"));
	publish_facts(office->house->publisher, &before);
	must(fake_office_move(office, CARD, EVENT_REPORT_LOST, &error), error);
	publish_facts(office->house->publisher, &after);
	g_assert_cmpuint(after.entries, ==, before.entries + 1);
	g_assert_false(finds(office, "OP000001"));
}

static void test_card_kind(void)
{
	g_autoptr(FakeOffice) office = with_card();
	g_autoptr(GError) error = NULL;

	configure(office, "[cards]\nkey = rsa:2048\n[policy]\nalgorithms = ec:P-256, rsa:3072\n");
	fake_office_lay(office, OTHER);
	refused(fake_office_issue(office, OTHER, office->holders[1], &error), &error, "rsa:2048");
	g_assert_cmpint(fake_office_state(office, OTHER), ==, CARD_SPARE);
	g_assert_true(finds(office, "new cards would get a key of the kind rsa:2048"));
	g_assert_false(finds(office, "certification authority's key is"));
}

static void use_p384(FakeOffice *office)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P384, &error);
	g_autoptr(Signer) signer = sign_new(key, &error);
	g_autoptr(GBytes) certificate =
		issuer_create_root(signer, "C=JP, CN=試験", office->now - 86400, 0, &error);

	g_clear_pointer(&office->house->issuer, issuer_free);
	office->house->issuer = issuer_load(1, certificate, signer, &error);
	g_assert_no_error(error);
}

/* A card that makes another kind of key than it was told to gets no certificate. */
static void test_made_key(void)
{
	g_autoptr(FakeOffice) office = with_card();
	g_autoptr(GError) error = NULL;

	use_p384(office);
	configure(office, "[cards]\nkey = ec:P-384\n[policy]\nalgorithms = ec:P-384\n");
	fake_office_lay(office, CARD);
	refused(fake_office_renew(office, CARD, &error), &error, "keys of the kind ec:P-256");
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_VALID), ==, 1);
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_PENDING), ==, 0);
	g_assert_cmpuint(fake_office_certificates(office, CARD, CERTIFICATE_REVOKED), ==, 0);
}

/* The founding of a CA with a key that is not allowed leaves no key behind. */
static void test_founding(void)
{
	g_autoptr(FakeOffice) office = with_card();
	AuthorityRequest request = { .key = "rsa:2048" };
	g_autofree char *key = g_build_filename(office->folder, "state/ca/ca.key", NULL);
	g_autofree char *fresh = g_build_filename(office->folder, "fresh", NULL);
	Store *kept = office->house->store;
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	configure(office, "[policy]\nalgorithms = ec:P-256, rsa:3072\n");
	g_assert_cmpint(remove(key), ==, 0);
	office->house->store = store_open(fresh, office->now, &error);
	g_assert_no_error(error);
	op_init(&op, office->house, &office->actor, office->now);
	refused(authority_init(&op, &request, &error), &error, "rsa:2048");
	g_assert_false(g_file_test(key, G_FILE_TEST_EXISTS));
	store_close(office->house->store);
	office->house->store = kept;
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/algorithm/names", test_names);
	g_test_add_func("/algorithm/authority", test_authority);
	g_test_add_func("/algorithm/card-kind", test_card_kind);
	g_test_add_func("/algorithm/made-key", test_made_key);
	g_test_add_func("/algorithm/founding", test_founding);
	return g_test_run();
}
