/* SPDX-License-Identifier: Apache-2.0
 * A whole house without processes. It lies in memory (/dev/shm) where there is one, because every
 * commit is synced and a property test makes many. */
#include "tests/unit/sim_office.h"

#include <string.h>

#include "daemon/api/principal.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/authority.h"
#include "daemon/op/designate.h"
#include "daemon/op/erase.h"
#include "daemon/op/exception.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/import_section.h"
#include "daemon/op/import_staff.h"
#include "daemon/op/issue.h"
#include "daemon/op/prepare.h"
#include "daemon/op/publish.h"
#include "daemon/op/receive.h"
#include "daemon/op/repair.h"
#include "daemon/op/standing.h"
#include "daemon/store/store_card.h"
#include "tests/unit/unit_folder.h"

#define HOLDERS 5
#define SHM     "/dev/shm"

static const char *const holders[HOLDERS] = { "012345", "012346", "012347", "022001",
					      SIM_CUSTODIAN };
static const char *const homes[HOLDERS] = { "0301", "0301", "0301", "0402", "0101" };
static const char *const numbers[SIM_CARDS] = { "OP0", "OP1", "OP2", "OP3",
						"OP4", "OP5", "OP6", "OP7" };

const char *sim_office_holder(guint index)
{
	return holders[index % HOLDERS];
}

const char *sim_office_number(guint index)
{
	return numbers[index];
}

static Op as_root(SimOffice *office)
{
	static const Actor root = { .id = (char *) "root",
				    .name = (char *) "root",
				    .roles = ROLE_SET(ROLE_ROOT) };
	Op op;

	op_init(&op, &office->house, &root, office->now);
	return op;
}

static void add_sections(SimOffice *office)
{
	ImportSectionRow rows[] = {
		{ 2, (char *) "0101", (char *) "総務部情報政策課", 10, (char *) "情報政策課長" },
		{ 3, (char *) "0301", (char *) "市民部市民課", 30, (char *) "市民課長" },
		{ 4, (char *) "0402", (char *) "福祉部保険年金課", 40, (char *) "保険年金課長" },
	};
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportSectionRequest request = { (char *) "sections.csv", list };
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = as_root(office);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_ptr_array_add(list, &rows[i]);
	g_assert_true(import_section(&op, &request, &result, &error));
	g_assert_no_error(error);
}

gboolean sim_office_import(Op *op, ImportStaffRow *rows, gsize count, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportStaffRequest request = { (char *) "staff.csv", list };
	g_auto(ImportResult) result = { 0 };

	for (gsize i = 0; i < count; i++)
		g_ptr_array_add(list, &rows[i]);
	return import_staff(op, &request, &result, error);
}

gboolean sim_office_staff(Op *op, guint holder, const char *section, const char *until,
			  GError **error)
{
	g_autofree char *name = g_strdup_printf("操作　%s", sim_office_holder(holder));
	ImportStaffRow row = { .line = 2,
			       .staff = (char *) sim_office_holder(holder),
			       .name = name,
			       .section = (char *) section,
			       .title = (char *) "主事",
			       .employment = (char *) "常勤",
			       .until = (char *) until };

	return sim_office_import(op, &row, 1, error);
}

static void add_people(SimOffice *office)
{
	static const char *const staff[][4] = {
		{ SIM_CUSTODIAN, "鍵山　守", "0101", "係長" },
		{ SIM_ADMIN, "小谷　秀樹", "0101", "課長" },
		{ SIM_ADMIN2, "予備　次郎", "0101", "主任" },
		{ SIM_CHIEF, "統括　一", "0101", "部長" },
		{ SIM_MANAGER, "渡邊　恵子", "0301", "課長" },
		{ SIM_MANAGER2, "德永　穗積", "0402", "課長" },
		{ SIM_WITNESS, "山﨑　大輔", "0101", "主任" },
		{ SIM_AUDITOR, "監査　三郎", "0101", "主査" },
	};
	ImportStaffRow rows[G_N_ELEMENTS(staff)] = { 0 };
	g_auto(Op) op = as_root(office);
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(staff); i++)
		rows[i] = (ImportStaffRow){ .line = (gint64) i + 2,
					    .staff = (char *) staff[i][0],
					    .name = (char *) staff[i][1],
					    .section = (char *) staff[i][2],
					    .title = (char *) staff[i][3] };
	g_assert_true(sim_office_import(&op, rows, G_N_ELEMENTS(rows), &error));
	for (guint i = 0; i < HOLDERS; i++)
		g_assert_true(sim_office_staff(&op, i, homes[i], NULL, &error));
	g_assert_no_error(error);
}

gboolean sim_office_designate(Op *op, const char *section, guint set, const char *from,
			      GError **error)
{
	DesignateRow rows[HOLDERS] = { 0 };
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	DesignateRequest request = { (char *) "report.csv", (char *) section, (char *) from,
				     (char *) "市民発第１号", list };
	g_auto(ImportResult) result = { 0 };

	for (guint i = 0; i < HOLDERS; i++) {
		if ((set & 1u << i) == 0)
			continue;
		rows[i].line = i + 2;
		rows[i].staff = (char *) holders[i];
		rows[i].authority = (char *) SIM_AUTHORITY;
		g_ptr_array_add(list, &rows[i]);
	}
	return designate(op, &request, &result, error);
}

static void open_house(SimOffice *office)
{
	House *house = &office->house;
	g_autofree char *config = g_build_filename(office->folder, "opcardd.conf", NULL);
	g_autofree char *key = g_strdup_printf("file:%s/master.key", office->folder);
	g_autofree char *state = g_build_filename(office->folder, "state", NULL);
	OcspSettings settings = { .validity = 600 };
	RepairCounts counts;
	g_autoptr(GError) error = NULL;

	memset(house, 0, sizeof(*house));
	g_mutex_init(&house->issuer_mutex);
	g_mutex_init(&house->job_mutex);
	g_mutex_init(&house->reader_mutex);
	g_cond_init(&house->reader_free);
	house->reader_busy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	house->index = status_index_new();
	house->ocsp = ocsp_new(house->index, &settings);
	house->config = config_load(config, &error);
	g_assert_no_error(error);
	house->role_table = role_table_load(house->config, &error);
	g_assert_no_error(error);
	house->so_key = so_pin_key_load(key, NULL);
	if (house->so_key == NULL)
		house->so_key = so_pin_key_create(key, &error);
	g_assert_no_error(error);
	house->store = store_open(state, office->now, &error);
	g_assert_no_error(error);
	house->publisher = publish_new(house->config, &error);
	g_assert_no_error(error);
	g_assert_true(authority_open(house, office->now, &error));
	g_assert_true(exception_keep(house, office->now, &error));
	g_assert_true(repair_start(house, office->now, &counts, &error));
	g_assert_no_error(error);
}

static void close_house(SimOffice *office)
{
	House *house = &office->house;

	g_clear_pointer(&house->ocsp, ocsp_free);
	g_clear_pointer(&house->index, status_index_free);
	g_clear_pointer(&house->publisher, publish_free);
	g_clear_pointer(&house->issuer, issuer_free);
	g_clear_pointer(&house->store, store_close);
	g_clear_pointer(&house->so_key, so_pin_key_free);
	g_clear_pointer(&house->reader_busy, g_hash_table_unref);
	g_clear_pointer(&house->role_table, role_table_free);
	g_clear_pointer(&house->config, config_free);
	g_mutex_clear(&house->issuer_mutex);
	g_mutex_clear(&house->job_mutex);
	g_mutex_clear(&house->reader_mutex);
	g_cond_clear(&house->reader_free);
}

void sim_office_reopen(SimOffice *office)
{
	close_house(office);
	open_house(office);
}

static void write_config(SimOffice *office, const char *settings)
{
	g_autofree char *text = g_strdup_printf(
		"[organisation]\nname = 試験市\n"
		"[daemon]\nstate-dir = %1$s/state\npublic-dir = %1$s/public\n"
		"[cards]\nreaders = dir:%1$s/reader1, dir:%1$s/reader2\n"
		"master-key = file:%1$s/master.key\n"
		"[roles]\ncustodian = staff:" SIM_CUSTODIAN "\nsystem-admin = staff:" SIM_ADMIN
		", staff:" SIM_ADMIN2 "\nchief = staff:" SIM_CHIEF "\nauditor = staff:" SIM_AUDITOR
		"\n%2$s",
		office->folder, settings);
	g_autofree char *path = unit_folder_write(office->folder, "opcardd.conf", text);

	g_assert_nonnull(path);
}

/* Every section may lend temporary cards. */
static void approve_lending(SimOffice *office)
{
	static const char *const sections[] = { "0101", "0301", "0402" };
	g_autoptr(Actor) admin = sim_office_actor(office, SIM_ADMIN2);
	g_autofree char *today = clock_date(office->now);
	g_autofree char *until = clock_add_days(today, 366);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	op_init(&op, &office->house, admin, office->now);
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
		StandingRequest request = { sections[i], until, "情政発第５号" };
		g_autofree char *id = NULL;

		g_assert_true(standing_add(&op, &request, &id, &error));
		g_assert_no_error(error);
	}
}

SimOffice *sim_office_new(const char *settings)
{
	SimOffice *office = g_new0(SimOffice, 1);
	AuthorityRequest authority = { .key = "ec:P-256" };
	g_autoptr(GError) error = NULL;

	office->folder = g_strdup(SHM "/opcard-unit-XXXXXX");
	if (g_mkdtemp(office->folder) == NULL) {
		g_free(office->folder);
		office->folder = unit_folder_new();
	}
	office->drawer = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	office->reader = g_build_filename(office->folder, "reader1", NULL);
	office->now = clock_day_start("2026-11-21") + 36000;
	write_config(office, settings);
	open_house(office);
	add_sections(office);
	add_people(office);
	g_auto(Op) op = as_root(office);

	g_assert_true(authority_init(&op, &authority, &error));
	g_assert_no_error(error);
	approve_lending(office);
	for (guint i = 0; i < SIM_CARDS; i++) {
		g_autofree char *serial = g_strdup_printf("%016x", 0xC0DE0000 + i);

		office->cards[i] = sim_card_new(serial);
		g_hash_table_insert(office->drawer, g_strdup(numbers[i]), office->cards[i]);
	}
	return office;
}

void sim_office_free(SimOffice *office)
{
	sim_card_fail(0, CARD_FAILURE_NONE, FALSE);
	sim_card_meanwhile(0, NULL, NULL);
	sim_card_insert(office->reader, NULL);
	close_house(office);
	for (guint i = 0; i < SIM_CARDS; i++)
		sim_card_free(office->cards[i]);
	g_hash_table_unref(office->drawer);
	unit_folder_remove(office->folder);
	g_free(office->reader);
	g_free(office->dump);
	g_free(office);
}

Actor *sim_office_actor(SimOffice *office, const char *staff)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = NULL;
	Actor *actor;

	if (staff == NULL) {
		actor = g_new0(Actor, 1);
		actor->id = g_strdup("uid:61099");
		actor->name = g_strdup("uid:61099");
		return actor;
	}
	tx = store_tx_read(office->house.store, &error);
	actor = principal_of_staff(&office->house, tx, staff, office->now, &error);
	g_assert_no_error(error);
	return actor;
}

Card *sim_office_find(SimOffice *office, guint card)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);

	g_assert_no_error(error);
	return store_card_get(tx, numbers[card], NULL);
}

guint sim_office_people(SimOffice *office, const char *section)
{
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, NULL);
	guint set = 0;

	for (guint i = 0; i < HOLDERS; i++) {
		g_autoptr(Person) person = store_person_get(tx, holders[i], NULL);

		if (g_strcmp0(person->section, section) == 0)
			set |= 1u << i;
	}
	return set;
}

void sim_office_designate_all(SimOffice *office)
{
	static const char *const sections[] = { "0101", "0301", "0402" };
	g_autofree char *today = clock_date(office->now);
	/* The other one signs for 0101 as its manager, and nobody approves what he signed. */
	g_autoptr(Actor) admin = sim_office_actor(office, SIM_ADMIN2);
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
		guint set = sim_office_people(office, sections[i]);
		g_auto(Op) op = { 0 };

		op_init(&op, &office->house, admin, office->now);
		g_assert_true(sim_office_designate(&op, sections[i], set, today, &error));
		g_assert_no_error(error);
	}
}

void sim_office_prepare(SimOffice *office, guint card, const char *kind)
{
	const char *list[] = { numbers[card], NULL };
	ReceiveRequest receive = { .cards = (char **) list, .kind = kind, .place = "保管庫" };
	PrepareRequest prepare = { .card = numbers[card], .reader = "reader1" };
	g_autoptr(Actor) custodian = sim_office_actor(office, SIM_CUSTODIAN);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	op_init(&op, &office->house, custodian, office->now);
	sim_card_insert(office->reader, office->cards[card]);
	g_assert_true(receive_cards(&op, &receive, &error) && prepare_card(&op, &prepare, &error));
	g_assert_no_error(error);
}

void sim_office_lend(SimOffice *office, guint card, const char *staff)
{
	IssueRequest issue = { .card = numbers[card], .staff = staff, .authority = SIM_AUTHORITY };
	HandOverRequest hand_over = { .card = numbers[card] };
	g_autoptr(Actor) custodian = sim_office_actor(office, SIM_CUSTODIAN);
	g_autoptr(Secret) pin = secret_new("Kq7#mZ2p", 8);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	hand_over.pin = pin;
	op_init(&op, &office->house, custodian, office->now);
	sim_card_insert(office->reader, office->cards[card]);
	g_assert_true(issue_card(&op, &issue, &error));
	g_assert_no_error(error);
	g_assert_true(hand_over_card(&op, &hand_over, &error));
	g_assert_no_error(error);
}

void sim_office_erase(SimOffice *office, guint card)
{
	EraseRequest erase = { .card = numbers[card], .witness = SIM_WITNESS };
	g_autoptr(Actor) custodian = sim_office_actor(office, SIM_CUSTODIAN);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	op_init(&op, &office->house, custodian, office->now);
	sim_card_insert(office->reader, office->cards[card]);
	g_assert_true(erase_card(&op, &erase, &error));
	g_assert_no_error(error);
}
