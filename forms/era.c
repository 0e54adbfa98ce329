/* SPDX-License-Identifier: Apache-2.0
 * The five eras since the Gregorian calendar came (太政官布告第337号: 1873-01-01). A new era is
 * a new row. */
#include "forms/era.h"

#include <string.h>

typedef struct EraRow {
	int from; /* yyyymmdd */
	const char *letter;
	const char *name;
} EraRow;

/* clang-format off */
static const EraRow eras[] = {
	{ 20190501, "R", "令和" },
	{ 19890108, "H", "平成" },
	{ 19261225, "S", "昭和" },
	{ 19120730, "T", "大正" },
	{ 18730101, "M", "明治" },
};
/* clang-format on */

static const int meiji_six = 6; /* the table begins in 明治６年 */

static gboolean parse_day(const char *iso, EraDate *ret_date)
{
	static const char shape[] = "dddd-dd-dd";
	EraDate date = { 0 };

	for (int i = 0; shape[i] != '\0'; i++) {
		if (shape[i] == 'd' ? !g_ascii_isdigit(iso[i]) : iso[i] != shape[i])
			return FALSE;
	}
	date.year = (int) g_ascii_strtoll(iso, NULL, 10);
	date.month = (int) g_ascii_strtoll(iso + 5, NULL, 10);
	date.day = (int) g_ascii_strtoll(iso + 8, NULL, 10);
	if (date.year < 1 || date.month < 1 || date.day < 1 ||
	    !g_date_valid_dmy((GDateDay) date.day, (GDateMonth) date.month, (GDateYear) date.year))
		return FALSE;
	*ret_date = date;
	return TRUE;
}

gboolean era_parse(const char *iso, EraDate *ret_date)
{
	g_autoptr(GTimeZone) japan = NULL;
	g_autoptr(GDateTime) given = NULL, here = NULL;
	EraDate day;

	if (!parse_day(iso, &day))
		return FALSE;
	if (strlen(iso) == strlen("2026-11-20")) {
		*ret_date = day;
		return TRUE;
	}
	japan = g_time_zone_new_offset(9 * 3600);
	given = g_date_time_new_from_iso8601(iso, japan);
	here = given == NULL ? NULL : g_date_time_to_timezone(given, japan);
	if (here == NULL)
		return FALSE;
	g_date_time_get_ymd(here, &ret_date->year, &ret_date->month, &ret_date->day);
	ret_date->hour = g_date_time_get_hour(here);
	ret_date->minute = g_date_time_get_minute(here);
	ret_date->second = g_date_time_get_second(here);
	return TRUE;
}

static const EraRow *era_of(const EraDate *date)
{
	int day = date->year * 10000 + date->month * 100 + date->day;

	for (guint i = 0; i < G_N_ELEMENTS(eras); i++) {
		if (day >= eras[i].from)
			return &eras[i];
	}
	return NULL;
}

static int year_of(const EraRow *era, const EraDate *date)
{
	int first = era == &eras[G_N_ELEMENTS(eras) - 1] ? meiji_six : 1;

	return date->year - era->from / 10000 + first;
}

static void append_number(GString *text, int number)
{
	if (number >= 0 && number < 10)
		g_string_append_unichar(text, (gunichar) (0xFF10 + number));
	else
		g_string_append_printf(text, "%d", number);
}

static void append_year(GString *text, int year)
{
	if (year == 1)
		g_string_append(text, "元");
	else
		append_number(text, year);
}

static char *format_full(const EraDate *date)
{
	const EraRow *era = era_of(date);
	GString *text = g_string_new(era == NULL ? "" : era->name);

	if (era == NULL)
		g_string_append_printf(text, "%d", date->year);
	else
		append_year(text, year_of(era, date));
	g_string_append(text, "年");
	append_number(text, date->month);
	g_string_append(text, "月");
	append_number(text, date->day);
	g_string_append(text, "日");
	return g_string_free(text, FALSE);
}

static char *format_short(const EraDate *date)
{
	const EraRow *era = era_of(date);

	return g_strdup_printf("%s%d.%d.%d", era == NULL ? "" : era->letter,
			       era == NULL ? date->year : year_of(era, date), date->month,
			       date->day);
}

char *era_fiscal_year_format(int fiscal_year)
{
	/* The name a fiscal year carries is the one of most of its days: 2019 is 令和元年度. */
	EraDate may = { .year = fiscal_year, .month = 5, .day = 1 };
	const EraRow *era = era_of(&may);
	GString *text = g_string_new(era == NULL ? "" : era->name);

	if (era == NULL)
		g_string_append_printf(text, "%d", fiscal_year);
	else
		append_year(text, year_of(era, &may));
	g_string_append(text, "年度");
	return g_string_free(text, FALSE);
}

int era_fiscal_year(const EraDate *date)
{
	return date->month >= 4 ? date->year : date->year - 1;
}

char *era_format(const EraDate *date, EraStyle style)
{
	g_autofree char *day = NULL;

	switch (style) {
	case ERA_FULL:
		return format_full(date);
	case ERA_SHORT:
		return format_short(date);
	case ERA_CLOCK:
		return g_strdup_printf("%d:%02d", date->hour, date->minute);
	case ERA_YEAR:
		return era_fiscal_year_format(era_fiscal_year(date));
	case ERA_TIME:
	case _ERA_STYLE_MAX:
		break;
	}
	day = format_short(date);
	return g_strdup_printf("%s %d:%02d", day, date->hour, date->minute);
}
