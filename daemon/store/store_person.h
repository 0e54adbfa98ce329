/* SPDX-License-Identifier: Apache-2.0
 * Persons and sections in the store. */
#pragma once

#include "daemon/core/person.h"
#include "daemon/store/store.h"

/* ERROR_NOT_FOUND names the number. */
Person *store_person_get(StoreTx *tx, const char *staff, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Person *store_person_by_id(StoreTx *tx, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* *ret_person is NULL when nobody has that number. */
gboolean store_person_find(StoreTx *tx, const char *staff, Person **ret_person,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Inserts (id 0, filled in) or replaces, and renews the parts the name is found by. */
gboolean store_person_put(StoreTx *tx, Person *person, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @part of name or kana, @section and @after (staff number) may be NULL. Array of Person. */
GPtrArray *store_person_list(StoreTx *tx, const char *part, const char *section, const char *after,
			     int limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

Section *store_person_section(StoreTx *tx, const char *code,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_person_find_section(StoreTx *tx, const char *code, Section **ret_section,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_person_put_section(StoreTx *tx, const Section *section,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In 建制順. Array of Section. */
GPtrArray *store_person_sections(StoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sections whose manager's post is @post. Array of Section. */
GPtrArray *store_person_post_sections(StoreTx *tx, const char *post,
				      GError **error) G_GNUC_WARN_UNUSED_RESULT;
