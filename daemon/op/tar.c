/* SPDX-License-Identifier: Apache-2.0
 * Header blocks of ustar: numbers are octal text, the sum is taken with its own field blank. */
#include "daemon/op/tar.h"

#include <string.h>

#include "daemon/base/error.h"

#define SIZE_MAX_OCTAL 077777777777
#define SUM_AT         148
#define SUM_WIDTH      8

static guint sum_of(const guint8 *block)
{
	guint sum = 0;

	for (guint i = 0; i < TAR_BLOCK; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_WIDTH ? ' ' : block[i];
	return sum;
}

gboolean tar_head(const TarEntry *entry, guint8 ret_block[TAR_BLOCK], GError **error)
{
	char *text = (char *) ret_block;

	if (entry->size > SIZE_MAX_OCTAL)
		return error_set(error, ERROR_LARGE, N_("%s is larger than 8 GiB"), entry->name);
	memset(ret_block, 0, TAR_BLOCK);
	g_strlcpy(text, entry->name, TAR_NAME_MAX + 1);
	g_snprintf(text + 100, 8, "%07o", 0600);
	g_snprintf(text + 108, 8, "%07o", 0);
	g_snprintf(text + 116, 8, "%07o", 0);
	g_snprintf(text + 124, 12, "%011" G_GINT64_MODIFIER "o", entry->size);
	g_snprintf(text + 136, 12, "%011" G_GINT64_MODIFIER "o", (guint64) entry->modified);
	text[156] = '0';
	memcpy(text + 257, "ustar", 6);
	memcpy(text + 263, "00", 2);
	g_snprintf(text + SUM_AT, 7, "%06o", sum_of(ret_block));
	text[SUM_AT + 7] = ' ';
	return TRUE;
}

gsize tar_gap(guint64 size)
{
	return (gsize) ((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}

static gboolean read_octal(const guint8 *field, gsize width, guint64 *ret_number)
{
	g_autofree char *text = g_strndup((const char *) field, width);

	g_strstrip(text);
	return g_ascii_string_to_unsigned(text, 8, 0, G_MAXINT64, ret_number, NULL);
}

static gboolean is_good_name(const char *name)
{
	g_auto(GStrv) parts = g_strsplit(name, "/", -1);

	for (char **part = parts; *part != NULL; part++)
		if (**part == '\0' || (*part)[0] == '.')
			return FALSE;
	return *name != '\0';
}

gboolean tar_read_head(const guint8 block[TAR_BLOCK], TarEntry *ret_entry, gboolean *ret_is_end,
		       GError **error)
{
	static const guint8 zeros[TAR_BLOCK] = { 0 };
	TarEntry entry = { .name = "" };
	guint64 sum, modified;

	*ret_is_end = memcmp(block, zeros, TAR_BLOCK) == 0;
	if (*ret_is_end)
		return TRUE;
	memcpy(entry.name, block, TAR_NAME_MAX);
	if (!read_octal(block + SUM_AT, SUM_WIDTH, &sum) || sum != sum_of(block) ||
	    memcmp(block + 257, "ustar", 5) != 0 || block[156] != '0' ||
	    !is_good_name(entry.name) || !read_octal(block + 124, 12, &entry.size) ||
	    !read_octal(block + 136, 12, &modified))
		return error_set(error, ERROR_USAGE,
				 N_("the backup holds something that opcard did not write"));
	entry.modified = (gint64) modified;
	*ret_entry = entry;
	return TRUE;
}
