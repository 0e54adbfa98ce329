/* SPDX-License-Identifier: Apache-2.0
 * What notices say of a card: who has it and whose section it belongs to. */
#pragma once

#include "daemon/core/card.h"
#include "daemon/op/op.h"

typedef struct NoticeCard {
	char *staff;   /* the holder's number, or NULL */
	char *holder;  /* and name, or NULL */
	char *section; /* code, or NULL */
	char *name;    /* of the section, or NULL */
	char *manager; /* the section's manager as a receiver of notices, or NULL */
} NoticeCard;

void notice_card_clear(NoticeCard *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NoticeCard, notice_card_clear)

gboolean notice_card_read(StoreTx *tx, const Card *card, NoticeCard *ret_facts,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The receiver that stands for @post: a duty of a section without a manager is the system-admin's.
 * Free with g_free. */
char *notice_card_owner(const char *post);
