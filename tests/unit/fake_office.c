/* SPDX-License-Identifier: Apache-2.0
 * Opens the house as daemon.c does, without sockets and threads. An error while furnishing ends the
 * test. */
#include "tests/unit/fake_office.h"

#include <glib/gstdio.h>

#include "daemon/base/clock.h"
#include "daemon/op/authority.h"
#include "daemon/op/erase.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/issue.h"
#include "daemon/op/move.h"
#include "daemon/op/pin_change.h"
#include "daemon/op/prepare.h"
#include "daemon/op/publish.h"
#include "daemon/op/receive.h"
#include "daemon/op/reissue.h"
#include "daemon/op/renew.h"
#include "daemon/op/repair.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_intent.h"
#include "daemon/store/store_person.h"
#include "daemon/store/store_register.h"

#define DESK "000001"

static char *path_in(const FakeOffice *office, const char *name)
{
	return g_build_filename(office->folder, name, NULL);
}

static char *key_uri(const FakeOffice *office)
{
	return g_strdup_printf("file:%s/master.key", office->folder);
}

static Config *write_config(const FakeOffice *office)
{
	g_autofree char *path = path_in(office, "opcardd.conf");
	g_autofree char *uri = key_uri(office);
	g_autofree char *text = g_strdup_printf(
		"[organisation]\nname = 試験市\n[daemon]\nstate-dir = %s/state\npublic-dir = "
		"%s/public\nsocket = %s/socket\n[cards]\nfamily = softhsm\nreaders = "
		"dir:%s/reader1\nmaster-key = %s\n",
		office->folder, office->folder, office->folder, office->folder, uri);
	g_autoptr(GError) error = NULL;
	Config *config;

	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
	config = config_load(path, &error);
	g_assert_no_error(error);
	return config;
}

static void open_house(FakeOffice *office)
{
	House *house = g_new0(House, 1);
	OcspSettings settings = { .validity = 600 };
	g_autofree char *uri = key_uri(office);
	g_autofree char *state = path_in(office, "state");
	g_autofree char *key = path_in(office, "master.key");
	g_autoptr(GError) error = NULL;
	RepairCounts counts;

	office->house = house;
	house->config = write_config(office);
	g_mutex_init(&house->issuer_mutex);
	g_mutex_init(&house->job_mutex);
	g_mutex_init(&house->reader_mutex);
	g_cond_init(&house->reader_free);
	house->reader_busy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	house->index = status_index_new();
	house->ocsp = ocsp_new(house->index, &settings);
	house->so_key = g_file_test(key, G_FILE_TEST_EXISTS) ? so_pin_key_load(uri, &error)
							     : so_pin_key_create(uri, &error);
	g_assert_no_error(error);
	house->store = store_open(state, office->now, &error);
	g_assert_no_error(error);
	house->publisher = publish_new(house->config, &error);
	g_assert_no_error(error);
	g_assert_true(authority_open(house, office->now, &error));
	g_assert_true(repair_start(house, office->now, &counts, &error));
	g_assert_no_error(error);
}

static void close_house(FakeOffice *office)
{
	House *house = g_steal_pointer(&office->house);

	ocsp_free(house->ocsp);
	status_index_free(house->index);
	publish_free(house->publisher);
	g_clear_pointer(&house->issuer, issuer_free);
	store_close(house->store);
	so_pin_key_free(house->so_key);
	g_assert_cmpuint(g_hash_table_size(house->reader_busy), ==, 0);
	g_hash_table_unref(house->reader_busy);
	config_free(house->config);
	g_mutex_clear(&house->issuer_mutex);
	g_mutex_clear(&house->job_mutex);
	g_mutex_clear(&house->reader_mutex);
	g_cond_clear(&house->reader_free);
	g_free(house);
}

static StoreTx *begin(FakeOffice *office)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_begin(office->house->store, STORE_NORMAL, &error);

	g_assert_no_error(error);
	return tx;
}

static void add_person(StoreTx *tx, const char *staff, Person **ret_person)
{
	g_autoptr(GError) error = NULL;
	Person person = { .staff = (char *) staff,
			  .name = (char *) "試験　花子",
			  .kana = (char *) "シケン　ハナコ",
			  .section = (char *) "0301",
			  .title = (char *) "主事",
			  .employment = (char *) "常勤" };

	g_assert_true(store_person_put(tx, &person, &error));
	*ret_person = store_person_get(tx, staff, &error);
	g_assert_no_error(error);
}

static void designate(StoreTx *tx, const Person *person)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = g_strconcat("D-", person->staff, NULL);
	Designation designation = { .id = id,
				    .person = person->id,
				    .section = (char *) "0301",
				    .section_name = (char *) "市民課",
				    .title = person->title,
				    .authority = (char *) FAKE_OFFICE_AUTHORITY,
				    .from = (char *) "2026-04-01",
				    .application = (char *) "様式第2号" };

	g_assert_true(store_designation_put(tx, &designation, &error));
	g_assert_no_error(error);
}

static void furnish(FakeOffice *office)
{
	static const char *const numbers[] = { "012345", "013002" };
	Section section = { .code = (char *) "0301",
			    .name = (char *) "市民課",
			    .manager_post = (char *) "市民課長",
			    .has_terminal = TRUE };
	g_autoptr(StoreTx) tx = begin(office);
	g_autoptr(Person) desk = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(store_person_put_section(tx, &section, &error));
	add_person(tx, DESK, &desk);
	for (guint i = 0; i < G_N_ELEMENTS(office->holders); i++) {
		g_autoptr(Person) holder = NULL;

		add_person(tx, numbers[i], &holder);
		designate(tx, holder);
		office->holders[i] = g_strdup(numbers[i]);
	}
	office->actor = (Actor){ .id = (char *) DESK,
				 .name = desk->name != NULL ? (char *) "係長" : NULL,
				 .person = desk->id,
				 .roles = ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) };
	g_assert_true(store_tx_commit(&tx, &error));
	g_assert_no_error(error);
}

static void init_op(FakeOffice *office, Op *op)
{
	op_init(op, office->house, &office->actor, office->now);
}

FakeOffice *fake_office_new(void)
{
	FakeOffice *office = g_new0(FakeOffice, 1);
	AuthorityRequest request = { .key = "ec:P-256" };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	office->folder = g_dir_make_tmp("opcard-fake-XXXXXX", &error);
	g_assert_no_error(error);
	office->now = clock_day_start("2026-10-01") + 10 * 3600;
	office->cards = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					      (GDestroyNotify) fake_card_client_card_free);
	open_house(office);
	furnish(office);
	init_op(office, &op);
	g_assert_true(authority_init(&op, &request, &error));
	g_assert_no_error(error);
	return office;
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		remove_tree(below);
	}
	g_remove(path);
}

void fake_office_free(FakeOffice *office)
{
	if (office == NULL)
		return;
	fake_card_client_insert(NULL);
	close_house(office);
	remove_tree(office->folder);
	g_hash_table_unref(office->cards);
	for (guint i = 0; i < G_N_ELEMENTS(office->holders); i++)
		g_free(office->holders[i]);
	g_free(office->folder);
	g_free(office);
}

void fake_office_restart(FakeOffice *office)
{
	close_house(office);
	open_house(office);
}

FakeCard *fake_office_lay(FakeOffice *office, const char *number)
{
	FakeCard *card = g_hash_table_lookup(office->cards, number);

	g_assert_nonnull(card);
	fake_card_client_insert(card);
	return card;
}

void fake_office_spare(FakeOffice *office, const char *number)
{
	char *numbers[] = { (char *) number, NULL };
	ReceiveRequest receive = { .cards = numbers, .kind = "operator", .place = "保管庫" };
	PrepareRequest prepare = { .card = number };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_auto(Op) next = { 0 };

	g_hash_table_insert(office->cards, g_strdup(number), fake_card_client_new());
	fake_office_lay(office, number);
	init_op(office, &op);
	g_assert_true(receive_cards(&op, &receive, &error));
	init_op(office, &next);
	g_assert_true(prepare_card(&next, &prepare, &error));
	g_assert_no_error(error);
	fake_card_client_insert(NULL);
}

gboolean fake_office_issue(FakeOffice *office, const char *number, const char *staff,
			   GError **error)
{
	IssueRequest request = { .card = number,
				 .staff = staff,
				 .authority = FAKE_OFFICE_AUTHORITY };
	g_auto(Op) op = { 0 };

	init_op(office, &op);
	return issue_card(&op, &request, error);
}

gboolean fake_office_reissue(FakeOffice *office, const char *old, const char *number,
			     GError **error)
{
	ReissueRequest request = { .card = old, .new_card = number, .reason = "損傷" };
	g_autofree char *made = NULL;
	g_auto(Op) op = { 0 };

	init_op(office, &op);
	return reissue_card(&op, &request, &made, error);
}

gboolean fake_office_hand_over(FakeOffice *office, const char *number, GError **error)
{
	g_autoptr(Secret) pin = secret_new(FAKE_OFFICE_PIN, strlen(FAKE_OFFICE_PIN));
	HandOverRequest request = { .card = number, .pin = pin };
	g_auto(Op) op = { 0 };

	init_op(office, &op);
	return hand_over_card(&op, &request, error);
}

gboolean fake_office_renew(FakeOffice *office, const char *number, GError **error)
{
	g_autoptr(Secret) pin = secret_new(FAKE_OFFICE_PIN, strlen(FAKE_OFFICE_PIN));
	RenewRequest request = { .card = number, .pin = pin };
	g_auto(Op) op = { 0 };
	int tries;

	init_op(office, &op);
	return renew_card(&op, &request, &tries, error);
}

gboolean fake_office_pin_change(FakeOffice *office, const char *number, const char *from,
				const char *to, GError **error)
{
	g_autoptr(Secret) old_pin = secret_new(from, strlen(from));
	g_autoptr(Secret) new_pin = secret_new(to, strlen(to));
	PinChangeRequest request = { .card = number, .old_pin = old_pin, .new_pin = new_pin };
	g_auto(Op) op = { 0 };
	int tries;

	init_op(office, &op);
	return pin_change(&op, &request, &tries, error);
}

gboolean fake_office_erase(FakeOffice *office, const char *number, GError **error)
{
	EraseRequest request = { .card = number, .witness = office->holders[1] };
	g_auto(Op) op = { 0 };

	init_op(office, &op);
	return erase_card(&op, &request, error);
}

gboolean fake_office_move(FakeOffice *office, const char *number, CardEvent event, GError **error)
{
	MoveRequest request = { .card = number,
				.event = event,
				.facts = { .reason = event == EVENT_RECALL ? "TRANSFER" : NULL,
					   .reported_by = office->holders[0] } };
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;
	g_auto(Op) op = { 0 };

	init_op(office, &op);
	return move_card(&op, &request, &outcome, &confirmation, error);
}

static StoreTx *read_now(FakeOffice *office)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_read(office->house->store, &error);

	g_assert_no_error(error);
	return tx;
}

CardState fake_office_state(FakeOffice *office, const char *number)
{
	g_autoptr(StoreTx) tx = read_now(office);
	g_autoptr(GError) error = NULL;
	g_autoptr(Card) card = store_card_get(tx, number, &error);

	g_assert_no_error(error);
	return card->state;
}

guint fake_office_certificates(FakeOffice *office, const char *number, CertificateState state)
{
	g_autoptr(StoreTx) tx = read_now(office);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, number, &error);
	guint count = 0;

	g_assert_no_error(error);
	for (guint i = 0; i < list->len; i++)
		count += ((Certificate *) list->pdata[i])->state == state;
	return count;
}

gboolean fake_office_waits(FakeOffice *office, const char *number)
{
	g_autoptr(StoreTx) tx = read_now(office);
	g_autoptr(GError) error = NULL;
	g_autoptr(Intent) intent = NULL;

	g_assert_true(store_intent_of_card(tx, number, &intent, &error));
	return intent != NULL;
}

guint fake_office_rows(FakeOffice *office, const char *number)
{
	g_autoptr(StoreTx) tx = read_now(office);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = store_register_list(tx, "2027-01-01", NULL, &error);
	guint count = 0;

	g_assert_no_error(error);
	for (guint i = 0; i < list->len; i++)
		count += g_strcmp0(((IssueRow *) list->pdata[i])->card, number) == 0;
	return count;
}
