/* SPDX-License-Identifier: Apache-2.0
 * RFC 3339 with nothing optional but the fraction; GDateTime's reader takes much more than that. */
#include "daemon/api/json_time.h"

#include <string.h>

#define JULIAN_1970  719163
#define SECONDS_DAY  86400
#define JAPAN_OFFSET (9 * 3600)
#define YEAR_MIN     1900

/* Matches @text against @shape, in which 0 stands for any digit; returns the shape's length. */
static gsize match(const char *text, const char *shape)
{
	gsize i;

	for (i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
			return 0;
	return i;
}

static int number(const char *text, gsize length)
{
	int value = 0;

	for (gsize i = 0; i < length; i++)
		value = value * 10 + g_ascii_digit_value(text[i]);
	return value;
}

/* @text matches 0000-00-00; -1 if there is no such day. */
static gint64 day_of(const char *text)
{
	int year = number(text, 4), month = number(text + 5, 2), day = number(text + 8, 2);
	GDate date;

	if (year < YEAR_MIN ||
	    !g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year))
		return -1;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
	return g_date_get_julian(&date);
}

gboolean json_time_is_date(const char *text)
{
	gsize n = match(text, "0000-00-00");

	return n > 0 && text[n] == '\0' && day_of(text) >= 0;
}

/* "Z", "+09:00", "-03:30"; nothing may follow. */
static gboolean read_offset(const char *text, int *ret_seconds)
{
	int hours, minutes;

	if (strcmp(text, "Z") == 0) {
		*ret_seconds = 0;
		return TRUE;
	}
	if ((*text != '+' && *text != '-') || match(text + 1, "00:00") == 0 || text[6] != '\0')
		return FALSE;
	hours = number(text + 1, 2);
	minutes = number(text + 4, 2);
	*ret_seconds = (hours * 3600 + minutes * 60) * (*text == '-' ? -1 : 1);
	return hours <= 23 && minutes <= 59;
}

gboolean json_time_read(const char *text, gint64 *ret_seconds)
{
	gsize n = match(text, "0000-00-00T00:00:00");
	int hour, minute, second, offset;
	gint64 day;

	if (n == 0)
		return FALSE;
	day = day_of(text);
	hour = number(text + 11, 2);
	minute = number(text + 14, 2);
	second = number(text + 17, 2);
	if (text[n] == '.' && g_ascii_isdigit(text[n + 1]))
		for (n++; g_ascii_isdigit(text[n]);)
			n++;
	if (day < 0 || hour > 23 || minute > 59 || second > 59 || !read_offset(text + n, &offset))
		return FALSE;
	*ret_seconds =
		(day - JULIAN_1970) * SECONDS_DAY + hour * 3600 + minute * 60 + second - offset;
	return TRUE;
}

char *json_time_format(gint64 seconds)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_offset(JAPAN_OFFSET);
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(seconds);
	g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_timezone(utc, zone) : NULL;

	return local != NULL ? g_date_time_format(local, "%Y-%m-%dT%H:%M:%S+09:00") : g_strdup("");
}
