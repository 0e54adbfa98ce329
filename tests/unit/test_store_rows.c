/* SPDX-License-Identifier: Apache-2.0
 * Rows that the tables themselves keep right: versions, counts, holds, the ledger, and names found
 * by a part of them. */
#include <sqlite3.h>
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_hold.h"
#include "daemon/store/store_ledger.h"
#include "daemon/store/store_person.h"
#include "tests/unit/unit_folder.h"

#define NOW   1795221000
#define CARDS 40

typedef struct Place {
	char *folder;
	Store *store;
} Place;

static void set_up(Place *place, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void) data;
	place->folder = unit_folder_new();
	place->store = store_open(place->folder, NOW, &error);
	g_assert_no_error(error);
}

static void tear_down(Place *place, gconstpointer data)
{
	(void) data;
	g_clear_pointer(&place->store, store_close);
	unit_folder_remove(place->folder);
}

static StoreTx *begin(Place *place)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_tx_begin(place->store, STORE_NORMAL, &error);

	g_assert_no_error(error);
	return tx;
}

static void commit(StoreTx *tx)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(store_tx_commit(&tx, &error));
	g_assert_no_error(error);
}

/* Consumes @error. */
static void done(gboolean is_done, GError **error)
{
	g_assert_no_error(*error);
	g_assert_true(is_done);
}

static void add_card(StoreTx *tx, const char *number)
{
	Card card = { .number = (char *) number,
		      .kind = (char *) "operator",
		      .family = (char *) "softhsm",
		      .state = CARD_STOCK,
		      .place = (char *) "保管庫" };
	g_autoptr(GError) error = NULL;

	done(store_card_insert(tx, &card, &error), &error);
}

static Card *get_card(StoreTx *tx, const char *number)
{
	g_autoptr(GError) error = NULL;
	Card *card = store_card_get(tx, number, &error);

	g_assert_no_error(error);
	return card;
}

static void test_versions(Place *place, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = begin(place);
	g_autoptr(Card) first = NULL;
	g_autoptr(Card) second = NULL;
	g_autoptr(Card) now = NULL;

	(void) data;
	add_card(tx, "OP1");
	first = get_card(tx, "OP1");
	second = get_card(tx, "OP1");
	first->state = CARD_SPARE;
	done(store_card_put(tx, first, &error), &error);
	second->state = CARD_LOST;
	g_assert_false(store_card_put(tx, second, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_BUSY);
	g_clear_error(&error);
	done(store_card_put(tx, first, &error), &error);
	now = get_card(tx, "OP1");
	g_assert_cmpint(now->state, ==, CARD_SPARE);
	g_assert_cmpint(now->version, ==, first->version);
	store_tx_abort(tx);
}

static void test_card_once(Place *place, gconstpointer data)
{
	Card twin = { .number = (char *) "OP1",
		      .chip_serial = (char *) "c1",
		      .kind = (char *) "operator",
		      .family = (char *) "softhsm",
		      .place = (char *) "保管庫" };
	g_autoptr(GError) error = NULL;
	StoreTx *tx = begin(place);

	(void) data;
	done(store_card_insert(tx, &twin, &error), &error);
	g_assert_false(store_card_insert(tx, &twin, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_EXISTS);
	g_clear_error(&error);
	twin.number = (char *) "OP2";
	g_assert_false(store_card_insert(tx, &twin, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_EXISTS);
	g_assert_nonnull(strstr(error->message, "OP1"));
	g_clear_error(&error);
	g_assert_null(store_card_get(tx, "OP2", &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_NOT_FOUND);
	store_tx_abort(tx);
}

static void test_holds(Place *place, gconstpointer data)
{
	Hold hold = { .card = (char *) "OP1",
		      .reason = HOLD_FORGOTTEN,
		      .since = NOW,
		      .by = (char *) "012345" };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) open = NULL;
	StoreTx *tx = begin(place);

	(void) data;
	add_card(tx, "OP1");
	done(store_hold_open(tx, &hold, &error), &error);
	g_assert_false(store_hold_open(tx, &hold, &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_EXISTS);
	g_clear_error(&error);
	hold.reason = HOLD_MISSING;
	done(store_hold_open(tx, &hold, &error), &error);
	done(store_hold_lift(tx, "OP1", HOLD_FORGOTTEN, NOW, "004102", &error), &error);
	g_assert_false(store_hold_lift(tx, "OP1", HOLD_FORGOTTEN, NOW, "004102", &error));
	g_assert_error(error, ERROR_DOMAIN, ERROR_NOT_FOUND);
	g_clear_error(&error);
	open = store_hold_of_card(tx, "OP1", &error);
	g_assert_cmpuint(open->len, ==, 1);
	g_assert_cmpint(((Hold *) open->pdata[0])->reason, ==, HOLD_MISSING);
	/* Lifted once, it may be put again. */
	hold.reason = HOLD_FORGOTTEN;
	done(store_hold_open(tx, &hold, &error), &error);
	store_tx_abort(tx);
}

typedef struct World {
	StoreTx *tx;
	GRand *rand;
	gboolean is_stopped;
} World;

static void change_one(World *world)
{
	static const HoldReason reasons[] = { HOLD_MISSING, HOLD_FORGOTTEN, HOLD_LEAVE };
	g_autofree char *number =
		g_strdup_printf("OP%02d", g_rand_int_range(world->rand, 0, CARDS));
	HoldReason reason = reasons[g_rand_int_range(world->rand, 0, G_N_ELEMENTS(reasons))];
	Hold hold = { .card = number, .reason = reason, .since = NOW, .by = (char *) "1" };
	g_autoptr(Card) card = get_card(world->tx, number);
	g_autoptr(GError) error = NULL;

	switch (g_rand_int_range(world->rand, 0, 4)) {
	case 0:
		card->state = (CardState) g_rand_int_range(world->rand, 0, _CARD_STATE_MAX);
		card->state = card->state == CARD_SUSPENDED ? CARD_ACTIVE : card->state;
		done(store_card_put(world->tx, card, &error), &error);
		break;
	case 1:
		card->state = CARD_ACTIVE;
		done(store_card_put(world->tx, card, &error), &error);
		break;
	case 2:
		if (!store_hold_open(world->tx, &hold, &error))
			g_assert_error(error, ERROR_DOMAIN, ERROR_EXISTS);
		break;
	default:
		if (!store_hold_lift(world->tx, number, reason, NOW, "1", &error))
			g_assert_error(error, ERROR_DOMAIN, ERROR_NOT_FOUND);
		break;
	}
}

static void toggle_stop(World *world, const char *scope)
{
	Hold hold = {
		.scope = (char *) scope, .reason = HOLD_EMERGENCY, .since = NOW, .by = (char *) "1"
	};
	g_autoptr(GError) error = NULL;

	if (world->is_stopped)
		done(store_hold_lift_scope(world->tx, scope, NOW, "1", &error), &error);
	else
		done(store_hold_open(world->tx, &hold, &error), &error);
	world->is_stopped = !world->is_stopped;
}

static void check_counts(StoreTx *tx)
{
	StoreCardFilter all = { .limit = 1000 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cards = store_card_list(tx, &all, &error);
	gint64 counts[_CARD_STATE_MAX], expected[_CARD_STATE_MAX] = { 0 };

	for (guint i = 0; i < cards->len; i++)
		expected[card_shown(cards->pdata[i])]++;
	done(store_card_count(tx, counts, &error), &error);
	for (int state = 0; state < _CARD_STATE_MAX; state++) {
		StoreCardFilter one = { .state = card_state_name((CardState) state),
					.limit = 1000 };
		g_autoptr(GPtrArray) list = store_card_list(tx, &one, &error);

		g_assert_cmpint(counts[state], ==, expected[state]);
		/* Lists are by the stored state, but SUSPENDED by the shown one. */
		if (state != CARD_ACTIVE)
			g_assert_cmpuint(list->len, ==, expected[state]);
	}
}

/* Counted by triggers, under changes that are committed and such that are not. */
static void test_card_count(Place *place, gconstpointer data)
{
	World world = { .rand = g_rand_new_with_seed(20261121) };
	g_autofree char *numbers = NULL;

	(void) data;
	world.tx = begin(place);
	for (int i = 0; i < CARDS; i++) {
		g_autofree char *number = g_strdup_printf("OP%02d", i);

		add_card(world.tx, number);
	}
	commit(world.tx);
	for (int round = 0; round < 60; round++) {
		gboolean was_stopped = world.is_stopped;

		world.tx = begin(place);
		for (int i = g_rand_int_range(world.rand, 0, 12); i > 0; i--)
			change_one(&world);
		if (round % 6 == 5)
			toggle_stop(&world, "batch:OP1");
		check_counts(world.tx);
		if (g_rand_int_range(world.rand, 0, 3) > 0) {
			commit(world.tx);
		} else {
			store_tx_abort(world.tx);
			world.is_stopped = was_stopped;
		}
		world.tx = begin(place);
		check_counts(world.tx);
		store_tx_abort(world.tx);
	}
	g_rand_free(world.rand);
}

static char *raw(Place *place, const char *script)
{
	g_autofree char *path = g_build_filename(place->folder, "opcard.db", NULL);
	sqlite3 *db = NULL;
	char *said = NULL, *copy;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	sqlite3_exec(db, script, NULL, NULL, &said);
	copy = g_strdup(said);
	sqlite3_free(said);
	sqlite3_close(db);
	return copy;
}

static void refuse_raw(Place *place, const char *script, const char *expected)
{
	g_autofree char *said = raw(place, script);

	g_assert_cmpstr(said, ==, expected);
}

static void test_for_ever(Place *place, gconstpointer data)
{
	static const guint8 zeros[STORE_LEDGER_HASH] = { 0 };
	LedgerRaw row = { .seq = 1,
			  .record = "2 00000000000001 00000000000001 07 03 -- receive T22",
			  .sealed = zeros,
			  .hash = zeros,
			  .salt = zeros,
			  .actor = "1",
			  .body = "{}" };
	g_autoptr(GError) error = NULL;
	StoreTx *tx = begin(place);

	(void) data;
	add_card(tx, "OP1");
	done(store_ledger_append(tx, &row, &error), &error);
	g_assert_false(store_ledger_append(tx, &row, &error));
	g_clear_error(&error);
	commit(tx);
	refuse_raw(place, "UPDATE ledger SET actor = 'x'", "the ledger is only appended to");
	refuse_raw(place, "UPDATE ledger SET seq = 2", "the ledger is only appended to");
	refuse_raw(place, "DELETE FROM ledger WHERE seq = 1", "the ledger is only appended to");
	refuse_raw(place, "UPDATE ledger_record SET seq = 2", "the ledger is only appended to");
	refuse_raw(place, "DELETE FROM ledger_record", "the ledger is only appended to");
	refuse_raw(place, "UPDATE ledger_record SET kind = 'x'",
		   "cannot UPDATE generated column \"kind\"");
	refuse_raw(place, "UPDATE ledger_personal SET actor = 'x'",
		   "the ledger is only appended to");
	refuse_raw(place, "DELETE FROM ledger_personal", "the ledger is only appended to");
	refuse_raw(place, "DELETE FROM card WHERE number = 'OP1'", "a card is never deleted");
	refuse_raw(place, "DELETE FROM card", "a card is never deleted");
}

static void add_person(StoreTx *tx, const char *staff, const char *name, const char *kana)
{
	Person person = { .staff = (char *) staff, .name = (char *) name, .kana = (char *) kana };
	g_autoptr(GError) error = NULL;

	done(store_person_put(tx, &person, &error), &error);
}

/* Whom @part finds: staff numbers, one blank between them. */
static void find(StoreTx *tx, const char *part, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = store_person_list(tx, part, NULL, NULL, 100, &error);
	g_autoptr(GString) found = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(found, "%s%s", i > 0 ? " " : "",
				       ((Person *) list->pdata[i])->staff);
	g_test_message("%s finds %s", part, found->str);
	g_assert_cmpstr(found->str, ==, expected);
}

static void add_people(StoreTx *tx)
{
	/* U+8FBB U+E0100, U+9089 U+E0102: variation sequences; U+20BB7 needs four bytes. */
	add_person(tx, "000001", "辻\xF3\xA0\x84\x80　花子", "ツジ　ハナコ");
	add_person(tx, "000002", "辻　一郎", "ツジ　イチロウ");
	add_person(tx, "000003", "渡邉\xF3\xA0\x84\x82　太郎", "ワタナベ　タロウ");
	add_person(tx, "000004", "𠮷田　健一", "ヨシダ　ケンイチ");
	add_person(tx, "000005", "Ｓｍｉｔｈ　Ann", NULL);
}

static void test_search(Place *place, gconstpointer data)
{
	StoreTx *tx = begin(place);

	(void) data;
	add_people(tx);
	find(tx, "辻", "000001 000002");
	find(tx, "花子", "000001");
	find(tx, "子", "000001");
	find(tx, "邉", "000003");
	find(tx, "𠮷", "000004");
	find(tx, "吉田", "");
	find(tx, "ツジ", "000001 000002");
	find(tx, "タロウ", "000003");
	find(tx, "00000", "000001 000002 000003 000004 000005");
	find(tx, "000003", "000003");
	find(tx, "田太", "");
	find(tx, "%", "");
	find(tx, "_", "");
	/* A changed name is found by the new one only. */
	add_person(tx, "000002", "佐藤　一郎", "サトウ　イチロウ");
	find(tx, "辻", "000001");
	find(tx, "佐藤", "000002");
	find(tx, "一郎", "000002");
	store_tx_abort(tx);
}

/* As people type: without variation selectors and blanks, in hiragana, half width, small letters.
 */
static void test_search_as_typed(Place *place, gconstpointer data)
{
	StoreTx *tx = begin(place);

	(void) data;
	add_people(tx);
	find(tx, "辻\xF3\xA0\x84\x80", "000001 000002");
	find(tx, "辻花子", "000001");
	find(tx, "辻 花子", "000001");
	find(tx, "辻　花子", "000001");
	find(tx, "渡邉太", "000003");
	find(tx, "つじ", "000001 000002");
	find(tx, "つじ はな", "000001");
	find(tx, "ﾜﾀﾅﾍﾞ", "000003");
	find(tx, "smith", "000005");
	find(tx, "ANN", "000005");
	store_tx_abort(tx);
}

static void test_search_cards(Place *place, gconstpointer data)
{
	static const char *const parts[] = { "op0", "ＯＰ００", "辻", "ツジ", "つじ", "花子" };
	g_autoptr(GError) error = NULL;
	StoreTx *tx = begin(place);
	g_autoptr(Person) person = NULL;
	g_autoptr(Card) card = NULL;

	(void) data;
	add_people(tx);
	add_card(tx, "OP001");
	add_card(tx, "XX001");
	person = store_person_get(tx, "000001", &error);
	card = get_card(tx, "OP001");
	card->holder = person->id;
	done(store_card_put(tx, card, &error), &error);
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		StoreCardFilter filter = { .part = parts[i], .limit = 10 };
		g_autoptr(GPtrArray) list = store_card_list(tx, &filter, &error);

		g_test_message("%s", parts[i]);
		g_assert_cmpuint(list->len, ==, 1);
		g_assert_cmpstr(((Card *) list->pdata[0])->number, ==, "OP001");
	}
	store_tx_abort(tx);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/store-rows/" name, Place, NULL, set_up, test, tear_down)
	ADD("versions", test_versions);
	ADD("card-once", test_card_once);
	ADD("holds", test_holds);
	ADD("card-count", test_card_count);
	ADD("for-ever", test_for_ever);
	ADD("search", test_search);
	ADD("search-as-typed", test_search_as_typed);
	ADD("search-cards", test_search_cards);
	return g_test_run();
}
