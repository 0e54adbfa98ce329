/* SPDX-License-Identifier: Apache-2.0
 * Cards coming and going, as the watcher tells of them. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "pkcs11/card_watch.h"
#include "tests/card/desk.h"

#define PATIENCE_MS 30000

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardWatch, card_watch_free)

static CardWatch *start(const char *const *readers, unsigned count)
{
	CardWatchOptions options = {
		.program = g_getenv("OPCARD_CARD"),
		.family = "softhsm",
		.readers = readers,
		.reader_count = count,
	};
	CardFailure failure;
	CardWatch *watch = card_watch_start(&options, &failure);

	desk_ok(watch != NULL, &failure);
	return watch;
}

/* The next event of this kind and reader; others may come before it. */
static CardWatchEvent await(CardWatch *watch, unsigned reader, CardWatchKind kind)
{
	CardWatchEvent event;
	CardFailure failure;

	for (;;) {
		CardWatchResult result = card_watch_next(watch, PATIENCE_MS, &event, &failure);

		if (result == CARD_WATCH_FAILED)
			g_error("%s", failure.text);
		g_assert_cmpint(result, ==, CARD_WATCH_EVENT);
		if (event.reader == reader && event.kind == kind)
			return event;
	}
}

static void test_come_and_go(void)
{
	g_autoptr(Desk) first = desk_new();
	g_autoptr(Desk) second = desk_new();
	const char *const readers[] = { first->reader, second->reader };
	g_autoptr(CardWatch) watch = NULL;
	g_autofree char *pulled = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardWatchEvent event;

	desk_initialise(first, serial);
	watch = start(readers, 2);
	event = await(watch, 0, CARD_WATCH_SEEN);
	g_assert_cmpstr(event.serial, ==, serial);
	g_assert_cmpstr(event.label, ==, "OP000001");
	(void) await(watch, 1, CARD_WATCH_GONE);
	pulled = desk_pull(first);
	(void) await(watch, 0, CARD_WATCH_GONE);
	desk_insert(second, pulled);
	event = await(watch, 1, CARD_WATCH_SEEN);
	g_assert_cmpstr(event.serial, ==, serial);
	desk_initialise(first, serial);
	event = await(watch, 0, CARD_WATCH_SEEN);
	g_assert_cmpstr(event.serial, ==, serial);
}

static void test_two_cards(void)
{
	g_autoptr(Desk) first = desk_new();
	g_autoptr(Desk) second = desk_new();
	const char *const readers[] = { first->reader };
	g_autoptr(CardWatch) watch = NULL;
	g_autofree char *pulled = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardWatchEvent event;

	desk_initialise(first, serial);
	desk_initialise(second, serial);
	watch = start(readers, 1);
	(void) await(watch, 0, CARD_WATCH_SEEN);
	pulled = desk_pull(second);
	desk_insert(first, pulled);
	event = await(watch, 0, CARD_WATCH_UNREADABLE);
	g_assert_cmpstr(card_failure_name(event.failure), ==, "two-cards");
}

static void test_missing_reader(void)
{
	g_autoptr(Desk) desk = desk_new();
	const char *const readers[] = { desk->reader };
	g_autofree char *away = g_build_filename(desk->root, "away", NULL);
	g_autoptr(CardWatch) watch = NULL;
	char serial[CARD_SERIAL_SIZE];
	CardWatchEvent event;

	watch = start(readers, 1);
	(void) await(watch, 0, CARD_WATCH_GONE);
	g_assert_cmpint(g_rename(desk->reader, away), ==, 0);
	event = await(watch, 0, CARD_WATCH_UNREADABLE);
	g_assert_cmpstr(card_failure_name(event.failure), ==, "reader");
	g_assert_cmpint(g_mkdir(desk->reader, 0700), ==, 0);
	(void) await(watch, 0, CARD_WATCH_GONE);
	desk_initialise(desk, serial);
	event = await(watch, 0, CARD_WATCH_SEEN);
	g_assert_cmpstr(event.serial, ==, serial);
}

static void test_killed(void)
{
	g_autoptr(Desk) desk = desk_new();
	const char *const readers[] = { desk->reader };
	g_autoptr(CardWatch) watch = start(readers, 1);
	CardWatchEvent event;
	CardFailure failure;

	(void) await(watch, 0, CARD_WATCH_GONE);
	g_assert_cmpint(card_watch_next(watch, 0, &event, &failure), ==, CARD_WATCH_QUIET);
	g_assert_cmpint(kill(card_watch_pid(watch), SIGKILL), ==, 0);
	g_assert_cmpint(card_watch_next(watch, PATIENCE_MS, &event, &failure), ==,
			CARD_WATCH_FAILED);
	g_assert_cmpint(failure.ended_signal, ==, SIGKILL);
	g_assert_cmpint(card_watch_next(watch, PATIENCE_MS, &event, &failure), ==,
			CARD_WATCH_FAILED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/watch/come-and-go", test_come_and_go);
	g_test_add_func("/card/watch/two-cards", test_two_cards);
	g_test_add_func("/card/watch/missing-reader", test_missing_reader);
	g_test_add_func("/card/watch/killed", test_killed);
	return g_test_run();
}
