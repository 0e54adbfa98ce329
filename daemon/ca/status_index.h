/* SPDX-License-Identifier: Apache-2.0
 * What OCSP knows of every certificate, in memory: 40 bytes each, sorted by issuer and serial, with
 * a small table of newcomers beside it. Readers and writers may be on any threads.
 * A closed index (before the first load, or while a restore is not reconciled) answers CHANGING. */
#pragma once

#include "daemon/ca/der.h"

typedef enum StatusState {
	STATUS_ABSENT,   /* never recorded: unknown */
	STATUS_PENDING,  /* recorded, not handed over: unknown */
	STATUS_VALID,    /* good */
	STATUS_HOLD,     /* revoked, certificateHold, since */
	STATUS_REVOKED,  /* revoked, reason, since */
	STATUS_CHANGING, /* a commit is under way: tryLater; never stored, only answered */
	_STATUS_STATE_MAX,
} StatusState;

typedef struct StatusEntry {
	guint8 serial[DER_SERIAL_SIZE];
	gint64 since;     /* HOLD, REVOKED: Unix seconds */
	gint64 not_after; /* Unix seconds */
	guint16 issuer;
	guint8 state;  /* StatusState */
	guint8 reason; /* CrlReason, REVOKED only */
} StatusEntry;

typedef struct StatusIndex StatusIndex;

StatusIndex *status_index_new(void);
void status_index_free(StatusIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StatusIndex, status_index_free)

/* Bulk load: begin, add in ascending (issuer, serial) order, finish. Begin closes the index and
 * forgets everything; finish opens it. Errors: INTERNAL when the order is broken. */
void status_index_load_begin(StatusIndex *index, gsize expected);
gboolean status_index_load_add(StatusIndex *index, const StatusEntry *entry,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void status_index_load_finish(StatusIndex *index);

/* A closed index answers CHANGING to everything; its entries can still be set. */
void status_index_close(StatusIndex *index);
void status_index_open(StatusIndex *index);

/* The state as OCSP may use it. @ret_entry (may be NULL) is filled unless ABSENT or closed. */
StatusState status_index_lookup(StatusIndex *index, guint16 issuer,
				const guint8 serial[DER_SERIAL_SIZE], StatusEntry *ret_entry);

/* Before COMMIT of a restriction: CHANGING is answered until set or clear. */
void status_index_mark(StatusIndex *index, guint16 issuer, const guint8 serial[DER_SERIAL_SIZE]);
/* After a COMMIT: adds or replaces the entry and takes the mark away. */
void status_index_set(StatusIndex *index, const StatusEntry *entry);
/* After a ROLLBACK: takes the mark away, what was there counts again. */
void status_index_clear(StatusIndex *index, guint16 issuer, const guint8 serial[DER_SERIAL_SIZE]);

gsize status_index_count(StatusIndex *index);
/* Bytes held, for the metrics. */
gsize status_index_memory(StatusIndex *index);
