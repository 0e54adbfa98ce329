/* SPDX-License-Identifier: Apache-2.0
 * Card states by name, and the face number. */
#include "daemon/core/card.h"

#include <string.h>

static const struct {
	const char *name;
	const char *ja;
	const char *label;
} states[_CARD_STATE_MAX] = {
	[CARD_STOCK] = { "STOCK", "在庫", "STOCK 在庫" },
	[CARD_SPARE] = { "SPARE", "予備", "SPARE 予備" },
	[CARD_PERSONALIZING] = { "PERSONALIZING", "発行処理中", "PERSONALIZING 発行処理中" },
	[CARD_PENDING] = { "PENDING", "交付待ち", "PENDING 交付待ち" },
	[CARD_ACTIVE] = { "ACTIVE", "貸与中", "ACTIVE 貸与中" },
	[CARD_SUSPENDED] = { "SUSPENDED", "一時停止", "SUSPENDED 一時停止" },
	[CARD_RECALLED] = { "RECALLED", "回収待ち", "RECALLED 回収待ち" },
	[CARD_LOST] = { "LOST", "紛失", "LOST 紛失" },
	[CARD_STOLEN] = { "STOLEN", "盗難", "STOLEN 盗難" },
	[CARD_DAMAGED] = { "DAMAGED", "損傷", "DAMAGED 損傷" },
	[CARD_RETURNED] = { "RETURNED", "返納済", "RETURNED 返納済" },
	[CARD_ERASED] = { "ERASED", "消去済", "ERASED 消去済" },
	[CARD_DISPOSED] = { "DISPOSED", "廃棄済", "DISPOSED 廃棄済" },
	[CARD_UNRECOVERABLE] = { "UNRECOVERABLE", "回収不能", "UNRECOVERABLE 回収不能" },
	[CARD_QUARANTINED] = { "QUARANTINED", "隔離", "QUARANTINED 隔離" },
};

void card_free(Card *card)
{
	if (card == NULL)
		return;
	g_free(card->number);
	g_free(card->chip_serial);
	g_free(card->kind);
	g_free(card->family);
	g_free(card->so_key_id);
	g_free(card->place);
	g_free(card->designation);
	g_free(card->authority);
	g_free(card->replaces);
	g_free(card->issued_on);
	g_free(card->lent_on);
	g_free(card->checked_on);
	g_free(card->returned_on);
	g_free(card->note);
	g_free(card);
}

CardState card_shown(const Card *card)
{
	return card->state == CARD_ACTIVE && card->is_held ? CARD_SUSPENDED : card->state;
}

gboolean card_is_live(const Card *card)
{
	return card->state == CARD_PERSONALIZING || card->state == CARD_PENDING ||
	       card->state == CARD_ACTIVE;
}

const char *card_state_name(CardState state)
{
	return states[state].name;
}

const char *card_state_ja(CardState state)
{
	return states[state].ja;
}

const char *card_state_label(CardState state)
{
	return states[state].label;
}

gboolean card_state_parse(const char *name, CardState *ret_state)
{
	for (int i = 0; i < _CARD_STATE_MAX; i++)
		if (g_strcmp0(states[i].name, name) == 0) {
			*ret_state = (CardState) i;
			return TRUE;
		}
	return FALSE;
}

char *card_number_fold(const char *text)
{
	g_autoptr(GString) number = g_string_new(NULL);

	if (!g_utf8_validate(text, -1, NULL))
		return NULL;
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c > 0x7F)
			return NULL;
		c = (gunichar) g_ascii_toupper((gchar) c);
		if (!g_ascii_isalnum((gchar) c) && c != '-')
			return NULL;
		g_string_append_c(number, (gchar) c);
	}
	if (number->len < 1 || number->len > 20)
		return NULL;
	return g_strdup(number->str);
}
