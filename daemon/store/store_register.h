/* SPDX-License-Identifier: Apache-2.0
 * Rows of the issue register (発行簿, 様式第3号): values frozen at the event (T14, T46). */
#pragma once

#include "daemon/store/store.h"

typedef struct IssueRow {
	char *card;
	char *staff;
	char *issued_on;
	char *section_code;
	char *section;
	char *title;
	char *name;
	char *authority;
	char *returned_on; /* 返納日等: also lost, revoked, disposed */
	char *reason;
} IssueRow;

void store_register_row_free(IssueRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IssueRow, store_register_row_free)

gboolean store_register_issue(StoreTx *tx, const IssueRow *row,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fills 返納日等 and 理由 of the card's newest row unless they are filled. */
gboolean store_register_end(StoreTx *tx, const char *card, const char *date, const char *reason,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As of @date (ISO, inclusive), by @section or NULL, in order of issue. Array of IssueRow. */
GPtrArray *store_register_list(StoreTx *tx, const char *date, const char *section,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
