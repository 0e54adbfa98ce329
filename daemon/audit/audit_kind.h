/* SPDX-License-Identifier: Apache-2.0
 * Kinds of ledger records besides the card events of table A. */
#pragma once

#include <glib.h>

/* Japanese name of a kind: a card event or one of ours; the kind itself when unknown. */
const char *audit_kind_ja(const char *kind);
/* TRUE for a kind this program writes. */
gboolean audit_kind_is_known(const char *kind);
