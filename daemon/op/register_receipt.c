/* SPDX-License-Identifier: Apache-2.0
 * 受領書 (様式第4号): one section's manager receives one or several cards on one day (T15, T47). */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/incumbent.h"
#include "daemon/op/register.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_ledger.h"
#include "daemon/store/store_person.h"

#define RECORDS_MAX 1000

typedef struct Receipt {
	StoreTx *tx;
	Designation *first; /* of the first card; the others must be of its section */
	char *day;          /* of the hand-over, NULL when there was none yet */
	char *received_by;  /* staff number named then, or NULL */
	json_t *rows;
} Receipt;

/* The newest record of the hand-over itself; *ret_row NULL when the card never was. */
static gboolean find_hand_over(const Receipt *receipt, const Card *card, LedgerRow **ret_row,
			       GError **error)
{
	LedgerFilter filter = {
		.card = card->number,
		.kind = lifecycle_event_name(EVENT_HAND_OVER),
		.limit = RECORDS_MAX,
	};
	g_autoptr(GPtrArray) rows = NULL;

	if (card->lent_on == NULL)
		return TRUE;
	rows = store_ledger_list(receipt->tx, &filter, error);
	if (rows == NULL)
		return FALSE;
	if (rows->len > 0)
		*ret_row = g_ptr_array_steal_index(rows, rows->len - 1);
	return TRUE;
}

static gboolean check_section(const Receipt *receipt, const Card *card,
			      const Designation *designation, GError **error)
{
	if (strcmp(receipt->first->section, designation->section) == 0)
		return TRUE;
	return error_set(
		error, ERROR_USAGE,
		N_("card %s belongs to section %s (%s), the first one to %s (%s): a receipt "
		   "is signed by one section; print one for each"),
		card->number, designation->section, designation->section_name,
		receipt->first->section, receipt->first->section_name);
}

static gboolean check_day(const Receipt *receipt, const Card *card, const char *day, GError **error)
{
	if (g_strcmp0(receipt->day, day) == 0)
		return TRUE;
	return error_set(error, ERROR_USAGE,
			 N_("card %s was handed over on %s, the first one on %s: a receipt has one "
			    "date; print one for each day"),
			 card->number, day != NULL ? day : "-",
			 receipt->day != NULL ? receipt->day : "-");
}

static void add_row(const Receipt *receipt, const Card *card, const char *check)
{
	json_t *row = json_pack("{s:s, s:s}", "card", card->number, "authority",
				card->authority != NULL ? card->authority : "");

	if (check != NULL)
		json_object_set_new(row, "check", json_string(check));
	json_array_append_new(receipt->rows, row);
}

static gboolean add_loan(Receipt *receipt, const Card *card, const LedgerRow *hand_over,
			 GError **error)
{
	json_t *body = hand_over != NULL ? json_loads(hand_over->body, 0, NULL) : NULL;
	g_autofree char *day = hand_over != NULL ? clock_date(hand_over->at) : NULL;
	gboolean is_good = TRUE;

	if (json_array_size(receipt->rows) == 0) {
		receipt->day = g_strdup(day);
		receipt->received_by =
			g_strdup(json_string_value(json_object_get(body, "receivedBy")));
	} else {
		is_good = check_day(receipt, card, day, error);
	}
	if (is_good)
		add_row(receipt, card, json_string_value(json_object_get(body, "check")));
	json_decref(body);
	return is_good;
}

static gboolean add_card(Receipt *receipt, const char *number, GError **error)
{
	g_autoptr(Card) card = store_card_get(receipt->tx, number, error);
	g_autoptr(Designation) designation = NULL;
	g_autoptr(LedgerRow) hand_over = NULL;

	if (card == NULL)
		return FALSE;
	if (card->designation == NULL || card->holder == 0)
		return error_set(error, ERROR_STATE,
				 N_("card %s is %s: there is nobody to sign a receipt for it"),
				 number, card_state_label(card_shown(card)));
	designation = store_designation_get(receipt->tx, card->designation, error);
	if (designation == NULL)
		return FALSE;
	if (receipt->first == NULL)
		receipt->first = g_steal_pointer(&designation);
	else if (!check_section(receipt, card, designation, error))
		return FALSE;
	return find_hand_over(receipt, card, &hand_over, error) &&
	       add_loan(receipt, card, hand_over, error);
}

/* Who signs: the one named at the hand-over, else whoever holds the post now. */
static gboolean find_signer(const Receipt *receipt, const Op *op, Person **ret_person,
			    GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(Section) section = NULL;

	if (receipt->received_by != NULL)
		return store_person_find(receipt->tx, receipt->received_by, ret_person, error);
	if (!store_person_find_section(receipt->tx, receipt->first->section, &section, error))
		return FALSE;
	return section == NULL || incumbent_manager(receipt->tx, section, today, ret_person, error);
}

static void set(json_t *values, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(values, key, json_string(text));
}

static json_t *finish(const Receipt *receipt, const Op *op, const Person *signer)
{
	g_autofree char *now = clock_time(op->now);
	g_autofree char *name = NULL;
	json_t *values = json_object();
	json_t *only = json_array_get(receipt->rows, 0);

	if (signer != NULL)
		name = g_strdup_printf("%s%s%s", signer->title != NULL ? signer->title : "",
				       signer->title != NULL ? "　" : "", signer->name);
	set(values, "団体名", config_text(op->house->config, CONFIG_ORGANISATION));
	set(values, "作成日時", now);
	set(values, "受領日", receipt->day);
	set(values, "所属名", receipt->first->section_name);
	set(values, "職氏名", name);
	/* With several cards an empty cell would borrow the value of the first one. */
	if (json_array_size(receipt->rows) == 1) {
		set(values, "権限種別", json_string_value(json_object_get(only, "authority")));
		set(values, "カード番号", json_string_value(json_object_get(only, "card")));
		set(values, "パスワード確認", json_string_value(json_object_get(only, "check")));
	}
	return json_pack("{s:o, s:O}", "values", values, "rows", receipt->rows);
}

static void clear_receipt(Receipt *receipt)
{
	person_designation_free(receipt->first);
	g_free(receipt->day);
	g_free(receipt->received_by);
	json_decref(receipt->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Receipt, clear_receipt)

json_t *register_receipt(StoreTx *tx, const Op *op, const char *const *cards, GError **error)
{
	g_auto(Receipt) receipt = { .tx = tx, .rows = json_array() };
	g_autoptr(Person) signer = NULL;

	if (cards == NULL || *cards == NULL) {
		error_set(error, ERROR_USAGE,
			  N_("name at least one card; a blank form is printed without any"));
		return NULL;
	}
	for (const char *const *card = cards; *card != NULL; card++)
		if (!add_card(&receipt, *card, error))
			return NULL;
	if (!find_signer(&receipt, op, &signer, error))
		return NULL;
	return finish(&receipt, op, signer);
}
