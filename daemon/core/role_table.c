/* SPDX-License-Identifier: Apache-2.0
 * Templates of levels: one section a level in an INI file. */
#include "daemon/core/role_table.h"

#include <string.h>

#include "daemon/base/config_file.h"
#include "daemon/base/error.h"

#define ROLES    "roles"
#define TEMPLATE "template"

struct RoleTable {
	GPtrArray *levels; /* RoleLevel */
	Role nominator;
};

static void level_free(gpointer data)
{
	RoleLevel *level = data;

	g_free(level->key);
	g_free(level->name);
	g_free(level);
}

static RoleLevel *level_of(RoleTable *table, const char *key)
{
	RoleLevel *level;

	for (guint i = 0; i < table->levels->len; i++) {
		level = table->levels->pdata[i];
		if (strcmp(level->key, key) == 0)
			return level;
	}
	level = g_new0(RoleLevel, 1);
	level->key = g_strdup(key);
	level->role = _ROLE_MAX;
	g_ptr_array_add(table->levels, level);
	return level;
}

static gboolean is_given(Role role)
{
	return role != ROLE_HOLDER && role != ROLE_ROOT && role != ROLE_DAEMON &&
	       role != ROLE_ANYONE;
}

static gboolean take_member(RoleLevel *level, const ConfigLine *line)
{
	guint64 number;

	if (strcmp(line->key, "name") == 0 && *line->value != '\0') {
		level->name = g_strdup(line->value);
		return TRUE;
	}
	if (strcmp(line->key, "role") == 0)
		return role_parse(line->value, &level->role) && is_given(level->role);
	if (strcmp(line->key, "level") != 0 ||
	    !g_ascii_string_to_unsigned(line->value, 10, 1, 99, &number, NULL))
		return FALSE;
	level->level = (gint64) number;
	return TRUE;
}

static gboolean take_line(RoleTable *table, const ConfigLine *line)
{
	if (strcmp(line->section, TEMPLATE) != 0)
		return take_member(level_of(table, line->section), line);
	if (strcmp(line->key, "nominate") == 0)
		return role_parse(line->value, &table->nominator) && is_given(table->nominator);
	return strcmp(line->key, "name") == 0;
}

static gint compare_levels(gconstpointer a, gconstpointer b)
{
	const RoleLevel *first = *(RoleLevel *const *) a, *second = *(RoleLevel *const *) b;

	return (first->level > second->level) - (first->level < second->level);
}

static gboolean check_levels(const RoleTable *table, const char *path, GError **error)
{
	for (guint i = 0; i < table->levels->len; i++) {
		const RoleLevel *level = table->levels->pdata[i];

		if (level->name == NULL || level->level == 0)
			return error_set(error, ERROR_USAGE,
					 N_("%s: the level [%s] needs a name and a level number"),
					 path, level->key);
	}
	return TRUE;
}

static char *path_of(const Config *config)
{
	const GPtrArray *lines = config_lines(config);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];

		if (strcmp(line->section, ROLES) == 0 && strcmp(line->key, TEMPLATE) == 0)
			return *line->value == '/' ? g_strdup(line->value)
						   : g_strdup_printf("%s/roles-%s.conf",
								     OPCARD_DATADIR, line->value);
	}
	return NULL;
}

RoleTable *role_table_load(const Config *config, GError **error)
{
	g_autoptr(RoleTable) table = g_new0(RoleTable, 1);
	g_autofree char *path = path_of(config);
	g_autoptr(GPtrArray) lines = NULL;

	table->levels = g_ptr_array_new_with_free_func(level_free);
	table->nominator = ROLE_SECTION_MANAGER;
	if (path == NULL)
		return g_steal_pointer(&table);
	lines = config_file_read(path, error);
	if (lines == NULL)
		return NULL;
	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];

		if (!take_line(table, line)) {
			error_set(error, ERROR_USAGE,
				  N_("%s:%d: \"%s = %s\" is nothing a template of roles knows"),
				  line->file, line->line, line->key, line->value);
			return NULL;
		}
	}
	g_ptr_array_sort(table->levels, compare_levels);
	return check_levels(table, path, error) ? g_steal_pointer(&table) : NULL;
}

void role_table_free(RoleTable *table)
{
	if (table == NULL)
		return;
	g_ptr_array_unref(table->levels);
	g_free(table);
}

const RoleLevel *role_table_level(const RoleTable *table, guint index)
{
	return table != NULL && index < table->levels->len ? table->levels->pdata[index] : NULL;
}

static const RoleLevel *find_key(const RoleTable *table, const char *key)
{
	const RoleLevel *level;

	for (guint i = 0; (level = role_table_level(table, i)) != NULL; i++)
		if (strcmp(level->key, key) == 0)
			return level;
	return NULL;
}

gboolean role_table_find(const RoleTable *table, const char *key, Role *ret_role)
{
	const RoleLevel *level = find_key(table, key);
	Role role;

	if (level != NULL) {
		*ret_role = level->role;
		return TRUE;
	}
	if (!role_parse(key, &role) || !is_given(role))
		return FALSE;
	*ret_role = role;
	return TRUE;
}

const char *role_table_ja(const RoleTable *table, Role role)
{
	const RoleLevel *level;

	for (guint i = 0; (level = role_table_level(table, i)) != NULL; i++)
		if (level->role == role)
			return level->name;
	return role_ja(role);
}

const char *role_table_title(const RoleTable *table, const char *key)
{
	const RoleLevel *level = find_key(table, key);
	Role role;

	if (level != NULL)
		return level->name;
	return role_parse(key, &role) ? role_table_ja(table, role) : key;
}

Role role_table_nominator(const RoleTable *table)
{
	return table != NULL ? table->nominator : ROLE_SECTION_MANAGER;
}

char *role_table_names(const RoleTable *table, RoleSet set)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < _ROLE_MAX; i++) {
		if ((set & ROLE_SET(i)) == 0)
			continue;
		if (text->len > 0)
			g_string_append(text, ", ");
		g_string_append_printf(text, "%s %s", role_name((Role) i),
				       role_table_ja(table, (Role) i));
	}
	return g_string_free(text, FALSE);
}
