/* SPDX-License-Identifier: Apache-2.0
 * A municipality for unit tests. */
#include "tests/unit/record_office.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/ca/key.h"
#include "daemon/op/cert_status.h"
#include "daemon/op/import_section.h"
#include "daemon/op/publish.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_issuer.h"
#include "daemon/store/store_pin.h"
#include "daemon/store/store_register.h"

#define HOUR 3600

static void write_config(UnitOffice *office)
{
	g_autofree char *path = g_build_filename(office->folder, "opcardd.conf", NULL);
	g_autofree char *text = g_strdup_printf("[organisation]\nname = 試験市\n"
						"[daemon]\nstate-dir = %s/state\n"
						"public-dir = %s/public\n"
						"libexec-dir = %s/libexec\n"
						"[cards]\nmaster-key = file:%s/master.key\n"
						"[forms]\nfolder = %s/forms\n",
						office->folder, office->folder, office->folder,
						office->folder, office->folder);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	office->house.config = config_load(path, &error);
	g_assert_no_error(error);
}

static void open_ca(UnitOffice *office)
{
	g_autofree char *path = g_build_filename(office->folder, "ca.key", NULL);
	g_autofree char *uri = g_strconcat("file:", path, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Key) key = key_generate(KEY_EC_P256, &error);
	g_autoptr(Signer) signer = sign_new(key, &error);
	g_autoptr(GBytes) certificate =
		issuer_create_root(signer, "C=JP, CN=試験", office->now, 0, &error);
	g_autoptr(StoreTx) tx = store_tx_begin(office->house.store, STORE_NORMAL, &error);
	IssuerRow row = { .certificate = certificate, .key_uri = uri };

	g_assert_no_error(error);
	office->house.issuer = issuer_load(1, certificate, signer, &error);
	g_assert_no_error(error);
	office->house.responder_ends = office->now + 30 * 24 * HOUR;
	row.since = issuer_not_before(office->house.issuer);
	row.until = issuer_not_after(office->house.issuer);
	g_assert_true(key_store(key, uri, &error));
	g_assert_true(store_issuer_insert(tx, &row, &error));
	g_assert_true(store_tx_commit(&tx, &error));
	g_assert_true(publish_now(&office->house, office->now, &error));
	g_assert_no_error(error);
}

UnitOffice *unit_office_new(void)
{
	UnitOffice *office = g_new0(UnitOffice, 1);
	g_autofree char *state = NULL;
	g_autoptr(GError) error = NULL;

	office->folder = g_dir_make_tmp("opcard-unit-XXXXXX", NULL);
	g_assert_nonnull(office->folder);
	office->now = clock_day_start("2026-11-21") + 10 * HOUR;
	write_config(office);
	state = g_build_filename(office->folder, "state", NULL);
	office->house.store = store_open(state, office->now, &error);
	g_assert_no_error(error);
	office->house.index = status_index_new();
	status_index_load_begin(office->house.index, 0);
	status_index_load_finish(office->house.index);
	office->house.publisher = publish_new(office->house.config, &error);
	g_assert_no_error(error);
	g_mutex_init(&office->house.issuer_mutex);
	g_mutex_init(&office->house.job_mutex);
	office->actor = (Actor){ .id = "004102", .name = "小谷　秀樹" };
	open_ca(office);
	return office;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *walk)
{
	(void) facts, (void) kind, (void) walk;
	return remove(path);
}

void unit_office_free(UnitOffice *office)
{
	g_clear_pointer(&office->house.issuer, issuer_free);
	g_clear_pointer(&office->house.publisher, publish_free);
	g_clear_pointer(&office->house.index, status_index_free);
	g_clear_pointer(&office->house.store, store_close);
	g_clear_pointer(&office->house.config, config_free);
	g_mutex_clear(&office->house.issuer_mutex);
	g_mutex_clear(&office->house.job_mutex);
	(void) nftw(office->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	g_free(office->folder);
	g_free(office);
}

void unit_office_op(UnitOffice *office, RoleSet roles, Op *ret_op)
{
	office->actor.roles = roles;
	op_init(ret_op, &office->house, &office->actor, office->now);
}

StoreTx *unit_office_read(UnitOffice *office)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_read(office->house.store, &error);

	g_assert_no_error(error);
	return tx;
}

void unit_office_settle(UnitOffice *office)
{
	ImportSectionRow sections[] = {
		{ 2, "0101", "総務部情報政策課", 10, "情報政策課長", TRUE, NULL },
		{ 3, "0301", "市民部市民課", 30, "市民課長", TRUE, "住民基本台帳" },
		{ 4, "0402", "福祉部保険年金課", 40, "保険年金課長", FALSE, NULL },
	};
	ImportStaffRow staff[] = {
		{ 2, "004102", "小谷　秀樹", "コタニ", "0101", NULL, "課長", "常勤", NULL },
		{ 3, "011208", "山﨑　大輔", "ヤマサキ", "0101", "基盤係", "主任", "常勤", NULL },
		{ 4, "005021", "渡邊󠄊　恵子", "ワタナベ", "0301", "", "課長", "常勤", "" },
		{ 5, "009874", "𠮷田　健一", "ヨシダ", "0301", "住民記録係", "係長", "常勤", NULL },
		{ 6, "012345", UNIT_TSUJI, "ツジ", "0301", "窓口係", "主事", "常勤", NULL },
		{ 7, "006240", "德永　穗積", "トクナガ", "0402", NULL, "課長", "常勤", NULL },
	};
	g_autoptr(GPtrArray) section_rows = g_ptr_array_new();
	g_autoptr(GPtrArray) staff_rows = g_ptr_array_new();
	ImportSectionRequest section_request = { "sections.csv", section_rows };
	ImportStaffRequest staff_request = { "staff.csv", staff_rows };
	g_auto(ImportResult) first = { 0 };
	g_auto(ImportResult) second = { 0 };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
		g_ptr_array_add(section_rows, &sections[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(staff); i++)
		g_ptr_array_add(staff_rows, &staff[i]);
	unit_office_op(office, ROLE_SET(ROLE_ROOT), &op);
	g_assert_true(import_section(&op, &section_request, &first, &error));
	g_assert_true(import_staff(&op, &staff_request, &second, &error));
	g_assert_no_error(error);
	g_assert_cmpint(second.added, ==, G_N_ELEMENTS(staff));
}

static void free_row(gpointer data)
{
	DesignateRow *row = data;

	g_free(row->staff);
	g_free(row->name);
	g_free(row->authority);
	g_free(row->designation);
	g_free(row);
}

GPtrArray *unit_office_rows(const char *const *rows)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(free_row);

	for (guint i = 0; rows[i] != NULL; i++) {
		g_auto(GStrv) parts = g_strsplit(rows[i], "|", 4);
		DesignateRow *row = g_new0(DesignateRow, 1);
		guint count = g_strv_length(parts);

		row->line = i + 2;
		row->staff = g_strdup(parts[0]);
		row->authority = g_strdup(parts[1]);
		row->designation = g_strdup(count > 2 ? parts[2] : NULL);
		row->name = g_strdup(count > 3 ? parts[3] : NULL);
		g_ptr_array_add(list, row);
	}
	return list;
}

void unit_office_designate(UnitOffice *office, const char *section, const char *from,
			   const char *const *rows)
{
	g_autoptr(GPtrArray) list = unit_office_rows(rows);
	DesignateRequest request = { .file = "report.csv",
				     .section = (char *) section,
				     .from = (char *) from,
				     .paper = "市民発第１号",
				     .rows = list };
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	g_assert_true(designate(&op, &request, &result, &error));
	g_assert_no_error(error);
}

void unit_office_receive(UnitOffice *office, const char *number)
{
	Card card = { .number = (char *) number,
		      .kind = "operator",
		      .family = "softhsm",
		      .state = CARD_STOCK,
		      .place = "情報政策課保管庫" };
	Record record = { .kind = "receive", .article = "T22" };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_begin(office->house.store, STORE_NORMAL, &error);
	g_auto(Op) op = { 0 };

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	g_assert_true(store_card_insert(tx, &card, &error));
	g_assert_true(record_card(tx, &op, &card, &record, &error));
	g_assert_true(store_tx_commit(&tx, &error));
}

static void add_certificate(StoreTx *tx, Op *op, const char *number)
{
	static guint32 count;
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	g_autoptr(GError) error = NULL;
	Certificate certificate = { .issuer = 1,
				    .card = (char *) number,
				    .state = CERTIFICATE_PENDING,
				    .reason = REVOCATION_NONE,
				    .not_before = op->now,
				    .not_after = op->now + 86400 * 365,
				    .tbs = bytes,
				    .spki = issuer_spki(op->house->issuer),
				    .intent = "I-1" };
	CertStatusOrder valid = { .to = CERTIFICATE_VALID };

	count++;
	memset(certificate.serial, 0x5A, sizeof(certificate.serial));
	memcpy(certificate.serial + 4, &count, sizeof(count));
	g_assert_true(store_certificate_insert(tx, &certificate, &error));
	g_assert_true(cert_status_set_one(tx, op, &certificate, &valid, &error));
}

static void write_loan(StoreTx *tx, Op *op, const Card *card, const Person *person,
		       const Designation *designation)
{
	IssueRow row = {
		.card = card->number,
		.staff = person->staff,
		.issued_on = card->issued_on,
		.section_code = designation->section,
		.section = designation->section_name,
		.title = designation->title,
		.name = person->name,
		.authority = designation->authority,
	};
	Record issued = { .kind = "issue-done", .article = "T14" };
	Record handed = { .kind = "hand-over",
			  .article = "T15",
			  .from = "PENDING",
			  .extra = json_pack("{s:s}", "check", "良") };
	Pin pin = { .state = PIN_SET, .changed_at = op->now };
	g_autoptr(GError) error = NULL;

	g_assert_true(store_register_issue(tx, &row, &error));
	g_assert_true(store_pin_put(tx, card->number, &pin, &error));
	g_assert_true(record_card(tx, op, card, &issued, &error));
	g_assert_true(record_card(tx, op, card, &handed, &error));
}

static void put(char **member, const char *value)
{
	g_free(*member);
	*member = g_strdup(value);
}

void unit_office_lend(UnitOffice *office, const char *number, const char *staff,
		      const char *authority)
{
	g_autofree char *today = clock_date(office->now);
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_begin(office->house.store, STORE_NORMAL, &error);
	g_autoptr(Card) card = store_card_get(tx, number, &error);
	g_autoptr(Person) person = store_person_get(tx, staff, &error);
	g_autoptr(Designation) designation = NULL;
	g_auto(Op) op = { 0 };

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	g_assert_no_error(error);
	g_assert_true(
		store_designation_for(tx, person->id, authority, today, &designation, &error));
	g_assert_nonnull(designation);
	card->state = CARD_ACTIVE;
	card->holder = person->id;
	put(&card->designation, designation->id);
	put(&card->authority, authority);
	put(&card->issued_on, today);
	put(&card->lent_on, today);
	put(&card->checked_on, today);
	add_certificate(tx, &op, number);
	g_assert_true(store_card_put(tx, card, &error));
	write_loan(tx, &op, card, person, designation);
	g_assert_true(cert_status_commit(&op, &tx, &error));
}

void unit_office_force(UnitOffice *office, const char *number, CardState state, const char *kind)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_begin(office->house.store, STORE_NORMAL, &error);
	g_autoptr(Card) card = store_card_get(tx, number, &error);
	Record record = { .kind = kind, .article = "N32" };
	g_auto(Op) op = { 0 };

	unit_office_op(office, UNIT_ALL_ROLES, &op);
	g_assert_no_error(error);
	card->state = state;
	g_assert_true(store_card_put(tx, card, &error));
	g_assert_true(record_card(tx, &op, card, &record, &error));
	g_assert_true(store_tx_commit(&tx, &error));
}

CardState unit_office_state(UnitOffice *office, const char *number)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_autoptr(Card) card = store_card_get(tx, number, &error);

	g_assert_no_error(error);
	return card_shown(card);
}

guint unit_office_count(const json_t *list, const char *member, const char *part)
{
	guint count = 0;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(json_object_get(item, member));

		count += text != NULL && strstr(text, part) != NULL;
	}
	return count;
}
