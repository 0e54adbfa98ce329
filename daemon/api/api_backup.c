/* SPDX-License-Identifier: Apache-2.0
 * Backups: making one, and fetching the sealed file. */
#include "daemon/api/handlers.h"
#include "daemon/api/reply.h"
#include "daemon/base/error.h"
#include "daemon/op/backup.h"

HttpReply *handlers_backup(Call *call, GError **error)
{
	static const JsonTable table = { NULL, 0, 0 };
	g_auto(BackupFacts) facts = { 0 };

	if (!json_read(call->body, &table, NULL, error) || !backup_make(&call->op, &facts, error))
		return NULL;
	if (call->op.is_dry_run)
		return call_would(N_("allowed; nothing was changed"));
	return reply_json(200, json_pack("{s:s, s:s, s:I, s:s, s:{s:s, s:I}}", "backup", facts.name,
					 "file", facts.path, "bytes", (json_int_t) facts.bytes,
					 "sha256", facts.sha256, "ledger", "head", facts.head,
					 "count", (json_int_t) facts.count));
}

HttpReply *handlers_backup_file(Call *call, GError **error)
{
	GBytes *file = backup_read(call->api->house, call->args[0], error);
	HttpReply *reply;

	if (file == NULL)
		return NULL;
	reply = reply_bytes(200, "application/pkcs7-mime", file);
	reply_set_download(reply, call->args[0]);
	return reply;
}
