/* SPDX-License-Identifier: Apache-2.0
 * Notices into the outbox. */
#include "daemon/op/notice.h"

#include "daemon/base/error.h"
#include "daemon/op/dump.h"
#include "daemon/op/notice_kind.h"
#include "daemon/op/notice_send.h"
#include "daemon/store/store_outbox.h"

static const char *const receivers[] = { "post:", "staff:", "role:", "section:" };

static gboolean is_receiver(const char *to)
{
	for (gsize i = 0; to != NULL && i < G_N_ELEMENTS(receivers); i++)
		if (g_str_has_prefix(to, receivers[i]))
			return TRUE;
	return FALSE;
}

static gboolean add(StoreTx *tx, const Op *op, const Notice *notice, const char *body,
		    GError **error)
{
	OutboxNotice row = {
		.kind = (char *) notice->kind,
		.recipient = (char *) notice->to,
		.about = (char *) notice->about,
		.body = (char *) body,
		.at = op->now,
	};
	gint64 id;

	if (notice_kind_find(notice->kind) == NULL || !is_receiver(notice->to))
		return error_set(error, ERROR_INTERNAL, N_("there is no notice %s to %s"),
				 notice->kind, notice->to);
	return store_outbox_add(tx, &row, &id, error) && notice_send_plan(tx, op, id, error);
}

gboolean notice_add(StoreTx *tx, const Op *op, const Notice *notice, GError **error)
{
	json_t *values = notice->values != NULL ? notice->values : json_object();
	char *body = dump_json(values);
	gboolean is_added = add(tx, op, notice, body, error);

	g_free(body);
	json_decref(values);
	return is_added;
}

gboolean notice_add_once(StoreTx *tx, const Op *op, const Notice *notice, const char *stage,
			 gboolean *ret_is_new, GError **error)
{
	const char *subject = notice->about != NULL ? notice->about : notice->kind;
	gboolean is_new = FALSE;

	if (!store_outbox_remind(tx, subject, stage, op->now, &is_new, error)) {
		json_decref(notice->values);
		return FALSE;
	}
	if (ret_is_new != NULL)
		*ret_is_new = is_new;
	if (is_new)
		return notice_add(tx, op, notice, error);
	json_decref(notice->values);
	return TRUE;
}
