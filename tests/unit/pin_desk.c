/* SPDX-License-Identifier: Apache-2.0
 * An office with a desk at which PINs are set. */
#include "tests/unit/pin_desk.h"

#include <glib/gstdio.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/issue.h"
#include "daemon/op/pin_change.h"
#include "daemon/op/pin_permit.h"
#include "daemon/op/pin_reset.h"
#include "daemon/op/prepare.h"
#include "daemon/op/view_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_ledger.h"

static Secret *secret(const char *text)
{
	return secret_new(text, strlen(text));
}

void pin_desk_policy(UnitOffice *office, const char *line)
{
	g_autofree char *path = g_build_filename(office->folder, "desk.conf", NULL);
	g_autofree char *text = g_strdup_printf(
		"[organisation]\nname = 試験市\n"
		"[daemon]\nstate-dir = %s/state\npublic-dir = %s/public\nlibexec-dir = %s\n"
		"[cards]\nmaster-key = file:%s/desk.key\nmodule = %s\n"
		"readers = dir:%s/reader1, dir:%s/reader2\n"
		"[policy]\n%s\n",
		office->folder, office->folder, g_getenv("OPCARD_BUILD"), office->folder,
		g_getenv("OPCARD_COUNTING"), office->folder, office->folder, line);
	g_autoptr(GError) error = NULL;
	Config *config;

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	config = config_load(path, &error);
	g_assert_no_error(error);
	g_clear_pointer(&office->house.config, config_free);
	office->house.config = config;
}

static void open_desk(UnitOffice *office)
{
	g_autofree char *uri = g_strdup_printf("file:%s/desk.key", office->folder);
	g_autoptr(GError) error = NULL;

	for (int i = 1; i <= 2; i++) {
		g_autofree char *reader = g_strdup_printf("%s/reader%d", office->folder, i);

		g_assert_cmpint(g_mkdir(reader, 0700), ==, 0);
	}
	pin_desk_policy(office, "");
	office->house.so_key = so_pin_key_create(uri, &error);
	g_assert_no_error(error);
	g_mutex_init(&office->house.reader_mutex);
	g_cond_init(&office->house.reader_free);
	office->house.reader_busy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void lend(UnitOffice *office, const char *card, const char *staff, const char *reader)
{
	PrepareRequest prepare = { .card = card, .reader = reader };
	IssueRequest issue = {
		.card = card, .staff = staff, .authority = "一般操作者", .reader = reader
	};
	g_autoptr(Secret) pin = secret(DESK_PIN);
	HandOverRequest hand_over = { .card = card, .reader = reader, .pin = pin };
	g_autoptr(GError) error = NULL;
	gboolean is_done;

	unit_office_receive(office, card);
	for (int step = 0; step < 3; step++) {
		g_auto(Op) op = { 0 };

		unit_office_op(office, UNIT_ALL_ROLES, &op);
		is_done = step == 0   ? prepare_card(&op, &prepare, &error)
			  : step == 1 ? issue_card(&op, &issue, &error)
				      : hand_over_card(&op, &hand_over, &error);
		g_assert_no_error(error);
		g_assert_true(is_done);
	}
}

UnitOffice *pin_desk_new(guint cards)
{
	UnitOffice *office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加", "009874|一般操作者|追加", NULL };

	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", rows);
	open_desk(office);
	lend(office, DESK_ONE, "012345", "reader1");
	if (cards > 1)
		lend(office, DESK_TWO, "009874", "reader2");
	return office;
}

void pin_desk_free(UnitOffice *office)
{
	g_clear_pointer(&office->house.so_key, so_pin_key_free);
	g_clear_pointer(&office->house.reader_busy, g_hash_table_unref);
	g_clear_pointer(&office->house.missing_walls, g_free);
	g_mutex_clear(&office->house.reader_mutex);
	g_cond_clear(&office->house.reader_free);
	unit_office_free(office);
}

void pin_desk_tries(UnitOffice *office, const char *reader, int tries)
{
	g_autofree char *path = g_build_filename(office->folder, reader, "tries", NULL);
	g_autofree char *text = g_strdup_printf("%d\n", tries);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

gboolean pin_desk_change(UnitOffice *office, const char *card, const char *old_pin,
			 const char *new_pin, GError **error)
{
	g_autoptr(Secret) old_secret = secret(old_pin);
	g_autoptr(Secret) new_secret = secret(new_pin);
	PinChangeRequest request = { .card = card, .old_pin = old_secret, .new_pin = new_secret };
	g_auto(Op) op = { 0 };
	int tries_left;

	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN), &op);
	return pin_change(&op, &request, &tries_left, error);
}

gboolean pin_desk_accept(UnitOffice *office, const char *card, const char *paper, GError **error)
{
	PinPermitRequest request = { card, paper };
	g_auto(Op) op = { 0 };

	unit_office_op(office, ROLE_SET(ROLE_SYSTEM_ADMIN), &op);
	return pin_permit_accept(&op, &request, error);
}

gboolean pin_desk_reset(UnitOffice *office, const char *card, const char *how, const char *new_pin,
			GError **error)
{
	g_autoptr(Secret) pin = secret(new_pin);
	PinResetRequest request = {
		.card = card,
		.pin = pin,
		.note = g_str_equal(how, "urgent") ? "窓口開庁前" : NULL,
		.is_absent = g_str_equal(how, "absent"),
		.is_urgent = g_str_equal(how, "urgent"),
	};
	g_auto(Op) op = { 0 };

	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN), &op);
	return pin_reset_card(&op, &request, error);
}

void pin_desk_check_pin(UnitOffice *office, const char *card, const char *shown)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_autoptr(Card) row = store_card_get(tx, card, &error);
	Op op = { .house = &office->house, .now = office->now };
	json_auto_t *view = view_card(tx, &op, row, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(json_string_value(json_object_get(json_object_get(view, "pin"), "state")),
			==, shown);
}

StatusState pin_desk_ocsp(UnitOffice *office, const char *card)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = store_certificate_of_card(tx, card, &error);
	const Certificate *certificate;

	g_assert_no_error(error);
	certificate = list->pdata[0];
	return status_index_lookup(office->house.index, (guint16) certificate->issuer,
				   certificate->serial, NULL);
}

guint pin_desk_records(UnitOffice *office, const char *card, const char *kind, const char *part)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	LedgerFilter filter = { .card = card, .kind = kind, .limit = 1000 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, &error);
	guint count = 0;

	g_assert_no_error(error);
	for (guint i = 0; i < rows->len; i++)
		if (strstr(((const LedgerRow *) rows->pdata[i])->body, part) != NULL)
			count++;
	return count;
}
