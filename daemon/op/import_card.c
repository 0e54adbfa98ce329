/* SPDX-License-Identifier: Apache-2.0
 * Receiving cards from a list: all rows are looked at first, then each is an event of table A. */
#include "daemon/op/import_card.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/op/import_field.h"
#include "daemon/op/record.h"
#include "daemon/op/register.h"
#include "daemon/op/work_record.h"
#include "daemon/store/store_card.h"

#define PLACE_MAX 100
#define CHIP_MAX  64
#define SAFE      "暗証番号管理者の保管庫"

typedef struct Import {
	StoreTx *tx;
	const Op *op;
	const LifecycleRule *rule;
	ImportResult *result;
	GHashTable *numbers; /* folded number → row */
	GHashTable *chips;   /* chip serial → row */
	GPtrArray *writes;   /* Card */
} Import;

static const char *or_default(const char *text, const char *value)
{
	return import_field_or_null(text) != NULL ? text : value;
}

/* TRUE when the key is new in this file. */
static gboolean note_once(const Import *import, GHashTable *seen, const char *key,
			  const ImportCardRow *row, const char *field)
{
	const ImportCardRow *twin = g_hash_table_lookup(seen, key);

	if (twin == NULL)
		return g_hash_table_insert(seen, g_strdup(key), (gpointer) row);
	import_result_refuse(import->result, row->line, field,
			     N_("%s stands in line %d already; delete one of the two"), key,
			     (int) twin->line);
	return FALSE;
}

static gboolean check_number(const Import *import, const ImportCardRow *row, const char *number)
{
	gboolean is_text = row->card != NULL && g_utf8_validate(row->card, -1, NULL);

	if (number != NULL)
		return note_once(import, import->numbers, number, row, "card");
	import_result_refuse(
		import->result, row->line, "card",
		N_("\"%s\" is no face number: 1 to 20 letters A-Z, digits and hyphens, "
		   "as printed on the card"),
		is_text ? row->card : "");
	return FALSE;
}

static gboolean check_kind(const Import *import, const ImportCardRow *row)
{
	g_autofree char *kinds = NULL;

	if (register_kind_is_known(or_default(row->kind, "operator")))
		return TRUE;
	kinds = register_kinds();
	import_result_refuse(import->result, row->line, "kind",
			     N_("the kind \"%s\" is unknown; kinds are %s"),
			     g_utf8_validate(row->kind, -1, NULL) ? row->kind : "", kinds);
	return FALSE;
}

static gboolean check_chip(const Import *import, const ImportCardRow *row)
{
	const char *chip = import_field_or_null(row->chip_serial);
	gboolean is_good = chip == NULL || strlen(chip) <= CHIP_MAX;

	for (const char *p = chip; is_good && p != NULL && *p != '\0'; p++)
		is_good = g_ascii_isgraph(*p);
	if (is_good)
		return chip == NULL || note_once(import, import->chips, chip, row, "chipSerial");
	import_result_refuse(import->result, row->line, "chipSerial",
			     N_("is no chip serial: at most %d letters, digits and signs without "
				"blanks; leave it empty, it is read when the card is first seen"),
			     CHIP_MAX);
	return FALSE;
}

static Card *new_card(const Import *import, const ImportCardRow *row, const char *number)
{
	Card *card = g_new0(Card, 1);

	card->number = g_strdup(number);
	card->chip_serial = g_strdup(import_field_or_null(row->chip_serial));
	card->kind = g_strdup(or_default(row->kind, "operator"));
	card->family = g_strdup(config_text(import->op->house->config, CONFIG_FAMILY));
	card->state = import->rule->to;
	card->place = g_strdup(or_default(row->place, SAFE));
	return card;
}

/* Known already: fine when it says the same, so that a list can be sent twice. */
static void compare_known(const Import *import, const ImportCardRow *row, const Card *known)
{
	const char *kind = or_default(row->kind, "operator");
	const char *chip = import_field_or_null(row->chip_serial);

	if (strcmp(known->kind, kind) != 0)
		import_result_refuse(import->result, row->line, "kind",
				     N_("card %s is already registered as \"%s\", not \"%s\"; a "
					"face number is used once"),
				     known->number, known->kind, kind);
	else if (chip != NULL && g_strcmp0(known->chip_serial, chip) != 0)
		import_result_refuse(import->result, row->line, "chipSerial",
				     N_("card %s is already registered with the chip %s, not %s; "
					"look at the number printed on the card again"),
				     known->number,
				     known->chip_serial != NULL ? known->chip_serial : "-", chip);
	else
		import->result->unchanged++;
}

static gboolean find_card(StoreTx *tx, const char *number, Card **ret_card, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(Card) card = store_card_get(tx, number, &failure);

	if (card == NULL && !g_error_matches(failure, ERROR_DOMAIN, ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	*ret_card = g_steal_pointer(&card);
	return TRUE;
}

static gboolean plan_new(Import *import, const ImportCardRow *row, const char *number,
			 GError **error)
{
	const char *chip = import_field_or_null(row->chip_serial);
	g_autoptr(Card) owner = NULL;

	if (chip != NULL && !store_card_find_chip(import->tx, chip, &owner, error))
		return FALSE;
	if (owner != NULL) {
		import_result_refuse(
			import->result, row->line, "chipSerial",
			N_("the chip %s already belongs to card %s; look at the number "
			   "printed on the card again"),
			chip, owner->number);
		return TRUE;
	}
	import->result->added++;
	g_ptr_array_add(import->writes, new_card(import, row, number));
	return TRUE;
}

static gboolean plan_row(Import *import, const ImportCardRow *row, GError **error)
{
	ImportField place = { import->result, row->line, "place" };
	g_autofree char *number = row->card != NULL ? card_number_fold(row->card) : NULL;
	g_autoptr(Card) known = NULL;
	gboolean is_good = check_number(import, row, number);

	is_good = check_kind(import, row) && is_good;
	is_good = check_chip(import, row) && is_good;
	is_good = import_field_text(&place, row->place, PLACE_MAX) && is_good;
	if (!is_good)
		return TRUE;
	if (!find_card(import->tx, number, &known, error))
		return FALSE;
	if (known == NULL)
		return plan_new(import, row, number, error);
	compare_known(import, row, known);
	return TRUE;
}

static gboolean write_all(const Import *import, const ImportCardRequest *request, GError **error)
{
	WorkImport work = { WORK_COUNT_CARDS, request->file, import->result };

	for (guint i = 0; i < import->writes->len; i++) {
		const Card *card = import->writes->pdata[i];
		Record record = {
			.kind = lifecycle_event_name(EVENT_RECEIVE),
			.article = import->rule->article,
			.extra = json_pack("{s:s*}", "file", request->file),
		};

		if (!store_card_insert(import->tx, card, error)) {
			json_decref(record.extra);
			return FALSE;
		}
		if (!record_card(import->tx, import->op, card, &record, error))
			return FALSE;
	}
	return work_record_import(import->tx, import->op, &work, error);
}

gboolean import_card(Op *op, const ImportCardRequest *request, ImportResult *ret_result,
		     GError **error)
{
	g_autoptr(GHashTable) numbers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) chips = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) writes = g_ptr_array_new_with_free_func((GDestroyNotify) card_free);
	g_autoptr(StoreTx) tx = NULL;
	Import import = {
		.op = op,
		.rule = lifecycle_first(EVENT_RECEIVE),
		.result = ret_result,
		.numbers = numbers,
		.chips = chips,
		.writes = writes,
	};

	if (!op_has_role(op, import.rule->roles))
		return error_set(error, ERROR_DENIED,
				 N_("%s may not receive cards: it takes the role custodian (%s)"),
				 op->actor->id, import.rule->article);
	if (!import_result_check_size(request->rows, IMPORT_CARD_MAX, request->file, error))
		return FALSE;
	tx = op->is_dry_run ? store_tx_read(op->house->store, error)
			    : store_tx_begin(op->house->store, STORE_NORMAL, error);
	import.tx = tx;
	for (guint i = 0; tx != NULL && i < request->rows->len; i++)
		if (!plan_row(&import, request->rows->pdata[i], error))
			return FALSE;
	if (tx == NULL || !import_result_check(ret_result, request->file, error))
		return FALSE;
	return op->is_dry_run ||
	       (write_all(&import, request, error) && store_tx_commit(&tx, error));
}
