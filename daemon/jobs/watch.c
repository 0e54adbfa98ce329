/* SPDX-License-Identifier: Apache-2.0
 * The watcher's thread. A watcher process that is lost is started again after a pause. */
#include "daemon/jobs/watch.h"

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/op/repair.h"
#include "daemon/store/store_card.h"
#include "pkcs11/card_watch.h"

#define QUIET_MS 500
#define PAUSE_US (2 * G_USEC_PER_SEC)

struct Watch {
	House *house;
	Sight *sight;
	GThread *thread;
	gint is_stopping;
};

/* A card that an unfinished operation waits for is finished now. */
static void finish_waiting(Watch *watch, const CardWatchEvent *event)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(watch->house->store, &error);
	g_autoptr(Card) card = NULL;
	gboolean is_done = FALSE;

	if (tx == NULL || !store_card_find_chip(tx, event->serial, &card, &error) || card == NULL)
		return;
	g_clear_pointer(&tx, store_tx_abort);
	if (!repair_seen(watch->house, card->number, sight_name(watch->sight, event->reader),
			 clock_now(), &is_done, &error))
		log_error("finishing an unfinished operation", card->number, NULL, error);
	else if (is_done)
		log_line(LOG_LEVEL_INFO, card->number, NULL, "an unfinished operation was undone");
}

static void note(Watch *watch, const CardWatchEvent *event)
{
	switch (event->kind) {
	case CARD_WATCH_SEEN:
		sight_set(watch->sight, event->reader, SIGHT_CARD, event->serial);
		finish_waiting(watch, event);
		break;
	case CARD_WATCH_GONE:
		sight_set(watch->sight, event->reader, SIGHT_EMPTY, NULL);
		break;
	case CARD_WATCH_UNREADABLE:
	case _CARD_WATCH_KIND_MAX:
		sight_set(watch->sight, event->reader, SIGHT_ERROR, event->text);
		break;
	}
}

static CardWatch *start(const Watch *watch)
{
	const Config *config = watch->house->config;
	g_auto(GStrv) list = config_list(config, CONFIG_READERS);
	g_autofree char *program =
		g_build_filename(config_text(config, CONFIG_LIBEXEC_DIR), "opcard-card", NULL);
	CardFailure failure;
	CardWatch *cards;

	for (char **entry = list; *entry != NULL; entry++)
		if (g_str_has_prefix(*entry, "dir:"))
			memmove(*entry, *entry + 4, strlen(*entry + 4) + 1);
	CardWatchOptions options = {
		.program = program,
		.family = config_text(config, CONFIG_FAMILY),
		.module = config_text(config, CONFIG_MODULE),
		.readers = (const char *const *) list,
		.reader_count = g_strv_length(list),
	};

	cards = card_watch_start(&options, &failure);
	if (cards == NULL)
		log_line(LOG_LEVEL_WARNING, NULL, NULL, "the readers cannot be watched: %s",
			 failure.text);
	return cards;
}

static void follow(Watch *watch, CardWatch *cards)
{
	CardWatchEvent event;
	CardFailure failure;
	CardWatchResult result = CARD_WATCH_QUIET;

	while (result != CARD_WATCH_FAILED && !g_atomic_int_get(&watch->is_stopping)) {
		result = card_watch_next(cards, QUIET_MS, &event, &failure);
		if (result == CARD_WATCH_EVENT)
			note(watch, &event);
		else if (result == CARD_WATCH_FAILED)
			log_line(LOG_LEVEL_WARNING, NULL, NULL, "the card watcher was lost: %s",
				 failure.text);
	}
}

static gpointer loop(gpointer data)
{
	Watch *watch = data;

	while (!g_atomic_int_get(&watch->is_stopping)) {
		CardWatch *cards = start(watch);

		if (cards != NULL)
			follow(watch, cards);
		card_watch_free(cards);
		for (int i = 0; i < 20 && !g_atomic_int_get(&watch->is_stopping); i++)
			g_usleep(PAUSE_US / 20);
	}
	return NULL;
}

Watch *watch_start(House *house, Sight *sight, GError **error)
{
	Watch *watch = g_new0(Watch, 1);

	watch->house = house;
	watch->sight = sight;
	watch->thread = g_thread_try_new("watch", loop, watch, error);
	if (watch->thread == NULL) {
		g_free(watch);
		return NULL;
	}
	return watch;
}

void watch_stop(Watch *watch)
{
	if (watch == NULL)
		return;
	g_atomic_int_set(&watch->is_stopping, 1);
	g_thread_join(watch->thread);
	g_free(watch);
}
