/* SPDX-License-Identifier: Apache-2.0
 * What changed in the configuration and the program. The loaded lines are compared with those last
 * recorded; the digest over all of them stands in the record. */
#include "daemon/op/work_configuration.h"

#include <string.h>

#include "daemon/op/work_record.h"

#define VERSION "version"
#define HIDDEN  "（秘密）"

/* A file that holds a secret may be named; the secret itself may not. */
static gboolean is_secret(const char *key, const char *value)
{
	static const char *const words[] = { "pin", "password", "secret", "token", NULL };
	gboolean is_word = FALSE;

	for (int i = 0; words[i] != NULL; i++)
		is_word = is_word || g_str_equal(key, words[i]) ||
			  (i > 0 && strstr(key, words[i]) != NULL && strstr(key, "-dir") == NULL);
	return is_word && *value != '\0' && !g_str_has_prefix(value, "file:");
}

json_t *work_configuration_shown(const ConfigEntry *entry)
{
	return json_string(is_secret(entry->key, entry->value) ? HIDDEN : entry->value);
}

static GHashTable *settings_now(const Config *config)
{
	const GPtrArray *lines = config_all_lines(config);
	GHashTable *settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];

		g_hash_table_insert(
			settings, g_strdup_printf("[%s] %s", line->section, line->key),
			g_strdup(is_secret(line->key, line->value) ? HIDDEN : line->value));
	}
	return settings;
}

static char *digest(GHashTable *settings)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	GList *names = g_list_sort(g_hash_table_get_keys(settings), (GCompareFunc) strcmp);

	for (const GList *name = names; name != NULL; name = name->next) {
		const char *value = g_hash_table_lookup(settings, name->data);

		g_checksum_update(sum, name->data, (gssize) strlen(name->data) + 1);
		g_checksum_update(sum, (const guchar *) value, (gssize) strlen(value) + 1);
	}
	g_list_free(names);
	return g_strdup(g_checksum_get_string(sum));
}

typedef struct Difference {
	StoreTx *tx;
	json_t *before;
	json_t *after;
	gboolean is_written;
	GError **error;
} Difference;

/* @value NULL: the key is gone. */
static void note_key(Difference *difference, const char *key, const char *old, const char *value)
{
	if (g_strcmp0(old, value) == 0 || !difference->is_written)
		return;
	json_object_set_new(difference->before, key, old != NULL ? json_string(old) : json_null());
	json_object_set_new(difference->after, key,
			    value != NULL ? json_string(value) : json_null());
	difference->is_written = store_work_set(difference->tx, key, value, difference->error);
}

static void compare(Difference *difference, GHashTable *old, GHashTable *now)
{
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, now);
	while (g_hash_table_iter_next(&iter, &key, &value))
		note_key(difference, key, g_hash_table_lookup(old, key), value);
	g_hash_table_iter_init(&iter, old);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (!g_hash_table_contains(now, key) && !g_str_equal(key, VERSION))
			note_key(difference, key, value, NULL);
}

static gboolean open_record(StoreTx *tx, const Op *op, Difference *difference, GHashTable *now,
			    gboolean is_first)
{
	g_autofree char *sum = digest(now);
	WorkFacts facts = {
		.kind = is_first ? "installation" : "configuration",
		.content = is_first ? "導入時の設定" : "設定ファイルの変更",
		.before = json_incref(difference->before),
		.after = json_incref(difference->after),
	};

	json_object_set_new(difference->after, "digest", json_string(sum));
	return work_record_open(tx, op, &facts, NULL, difference->error);
}

static gboolean note_settings(StoreTx *tx, const Op *op, GHashTable *old, GHashTable *now,
			      GError **error)
{
	Difference difference = { tx, json_object(), json_object(), TRUE, error };
	gboolean is_first = !g_hash_table_contains(old, VERSION);

	compare(&difference, old, now);
	if (difference.is_written && json_object_size(difference.after) > 0)
		difference.is_written = open_record(tx, op, &difference, now, is_first);
	json_decref(difference.before);
	json_decref(difference.after);
	return difference.is_written;
}

static gboolean note_version(StoreTx *tx, const Op *op, GHashTable *old, GError **error)
{
	const char *before = g_hash_table_lookup(old, VERSION);
	WorkFacts facts = { .kind = "version", .content = "プログラムの版の更新" };

	if (g_strcmp0(before, OPCARD_VERSION) == 0)
		return TRUE;
	if (!store_work_set(tx, VERSION, OPCARD_VERSION, error))
		return FALSE;
	if (before == NULL)
		return TRUE;
	facts.before = json_pack("{s:s}", VERSION, before);
	facts.after = json_pack("{s:s}", VERSION, OPCARD_VERSION);
	return work_record_open(tx, op, &facts, NULL, error);
}

gboolean work_configuration_note(House *house, gint64 now, GError **error)
{
	g_auto(Op) op = { 0 };
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);
	g_autoptr(GHashTable) old = tx != NULL ? store_work_settings(tx, error) : NULL;
	g_autoptr(GHashTable) settings = settings_now(house->config);

	if (old == NULL)
		return FALSE;
	op_init(&op, house, op_daemon_actor(), now);
	if (!note_settings(tx, &op, old, settings, error) || !note_version(tx, &op, old, error) ||
	    !store_tx_commit(&tx, error))
		return FALSE;
	return TRUE;
}
