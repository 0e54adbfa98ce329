/* SPDX-License-Identifier: Apache-2.0
 * The steps of long work as another thread sees them. */
#include "daemon/base/error.h"
#include "daemon/op/steps.h"

static void clear(StepsView *view)
{
	json_decref(view->steps);
	json_decref(view->result);
	json_decref(view->extra);
}

static void test_view(void)
{
	g_autoptr(Steps) steps = steps_new("I-2026-000001", "issue", "OP000001");
	StepsView view;

	steps_add(steps, "look", "Looking for the card in the reader");
	steps_add(steps, "wipe", "Erasing the card and reading it back");
	steps_view(steps, 1, &view);
	g_assert_cmpstr(steps_id(steps), ==, "I-2026-000001");
	g_assert_cmpstr(view.kind, ==, "issue");
	g_assert_cmpstr(view.card, ==, "OP000001");
	g_assert_cmpstr(view.state, ==, "running");
	g_assert_cmpuint(json_array_size(view.steps), ==, 1);
	const json_t *step = json_array_get(view.steps, 0);

	g_assert_cmpint(json_integer_value(json_object_get(step, "n")), ==, 2);
	g_assert_cmpstr(json_string_value(json_object_get(step, "name")), ==, "wipe");
	g_assert_cmpstr(json_string_value(json_object_get(step, "en")), ==,
			"Erasing the card and reading it back");
	clear(&view);
	steps_view(steps, 99, &view);
	g_assert_cmpuint(json_array_size(view.steps), ==, 0);
	clear(&view);
	steps_add(NULL, "no", "work without a job has no steps");
}

static void test_ends(void)
{
	g_autoptr(Steps) good = steps_new("I-1", "issue", "OP1");
	g_autoptr(Steps) bad = steps_new("I-2", "issue", "OP1");
	g_autoptr(GError) error = NULL;
	StepsView view;

	error_set(&error, ERROR_CARD, "card %s is gone", "OP1");
	g_assert_false(steps_is_final(good));
	steps_finish(good, json_pack("{s:s}", "card", "OP1"), NULL, NULL);
	steps_finish(bad, NULL, error, json_pack("{s:i}", "triesLeft", 2));
	g_clear_error(&error);
	g_assert_true(steps_is_final(good) && steps_is_final(bad));
	steps_view(good, 0, &view);
	g_assert_cmpstr(view.state, ==, "done");
	g_assert_null(view.error);
	g_assert_cmpstr(json_string_value(json_object_get(view.result, "card")), ==, "OP1");
	clear(&view);
	steps_view(bad, 0, &view);
	g_assert_cmpstr(view.state, ==, "failed");
	g_assert_error(view.error, ERROR_DOMAIN, ERROR_CARD);
	g_assert_cmpint(json_integer_value(json_object_get(view.extra, "triesLeft")), ==, 2);
	clear(&view);
}

static gint64 soon(void)
{
	return g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
}

static gpointer work(gpointer data)
{
	Steps *steps = data;

	for (int i = 0; i < 100; i++)
		steps_add(steps, "step", "One of many");
	steps_finish(steps, NULL, NULL, NULL);
	steps_unref(steps);
	return NULL;
}

/* Whoever follows a job sees every step once and in order, and then its end. */
static void test_follow(void)
{
	g_autoptr(Steps) steps = steps_new("I-3", "issue", "OP1");
	GThread *thread = g_thread_new("work", work, steps_ref(steps));
	gboolean is_final = FALSE;
	guint seen = 0;

	while (!is_final) {
		StepsView view;

		is_final = steps_is_final(steps);
		steps_view(steps, seen, &view);
		for (size_t i = 0; i < json_array_size(view.steps); i++) {
			const json_t *n = json_object_get(json_array_get(view.steps, i), "n");

			g_assert_cmpint(json_integer_value(n), ==, ++seen);
		}
		clear(&view);
		if (!is_final)
			steps_wait(steps, seen, soon());
	}
	g_assert_cmpuint(seen, ==, 100);
	g_thread_join(thread);
}

static void test_wait(void)
{
	g_autoptr(Steps) steps = steps_new("I-4", "issue", "OP1");

	steps_wait(steps, 0, g_get_monotonic_time()); /* nothing comes: the time is up */
	steps_add(steps, "look", "Looking for the card in the reader");
	steps_wait(steps, 0, soon()); /* something is there already */
	steps_finish(steps, NULL, NULL, NULL);
	steps_wait(steps, 1, soon()); /* nothing more can come */
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/steps/view", test_view);
	g_test_add_func("/steps/ends", test_ends);
	g_test_add_func("/steps/follow", test_follow);
	g_test_add_func("/steps/wait", test_wait);
	return g_test_run();
}
