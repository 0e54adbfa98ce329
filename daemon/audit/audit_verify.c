/* SPDX-License-Identifier: Apache-2.0
 * The whole trail: stretches are checked by several threads, their trees are joined in order, and
 * every root a checkpoint or the witness tells of is compared. The earliest fault is the one told:
 * a record that was changed, or the first record that an older sound checkpoint does not cover. */
#include <string.h>

#include "daemon/audit/audit.h"
#include "daemon/audit/audit_anchor.h"
#include "daemon/audit/audit_span.h"
#include "daemon/base/error.h"
#include "daemon/store/store_tree.h"

#define THREADS_MAX 8

typedef struct Work {
	const StoreTx *tx;
	const AuditAnchors *anchors;
	gint64 count;
	gint64 disposed;
	guint span_count;
	gint next;    /* atomic: stretch to take */
	gint is_over; /* atomic: nothing behind what was found is of interest */
	GMutex mutex; /* guards what follows */
	GCond done;
	guint running;
	AuditSpan **spans; /* checked and not yet joined */
	GError *error;
} Work;

/* Roots asked for inside @span. */
static void ask(const Work *work, AuditSpan *span)
{
	gsize first = audit_anchor_find(work->anchors, span->first);
	gsize end = audit_anchor_find(work->anchors, span->end);

	span->sizes = work->anchors->sizes + first;
	span->size_count = end - first;
}

static AuditSpan *check_one(Work *work, StoreTx *tx, guint i, GError **error)
{
	g_autoptr(AuditSpan) span = g_new0(AuditSpan, 1);

	span->first = (gint64) i * AUDIT_SPAN_RECORDS + 1;
	span->end = MIN(span->first + AUDIT_SPAN_RECORDS, work->count + 1);
	span->disposed = work->disposed;
	ask(work, span);
	return audit_span_check(tx, span, error) ? g_steal_pointer(&span) : NULL;
}

static void hand_in(Work *work, guint i, AuditSpan *span, GError *error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&work->mutex);

	if (error != NULL && work->error == NULL)
		work->error = error;
	else
		g_clear_error(&error);
	if (span != NULL)
		work->spans[i] = span;
	if (span == NULL || span->reason != NULL)
		g_atomic_int_set(&work->is_over, 1);
	g_cond_signal(&work->done);
}

static gpointer run(gpointer data)
{
	Work *work = data;
	GError *error = NULL;
	g_autoptr(StoreTx) tx = store_tx_beside(work->tx, &error);

	if (tx == NULL)
		hand_in(work, 0, NULL, error);
	while (tx != NULL && !g_atomic_int_get(&work->is_over)) {
		guint i = (guint) g_atomic_int_add(&work->next, 1);
		AuditSpan *span;

		if (i >= work->span_count)
			break;
		span = check_one(work, tx, i, &error);
		hand_in(work, i, span, g_steal_pointer(&error));
	}
	g_mutex_lock(&work->mutex);
	work->running--;
	g_cond_signal(&work->done);
	g_mutex_unlock(&work->mutex);
	return NULL;
}

/* Stretch @i as soon as it is checked; NULL when nobody will check it any more. */
static AuditSpan *wait_for(Work *work, guint i)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&work->mutex);

	while (work->spans[i] == NULL && work->running > 0)
		g_cond_wait(&work->done, &work->mutex);
	return g_steal_pointer(&work->spans[i]);
}

static void blame(AuditVerdict *verdict, gint64 first, gint64 last, const char *reason)
{
	if (verdict->first_bad != 0 && verdict->first_bad <= first)
		return;
	verdict->is_ok = FALSE;
	verdict->first_bad = first;
	verdict->last_bad = MAX(first, last);
	verdict->reason = reason;
}

/* The roots inside @span against what was told of them. */
static void compare(const Work *work, const AuditSpan *span, const AuditTree *before,
		    AuditHash *hash, AuditVerdict *verdict)
{
	gsize first = (gsize) (span->sizes - work->anchors->sizes);

	for (gsize i = 0; i < span->size_count; i++) {
		guint8 root[AUDIT_HASH_BYTES];
		AuditTree tree = *before;

		if (span->asked[i].size == 0)
			return;
		audit_span_join(&tree, hash, &span->asked[i]);
		audit_tree_root(&tree, hash, root);
		if (memcmp(root, work->anchors->roots[first + i], sizeof(root)) != 0)
			blame(verdict, verdict->sealed + 1, work->anchors->sizes[first + i],
			      N_("the records are not those a checkpoint was signed over"));
		else
			verdict->sealed = work->anchors->sizes[first + i];
		verdict->checkpoints++;
		if (verdict->first_bad != 0)
			return;
	}
}

static void join_spans(Work *work, AuditVerdict *verdict)
{
	g_autoptr(AuditHash) hash = audit_hash_new();
	AuditTree tree = { 0 };

	for (guint i = 0; i < work->span_count && verdict->first_bad == 0; i++) {
		g_autoptr(AuditSpan) span = wait_for(work, i);
		AuditSpanEdge edge;

		if (span == NULL)
			break;
		compare(work, span, &tree, hash, verdict);
		if (span->reason != NULL)
			blame(verdict, span->first_bad, span->first_bad, span->reason);
		audit_span_edge(span, &edge);
		audit_span_join(&tree, hash, &edge);
	}
	g_atomic_int_set(&work->is_over, 1);
}

/* A small trail is not worth a thread, and may be read inside a transaction that writes. */
static void check_here(Work *work, StoreTx *tx, AuditVerdict *verdict)
{
	GError *error = NULL;
	AuditSpan *span = check_one(work, tx, 0, &error);

	hand_in(work, 0, span, error);
	join_spans(work, verdict);
}

static void check_apart(Work *work, AuditVerdict *verdict)
{
	GThread *threads[THREADS_MAX];
	guint count = MIN(MIN(g_get_num_processors(), THREADS_MAX), work->span_count);

	work->running = count;
	for (guint i = 0; i < count; i++)
		threads[i] = g_thread_new("audit", run, work);
	join_spans(work, verdict);
	for (guint i = 0; i < count; i++)
		g_thread_join(threads[i]);
}

static gboolean check_spans(StoreTx *tx, Work *work, AuditVerdict *verdict, GError **error)
{
	work->span_count =
		(guint) ((MAX(work->count, 0) + AUDIT_SPAN_RECORDS - 1) / AUDIT_SPAN_RECORDS);
	work->spans = g_new0(AuditSpan *, work->span_count + 1);
	if (work->span_count == 1)
		check_here(work, tx, verdict);
	else if (work->span_count > 1)
		check_apart(work, verdict);
	for (guint i = 0; i < work->span_count; i++)
		audit_span_free(work->spans[i]);
	g_free(work->spans);
	if (work->error == NULL)
		return TRUE;
	g_propagate_error(error, work->error);
	return FALSE;
}

gboolean audit_verify(StoreTx *tx, const AuditWitness *witness, AuditVerdict *ret_verdict,
		      GError **error)
{
	g_autoptr(AuditAnchors) anchors = NULL;
	AuditVerdict verdict = { .is_ok = TRUE };
	guint8 head[AUDIT_HASH_BYTES];
	Work work = { .tx = tx };
	gint64 lowest;
	gboolean is_done, is_guarded = FALSE;

	if (!store_ledger_tip(tx, &work.count, head, error) ||
	    !store_ledger_lowest(tx, &lowest, error) ||
	    !store_tree_is_guarded(tx, &is_guarded, error) ||
	    !audit_anchor_disposed(tx, &work.disposed, error))
		return FALSE;
	anchors = audit_anchor_read(tx, witness, work.count, error);
	if (anchors == NULL)
		return FALSE;
	work.anchors = anchors;
	verdict.count = MAX(work.count, 0);
	g_mutex_init(&work.mutex);
	g_cond_init(&work.done);
	if (lowest < 1 && (lowest != 0 || work.count != 0))
		blame(&verdict, 1, 1, N_("a record is missing or was put in between"));
	is_done = check_spans(tx, &work, &verdict, error);
	g_mutex_clear(&work.mutex);
	g_cond_clear(&work.done);
	if (!is_done)
		return FALSE;
	if (anchors->reason != NULL)
		blame(&verdict, anchors->first_bad, anchors->last_bad, anchors->reason);
	if (verdict.is_ok && !is_guarded) {
		verdict.is_ok = FALSE;
		verdict.reason = N_("the triggers that keep records from being changed are gone");
	}
	if (verdict.count > 0)
		audit_hash_hex(head, sizeof(head), verdict.head);
	*ret_verdict = verdict;
	return TRUE;
}
