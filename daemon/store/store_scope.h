/* SPDX-License-Identifier: Apache-2.0
 * What a stop by scope covers, decided here once: the condition every query of cards and holds is
 * made of, and the certificates that a stop or its end changes. */
#pragma once

#include "daemon/core/hold.h"
#include "daemon/store/store.h"

/* TRUE of an open or past stop h and a row of the table card. */
#define STORE_SCOPE_COVERS(card)                                                                   \
	"(h.scope = 'all' OR h.scope = 'authority:' || " card ".authority"                         \
	" OR (substr(h.scope, 1, 6) = 'batch:'"                                                    \
	" AND substr(" card ".number, 1, length(h.scope) - 6) = substr(h.scope, 7))"               \
	" OR h.scope = 'section:' || (SELECT d.section FROM designation d"                         \
	" WHERE d.id = " card ".designation)"                                                      \
	" OR (substr(h.scope, 1, 10) = 'terminals:' AND EXISTS(SELECT 1 FROM hold_section g"       \
	" WHERE g.hold = h.id AND g.section = (SELECT d.section FROM designation d"                \
	" WHERE d.id = " card ".designation))))"
/* TRUE of a card that some open stop covers. */
#define STORE_SCOPE_STOPS(card)                                                                    \
	"EXISTS(SELECT 1 FROM hold h WHERE h.lifted_at IS NULL AND h.reason = 'EMERGENCY'"         \
	" AND " STORE_SCOPE_COVERS(card) ")"

/* The open stop of exactly that scope; *ret_hold NULL when there is none. */
gboolean store_scope_find(StoreTx *tx, const char *scope, Hold **ret_hold,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A stop by terminal group covers the cards of these sections. */
gboolean store_scope_add_section(StoreTx *tx, gint64 hold, const char *section,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Certificates of ACTIVE cards that stop @hold covers: when it begins (@is_stop) the VALID ones,
 * when it has been lifted those on HOLD whose card nothing else holds. Array of Certificate without
 * its bytes, in order of (issuer, serial). */
GPtrArray *store_scope_certificates(StoreTx *tx, gint64 hold, gboolean is_stop,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many ACTIVE cards stop @hold covers. */
gboolean store_scope_count(StoreTx *tx, gint64 hold, gint64 *ret_count,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
