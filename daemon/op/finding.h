/* SPDX-License-Identifier: Apache-2.0
 * Findings of audits and self-inspections (N84, T43): opened with an owner and a due date, answered
 * by the owner with a measure, closed by an auditor who is not the auditee. */
#pragma once

#include "daemon/op/op.h"
#include "daemon/store/store_finding.h"

typedef struct FindingFacts {
	const char *source; /* "audit", "self-inspection" or "analysis" */
	const char *reference;
	const char *content;
	const char *owner; /* owner.h */
	const char *due;   /* ISO date */
} FindingFacts;

/* *ret_id (g_free) is "F-2026-0001"; NULL on a dry run. */
gboolean finding_open(Op *op, const FindingFacts *facts, char **ret_id,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The measure taken (改善措置), by the owner; again until it is closed. */
gboolean finding_answer(Op *op, const char *id, const char *measure,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean finding_close(Op *op, const char *id, const char *note,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "open", "answered", "overdue" or "closed" on the day of @op. */
const char *finding_state(const Op *op, const AuditFinding *row);
/* 監査, 自己点検, 分析; the name itself where there is none. */
const char *finding_source_ja(const char *source);
