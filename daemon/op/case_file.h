/* SPDX-License-Identifier: Apache-2.0
 * 是正処置の事案 (T24, K11, N62): opened by a report or by hand, filled in under seven headings,
 * and closed only with a 再発防止策. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_duty.h"

/* What a person writes; NULL and 0 leave a heading as it is, "" empties it. */
typedef struct CaseNote {
	char *kind;    /* of a new case: case_kind_choices() */
	char *card;    /* of a new case, or NULL */
	char *section; /* of a new case, or NULL */
	char *content;
	char *parties;
	char *place;
	char *note; /* 状況 */
	char *cause;
	char *response;
	char *other;
	char *measure;
	char *measure_due;
	char *police_report;
	char *police_on;
	char *via;
	gint64 occurred_at;
	gint64 noticed_at;
} CaseNote;

/* *ret_id (g_free) is the number. A section's manager opens cases of the own section. */
gboolean case_file_open(Op *op, const CaseNote *note, char **ret_id,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_STATE once it is closed. */
gboolean case_file_write(Op *op, const char *id, const CaseNote *note,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, then closes it. ERROR_RULE without a preventive measure. */
gboolean case_file_close(Op *op, const char *id, const CaseNote *note,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @file is for the actor's eyes: the desk's, or of the section that is managed. */
gboolean case_file_sees(const Op *op, const char *section);
