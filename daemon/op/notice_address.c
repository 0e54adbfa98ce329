/* SPDX-License-Identifier: Apache-2.0
 * Receivers are followed down to addresses; a receiver that stands for another is at most three
 * steps away from it (role → post → person). */
#include "daemon/op/notice_address.h"

#include <string.h>

#include "daemon/op/incumbent.h"
#include "daemon/op/notice_text.h"
#include "daemon/store/store_person.h"

#define PATTERN "{staff}"

typedef struct Search {
	StoreTx *tx;
	const Config *config;
	const char *date; /* whose holders of posts count */
	GPtrArray *found;
} Search;

static gboolean follow(const Search *search, const char *receiver, GError **error);

/* The value of a line of a free section, or NULL. */
static const char *line_of(const Config *config, const char *section, const char *key)
{
	const GPtrArray *lines = config_lines(config);

	for (guint i = 0; i < lines->len; i++) {
		const ConfigLine *line = lines->pdata[i];

		if (g_str_equal(line->section, section) && g_str_equal(line->key, key))
			return line->value;
	}
	return NULL;
}

static void add(const Search *search, const char *address)
{
	if (!notice_text_is_address(address) ||
	    g_ptr_array_find_with_equal_func(search->found, address, g_str_equal, NULL))
		return;
	g_ptr_array_add(search->found, g_strdup(address));
}

/* TRUE when [mail] has a line for it. */
static gboolean add_line(const Search *search, const char *receiver)
{
	const char *value = line_of(search->config, "mail", receiver);
	g_auto(GStrv) list = value != NULL ? g_strsplit(value, ",", -1) : NULL;

	for (guint i = 0; list != NULL && list[i] != NULL; i++)
		add(search, g_strstrip(list[i]));
	return value != NULL;
}

static void add_staff(const Search *search, const char *staff)
{
	const char *pattern = line_of(search->config, "mail", "staff:*");
	g_autofree char *receiver = g_strconcat("staff:", staff, NULL);
	g_auto(GStrv) parts = NULL;
	g_autofree char *address = NULL;

	if (add_line(search, receiver) || pattern == NULL)
		return;
	parts = g_strsplit(pattern, PATTERN, -1);
	address = g_strjoinv(staff, parts);
	add(search, address);
}

static gboolean add_post(const Search *search, const char *post, GError **error)
{
	g_autoptr(GPtrArray) holders = incumbent_of(search->tx, post, search->date, error);

	for (guint i = 0; holders != NULL && i < holders->len; i++)
		add_staff(search, ((Person *) holders->pdata[i])->staff);
	return holders != NULL;
}

static gboolean add_section(const Search *search, const char *code, GError **error)
{
	g_autoptr(Section) section = NULL;
	g_autofree char *post = NULL;

	if (!store_person_find_section(search->tx, code, &section, error))
		return FALSE;
	if (section == NULL || section->manager_post == NULL)
		return TRUE;
	post = g_strconcat("post:", section->manager_post, NULL);
	return follow(search, post, error);
}

static gboolean add_role(const Search *search, const char *role, GError **error)
{
	const char *bearers = line_of(search->config, "roles", role);
	g_auto(GStrv) list = bearers != NULL ? g_strsplit(bearers, ",", -1) : NULL;

	for (guint i = 0; list != NULL && list[i] != NULL; i++) {
		const char *bearer = g_strstrip(list[i]);

		if (!g_str_has_prefix(bearer, "role:") && !follow(search, bearer, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean follow(const Search *search, const char *receiver, GError **error)
{
	if (add_line(search, receiver))
		return TRUE;
	if (g_str_has_prefix(receiver, "staff:"))
		add_staff(search, receiver + strlen("staff:"));
	else if (g_str_has_prefix(receiver, "post:"))
		return add_post(search, receiver + strlen("post:"), error);
	else if (g_str_has_prefix(receiver, "section:"))
		return add_section(search, receiver + strlen("section:"), error);
	else if (g_str_has_prefix(receiver, "role:"))
		return add_role(search, receiver + strlen("role:"), error);
	return TRUE;
}

GPtrArray *notice_address_find(StoreTx *tx, const Config *config, const char *receiver,
			       const char *date, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	Search search = { tx, config, date, found };

	return follow(&search, receiver, error) ? g_steal_pointer(&found) : NULL;
}
