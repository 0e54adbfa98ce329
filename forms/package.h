/* SPDX-License-Identifier: Apache-2.0
 * A zip file in memory with fixed dates: the same parts give the same bytes. */
#pragma once

#include <glib.h>

typedef struct Package Package;

Package *package_new(GError **error) G_GNUC_WARN_UNUSED_RESULT;
void package_free(Package *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Package, package_free)

/* Takes content over. */
gboolean package_add(Package *package, const char *name, GString *content,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole file; nothing can be added any more. */
GBytes *package_finish(Package *package, GError **error) G_GNUC_WARN_UNUSED_RESULT;
