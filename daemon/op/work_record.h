/* SPDX-License-Identifier: Apache-2.0
 * Work records (N56–N58): who did what to the whole of the data, the configuration or the program,
 * what there was before and after, what was tested, and who looked at it as the second person. */
#pragma once

#include <jansson.h>

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"
#include "daemon/store/store_work.h"

typedef struct WorkFacts {
	const char *kind; /* "import", "year-change", "configuration", "version", "installation" */
	const char *content; /* in Japanese, as it is printed */
	json_t *before;      /* objects, taken over even on failure */
	json_t *after;
} WorkFacts;

/* Part of the work's own transaction. *ret_id (g_free, may be NULL) is "W-2026-0001". */
gboolean work_record_open(StoreTx *tx, const Op *op, const WorkFacts *facts, char **ret_id,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct WorkImport {
	WorkCount what;
	const char *file;
	const ImportResult *result;
} WorkImport;
/* The same for an import that is written already in @tx. */
gboolean work_record_import(StoreTx *tx, const Op *op, const WorkImport *import,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct WorkConfirm {
	const char *note;
	const char *despite; /* why it stands although a test failed, or NULL */
} WorkConfirm;
/* Where nobody has said yet to have done the work, that; otherwise the second person's look at it.
 * Runs the tests of doctor; one that fails refuses unless @confirm says why not. */
gboolean work_record_confirm(Op *op, const char *id, const WorkConfirm *confirm,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "recorded" (nobody else is needed), "waiting" (for who did it), "done" (a second person is
 * needed) or "confirmed". */
const char *work_record_state(const WorkRow *row);
const char *work_record_ja(const char *kind);
