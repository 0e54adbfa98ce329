/* SPDX-License-Identifier: Apache-2.0
 * The export of a person's records. */
#include "daemon/op/trail_export.h"

#include <string.h>

#include "daemon/audit/audit_checkpoint.h"
#include "daemon/audit/audit_proof.h"
#include "daemon/audit/audit_record.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/record.h"
#include "daemon/op/seal.h"
#include "daemon/op/view.h"
#include "daemon/store/store_person.h"

#define PAGE 500

typedef struct Export {
	StoreTx *tx;
	AuditProof *proof;
	AuditHash *hash;
	const char *staff;
	gboolean is_open; /* other persons' numbers are shown */
	guint8 prev[AUDIT_HASH_BYTES];
	gint64 seq;
	json_t *row; /* of the record looked at */
} Export;

static json_t *hex_of(const guint8 *bytes, gsize length)
{
	g_autofree char *hex = g_malloc(2 * length + 1);

	audit_hash_hex(bytes, length, hex);
	return json_string(hex);
}

/* The body is of this person; whoever acted beside is another one. */
static gboolean is_shown(const Export *made, gsize field, const char *text)
{
	return made->is_open || field >= 2 || text == NULL || strcmp(text, made->staff) == 0;
}

static json_t *fields_of(const Export *made, const LedgerRaw *row)
{
	const AuditFields fields = { { row->actor, row->second, row->staff, row->body } };
	guint8 keys[AUDIT_RECORD_FIELDS * AUDIT_RECORD_KEY], mark[AUDIT_HASH_BYTES];
	json_t *list = json_array();

	if (!row->has_personal)
		return list;
	if (row->salt != NULL)
		audit_record_keys(made->hash, row->salt, keys);
	for (gsize i = 0; i < AUDIT_RECORD_FIELDS; i++) {
		const guint8 *key = keys + i * AUDIT_RECORD_KEY;
		json_t *field = json_object();

		if (row->salt == NULL) {
			json_object_set_new(field, "text", view_text(fields.text[i]));
		} else if (is_shown(made, i, fields.text[i])) {
			json_object_set_new(field, "text", view_text(fields.text[i]));
			json_object_set_new(field, "key", hex_of(key, AUDIT_RECORD_KEY));
		} else {
			audit_record_mark(made->hash, key, fields.text[i], mark);
			json_object_set_new(field, "mark", hex_of(mark, sizeof(mark)));
		}
		json_array_append_new(list, field);
	}
	return list;
}

static gboolean take(const LedgerRaw *row, gpointer data)
{
	Export *made = data;

	if (row->seq < made->seq) {
		if (row->hash != NULL)
			memcpy(made->prev, row->hash, sizeof(made->prev));
		return TRUE;
	}
	made->row = json_pack("{s:I, s:s, s:o, s:o}", "seq", (json_int_t) row->seq, "record",
			      row->record, "prev", hex_of(made->prev, sizeof(made->prev)), "fields",
			      fields_of(made, row));
	if (row->sealed != NULL)
		json_object_set_new(made->row, "sealed", hex_of(row->sealed, AUDIT_HASH_BYTES));
	return FALSE;
}

static json_t *path_of(const Export *made, gint64 seq, GError **error)
{
	g_autoptr(GByteArray) path = g_byte_array_new();
	json_t *list;

	if (!audit_proof_path(made->proof, seq, path, error))
		return NULL;
	list = json_array();
	for (guint i = 0; i < path->len; i += AUDIT_HASH_BYTES)
		json_array_append_new(list, hex_of(path->data + i, AUDIT_HASH_BYTES));
	return list;
}

static json_t *record_of(Export *made, gint64 seq, GError **error)
{
	json_t *path;

	made->seq = seq;
	made->row = NULL;
	memset(made->prev, 0, sizeof(made->prev));
	if (!store_ledger_walk(made->tx, seq - 1, seq + 1, take, made, error))
		return NULL;
	path = made->row != NULL ? path_of(made, seq, error) : NULL;
	if (path == NULL) {
		json_decref(made->row);
		return NULL;
	}
	json_object_set_new(made->row, "path", path);
	return made->row;
}

/* TRUE for the records that @size covers; what came later is in the next export. */
static gboolean add_records(Export *made, gint64 size, json_t *records, GError **error)
{
	LedgerFilter filter = { .staff = made->staff, .limit = PAGE };
	guint count;

	do {
		g_autoptr(GPtrArray) rows = store_ledger_list(made->tx, &filter, error);

		if (rows == NULL)
			return FALSE;
		count = rows->len;
		for (guint i = 0; i < rows->len; i++) {
			gint64 seq = ((const LedgerRow *) rows->pdata[i])->seq;
			json_t *record;

			if (seq > size || json_array_size(records) >= TRAIL_EXPORT_MAX)
				return TRUE;
			record = record_of(made, seq, error);
			if (record == NULL)
				return FALSE;
			json_array_append_new(records, record);
			filter.after = seq;
		}
	} while (count == PAGE);
	return TRUE;
}

static json_t *key_of(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(GBytes) spki = NULL;

	if (!store_tree_key(tx, id, &spki, error))
		return NULL;
	if (spki == NULL) {
		error_set(error, ERROR_STORE,
			  N_("the key of the newest checkpoint is not kept; run `opcardctl audit "
			     "verify`"));
		return NULL;
	}
	return json_pack("{s:s, s:o}", "id", id, "spki",
			 hex_of(g_bytes_get_data(spki, NULL), g_bytes_get_size(spki)));
}

static json_t *make(StoreTx *tx, const Op *op, const char *staff, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(TreeCheckpoint) last = NULL;
	g_autoptr(AuditHash) hash = audit_hash_new();
	g_autoptr(AuditProof) proof = NULL;
	AuditCheckpoint checkpoint;
	json_t *key, *records;
	gboolean is_done;

	if (!store_tree_last(tx, &last, error))
		return NULL;
	if (last == NULL || !audit_checkpoint_parse(last->line, &checkpoint)) {
		error_set(error, ERROR_STATE, N_("there is no checkpoint of the audit trail yet"));
		return NULL;
	}
	key = key_of(tx, checkpoint.key, error);
	if (key == NULL)
		return NULL;
	proof = audit_proof_new(tx, checkpoint.size);
	Export made = { .tx = tx, .proof = proof, .hash = hash, .staff = staff };

	made.is_open = config_policy(op->house->config, POLICY_DISCLOSE_NAMES, today) != 0;
	records = json_array();
	is_done = add_records(&made, checkpoint.size, records, error);
	json_t *file =
		json_pack("{s:s, s:s, s:o, s:o, s:s, s:o}", "format", "opcard-audit-export/1",
			  "staff", staff, "madeAt", view_time(op->now), "key", key, "checkpoint",
			  last->line, "records", records);

	if (is_done)
		return file;
	json_decref(file);
	return NULL;
}

static gboolean record(Op *op, const char *staff, const json_t *file, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record row = { .kind = "audit-export", .article = "K06" };

	if (tx == NULL)
		return FALSE;
	row.extra = json_pack("{s:i}", "records",
			      (int) json_array_size(json_object_get(file, "records")));
	return record_event(tx, op, staff, &row, error) && store_tx_commit(&tx, error);
}

json_t *trail_export(Op *op, const char *staff, GError **error)
{
	StoreTx *tx = store_tx_read(op->house->store, error);
	g_autoptr(Person) person = tx != NULL ? store_person_get(tx, staff, error) : NULL;
	g_autoptr(GError) not_copied = NULL;
	json_t *file;

	g_clear_pointer(&tx, store_tx_abort);
	if (person == NULL)
		return NULL;
	/* A witness that cannot be reached is no reason to keep records from anybody. */
	if (!seal_now(op->house, op->now, &not_copied) && error_code(not_copied) != ERROR_PARTLY) {
		g_propagate_error(error, g_steal_pointer(&not_copied));
		return NULL;
	}
	tx = store_tx_read(op->house->store, error);
	file = tx != NULL ? make(tx, op, staff, error) : NULL;
	g_clear_pointer(&tx, store_tx_abort);
	if (file == NULL || record(op, staff, file, error))
		return file;
	json_decref(file);
	return NULL;
}
