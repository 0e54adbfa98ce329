/* SPDX-License-Identifier: Apache-2.0
 * Articles that a ledger record may name. */
#include "daemon/core/article.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	char letter;
	int last;
	const char *ja;
} regulations[] = {
	{ 'T', 50, "鳥取県住民基本台帳ネットワークシステム管理運営要綱" },
	{ 'I', 25, "稲城市住基ネットセキュリティ対策基準" },
	{ 'K', 14, "国立市住民基本台帳ネットワークシステム条例" },
	{ 'H', 20, "庁内情報ネットワーク要領" },
	{ 'N', 87, "鹿沼市情報セキュリティ対策基準" },
};

const char *article_regulation_ja(const char *article)
{
	int number;

	if (article == NULL || strlen(article) != 3 || !g_ascii_isdigit(article[1]) ||
	    !g_ascii_isdigit(article[2]))
		return NULL;
	number = atoi(article + 1);
	for (gsize i = 0; i < G_N_ELEMENTS(regulations); i++)
		if (regulations[i].letter == article[0] && number >= 1 &&
		    number <= regulations[i].last)
			return regulations[i].ja;
	return NULL;
}

gboolean article_is_known(const char *article)
{
	return article_regulation_ja(article) != NULL;
}
