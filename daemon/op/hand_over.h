/* SPDX-License-Identifier: Apache-2.0
 * 交付: the holder sets the own PIN, the card proves itself, the receipt is taken, and only then
 * does the certificate become valid (T15, T47). */
#pragma once

#include "daemon/op/work.h"

typedef struct HandOverRequest {
	const char *card;
	const char *reader;
	const Secret *pin;       /* the holder's own, known to nobody else */
	const char *received_by; /* staff number of the section manager who signs 様式4, or NULL */
	const char *scan;        /* reference of the signed paper, or NULL */
} HandOverRequest;

gboolean hand_over_card(Op *op, const HandOverRequest *request,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
