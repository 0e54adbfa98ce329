/* SPDX-License-Identifier: Apache-2.0
 * The rows of [permit]: `AUTHORITY = section:0101, 0202; employment:委託; administrative`, and
 * `regular = 常勤, …`. */
#include "daemon/core/permit.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"

#define SECTION     "permit"
#define REGULAR_KEY "regular"
#define REGULAR     "常勤, 正規, 再任用"

typedef enum PermitList {
	PERMIT_KIND,
	PERMIT_SECTION,
	PERMIT_DUTIES,
	PERMIT_EMPLOYMENT,
	_PERMIT_LIST_MAX,
} PermitList;

static const char *const list_names[_PERMIT_LIST_MAX] = {
	[PERMIT_KIND] = "kind",
	[PERMIT_SECTION] = "section",
	[PERMIT_DUTIES] = "duties",
	[PERMIT_EMPLOYMENT] = "employment",
};

typedef struct Row {
	char **lists[_PERMIT_LIST_MAX]; /* NULL: the row says nothing of it */
	gboolean is_administrative;
} Row;

struct Permit {
	GHashTable *rows; /* authority → Row */
	char **regular;
};

static void row_free(gpointer data)
{
	Row *row = data;

	for (int i = 0; i < _PERMIT_LIST_MAX; i++)
		g_strfreev(row->lists[i]);
	g_free(row);
}

static char **words_of(const char *text)
{
	char **words = g_strsplit(text, ",", -1);
	GPtrArray *list = g_ptr_array_new();

	for (char **word = words; *word != NULL; word++)
		if (*g_strstrip(*word) != '\0')
			g_ptr_array_add(list, g_strdup(*word));
	g_strfreev(words);
	g_ptr_array_add(list, NULL);
	return (char **) g_ptr_array_free(list, FALSE);
}

static gboolean take_part(Row *row, const char *part)
{
	if (strcmp(part, "administrative") == 0) {
		row->is_administrative = TRUE;
		return TRUE;
	}
	for (int i = 0; i < _PERMIT_LIST_MAX; i++) {
		gsize length = strlen(list_names[i]);

		if (strncmp(part, list_names[i], length) != 0 || part[length] != ':')
			continue;
		if (row->lists[i] != NULL)
			return FALSE;
		row->lists[i] = words_of(part + length + 1);
		return row->lists[i][0] != NULL;
	}
	return FALSE;
}

static gboolean parse_row(const ConfigLine *line, Row *row, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(line->value, ";", -1);

	for (char **part = parts; *part != NULL; part++)
		if (!take_part(row, g_strstrip(*part)))
			return error_set(error, ERROR_USAGE,
					 N_("%s:%d: \"%s\" is no rule for the authority \"%s\"; "
					    "write for example section:0101, 0202; "
					    "employment:委託; kind:operator; duties:住民票; "
					    "administrative"),
					 line->file, line->line, *part, line->key);
	return TRUE;
}

/* "" for [permit], the date of a dated one, NULL for another section. */
static const char *date_of(const ConfigLine *line)
{
	if (!g_str_has_prefix(line->section, SECTION))
		return NULL;
	if (line->section[strlen(SECTION)] == '\0')
		return "";
	return line->section[strlen(SECTION)] == ' ' ? line->section + strlen(SECTION) + 1 : NULL;
}

static gboolean take_line(Permit *permit, const ConfigLine *line, GError **error)
{
	Row *row;

	if (strcmp(line->key, REGULAR_KEY) == 0) {
		g_strfreev(permit->regular);
		permit->regular = words_of(line->value);
		return TRUE;
	}
	row = g_new0(Row, 1);
	g_hash_table_replace(permit->rows, g_strdup(line->key), row);
	return parse_row(line, row, error);
}

static gint compare_lines(gconstpointer a, gconstpointer b)
{
	return strcmp(date_of(*(ConfigLine *const *) a), date_of(*(ConfigLine *const *) b));
}

Permit *permit_load(const Config *config, const char *date, GError **error)
{
	g_autoptr(Permit) permit = g_new0(Permit, 1);
	g_autoptr(GPtrArray) mine = g_ptr_array_new();
	const GPtrArray *lines = config_lines(config);

	permit->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
	permit->regular = words_of(REGULAR);
	for (guint i = 0; i < lines->len; i++) {
		const char *from = date_of(lines->pdata[i]);

		if (from != NULL && strcmp(from, date) <= 0)
			g_ptr_array_add(mine, lines->pdata[i]);
	}
	g_ptr_array_sort(mine, compare_lines);
	for (guint i = 0; i < mine->len; i++)
		if (!take_line(permit, mine->pdata[i], error))
			return NULL;
	return g_steal_pointer(&permit);
}

void permit_free(Permit *permit)
{
	if (permit == NULL)
		return;
	g_hash_table_unref(permit->rows);
	g_strfreev(permit->regular);
	g_free(permit);
}

gboolean permit_check_config(const Config *config, GError **error)
{
	const GPtrArray *lines = config_lines(config);
	g_autoptr(Permit) permit = NULL;

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];
		const char *from = date_of(line);

		if (from != NULL && *from != '\0' && !clock_is_date(from))
			return error_set(error, ERROR_USAGE,
					 N_("%s:%d: [%s]: the date must be written like [permit "
					    "2027-04-01]"),
					 line->file, line->line, line->section);
	}
	permit = permit_load(config, "9999-12-31", error);
	return permit != NULL;
}

static gboolean has(char **list, const char *word)
{
	return word != NULL && g_strv_contains((const char *const *) list, word);
}

static gboolean check_list(const Row *row, const PermitQuestion *question, PermitList list,
			   const char *value, GError **error)
{
	g_autofree char *allowed = NULL;

	if (row == NULL || row->lists[list] == NULL || value == NULL ||
	    has(row->lists[list], value))
		return TRUE;
	allowed = g_strjoinv(", ", row->lists[list]);
	return error_set(error, ERROR_RULE,
			 N_("the authority \"%s\" is not for %s \"%s\"; it is for: %s (T03, T35). "
			    "Choose another authority, or have the rule changed in [permit]"),
			 question->authority, list_names[list], value, allowed);
}

static gboolean check_employment(const Permit *permit, const Row *row,
				 const PermitQuestion *question, GError **error)
{
	const char *known = question->employment != NULL ? question->employment : "";

	if (permit_is_regular(permit, question->employment))
		return TRUE;
	if (row == NULL || row->lists[PERMIT_EMPLOYMENT] == NULL ||
	    !has(row->lists[PERMIT_EMPLOYMENT], known))
		return error_set(error, ERROR_RULE,
				 N_("the authority \"%s\" is not approved for the employment "
				    "\"%s\": whoever is not regular staff has only what [permit] "
				    "names (N25). Write \"%s = employment:%s\" there once it is "
				    "approved, or correct the staff list"),
				 question->authority, known, question->authority, known);
	if (question->until == NULL)
		return error_set(error, ERROR_RULE,
				 N_("the employment \"%s\" has no last day in the staff list; a "
				    "term or contract has one (T35, N25)"),
				 known);
	return TRUE;
}

gboolean permit_check(const Permit *permit, const PermitQuestion *question, GError **error)
{
	const Row *row = g_hash_table_lookup(permit->rows, question->authority);

	return check_list(row, question, PERMIT_KIND, question->kind, error) &&
	       check_list(row, question, PERMIT_SECTION, question->section, error) &&
	       check_list(row, question, PERMIT_DUTIES, question->duties, error) &&
	       check_employment(permit, row, question, error);
}

gboolean permit_is_administrative(const Permit *permit, const char *authority)
{
	const Row *row = g_hash_table_lookup(permit->rows, authority);

	return row != NULL && row->is_administrative;
}

gboolean permit_is_regular(const Permit *permit, const char *employment)
{
	return has(permit->regular, employment);
}
