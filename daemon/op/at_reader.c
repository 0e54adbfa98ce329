/* SPDX-License-Identifier: Apache-2.0
 * One card lying in one reader. A reader does one thing at a time. */
#include "daemon/op/at_reader.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/store/store_card.h"

typedef struct FailureText {
	ErrorCode code;
	const char *text; /* one %s: the card's number */
} FailureText;

/* clang-format off */
static const FailureText texts[_CARD_FAILURE_MAX] = {
	[CARD_FAILURE_NO_CARD]       = { ERROR_CARD,   N_("card %s: there is no card in the reader, or it was pulled out; put it in and try again") },
	[CARD_FAILURE_WRONG_CARD]    = { ERROR_CARD,   N_("card %s: another card lies in the reader; look at the number printed on it") },
	[CARD_FAILURE_FOREIGN]       = { ERROR_CARD,   N_("card %s: the card refuses our administrator key; it is not one of ours, or the master key is another one") },
	[CARD_FAILURE_NOT_BLANK]     = { ERROR_CARD,   N_("card %s: the card in the reader is already in use by something else; only a blank card can be prepared") },
	[CARD_FAILURE_NOT_EMPTY]     = { ERROR_CARD,   N_("card %s: the card still holds keys or objects after it was erased; set it aside") },
	[CARD_FAILURE_TWO_CARDS]     = { ERROR_CARD,   N_("card %s: more than one card lies in the reader; leave only one") },
	[CARD_FAILURE_PIN_WRONG]     = { ERROR_PIN,    N_("card %s: the PIN is wrong") },
	[CARD_FAILURE_PIN_LOCKED]    = { ERROR_PIN,    N_("card %s: the PIN is locked after too many wrong tries; a reset (form 6) is needed") },
	[CARD_FAILURE_PIN_LAST_TRY]  = { ERROR_PIN,    N_("card %s: only one try is left; nothing was tried so that the card does not lock") },
	[CARD_FAILURE_PIN_NOT_SET]   = { ERROR_PIN,    N_("card %s: the card has no PIN yet; hand it over first") },
	[CARD_FAILURE_PIN_FORMAT]    = { ERROR_PIN,    N_("card %s: the card does not take a PIN of this length or with these characters") },
	[CARD_FAILURE_SO_PIN_LOCKED] = { ERROR_CARD,   N_("card %s: the card's administrator key is locked for ever; set it aside") },
	[CARD_FAILURE_DAMAGED]       = { ERROR_CARD,   N_("card %s: the card cannot be read properly; try another reader, then set it aside") },
	[CARD_FAILURE_CARD_ERROR]    = { ERROR_CARD,   N_("card %s: the card refused the operation; try another reader") },
	[CARD_FAILURE_READER]        = { ERROR_READER, N_("card %s: the reader is missing; check [cards] readers and the cable") },
	[CARD_FAILURE_MODULE]        = { ERROR_READER, N_("card %s: the PKCS#11 module cannot be loaded; check [cards] module") },
	[CARD_FAILURE_CRASHED]       = { ERROR_READER, N_("card %s: opcard-card ended unexpectedly; the daemon goes on, try again") },
	[CARD_FAILURE_TIMEOUT]       = { ERROR_READER, N_("card %s: the card or its reader did not answer in time; pull the card and try again") },
	[CARD_FAILURE_PROTOCOL]      = { ERROR_READER, N_("card %s: opcard-card answered something unexpected; check that all programs are of one version") },
	[CARD_FAILURE_SYSTEM]        = { ERROR_READER, N_("card %s: opcard-card could not be started; check [daemon] libexec-dir and free memory") },
};
/* clang-format on */

gboolean at_reader_fail(GError **error, const CardFailure *failure, const char *card)
{
	const FailureText *row = &texts[failure->kind];

	if (row->text == NULL)
		return error_set(error, ERROR_INTERNAL, N_("card %s: unknown failure %s"), card,
				 card_failure_name(failure->kind));
	if (failure->kind == CARD_FAILURE_PIN_WRONG && failure->tries_left >= 0)
		return error_set(error, ERROR_PIN, N_("card %s: the PIN is wrong (%d tries left)"),
				 card, failure->tries_left);
	error_set(error, row->code, row->text, card);
	return FALSE;
}

char *at_reader_label(const char *number)
{
	return g_strconcat("opcard ", number, NULL);
}

guint at_reader_count(const House *house)
{
	g_auto(GStrv) list = config_list(house->config, CONFIG_READERS);

	return g_strv_length(list);
}

static void take_reader(House *house, const char *name, const char *card)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->reader_mutex);

	while (g_hash_table_contains(house->reader_busy, name))
		g_cond_wait(&house->reader_free, &house->reader_mutex);
	g_hash_table_insert(house->reader_busy, g_strdup(name), g_strdup(card));
}

static void give_reader(House *house, const char *name)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->reader_mutex);
	gpointer key = NULL, card = NULL;

	g_hash_table_steal_extended(house->reader_busy, name, &key, &card);
	g_free(key);
	g_free(card);
	g_cond_broadcast(&house->reader_free);
}

gboolean at_reader_is_busy_with(House *house, const char *card)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->reader_mutex);
	GHashTableIter readers;
	gpointer name, other;

	g_hash_table_iter_init(&readers, house->reader_busy);
	while (g_hash_table_iter_next(&readers, &name, &other))
		if (g_strcmp0(other, card) == 0)
			return TRUE;
	return FALSE;
}

void at_reader_close(AtReader *desk)
{
	if (desk == NULL)
		return;
	card_client_free(desk->client);
	give_reader(desk->house, desk->name);
	g_free(desk->name);
	g_free(desk->path);
	g_free(desk->family);
	g_free(desk);
}

static char *reader_name(const char *entry)
{
	return g_path_get_basename(entry);
}

/* The first child that tells is believed: the walls depend on the kernel alone. */
static void note_walls(House *house, const char *walls)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->reader_mutex);

	if (house->missing_walls == NULL && *walls != '\0')
		house->missing_walls = g_strdup(walls);
}

/* Waits for the reader and starts the conversation with whatever lies in it. */
static AtReader *start(House *house, const char *entry, const char *card, GError **error)
{
	g_autoptr(AtReader) desk = NULL;
	g_autofree char *name = reader_name(entry);
	g_autofree char *program = g_build_filename(config_text(house->config, CONFIG_LIBEXEC_DIR),
						    "opcard-card", NULL);
	CardFailure failure;

	take_reader(house, name, card);
	desk = g_new0(AtReader, 1);
	desk->house = house;
	desk->name = g_steal_pointer(&name);
	desk->path = g_strdup(g_str_has_prefix(entry, "dir:") ? entry + 4 : entry);
	desk->family = g_strdup(config_text(house->config, CONFIG_FAMILY));
	CardClientOptions options = {
		.program = program,
		.family = desk->family,
		.module = config_text(house->config, CONFIG_MODULE),
		.reader = desk->path,
		.deadline_ms = (unsigned) config_number(house->config, CONFIG_DEADLINE) * 1000,
	};

	desk->client = card_client_start(&options, &failure);
	if (desk->client == NULL || !card_client_ready(desk->client, &desk->ready, &failure)) {
		at_reader_fail(error, &failure, card);
		return NULL;
	}
	note_walls(house, desk->ready.walls);
	return g_steal_pointer(&desk);
}

static gboolean is_this(const AtReader *desk, const Card *card)
{
	g_autofree char *label = at_reader_label(card->number);

	if (card->chip_serial != NULL)
		return strcmp(desk->ready.serial, card->chip_serial) == 0;
	return !desk->ready.initialised || strcmp(desk->ready.label, label) == 0;
}

static gboolean fail_other(const AtReader *desk, const Card *card, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(desk->house->store, error);
	g_autoptr(Card) other = NULL;

	if (tx == NULL || !store_card_find_chip(tx, desk->ready.serial, &other, error))
		return FALSE;
	if (!desk->ready.initialised)
		return error_set(error, ERROR_CARD,
				 N_("card %s: a blank card or none lies in %s; put card %s in"),
				 card->number, desk->name, card->number);
	if (card->chip_serial == NULL)
		return error_set(error, ERROR_CARD,
				 N_("card %s: the card in %s (chip %s, label \"%s\") is already in "
				    "use; only a blank card can be prepared"),
				 card->number, desk->name, desk->ready.serial, desk->ready.label);
	return error_set(error, ERROR_CARD,
			 N_("card %s: another card (%s, chip %s) lies in %s; put card %s in"),
			 card->number, other != NULL ? other->number : "unknown 未登録",
			 desk->ready.serial, desk->name, card->number);
}

AtReader *at_reader_open(Op *op, const Card *card, const char *reader, GError **error)
{
	g_auto(GStrv) list = config_list(op->house->config, CONFIG_READERS);
	guint n = g_strv_length(list), tried = 0;

	if (n == 0) {
		error_set(error, ERROR_READER, N_("no reader is configured; set [cards] readers"));
		return NULL;
	}
	if (card->chip_serial == NULL && reader == NULL && n > 1) {
		error_set(error, ERROR_INPUT,
			  N_("card %s was never seen and there are %u readers; say in which one it "
			     "lies with --reader"),
			  card->number, n);
		return NULL;
	}
	for (guint i = 0; i < n; i++) {
		g_autofree char *name = reader_name(list[i]);
		g_autoptr(AtReader) desk = NULL;

		if (reader != NULL && strcmp(reader, name) != 0)
			continue;
		tried++;
		if (error != NULL)
			g_clear_error(error);
		desk = start(op->house, list[i], card->number, error);
		if (desk != NULL && is_this(desk, card))
			return g_steal_pointer(&desk);
		if (desk != NULL)
			fail_other(desk, card, error);
	}
	if (tried == 0)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no reader %s; `opcardctl reader list` shows them"), reader);
	return NULL;
}

AtReader *at_reader_look(House *house, guint index, char **ret_name, GError **error)
{
	g_auto(GStrv) list = config_list(house->config, CONFIG_READERS);

	*ret_name = NULL;
	if (index >= g_strv_length(list))
		return NULL;
	*ret_name = reader_name(list[index]);
	return start(house, list[index], "-", error);
}

static gboolean known_card(House *house, const char *serial, Card **ret_card, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);

	return tx != NULL && store_card_find_chip(tx, serial, ret_card, error);
}

char *at_reader_card(House *house, const char *reader, GError **error)
{
	g_autofree char *found = NULL;
	guint n = at_reader_count(house);

	for (guint i = 0; i < n; i++) {
		g_autofree char *name = NULL;
		g_autoptr(GError) absent = NULL;
		g_autoptr(AtReader) desk = at_reader_look(house, i, &name, &absent);
		g_autoptr(Card) card = NULL;

		if (desk == NULL || (reader != NULL && strcmp(reader, name) != 0))
			continue;
		if (!known_card(house, desk->ready.serial, &card, error))
			return NULL;
		if (card == NULL)
			continue;
		if (found != NULL) {
			error_set(
				error, ERROR_INPUT,
				N_("cards lie in several readers (%s, %s); name the reader or the "
				   "card"),
				found, card->number);
			return NULL;
		}
		found = g_strdup(card->number);
	}
	if (found == NULL)
		error_set(error, ERROR_CARD,
			  N_("no card of the register lies in a reader; put it in or give its "
			     "number"));
	return g_steal_pointer(&found);
}

Secret *at_reader_so_pin(const AtReader *desk, GError **error)
{
	return so_pin_card(desk->house->so_key, desk->family, desk->ready.serial, error);
}
