/* SPDX-License-Identifier: Apache-2.0
 * Kinds of cases as a table. */
#pragma once

#include <glib.h>

/* As people say it; the name itself for a kind that is not in the table. */
const char *case_kind_ja(const char *kind);
const char *case_kind_en(const char *kind);
/* Whether a person may open a case of this kind by hand; the others come from reports. */
gboolean case_kind_is_by_hand(const char *kind);
/* Whether the kind is a loss or theft of a card (list of losses). */
gboolean case_kind_is_loss(const char *kind);
/* "fault, incident, …" of those that are opened by hand. Free with g_free. */
char *case_kind_choices(void);
