/* SPDX-License-Identifier: Apache-2.0
 * Who holds a post on a day (T05, T06): whoever the table of tenures names; where a section's
 * manager's post was never entered there, whoever of that section has its title, as the staff list
 * says. Nobody holds a post after the own term has ended. */
#pragma once

#include "daemon/core/person.h"
#include "daemon/store/store_post.h"

/* The holders of @post on @date (ISO). Array of Person, empty while it is vacant. */
GPtrArray *incumbent_of(StoreTx *tx, const char *post, const char *date,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The posts @person holds on @date. Array of char *. */
GPtrArray *incumbent_posts(StoreTx *tx, const Person *person, const char *date,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who manages @section on @date; *ret_person NULL when nobody does. */
gboolean incumbent_manager(StoreTx *tx, const Section *section, const char *date,
			   Person **ret_person, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @person serves in the section @code on @date: by the staff list, or by a post there
 * (兼務, 併任 in another body, H02). */
gboolean incumbent_serves(StoreTx *tx, const Person *person, const char *code, const char *date,
			  gboolean *ret_serves, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a post @name exists: entered, or the manager's of a section. */
gboolean incumbent_knows(StoreTx *tx, const char *name, gboolean *ret_knows,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
