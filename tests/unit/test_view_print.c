/* SPDX-License-Identifier: Apache-2.0
 * Printing: registers and receipt through the real opcard-form, and children that fail in every
 * way a program can. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/op/print.h"
#include "daemon/op/print_child.h"
#include "daemon/op/register.h"
#include "daemon/store/store_ledger.h"
#include "tests/unit/record_office.h"

static void link_real(UnitOffice *office)
{
	g_autofree char *libexec = g_build_filename(office->folder, "libexec", NULL);
	g_autofree char *forms = g_build_filename(office->folder, "forms", NULL);
	g_autofree char *program = g_build_filename(libexec, "opcard-form", NULL);

	g_assert_cmpint(g_mkdir(libexec, 0700), ==, 0);
	g_assert_cmpint(symlink(g_getenv("OPCARD_FORM"), program), ==, 0);
	g_assert_cmpint(symlink(g_getenv("OPCARD_FORMS"), forms), ==, 0);
}

/* In place of opcard-form. */
static void write_script(UnitOffice *office, const char *script)
{
	g_autofree char *libexec = g_build_filename(office->folder, "libexec", NULL);
	g_autofree char *forms = g_build_filename(office->folder, "forms", NULL);
	g_autofree char *program = g_build_filename(libexec, "opcard-form", NULL);
	g_autofree char *form = g_build_filename(forms, "yoshiki05.form", NULL);
	g_autofree char *text = g_strconcat("#!/bin/sh\n", script, "\n", NULL);

	g_assert_cmpint(g_mkdir_with_parents(libexec, 0700), ==, 0);
	g_assert_cmpint(g_mkdir_with_parents(forms, 0700), ==, 0);
	g_assert_true(g_file_set_contents(form, "x", -1, NULL));
	g_assert_true(g_file_set_contents(program, text, -1, NULL));
	g_assert_cmpint(g_chmod(program, 0700), ==, 0);
}

static UnitOffice *with_card(void)
{
	UnitOffice *office = unit_office_new();
	const char *const rows[] = { "012345|一般操作者|追加", NULL };

	unit_office_settle(office);
	unit_office_designate(office, "0301", "2026-11-01", rows);
	unit_office_receive(office, "OP000001");
	unit_office_lend(office, "OP000001", "012345", "一般操作者");
	return office;
}

static guint prints(UnitOffice *office)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	LedgerFilter filter = { .kind = "print", .limit = 100 };
	g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, NULL);

	return rows->len;
}

static GBytes *print(UnitOffice *office, int form, json_t *data, GError **error)
{
	PrintRequest request = { .form = form, .data = data };
	g_auto(Op) op = { 0 };

	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN), &op);
	return print_form(&op, &request, error);
}

static json_t *data_of(UnitOffice *office, int form)
{
	const char *const cards[] = { "OP000001", NULL };
	RegisterRequest request = { 0 };
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_auto(Op) op = { 0 };

	unit_office_op(office, ROLE_SET(ROLE_CUSTODIAN), &op);
	if (form == 3)
		return register_issue(tx, &op, &request, NULL);
	return form == 4 ? register_receipt(tx, &op, cards, NULL)
			 : register_card(tx, &op, &request, NULL);
}

static void check_pdf(GBytes *pdf, const GError *error)
{
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(pdf), >, 1000);
	g_assert_cmpmem(g_bytes_get_data(pdf, NULL), 5, "%PDF-", 5);
}

/* What the registers give is what the forms take; no name is refused. */
static void test_real(void)
{
	g_autoptr(UnitOffice) office = with_card();

	link_real(office);
	for (int form = 3; form <= 5; form++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GError) blank_error = NULL;
		json_auto_t *data = data_of(office, form);
		g_autoptr(GBytes) pdf = print(office, form, data, &error);
		g_autoptr(GBytes) blank = print(office, form, NULL, &blank_error);

		check_pdf(pdf, error);
		check_pdf(blank, blank_error);
	}
	g_assert_cmpuint(prints(office), ==, 6);
}

static void test_unprintable(void)
{
	g_autoptr(UnitOffice) office = with_card();
	json_auto_t *data = json_pack("{s:[{s:s}]}", "rows", "name", "山\xEE\x80\x80");
	g_autoptr(GError) error = NULL;

	link_real(office);
	g_assert_null(print(office, 5, data, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_USAGE);
	g_assert_nonnull(strstr(error->message, "U+E000"));
	g_assert_cmpuint(prints(office), ==, 0);
}

static void check_failure(const char *script, ErrorCode code, const char *says)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	json_auto_t *data = json_pack("{s:[]}", "rows");
	g_autoptr(GError) error = NULL;

	g_test_message("%s", script);
	write_script(office, script);
	g_assert_null(print(office, 5, data, &error));
	g_assert_error(error, ERROR_DOMAIN, (int) code);
	g_assert_nonnull(strstr(error->message, says));
	g_assert_cmpuint(prints(office), ==, 0);
}

static void test_failures(void)
{
	check_failure("echo torn paper >&2; exit 2", ERROR_USAGE, "torn paper");
	check_failure("echo no ink >&2; exit 1", ERROR_INTERNAL, "no ink");
	check_failure("kill -SEGV $$", ERROR_INTERNAL, "(-1)");
	check_failure("echo hello", ERROR_INTERNAL, "no pdf");
	check_failure("exit 0", ERROR_INTERNAL, "no pdf");
	check_failure("printf 'bad \\377 text' >&2; exit 2", ERROR_USAGE, "bad");
}

static void test_missing(void)
{
	g_autoptr(UnitOffice) office = unit_office_new();
	g_autoptr(GError) no_form = NULL;
	g_autoptr(GError) no_program = NULL;
	g_autofree char *program = NULL;

	write_script(office, "exit 0");
	g_assert_null(print(office, 6, NULL, &no_form));
	g_assert_error(no_form, ERROR_DOMAIN, ERROR_NOT_FOUND);
	program = g_build_filename(office->folder, "libexec", "opcard-form", NULL);
	g_assert_cmpint(g_remove(program), ==, 0);
	g_assert_null(print(office, 5, NULL, &no_program));
	g_assert_error(no_program, ERROR_DOMAIN, ERROR_INTERNAL);
}

static void run(const char *script, GBytes *input, gint64 deadline, PrintOutput *ret_output)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	PrintChild child = { "/bin/sh", argv, input, deadline, 1024 * 1024 };

	g_assert_true(print_child_run(&child, ret_output, NULL));
}

static gint64 in_a_minute(void)
{
	return g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
}

/* A megabyte through both pipes at once, and nothing of our environment. */
static void test_child(void)
{
	g_autofree char *block = g_strnfill(1024 * 1024, 'x');
	g_autoptr(GBytes) input = g_bytes_new_static(block, 1024 * 1024);
	g_auto(PrintOutput) all = { 0 };
	g_auto(PrintOutput) names = { 0 };

	run("cat; head -c 200000 /dev/zero >&2", input, in_a_minute(), &all);
	g_assert_cmpint(all.status, ==, 0);
	g_assert_cmpuint(all.data->len, ==, 1024 * 1024);
	g_assert_cmpmem(all.data->data, all.data->len, block, 1024 * 1024);
	g_assert_false(all.is_large);
	g_setenv("OPCARD_UNIT_SECRET", "visible", TRUE);
	run("env; ls /proc/self/fd | wc -l", NULL, in_a_minute(), &names);
	g_byte_array_append(names.data, (const guint8 *) "", 1);
	g_assert_nonnull(strstr((const char *) names.data->data, "LC_ALL=C.UTF-8"));
	g_assert_null(strstr((const char *) names.data->data, "OPCARD_UNIT_SECRET"));
}

static void test_child_limits(void)
{
	g_auto(PrintOutput) large = { 0 };
	g_auto(PrintOutput) late = { 0 };
	g_auto(PrintOutput) silent = { 0 };

	run("yes", NULL, in_a_minute(), &large);
	g_assert_true(large.is_large);
	g_assert_cmpint(large.status, ==, -1);
	g_assert_cmpuint(large.data->len, <=, 1024 * 1024);
	run("exec sleep 1000", NULL, g_get_monotonic_time() + 100000, &late);
	g_assert_true(late.is_late);
	run("exec >&- 2>&-; exec sleep 1000", NULL, g_get_monotonic_time() + 100000, &silent);
	g_assert_true(silent.is_late);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/print/real", test_real);
	g_test_add_func("/print/unprintable", test_unprintable);
	g_test_add_func("/print/failures", test_failures);
	g_test_add_func("/print/missing", test_missing);
	g_test_add_func("/print/child", test_child);
	g_test_add_func("/print/child/limits", test_child_limits);
	return g_test_run();
}
