/* SPDX-License-Identifier: Apache-2.0
 * What the value of a configuration key may be. */
#include "daemon/base/config_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/algorithm.h"
#include "daemon/base/clock.h"
#include "daemon/base/day_list.h"
#include "daemon/base/error.h"

static const char *const rotations[] = { "P6M", "fiscal-half", "event-only", NULL };

/* "P90D": every so many days. */
static gboolean parse_days(const char *text, gint64 *ret_number)
{
	gsize n = strlen(text);
	g_autofree char *digits = NULL;
	guint64 days;

	if (n < 3 || text[0] != 'P' || text[n - 1] != 'D')
		return FALSE;
	digits = g_strndup(text + 1, n - 2);
	if (!g_ascii_string_to_unsigned(digits, 10, 1, CONFIG_ROTATION_DAYS_MOST, &days, NULL))
		return FALSE;
	*ret_number = CONFIG_ROTATION_DAYS + (gint64) days;
	return TRUE;
}

static gboolean parse_rotation(const char *text, gint64 *ret_index)
{
	for (gint64 i = 0; rotations[i] != NULL; i++)
		if (strcmp(rotations[i], text) == 0) {
			*ret_index = i;
			return TRUE;
		}
	return parse_days(text, ret_index);
}

static gboolean parse_whole(const char *text, gint64 *ret_number)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT32, &number, NULL))
		return FALSE;
	*ret_number = (gint64) number;
	return TRUE;
}

gboolean config_value_by_kind(const char *text, const char *kind, gint64 *ret_number)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gint64 number;

	for (guint i = 0; parts[i] != NULL; i++) {
		char *name = g_strstrip(parts[i]), *colon = strchr(name, ':');
		const char *value = colon != NULL ? colon + 1 : name;

		if (colon != NULL)
			*colon = '\0';
		if ((colon == NULL) != (i == 0) || *name == '\0' || !g_hash_table_add(seen, name) ||
		    !parse_whole(value, &number))
			return FALSE;
		if (i == 0 || g_strcmp0(kind, name) == 0)
			*ret_number = number;
	}
	return parts[0] != NULL;
}

/* A day that every year has: 29 February is none. */
static gboolean parse_day(const char *text, gint64 *ret_number)
{
	g_autofree char *date = g_strconcat("2027-", text, NULL);

	if (!clock_is_date(date))
		return FALSE;
	*ret_number = atoi(text) * 100 + atoi(text + 3);
	return TRUE;
}

gboolean config_value_parse(const char *text, ValueType type, gint64 *ret_number)
{
	static const struct {
		char unit;
		gint64 seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	char *end = NULL;
	gint64 number;

	if (type == VALUE_DAY)
		return parse_day(text, ret_number);
	if (type == VALUE_ROTATION)
		return parse_rotation(text, ret_number);
	if (type == VALUE_BY_KIND)
		return config_value_by_kind(text, NULL, ret_number);
	errno = 0;
	number = g_ascii_strtoll(text, &end, 10);
	if (end == text || number < 0 || errno == ERANGE)
		return FALSE;
	if (type == VALUE_NUMBER) {
		*ret_number = number;
		return *end == '\0';
	}
	for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
		if (end[0] == units[i].unit && end[1] == '\0' &&
		    number <= G_MAXINT32 * G_GINT64_CONSTANT(86400) / units[i].seconds) {
			*ret_number = number * units[i].seconds;
			return TRUE;
		}
	return FALSE;
}

static gboolean check_days(const ConfigLine *line, GError **error)
{
	int days[DAY_LIST_MAX], count;

	return day_list_parse(line->value, days, &count) ||
	       error_set(error, ERROR_USAGE,
			 N_("%s:%d: \"%s\" is no list of days for %s; write for example 3, "
			    "7, 14 "
			    "(at most %d, ascending), or nothing"),
			 line->file, line->line, line->value, line->key, DAY_LIST_MAX);
}

gboolean config_value_check(const ConfigLine *line, ValueType type, GError **error)
{
	gint64 number;

	if (type == VALUE_DAYS)
		return check_days(line, error);
	if (type == VALUE_TEXT ||
	    (type != VALUE_ALGORITHMS && config_value_parse(line->value, type, &number)))
		return TRUE;
	if (type == VALUE_ALGORITHMS)
		return algorithm_list_is_good(line->value) ||
		       error_set(error, ERROR_USAGE,
				 N_("%s:%d: \"%s\" is no list for %s; write for example "
				    "ec:P-256, ec:P-384, rsa:3072 (RSA from 2048 bits)"),
				 line->file, line->line, line->value, line->key);
	if (type == VALUE_DAY)
		return error_set(error, ERROR_USAGE,
				 N_("%s:%d: \"%s\" is no value of %s; write a month and a day that "
				    "every year has, like 03-31"),
				 line->file, line->line, line->value, line->key);
	if (type == VALUE_ROTATION)
		return error_set(error, ERROR_USAGE,
				 N_("%s:%d: \"%s\" is no value of %s; write P6M, P90D (days, at "
				    "most 366), fiscal-half or event-only"),
				 line->file, line->line, line->value, line->key);
	if (type == VALUE_BY_KIND)
		return error_set(error, ERROR_USAGE,
				 N_("%s:%d: \"%s\" is no value of %s; write for example 6, or \"6, "
				    "administrator:8\" where a kind of card has its own"),
				 line->file, line->line, line->value, line->key);
	return error_set(error, ERROR_USAGE,
			 type == VALUE_DURATION
				 ? N_("%s:%d: \"%s\" is no duration for %s; write for example "
				      "90s, 10m, 24h or 14d")
				 : N_("%s:%d: \"%s\" is no whole number for %s; write for "
				      "example 6"),
			 line->file, line->line, line->value, line->key);
}
