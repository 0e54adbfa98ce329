/* SPDX-License-Identifier: Apache-2.0
 * N34: as many earlier PINs as the policy says are refused, on real cards, and no more is stored
 * than that takes. */
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/store/store_pin_history.h"
#include "tests/unit/pin_desk.h"

static const char *const pins[] = { DESK_PIN, DESK_NEW, "Jr5pXc8n", "vT6yBq3k", "n8LdGw5s" };

static void change(UnitOffice *office, guint from, guint to)
{
	g_autoptr(GError) error = NULL;
	gboolean is_done = pin_desk_change(office, DESK_ONE, pins[from], pins[to], &error);

	g_assert_no_error(error);
	g_assert_true(is_done);
}

static void refused(gboolean is_done, GError **error)
{
	g_assert_false(is_done);
	g_assert_error(*error, ERROR_DOMAIN, ERROR_PIN);
	g_assert_nonnull(strstr((*error)->message, "used before"));
	for (guint i = 0; i < G_N_ELEMENTS(pins); i++)
		g_assert_null(strstr((*error)->message, pins[i]));
	g_clear_error(error);
}

static guint count_kept(UnitOffice *office, const char *card)
{
	g_autoptr(StoreTx) tx = unit_office_read(office);
	g_auto(StorePinHistory) history = { 0 };
	g_autoptr(GError) error = NULL;
	gboolean is_done = store_pin_history_get(tx, card, &history, &error);

	g_assert_no_error(error);
	g_assert_true(is_done);
	return history.digests->len;
}

static void test_nothing_is_stored(void)
{
	UnitOffice *office = pin_desk_new(1);

	change(office, 0, 1);
	change(office, 1, 0);
	g_assert_cmpuint(count_kept(office, DESK_ONE), ==, 0);
	pin_desk_free(office);
}

static void test_last_three(void)
{
	UnitOffice *office = pin_desk_new(2);
	g_autoptr(GError) error = NULL;

	pin_desk_policy(office, "pin-history = 3");
	change(office, 0, 1);
	change(office, 1, 2);
	refused(pin_desk_change(office, DESK_ONE, pins[2], pins[1], &error), &error);
	change(office, 2, 3);
	change(office, 3, 4);
	g_assert_cmpuint(count_kept(office, DESK_ONE), ==, 3);
	refused(pin_desk_change(office, DESK_ONE, pins[4], pins[2], &error), &error);
	change(office, 4, 1);
	g_assert_cmpuint(count_kept(office, DESK_TWO), ==, 0);
	g_assert_true(pin_desk_change(office, DESK_TWO, DESK_PIN, pins[1], &error));
	g_assert_no_error(error);
	pin_desk_policy(office, "pin-history = 1");
	change(office, 1, 2);
	g_assert_cmpuint(count_kept(office, DESK_ONE), ==, 0);
	pin_desk_free(office);
}

/* The PIN that was forgotten is refused too, and the form 6 stays good for another. */
static void test_reset_by_form_six(void)
{
	UnitOffice *office = pin_desk_new(1);
	g_autoptr(GError) error = NULL;

	pin_desk_policy(office, "pin-history = 2");
	change(office, 0, 1);
	g_assert_true(pin_desk_accept(office, DESK_ONE, "市民発第61号", &error));
	refused(pin_desk_reset(office, DESK_ONE, "", pins[1], &error), &error);
	pin_desk_check_pin(office, DESK_ONE, "RESET_AUTHORIZED");
	g_assert_true(pin_desk_reset(office, DESK_ONE, "", pins[2], &error));
	g_assert_no_error(error);
	g_assert_cmpuint(count_kept(office, DESK_ONE), ==, 2);
	pin_desk_free(office);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pin-history/N34-nothing-is-stored", test_nothing_is_stored);
	g_test_add_func("/pin-history/N34-last-three", test_last_three);
	g_test_add_func("/pin-history/N34-T28-reset-by-form-six", test_reset_by_form_six);
	return g_test_run();
}
