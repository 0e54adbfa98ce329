/* SPDX-License-Identifier: Apache-2.0
 * Orders (発令) that put a person into a post from a day on, one at a time or from a table. Nobody
 * puts the own person into a post: with the post come its powers (N05, N43). */
#pragma once

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"

typedef struct TenureRequest {
	char *post;
	char *staff;
	char *since;   /* ISO; the predecessor's last day is the day before */
	char *until;   /* or NULL */
	char *order;   /* reference of the order */
	char *section; /* code; of a post that is new, NULL for the manager's of a section */
	gboolean is_shared;
} TenureRequest;

/* ERROR_DENIED, RULE, USAGE, NOT_FOUND, EXISTS. */
gboolean tenure_assign(Op *op, const TenureRequest *request,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the tenure of @request->staff in @request->post with the day @request->until. */
gboolean tenure_end(Op *op, const TenureRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct TenureRow {
	gint64 line;
	char *post;
	char *staff;
	char *since;
	char *until;
	char *order;
	char *section;
	gboolean is_shared;
} TenureRow;

#define TENURE_MAX 10000

typedef struct TenureImport {
	char *file;
	GPtrArray *rows; /* TenureRow */
} TenureImport;

/* As import_staff(): all rows or none. A row that is there already changes nothing. */
gboolean tenure_import(Op *op, const TenureImport *request, ImportResult *ret_result,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
