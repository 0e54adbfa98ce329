/* SPDX-License-Identifier: Apache-2.0
 * Buckets of tokens: what comes at once, how fast they fill, and that nobody pays for another. */
#include "daemon/api/rate.h"

#define SECOND G_GINT64_CONSTANT(1000000)

static void test_burst_then_wait(void)
{
	g_autoptr(Rate) rate = rate_new(60, 3);

	for (int i = 0; i < 3; i++)
		g_assert_cmpuint(rate_take(rate, "a", 0), ==, 0);
	g_assert_cmpuint(rate_take(rate, "a", 0), ==, 2);
	g_assert_cmpuint(rate_take(rate, "a", SECOND - 1), ==, 1);
	g_assert_cmpuint(rate_take(rate, "a", SECOND), ==, 0);
	g_assert_cmpuint(rate_take(rate, "a", SECOND), !=, 0);
}

static void test_each_has_an_own_bucket(void)
{
	g_autoptr(Rate) rate = rate_new(1, 1);

	g_assert_cmpuint(rate_take(rate, "a", 0), ==, 0);
	g_assert_cmpuint(rate_take(rate, "a", 0), ==, 61);
	g_assert_cmpuint(rate_take(rate, "b", 0), ==, 0);
}

static void test_a_full_bucket_holds_no_more(void)
{
	g_autoptr(Rate) rate = rate_new(60, 2);

	g_assert_cmpuint(rate_take(rate, "a", 0), ==, 0);
	for (int i = 0; i < 2; i++)
		g_assert_cmpuint(rate_take(rate, "a", 1000 * SECOND), ==, 0);
	g_assert_cmpuint(rate_take(rate, "a", 1000 * SECOND), !=, 0);
}

/* A clock that goes back takes nothing away and gives nothing. */
static void test_time_that_stands_still(void)
{
	g_autoptr(Rate) rate = rate_new(60, 1);

	g_assert_cmpuint(rate_take(rate, "a", 10 * SECOND), ==, 0);
	g_assert_cmpuint(rate_take(rate, "a", 5 * SECOND), !=, 0);
	g_assert_cmpuint(rate_take(rate, "a", 11 * SECOND), ==, 0);
}

static void test_without_limit(void)
{
	g_autoptr(Rate) rate = rate_new(0, 0);

	for (int i = 0; i < 10000; i++)
		g_assert_cmpuint(rate_take(rate, "a", 0), ==, 0);
}

/* Many strangers are forgotten; who is empty is not. */
static void test_forgetting(void)
{
	g_autoptr(Rate) rate = rate_new(60, 1);

	for (int i = 0; i < 5000; i++) {
		g_autofree char *who = g_strdup_printf("%d", i);

		g_assert_cmpuint(rate_take(rate, who, i * SECOND / 2), ==, 0);
	}
	g_assert_cmpuint(rate_take(rate, "4999", 5000 * SECOND / 2), !=, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rate/burst", test_burst_then_wait);
	g_test_add_func("/rate/own", test_each_has_an_own_bucket);
	g_test_add_func("/rate/full", test_a_full_bucket_holds_no_more);
	g_test_add_func("/rate/back", test_time_that_stands_still);
	g_test_add_func("/rate/none", test_without_limit);
	g_test_add_func("/rate/forget", test_forgetting);
	return g_test_run();
}
