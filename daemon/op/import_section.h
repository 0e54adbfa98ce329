/* SPDX-License-Identifier: Apache-2.0
 * Import of the sections (所属) in 建制順. A section that is not in the file stays. */
#pragma once

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"

typedef struct ImportSectionRow {
	gint64 line;
	char *section; /* code, [0-9A-Za-z-]{1,20} */
	char *name;
	gint64 order; /* 建制順 */
	char *manager_post;
	gboolean has_terminal;
	char *duties;
	char *body;       /* appointing authority (任命権者), or NULL (H02) */
	char *department; /* the post of the department's head, or NULL */
} ImportSectionRow;

#define IMPORT_SECTION_MAX 10000

typedef struct ImportSectionRequest {
	char *file;
	GPtrArray *rows; /* ImportSectionRow */
} ImportSectionRequest;

/* As import_staff(). */
gboolean import_section(Op *op, const ImportSectionRequest *request, ImportResult *ret_result,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
