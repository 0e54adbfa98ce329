/* SPDX-License-Identifier: Apache-2.0
 * doctor: everything that must agree, and each way in which it does not. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/doctor.h"
#include "tests/unit/record_office.h"

static UnitOffice *with_card(void)
{
	UnitOffice *office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加", "009874|業務管理者|追加", NULL };

	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", rows);
	for (int i = 1; i <= 5; i++) {
		g_autofree char *number = g_strdup_printf("OP%06d", i);

		unit_office_receive(office, number);
	}
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	return office;
}

static const char *text_of(const json_t *finding, const char *name)
{
	const char *text = json_string_value(json_object_get(finding, name));

	g_assert_nonnull(text);
	return text;
}

static json_t *examine(UnitOffice *office)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	json_t *findings;

	unit_office_op(office, ROLE_SET(ROLE_AUDITOR), &op);
	findings = doctor_examine(tx, &op, &error);
	g_assert_no_error(error);
	return findings;
}

/* The finding whose text contains @part has @level, and a next step unless it is ok. */
static void check_finding(UnitOffice *office, const char *part, const char *level)
{
	json_auto_t *document = examine(office);
	json_t *finding;
	guint found = 0;
	size_t i;

	json_array_foreach(json_object_get(document, "findings"), i, finding)
	{
		if (strstr(text_of(finding, "en"), part) == NULL)
			continue;
		found++;
		g_assert_cmpstr(text_of(finding, "level"), ==, level);
		g_assert_true((strcmp(level, "ok") == 0) == (*text_of(finding, "nextEn") == '\0'));
		g_assert_nonnull(text_of(finding, "nextJa"));
	}
	g_assert_cmpuint(found, ==, 1);
}

static void test_doctor_well(void)
{
	g_autoptr(UnitOffice) office = with_card();
	static const char *const good[] = { "database is sound",       "ledger is whole",
					    "exactly one certificate", "designation in force",
					    "one collection duty",     "no certificate is good",
					    "agree on 5 cards",        "ca.key belongs",
					    "opcard.db belongs",       "as the database says" };

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		check_finding(office, good[i], "ok");
	check_finding(office, "master.key cannot be read", "error");
	check_finding(office, "opcard-card cannot be run", "error");
	check_finding(office, "yoshiki05.form", "warn");
}

static void test_doctor_ill(void)
{
	g_autoptr(UnitOffice) office = with_card();
	g_autofree char *key = g_build_filename(office->folder, "ca.key", NULL);
	g_autofree char *list = g_build_filename(office->folder, "public/crl/opcard.crl", NULL);

	unit_office_force(office, "OP000002", CARD_ACTIVE, "hand-over");
	check_finding(office, "without exactly one certificate in force: OP000002", "error");
	check_finding(office, "not designated or whose term is over: OP000002", "error");
	unit_office_force(office, "OP000002", CARD_RECALLED, "recall");
	check_finding(office, "without exactly one open duty: OP000002", "error");
	unit_office_force(office, "OP000001", CARD_RETURNED, "return");
	check_finding(office, "certificate that is still good: OP000001", "error");
	g_assert_cmpint(g_chmod(key, 0644), ==, 0);
	check_finding(office, "ca.key can be reached by others", "error");
	g_assert_cmpint(g_remove(list), ==, 0);
	check_finding(office, "is number 0, the database expects 1", "error");
}

/* A published list newer than the store: the store came from an old backup. */
static void test_doctor_restored(void)
{
	g_autoptr(UnitOffice) office = with_card();
	g_autofree char *path = g_build_filename(office->folder, "state", "opcard.db", NULL);
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, "UPDATE issuer SET crl_number = 0", NULL, NULL, NULL), ==,
			SQLITE_OK);
	g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
	check_finding(office, "is number 1, but the database knows only 0", "error");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/doctor/well", test_doctor_well);
	g_test_add_func("/doctor/ill", test_doctor_ill);
	g_test_add_func("/doctor/restored", test_doctor_restored);
	return g_test_run();
}
