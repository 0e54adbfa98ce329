/* SPDX-License-Identifier: Apache-2.0
 * Looks first, so that an hour in which nothing is due writes nothing. */
#include "daemon/op/reminder.h"

#include "daemon/store/store_outbox.h"
#include "pkcs11/failpoint.h"

static gboolean was_given(const Op *op, const Notice *notice, const char *stage, gboolean *ret_was,
			  GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);

	return tx != NULL && store_outbox_reminded(tx, notice->about, stage, ret_was, error);
}

static gboolean give(const Op *op, const Notice *notice, const char *const *to, const char *stage,
		     GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	gboolean is_new = FALSE;

	if (tx == NULL || !store_outbox_remind(tx, notice->about, stage, op->now, &is_new, error))
		return FALSE;
	for (; is_new && *to != NULL; to++) {
		Notice one = *notice;

		one.to = *to;
		one.values = json_incref(notice->values);
		if (!notice_add(tx, op, &one, error))
			return FALSE;
	}
	FAILPOINT("reminder.before");
	if (!store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("reminder.after");
	return TRUE;
}

gboolean reminder_give(const Op *op, const Notice *notice, const char *const *to, const char *stage,
		       guint *count, GError **error)
{
	gboolean was = FALSE;
	gboolean is_good = was_given(op, notice, stage, &was, error);

	if (is_good && !was) {
		is_good = give(op, notice, to, stage, error);
		*count += is_good ? 1 : 0;
	}
	json_decref(notice->values);
	return is_good;
}
