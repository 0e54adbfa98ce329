/* SPDX-License-Identifier: Apache-2.0
 * Accounts → persons → roles: nothing is granted that is not written, and nothing stays granted
 * when the registers say otherwise. */
#include <unistd.h>

#include "daemon/api/principal.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/allow.h"
#include "daemon/op/import_staff.h"
#include "tests/unit/sim_office.h"

#define STRANGER 61099
#define MAPPED   61001
#define DAEMON   61050

#define HOLDER_ONLY ROLE_SET(ROLE_HOLDER)

static SimOffice *open_office(const char *settings)
{
	return sim_office_new(settings);
}

/* Resolved as a request of @uid at @now; the daemon itself runs as DAEMON or, in a test that does
 * not run as root, as whoever runs the test. */
static Actor *resolve(SimOffice *office, uid_t uid, gint64 now)
{
	HttpPeer peer = { .is_local = TRUE, .uid = uid };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);
	gboolean is_root = geteuid() == 0;
	Actor *actor;

	if (is_root)
		g_assert_cmpint(seteuid(DAEMON), ==, 0);
	actor = principal_resolve(&office->house, tx, &peer, now, &error);
	if (is_root)
		g_assert_cmpint(seteuid(0), ==, 0);
	g_assert_no_error(error);
	return actor;
}

static uid_t daemon_uid(void)
{
	return geteuid() == 0 ? DAEMON : geteuid();
}

static void check(SimOffice *office, uid_t uid, const char *id, RoleSet roles)
{
	g_autoptr(Actor) actor = resolve(office, uid, office->now);
	g_autofree char *given = role_table_names(NULL, actor->roles);
	g_autofree char *expected = role_table_names(NULL, roles);

	g_assert_cmpstr(actor->id, ==, id);
	g_assert_cmpstr(given, ==, expected);
	g_assert_true((actor->person != 0) == ((roles & HOLDER_ONLY) != 0));
}

static void test_stranger(void)
{
	g_autoptr(SimOffice) office = open_office("[accounts]\nuid:61001 = staff:012345\n");
	g_autoptr(Actor) actor = resolve(office, STRANGER, office->now);
	g_auto(Op) op = { 0 };

	check(office, STRANGER, "uid:61099", 0);
	g_assert_cmpint(actor->person, ==, 0);
	op_init(&op, &office->house, actor, office->now);
	for (int role = 0; role < _ROLE_MAX; role++)
		g_assert_true(op_has_role(&op, ROLE_SET(role)) == (role == ROLE_ANYONE));
	g_assert_false(op_manages(&op, "0301"));
}

static void test_mapped(void)
{
	g_autoptr(SimOffice) office = open_office("[accounts]\n"
						  "uid:61001 = staff:012345\n"
						  "uid:61002 = staff:" SIM_CUSTODIAN "\n"
						  "uid:61003 = staff:" SIM_ADMIN2 "\n"
						  "uid:61004 = staff:999999\n"
						  "uid:61005 = 012345\n"
						  "uid:610060 = staff:" SIM_ADMIN2 "\n"
						  "uid:61007 = staff:" SIM_AUDITOR "\n");

	check(office, 61001, "012345", HOLDER_ONLY);
	check(office, 61002, SIM_CUSTODIAN, HOLDER_ONLY | ROLE_SET(ROLE_CUSTODIAN));
	check(office, 61003, SIM_ADMIN2, HOLDER_ONLY | ROLE_SET(ROLE_SYSTEM_ADMIN));
	check(office, 61004, "uid:61004", 0); /* nobody has that number */
	check(office, 61005, "uid:61005", 0);
	check(office, 61006, "uid:61006", 0);
	check(office, 61007, SIM_AUDITOR, HOLDER_ONLY | ROLE_SET(ROLE_AUDITOR));
}

/* uid 0 reads, backs up and bootstraps; whatever somebody writes into [accounts], it never acts as
 * a person and so never approves. */
static void test_root_is_only_root(void)
{
	g_autoptr(SimOffice) plain = open_office("");
	g_autoptr(SimOffice) mapped =
		open_office("[accounts]\nuid:0 = staff:" SIM_ADMIN "\n"
			    "[policy]\nseparation-exception = 2099-12-31 出先\n");

	check(plain, 0, "root", ROLE_SET(ROLE_ROOT));
	check(mapped, 0, "root", ROLE_SET(ROLE_ROOT));
}

static void check_sections(SimOffice *office, uid_t uid, const char *expected)
{
	g_autoptr(Actor) actor = resolve(office, uid, office->now);
	g_autofree char *sections =
		actor->sections != NULL ? g_strjoinv(",", actor->sections) : g_strdup("");

	g_assert_cmpstr(sections, ==, expected);
	g_assert_true(((actor->roles & ROLE_SET(ROLE_SECTION_MANAGER)) != 0) ==
		      (*expected != '\0'));
}

static void retitle(SimOffice *office, const char *staff, const char *section, const char *title)
{
	static const Actor root = { .id = (char *) "root", .roles = ROLE_SET(ROLE_ROOT) };
	ImportStaffRow row = { .line = 2,
			       .staff = (char *) staff,
			       .name = (char *) "異動　者",
			       .section = (char *) section,
			       .title = (char *) title };
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	ImportStaffRequest request = { (char *) "staff.csv", list };
	g_auto(ImportResult) result = { 0 };
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };

	g_ptr_array_add(list, &row);
	op_init(&op, &office->house, &root, office->now);
	g_assert_true(import_staff(&op, &request, &result, &error));
	g_assert_no_error(error);
}

/* The head of a section manages it, by the post the section names; with the title goes the role. */
static void test_posts(void)
{
	g_autoptr(SimOffice) office = open_office("[accounts]\n"
						  "uid:61001 = staff:" SIM_MANAGER "\n"
						  "uid:61002 = staff:" SIM_MANAGER2 "\n"
						  "uid:61003 = staff:012345\n"
						  "uid:61004 = staff:" SIM_ADMIN "\n"
						  "uid:61005 = staff:" SIM_WITNESS "\n");

	check_sections(office, 61001, "0301");
	check_sections(office, 61002, "0402");
	check_sections(office, 61003, "");
	check_sections(office, 61004, "0101");
	check_sections(office, 61005, "");
	retitle(office, SIM_MANAGER, "0301", "主幹");
	check_sections(office, 61001, "");
	retitle(office, SIM_MANAGER, "0402", "係長");
	check_sections(office, 61001, "");
	retitle(office, "012345", "0301", "課長");
	check_sections(office, 61003, "0301");
}

static void test_role_by_post(void)
{
	g_autoptr(SimOffice) office = open_office("night-desk = post:保険年金課長, post:市民課長\n"
						  "[accounts]\n"
						  "uid:61001 = staff:" SIM_MANAGER "\n"
						  "uid:61002 = staff:012345\n"
						  "uid:61003 = staff:" SIM_ADMIN "\n");
	const RoleSet head = HOLDER_ONLY | ROLE_SET(ROLE_SECTION_MANAGER);

	check(office, 61001, SIM_MANAGER, head | ROLE_SET(ROLE_NIGHT_DESK));
	check(office, 61002, "012345", HOLDER_ONLY);
	check(office, 61003, SIM_ADMIN, head | ROLE_SET(ROLE_SYSTEM_ADMIN));
	retitle(office, SIM_MANAGER, "0101", "課長");
	check(office, 61001, SIM_MANAGER, HOLDER_ONLY);
}

/* The account the daemon runs as can read the CA key; it must not be a person's, unless an open
 * exception says so. */
static void test_daemons_own_account(void)
{
	static const struct {
		const char *exception;
		gboolean is_open;
	} rows[] = {
		{ "", FALSE },
		{ "2026-11-20 昨日まで", FALSE },
		{ "2026-11-21 本日まで", TRUE },
		{ "2027-03-31 年度末まで", TRUE },
		{ "出先のため", FALSE },
		{ "2026-11-31 暦にない日", FALSE },
		{ "2026/12/31 書き方違い", FALSE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *settings =
			g_strdup_printf("[accounts]\nuid:%u = staff:" SIM_CUSTODIAN
					"\n[policy]\nseparation-exception = %s\n",
					(unsigned) daemon_uid(), rows[i].exception);
		g_autofree char *id = g_strdup_printf("uid:%u", (unsigned) daemon_uid());
		g_autoptr(SimOffice) office = open_office(settings);

		g_test_message("exception %s", rows[i].exception);
		if (rows[i].is_open)
			check(office, daemon_uid(), SIM_CUSTODIAN,
			      HOLDER_ONLY | ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_ROOT));
		else
			check(office, daemon_uid(), id, 0);
		check(office, STRANGER, "uid:61099", 0);
	}
}

static void test_exception_ends(void)
{
	g_autofree char *settings =
		g_strdup_printf("[accounts]\nuid:%u = staff:" SIM_CUSTODIAN "\n"
				"[policy]\nseparation-exception = 2026-11-21 一日\n",
				(unsigned) daemon_uid());
	g_autoptr(SimOffice) office = open_office(settings);
	gint64 midnight = clock_day_start("2026-11-22");
	g_autoptr(Actor) before = resolve(office, daemon_uid(), midnight - 1);
	g_autoptr(Actor) after = resolve(office, daemon_uid(), midnight);

	g_assert_cmpuint(before->roles & ROLE_SET(ROLE_CUSTODIAN), !=, 0);
	g_assert_cmpuint(after->roles, ==, 0);
}

static void test_remote(void)
{
	HttpPeer peer = { .is_local = FALSE, .uid = MAPPED };
	g_autoptr(SimOffice) office = open_office("[accounts]\nuid:61001 = staff:" SIM_ADMIN "\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);

	g_assert_null(principal_resolve(&office->house, tx, &peer, office->now, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_DENIED);
}

static void test_staff(void)
{
	g_autoptr(SimOffice) office = open_office("");
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);
	g_autoptr(Actor) admin =
		principal_of_staff(&office->house, tx, SIM_ADMIN, office->now, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(admin->roles & ROLE_SET(ROLE_SYSTEM_ADMIN), !=, 0);
	g_assert_cmpuint(admin->roles & ROLE_SET(ROLE_ROOT), ==, 0);
	g_assert_null(principal_of_staff(&office->house, tx, "999999", office->now, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_NOT_FOUND);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/principal/stranger", test_stranger);
	g_test_add_func("/principal/mapped", test_mapped);
	g_test_add_func("/principal/root-is-only-root", test_root_is_only_root);
	g_test_add_func("/principal/posts", test_posts);
	g_test_add_func("/principal/role-by-post", test_role_by_post);
	g_test_add_func("/principal/daemons-own-account", test_daemons_own_account);
	g_test_add_func("/principal/exception-ends", test_exception_ends);
	g_test_add_func("/principal/remote", test_remote);
	g_test_add_func("/principal/staff", test_staff);
	return g_test_run();
}
