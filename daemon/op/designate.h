/* SPDX-License-Identifier: Apache-2.0
 * Designations (指定) from an accepted 様式第2号: a full snapshot of one section's users (T13, T45,
 * H13). Who is missing in it loses the designation, and the card with it. */
#pragma once

#include "daemon/op/import_result.h"
#include "daemon/op/op.h"

typedef struct DesignateRow {
	gint64 line;
	char *staff;
	char *name; /* when given, exactly the register's */
	char *authority;
	char *duties;
	char *designation; /* 追加, 継続, 削除 or "": checked against what follows from the rows */
	char *note;
} DesignateRow;

#define DESIGNATE_MAX 10000

typedef struct DesignateRequest {
	char *file;
	char *section;     /* code */
	char *from;        /* ISO date: effective date (発令日) */
	char *paper;       /* reference of the accepted paper */
	GPtrArray *rows;   /* DesignateRow */
	char *application; /* A-2026-0042 it stands on; NULL = it is taken in as one now */
} DesignateRequest;

/* One transaction by a system-admin. Designations end on the day before @request->from, but never
 * before today; their ACTIVE and SUSPENDED cards are recalled at once, or on that day by
 * designate_recall_due(). Returns after OCSP and list show it; ERROR_PARTLY as move_card(). Bad
 * rows as import_staff(). */
gboolean designate(Op *op, const DesignateRequest *request, ImportResult *ret_result,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A day of the calendar, at most a year ahead. */
gboolean designate_check_day(const Op *op, const char *day,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what designate_plan() worked out for @request; cards are recalled in memory of @op, too:
 * commit with cert_status_commit(), or call cert_status_forget(). */
gboolean designate_write(StoreTx *tx, Op *op, const GPtrArray *steps,
			 const DesignateRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For the scheduler, soon after midnight: recalls the cards whose designation has ended while the
 * holder has no other one of that authority (row 13: HOLD at the effective date). At most 20 a
 * transaction; *ret_recalled counts them all. */
gboolean designate_recall_due(Op *op, guint *ret_recalled,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
