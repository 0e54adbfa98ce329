/* SPDX-License-Identifier: Apache-2.0
 * A trail with signed checkpoints, and somebody who writes into the database file. */
#pragma once

#include <sqlite3.h>

#include "daemon/audit/audit.h"
#include "daemon/audit/audit_checkpoint.h"
#include "daemon/ca/sign.h"

#define AUDIT_PLACE_NOW     1795221000
#define AUDIT_PLACE_RECORDS 30 /* with three checkpoints, each after ten */

typedef struct AuditPlace {
	char *folder;
	Store *store;
	sqlite3 *raw; /* the intruder's connection, triggers still in force */
	Signer *signer;
	char key[AUDIT_CHECKPOINT_KEY + 1];
	GPtrArray *witness; /* lines, NULL-terminated */
} AuditPlace;

/* An empty trail; the first record pins the key when @is_signed. */
void audit_place_open(AuditPlace *place, gboolean is_signed);
/* Records 2 … and checkpoints, as told above. */
void audit_place_fill(AuditPlace *place);
void audit_place_clear(AuditPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AuditPlace, audit_place_clear)

/* Appends record @i, entered at NOW + @i + @late. */
void audit_place_append(StoreTx *tx, int i, gint64 late);
void audit_place_add(AuditPlace *place, int first, int last);
/* A signed checkpoint over all there is; its line goes to the witness. */
void audit_place_seal(AuditPlace *place);
/* Another key signs from now on, pinned as a daemon does it. */
void audit_place_new_key(AuditPlace *place);

void audit_place_raw(AuditPlace *place, const char *format, ...) G_GNUC_PRINTF(2, 3);
void audit_place_drop_triggers(AuditPlace *place);
/* What somebody does who knows the format: every hash from record @from on anew. It is the format's
 * second implementation. */
void audit_place_forge(AuditPlace *place, gint64 from);

AuditVerdict audit_place_verify(AuditPlace *place, gboolean has_witness);
void audit_place_check_good(AuditPlace *place, gint64 count);
void audit_place_check_bad(AuditPlace *place, gint64 first_bad);
