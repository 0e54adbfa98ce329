/* SPDX-License-Identifier: Apache-2.0
 * 発送・受領 on both legs (N87, I11) and 保管場所 (T16): a card that travels is sealed, the sender
 * and the receiver are two persons, and both stamps are kept. */
#pragma once

#include "daemon/op/record.h"
#include "daemon/store/store_transit.h"

typedef struct TransitRequest {
	const char *card;
	const char *goal;   /* sending: where to */
	const char *place;  /* arriving: where it is kept now, or NULL */
	const char *seal;   /* number of the seal, as noted or as found */
	const char *note;   /* or NULL; needed when the seal is broken */
	gboolean is_broken; /* arriving: the seal is broken or another one */
} TransitRequest;

/* 発送: a card to be handed over, by the custodian; one that goes back, by its section. */
gboolean transit_send(Op *op, const TransitRequest *request,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* 受領 by the section. A card that goes back arrives by its return (transit_receive()). */
gboolean transit_arrive(Op *op, const TransitRequest *request,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Within the transaction of a return: the first stamp is the dispatch, or whoever hands the card in
 * (@handed_in_by, a staff number; NULL = its holder); the second is the actor's. Both are set in
 * @extra. */
typedef struct TransitReceipt {
	const char *handed_in_by;
	const char *seal;
	gboolean is_broken;
	json_t *extra;
} TransitReceipt;
gboolean transit_receive(StoreTx *tx, Op *op, const Card *card, const TransitReceipt *receipt,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Within any other transaction that ends a journey: @outcome "report-lost", "cancel", … */
gboolean transit_drop(StoreTx *tx, const Op *op, const Card *card, const char *outcome,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Before a hand-over: the card has arrived, and nobody was at it on its way. */
gboolean transit_check_arrived(StoreTx *tx, const Card *card,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 保管場所変更, by whoever keeps the card. */
gboolean transit_place(Op *op, const char *card, const char *place,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A breach of the rules of keeping (T16): recorded with the card, nothing else changes. */
gboolean transit_breach(Op *op, const char *card, const char *note,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* {"items":[…],"next":null}: cards on their way, the longest due first. */
json_t *transit_view(StoreTx *tx, const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"items":[{"place","cards","states":{…}}],"next":null}. */
json_t *transit_view_places(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
