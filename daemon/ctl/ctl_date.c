/* SPDX-License-Identifier: Apache-2.0
 * The eras as a table. A date before an era's first day is refused; one after its last day is
 * taken, because papers of 2018 speak of 平成33年. */
#include "daemon/ctl/ctl_date.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_word.h"

typedef struct Era {
	char letter;
	const char *ja;
	int year, month, day; /* of its first day */
} Era;

/* clang-format off */
static const Era eras[] = {
	{ 'R', "令和", 2019, 5,  1 },
	{ 'H', "平成", 1989, 1,  8 },
	{ 'S', "昭和", 1926, 12, 25 },
	{ 'T', "大正", 1912, 7,  30 },
	{ 'M', "明治", 1868, 1,  25 },
};
/* clang-format on */

static gboolean is_in_era(const Era *era, int year, int month, int day)
{
	if (year != era->year)
		return year > era->year;
	return month != era->month ? month > era->month : day >= era->day;
}

static const Era *era_of_text(const char **text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(eras); i++) {
		gsize length = strlen(eras[i].ja);

		if (strncmp(*text, eras[i].ja, length) == 0) {
			*text += length;
			return &eras[i];
		}
		if (g_ascii_toupper(**text) == eras[i].letter) {
			*text += 1;
			return &eras[i];
		}
	}
	return NULL;
}

static gboolean read_number(const char **text, int *ret_number)
{
	int number = 0;
	int digits = 0;

	if (g_str_has_prefix(*text, "元")) {
		*text += strlen("元");
		*ret_number = 1;
		return TRUE;
	}
	for (; g_ascii_isdigit(**text) && digits < 4; digits++)
		number = number * 10 + *(*text)++ - '0';
	*ret_number = number;
	return digits > 0;
}

static gboolean read_mark(const char **text, const char *ja)
{
	gsize length = g_str_has_prefix(*text, ja) ? strlen(ja) : 1;

	if (length == 1 && (**text == '\0' || strchr("-/.", **text) == NULL))
		return FALSE;
	*text += length;
	return TRUE;
}

/* Leaves *text behind the date. */
static char *read_date(const char **text)
{
	const Era *era = era_of_text(text);
	int year, month, day;

	if (!read_number(text, &year) || !read_mark(text, "年") || !read_number(text, &month) ||
	    !read_mark(text, "月") || !read_number(text, &day))
		return NULL;
	if (g_str_has_prefix(*text, "日"))
		*text += strlen("日");
	if (era != NULL)
		year += era->year - 1;
	if (year < 1868 || year > 9999 || month < 1 || month > 12 ||
	    !g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year) ||
	    (era != NULL && !is_in_era(era, year, month, day)))
		return NULL;
	return g_strdup_printf("%04d-%02d-%02d", year, month, day);
}

char *ctl_date_parse(const char *text)
{
	g_autofree char *folded = ctl_word_fold(text);
	const char *at = folded;
	g_autofree char *date = NULL;

	if (strlen(folded) == 8 && strspn(folded, "0123456789") == 8) {
		g_autofree char *dashed =
			g_strdup_printf("%.4s-%.2s-%.2s", folded, folded + 4, folded + 6);

		at = dashed;
		return read_date(&at);
	}
	date = read_date(&at);
	return *at == '\0' ? g_steal_pointer(&date) : NULL;
}

char *ctl_date_parse_time(const char *text)
{
	g_autofree char *folded = ctl_word_fold(text);
	g_autoptr(GDateTime) exact = g_date_time_new_from_iso8601(folded, NULL);
	const char *at = folded;
	g_autofree char *date = NULL;
	int hour, minute, second = 0;
	int end = 0, end_seconds = 0;

	if (exact != NULL)
		return g_strdup(folded);
	date = read_date(&at);
	if (date == NULL || (*at != ' ' && *at != 'T'))
		return NULL;
	at++;
	if (sscanf(at, "%2d:%2d%n:%2d%n", &hour, &minute, &end, &second, &end_seconds) < 2 ||
	    at[MAX(end, end_seconds)] != '\0' || hour < 0 || hour > 23 || minute < 0 ||
	    minute > 59 || second < 0 || second > 59)
		return NULL;
	return g_strdup_printf("%sT%02d:%02d:%02d+09:00", date, hour, minute, second);
}

static char *show_ja(int year, int month, int day, gboolean is_short)
{
	for (gsize i = 0; i < G_N_ELEMENTS(eras); i++) {
		int of_era = year - eras[i].year + 1;

		if (!is_in_era(&eras[i], year, month, day))
			continue;
		if (is_short)
			return g_strdup_printf("%c%d.%d.%d", eras[i].letter, of_era, month, day);
		if (of_era == 1)
			return g_strdup_printf("%s元年%d月%d日", eras[i].ja, month, day);
		return g_strdup_printf("%s%d年%d月%d日", eras[i].ja, of_era, month, day);
	}
	return g_strdup_printf("%d年%d月%d日", year, month, day);
}

char *ctl_date_show(const char *text, gboolean is_short)
{
	int year, month, day;
	int end = 0;
	g_autofree char *date = NULL;

	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) < 3 || end != 10)
		return g_strdup(text);
	date = ctl_lang_is_ja() ? show_ja(year, month, day, is_short) : g_strndup(text, 10);
	if (text[end] != 'T' || strlen(text) < 19)
		return g_steal_pointer(&date);
	return g_strdup_printf("%s %.*s", date, is_short ? 5 : 8, text + 11);
}
