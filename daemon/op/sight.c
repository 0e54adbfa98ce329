/* SPDX-License-Identifier: Apache-2.0
 * What lies in the readers right now. */
#include "daemon/op/sight.h"

#include "daemon/store/store_card.h"
#include "daemon/store/store_person.h"

typedef struct ReaderSight {
	char *name;
	SightState state;
	char *text; /* chip serial of a card, or the reason of an error */
} ReaderSight;

struct Sight {
	GMutex mutex;
	guint count;
	ReaderSight *readers;
};

static const char *const names[_SIGHT_STATE_MAX] = { "absent", "empty", "card", "error" };

Sight *sight_new(char **readers)
{
	Sight *sight = g_new0(Sight, 1);

	g_mutex_init(&sight->mutex);
	sight->count = g_strv_length(readers);
	sight->readers = g_new0(ReaderSight, sight->count + 1);
	for (guint i = 0; i < sight->count; i++)
		sight->readers[i].name = g_path_get_basename(readers[i]);
	return sight;
}

void sight_free(Sight *sight)
{
	if (sight == NULL)
		return;
	for (guint i = 0; i < sight->count; i++) {
		g_free(sight->readers[i].name);
		g_free(sight->readers[i].text);
	}
	g_free(sight->readers);
	g_mutex_clear(&sight->mutex);
	g_free(sight);
}

void sight_set(Sight *sight, guint reader, SightState state, const char *text)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&sight->mutex);

	if (reader >= sight->count)
		return;
	sight->readers[reader].state = state;
	g_free(sight->readers[reader].text);
	sight->readers[reader].text = g_strdup(text);
}

const char *sight_name(const Sight *sight, guint reader)
{
	return reader < sight->count ? sight->readers[reader].name : NULL;
}

static gboolean describe(StoreTx *tx, const ReaderSight *reader, json_t *item, GError **error)
{
	g_autoptr(Card) card = NULL;
	g_autoptr(Person) holder = NULL;

	if (reader->state != SIGHT_CARD)
		return TRUE;
	if (!store_card_find_chip(tx, reader->text, &card, error))
		return FALSE;
	json_object_set_new(item, "serial", json_string(reader->text));
	json_object_set_new(item, "known", json_boolean(card != NULL));
	if (card == NULL)
		return TRUE;
	json_object_set_new(item, "card", json_string(card->number));
	if (card->holder == 0)
		return TRUE;
	holder = store_person_by_id(tx, card->holder, error);
	if (holder != NULL)
		json_object_set_new(item, "holder", json_string(holder->name));
	return holder != NULL;
}

json_t *sight_view(Sight *sight, StoreTx *tx, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&sight->mutex);
	json_t *items = json_array();

	for (guint i = 0; i < sight->count; i++) {
		const ReaderSight *reader = &sight->readers[i];
		json_t *item =
			json_pack("{s:s, s:s, s:n, s:n, s:b, s:n}", "reader", reader->name, "state",
				  names[reader->state], "card", "serial", "known", 0, "holder");

		json_array_append_new(items, item);
		if (!describe(tx, reader, item, error)) {
			json_decref(items);
			return NULL;
		}
	}
	return items;
}
