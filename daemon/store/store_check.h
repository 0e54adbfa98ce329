/* SPDX-License-Identifier: Apache-2.0
 * Questions whose answer must be "none": what the tables contradict. Read whole tables. */
#pragma once

#include "daemon/store/store.h"

/* *ret_fault is NULL when the database file is sound, else what SQLite found first (g_free). */
gboolean store_check_integrity(StoreTx *tx, char **ret_fault,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers of the ACTIVE cards that have not exactly one VALID or HOLD certificate. Array of
 * char *, as of those below; at most 1,000. */
GPtrArray *store_check_certificates(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ACTIVE cards whose holder has no designation of the card's authority on @date, or no term. */
GPtrArray *store_check_designations(StoreTx *tx, const char *date,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* RECALLED cards without exactly one open duty. */
GPtrArray *store_check_duties(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Cards that are not live but whose certificate is still VALID. */
GPtrArray *store_check_loose(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
