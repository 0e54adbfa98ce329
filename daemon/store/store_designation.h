/* SPDX-License-Identifier: Apache-2.0
 * Designations (指定, 様式第2号) in the store. */
#pragma once

#include "daemon/core/person.h"
#include "daemon/store/store.h"

Designation *store_designation_get(StoreTx *tx, const char *id,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The designation of @person for @authority that is in force on @date or begins after it (the
 * earliest); *ret_designation NULL when there is none. */
gboolean store_designation_for(StoreTx *tx, gint64 person, const char *authority, const char *date,
			       Designation **ret_designation,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those that @application gave and that are not over on @date, by section and number. Array of
 * Designation. */
GPtrArray *store_designation_of_application(StoreTx *tx, const char *application, const char *date,
					    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_designation_put(StoreTx *tx, const Designation *designation,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of @section (or all) open on @date or later; by section and person. Array. */
GPtrArray *store_designation_list(StoreTx *tx, const char *section, gint64 person, const char *date,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A designation that goes on (継続): title, section name, duties and end as in @designation; id,
 * beginning and application stay. */
gboolean store_designation_confirm(StoreTx *tx, const Designation *designation,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ACTIVE cards whose designation ended before @date while their holder has no other one of that
 * authority in force on @date. Array of char *, at most @limit. */
GPtrArray *store_designation_ended_cards(StoreTx *tx, const char *date, int limit,
					 GError **error) G_GNUC_WARN_UNUSED_RESULT;
