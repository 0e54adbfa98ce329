/* SPDX-License-Identifier: Apache-2.0
 * Who follows whom in a post. */
#include "daemon/core/post.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"

#define FOR_EVER     "9999-12-31"
#define AHEAD_MONTHS 12

void post_free(Post *post)
{
	if (post == NULL)
		return;
	g_free(post->name);
	g_free(post->section);
	g_free(post);
}

void post_holder_free(PostHolder *holder)
{
	if (holder == NULL)
		return;
	g_free(holder->post);
	g_free(holder->staff);
	g_free(holder->name);
	g_free(holder->since);
	g_free(holder->until);
	g_free(holder->order);
	g_free(holder->entered_by);
	g_free(holder);
}

static const char *last_day(const PostHolder *holder)
{
	return holder->until != NULL ? holder->until : FOR_EVER;
}

gboolean post_is_held(const PostHolder *holder, const char *date)
{
	return strcmp(holder->since, date) <= 0 && strcmp(date, last_day(holder)) <= 0;
}

static gboolean check_dates(const PostHolder *next, const char *today, GError **error)
{
	g_autofree char *latest = clock_add_months(today, AHEAD_MONTHS);

	if (!clock_is_date(next->since) || (next->until != NULL && !clock_is_date(next->until)))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no day of the calendar; write it like 2027-04-01"),
				 clock_is_date(next->since) ? next->until : next->since);
	if (strcmp(last_day(next), next->since) < 0)
		return error_set(error, ERROR_USAGE,
				 N_("the last day %s lies before the first, %s"), next->until,
				 next->since);
	if (strcmp(next->since, latest) > 0)
		return error_set(error, ERROR_USAGE,
				 N_("%s lies more than a year ahead (latest %s); correct it"),
				 next->since, latest);
	return TRUE;
}

static gboolean is_overlapping(const PostHolder *a, const PostHolder *b)
{
	return strcmp(a->since, last_day(b)) <= 0 && strcmp(b->since, last_day(a)) <= 0;
}

static gboolean refuse_past(const PostHolder *row, GError **error)
{
	return error_set(
		error, ERROR_RULE,
		N_("%s (%s) held the post \"%s\" from %s on; who held a post on a day that "
		   "is over is not changed any more. The earliest first day is today"),
		row->staff, row->name, row->post, row->since);
}

gboolean post_plan(const Post *post, const GPtrArray *rows, const PostHolder *next,
		   const char *today, PostChange *ret_change, GError **error)
{
	PostChange change = { 0 };

	if (!check_dates(next, today, error))
		return FALSE;
	for (guint i = 0; i < rows->len; i++) {
		const PostHolder *row = rows->pdata[i];
		g_autofree char *before = clock_add_days(next->since, -1);

		if (!is_overlapping(row, next) || (post->is_shared && row->person != next->person))
			continue;
		if (row->person == next->person)
			return error_set(error, ERROR_EXISTS,
					 N_("%s (%s) holds the post \"%s\" from %s on already"),
					 row->staff, row->name, row->post, row->since);
		if (strcmp(row->since, next->since) >= 0)
			return error_set(error, ERROR_RULE,
					 N_("%s (%s) takes the post \"%s\" over on %s; end that "
					    "first, or let the new tenure end before it"),
					 row->staff, row->name, row->post, row->since);
		if (strcmp(next->since, today) < 0)
			return refuse_past(row, error);
		change.ends = row->id;
		g_strlcpy(change.until, before, sizeof(change.until));
	}
	*ret_change = change;
	return TRUE;
}

gboolean post_plan_end(const PostHolder *row, const char *until, const char *today, GError **error)
{
	g_autofree char *yesterday = clock_add_days(today, -1);

	if (!clock_is_date(until))
		return error_set(error, ERROR_USAGE,
				 N_("\"%s\" is no day of the calendar; write it like 2027-04-01"),
				 until != NULL ? until : "");
	if (strcmp(until, yesterday) < 0 || strcmp(last_day(row), today) < 0)
		return error_set(error, ERROR_RULE,
				 N_("who held the post \"%s\" on a day that is over is not changed "
				    "any more; the earliest last day is %s"),
				 row->post, yesterday);
	if (strcmp(until, row->since) < 0)
		return error_set(error, ERROR_USAGE,
				 N_("the last day %s lies before the first, %s"), until,
				 row->since);
	return TRUE;
}
