/* SPDX-License-Identifier: Apache-2.0
 * One card lying in one reader: the conversation with opcard-card, the reader's lock, and card
 * failures as errors that say what to do. */
#pragma once

#include "daemon/op/op.h"
#include "pkcs11/card_client.h"

typedef struct AtReader {
	House *house;
	char *name; /* "reader1" */
	char *path; /* of the folder */
	char *family;
	CardClient *client;
	CardReady ready;
} AtReader;

/* Finds @card in the reader named @reader, or in any reader when NULL. A card whose chip was never
 * seen is a blank one, or one that carries our label for it. */
AtReader *at_reader_open(Op *op, const Card *card, const char *reader,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whatever lies in the reader at @index of the configuration; NULL with an error when nothing does.
 * *ret_name (g_free) is set in any case while there is such a reader, NULL beyond the last. */
AtReader *at_reader_look(House *house, guint index, char **ret_name,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Number of the card lying in @reader, or in the only reader that has one of ours when NULL.
 * Free with g_free. */
char *at_reader_card(House *house, const char *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the conversation and frees the reader. */
void at_reader_close(AtReader *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtReader, at_reader_close)

/* TRUE while somebody works on @card in any reader, or looks for it there. */
gboolean at_reader_is_busy_with(House *house, const char *card);
/* Number of readers in the configuration. */
guint at_reader_count(const House *house);
/* The label written into a card: "opcard NUMBER". Free with g_free. */
char *at_reader_label(const char *number);
/* The SO PIN of the chip that lies there. */
Secret *at_reader_so_pin(const AtReader *desk, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets @error from @failure; returns FALSE. */
gboolean at_reader_fail(GError **error, const CardFailure *failure, const char *card);
