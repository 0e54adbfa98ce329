/* SPDX-License-Identifier: Apache-2.0
 * Lists by deadline. A deadline is computed from the day of the change, and never goes back when
 * that day goes on, so a range of deadlines is a range of the index. */
#include "daemon/op/pin_due.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/view.h"
#include "daemon/store/store_holiday.h"
#include "daemon/store/store_pin.h"

#define DAY       86400
#define DUE_DAYS  30
#define WAVE_DAYS 28
#define WAVE_MAX  3
#define BEFORE    60 /* days of the calendar before today that a warning may have been moved over */
#define FETCH     500
#define PAPER_MAX 100000
#define SEE_ALL                                                                                    \
	(ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF) |           \
	 ROLE_SET(ROLE_AUDITOR) | ROLE_SET(ROLE_ROOT))

typedef struct Due {
	StoreTx *tx;
	const Op *op;
	Rotation rotation;
	char *today;
	GHashTable *closed;
} Due;

Rotation pin_due_rule(const Config *config, gint64 now)
{
	g_autofree char *today = clock_date(now);
	gint64 rule = config_policy(config, POLICY_PIN_ROTATION, today);
	gboolean is_days = rule >= CONFIG_ROTATION_DAYS;

	return (Rotation){
		.kind = is_days ? ROTATION_DAYS : (RotationKind) rule,
		.days = is_days ? (int) (rule - CONFIG_ROTATION_DAYS) : 0,
		.grace_days = (int) (config_policy(config, POLICY_PIN_GRACE, today) / DAY),
	};
}

static void due_clear(Due *due)
{
	g_free(due->today);
	g_clear_pointer(&due->closed, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Due, due_clear)

static gboolean due_open(Due *due, StoreTx *tx, const Op *op, int within, GError **error)
{
	g_autofree char *from = NULL;
	g_autofree char *until = NULL;

	*due = (Due){ .tx = tx, .op = op, .rotation = pin_due_rule(op->house->config, op->now) };
	due->today = clock_date(op->now);
	from = clock_add_days(due->today, -BEFORE);
	until = clock_add_days(due->today, within);
	due->closed = store_holiday_set(tx, from, until, error);
	return due->closed != NULL;
}

/* Changes up to this moment fall due before the day @days from today. */
static gint64 changed_before(const Due *due, int days)
{
	g_autofree char *date = clock_add_days(due->today, days);

	return rotation_changed_before(&due->rotation, date);
}

static int days_between(const char *from, const char *to)
{
	return (int) ((clock_day_start(to) - clock_day_start(from)) / DAY);
}

static gboolean may_see(const Op *op, const StorePinRow *row)
{
	return op_has_role(op, SEE_ALL) || op_manages(op, row->section);
}

static gboolean read_cursor(const PinDueFilter *filter, StorePinFilter *range, GError **error)
{
	char *end = NULL;
	gint64 at;

	if (filter->after == NULL)
		return TRUE;
	at = g_ascii_strtoll(filter->after, &end, 10);
	if (end == filter->after || *end != '/' || end[1] == '\0')
		return error_set(error, ERROR_USAGE,
				 N_("after=%s is no cursor of this list; take \"next\" of the page "
				    "before"),
				 filter->after);
	if (at >= range->after_at) {
		range->after_at = at;
		range->after_card = end + 1;
	}
	return TRUE;
}

/* Up to @limit rows, and one more when there are more. Array of StorePinRow. */
static GPtrArray *collect(const Due *due, const PinDueFilter *filter, guint limit, GError **error)
{
	g_autoptr(GPtrArray) rows =
		g_ptr_array_new_with_free_func((GDestroyNotify) store_pin_row_free);
	StorePinFilter range = {
		.after_at = filter->which == PIN_DUE_TO_COME ? changed_before(due, 0) : 0,
		.until =
			changed_before(due, filter->which == PIN_DUE_LATE ? 0 : filter->within + 1),
		.section = filter->section,
		.limit = FETCH,
	};
	g_autofree char *card = NULL;
	guint found = FETCH;

	if (!read_cursor(filter, &range, error))
		return NULL;
	while (found == FETCH && rows->len <= limit) {
		g_autoptr(GPtrArray) some = store_pin_list(due->tx, &range, error);

		if (some == NULL)
			return NULL;
		found = some->len;
		for (guint i = 0; i < found; i++) {
			StorePinRow *row = some->pdata[i];

			range.after_at = row->changed_at;
			if (i == found - 1) {
				g_free(card);
				card = g_strdup(row->card);
				range.after_card = card;
			}
			if (rows->len <= limit && may_see(due->op, row)) {
				g_ptr_array_add(rows, row);
				some->pdata[i] = NULL;
			}
		}
	}
	return g_steal_pointer(&rows);
}

static const char *state_of(const StorePinRow *row, int days)
{
	if (row->state != PIN_SET)
		return pin_state_name(row->state);
	if (days < 0)
		return "OVERDUE";
	return days <= DUE_DAYS ? "DUE" : "VALID";
}

static json_t *item_of(const Due *due, const StorePinRow *row)
{
	g_autofree char *changed_on = clock_date(row->changed_at);
	g_autofree char *last = rotation_due(&due->rotation, changed_on);
	g_autofree char *next = NULL;
	int days = days_between(due->today, last);
	int stage = rotation_stage(last, due->today, due->closed, &next);
	json_t *item =
		json_pack("{s:s, s:s, s:s, s:o, s:o}", "card", row->card, "staff", row->staff,
			  "name", row->name, "section", view_text(row->section_name), "sectionCode",
			  view_text(row->section));

	json_object_set_new(item, "changedOn", json_string(changed_on));
	json_object_set_new(item, "due", json_string(last));
	json_object_set_new(item, "days", json_integer(days));
	json_object_set_new(item, "state", json_string(state_of(row, days)));
	json_object_set_new(item, "held", json_boolean(row->is_held));
	json_object_set_new(item, "warned", stage > 0 ? json_integer(stage) : json_null());
	json_object_set_new(item, "warnOn", view_text(next));
	return item;
}

json_t *pin_due_list(StoreTx *tx, const Op *op, const PinDueFilter *filter, GError **error)
{
	guint limit = (guint) view_limit(filter->limit);
	g_auto(Due) due = { 0 };
	g_autoptr(GPtrArray) rows = NULL;
	g_autofree char *next = NULL;
	json_t *items;

	if (!due_open(&due, tx, op, filter->within, error))
		return NULL;
	rows = collect(&due, filter, limit, error);
	if (rows == NULL)
		return NULL;
	items = json_array();
	for (guint i = 0; i < MIN(rows->len, limit); i++)
		json_array_append_new(items, item_of(&due, rows->pdata[i]));
	if (rows->len > limit) {
		const StorePinRow *last = rows->pdata[limit - 1];

		next = g_strdup_printf("%" G_GINT64_FORMAT "/%s", last->changed_at, last->card);
	}
	return view_page(items, next);
}

static const char *remark_of(const StorePinRow *row)
{
	if (row->state == PIN_LOCKED)
		return "閉塞";
	if (row->state == PIN_UNKNOWN)
		return "要再設定";
	return row->is_held ? "使用停止中" : NULL;
}

/* 超過日数 on the list of those who are late, 残日数 on the other. */
static json_t *form_row(const Due *due, const StorePinRow *row, PinDueWhich which)
{
	g_autofree char *changed_on = clock_date(row->changed_at);
	g_autofree char *last = rotation_due(&due->rotation, changed_on);
	int left = days_between(due->today, last);
	g_autofree char *days = g_strdup_printf("%d", which == PIN_DUE_LATE ? -left : left);

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s*, s:s*}", "card", row->card, "staff",
			 row->staff, "name", row->name, "changedOn", changed_on, "due", last,
			 "days", days, "section", row->section_name, "note", remark_of(row));
}

json_t *pin_due_form(StoreTx *tx, const Op *op, const PinDueFilter *filter, GError **error)
{
	const char *actor = op->actor->name != NULL ? op->actor->name : op->actor->id;
	g_autofree char *now = clock_time(op->now);
	g_auto(Due) due = { 0 };
	g_autoptr(GPtrArray) list = NULL;
	json_t *rows;

	if (!due_open(&due, tx, op, filter->within, error))
		return NULL;
	list = collect(&due, filter, PAPER_MAX, error);
	if (list == NULL)
		return NULL;
	rows = json_array();
	for (guint i = 0; i < list->len; i++)
		json_array_append_new(rows, form_row(&due, list->pdata[i], filter->which));
	return json_pack("{s:{s:s, s:s, s:s, s:s}, s:o}", "values", "団体名",
			 config_text(op->house->config, CONFIG_ORGANISATION), "出力日時", now,
			 "出力者", actor, "基準日", due.today, "rows", rows);
}

static gint most_first(gconstpointer a, gconstpointer b)
{
	const StorePinDay *one = a, *other = b;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return one->at < other->at ? -1 : one->at > other->at;
}

/* Changes of several days may fall due on one: 29 to 31 August all on the last of February. */
static GArray *by_deadline(const Due *due, const GArray *changes)
{
	GArray *deadlines = g_array_new(FALSE, FALSE, sizeof(StorePinDay));

	for (guint i = 0; i < changes->len; i++) {
		const StorePinDay *day = &g_array_index(changes, StorePinDay, i);
		g_autofree char *changed_on = clock_date(day->at);
		g_autofree char *last = rotation_due(&due->rotation, changed_on);
		StorePinDay deadline = { clock_day_start(last), day->count };
		StorePinDay *before = deadlines->len > 0 ? &g_array_index(deadlines, StorePinDay,
									  deadlines->len - 1)
							 : NULL;

		if (before != NULL && before->at == deadline.at)
			before->count += deadline.count;
		else
			g_array_append_val(deadlines, deadline);
	}
	return deadlines;
}

static gint64 count_until(const GArray *deadlines, gint64 until)
{
	gint64 count = 0;

	for (guint i = 0; i < deadlines->len; i++) {
		const StorePinDay *day = &g_array_index(deadlines, StorePinDay, i);

		if (day->at <= until)
			count += day->count;
	}
	return count;
}

static json_t *wave_of(GArray *deadlines, gint64 until)
{
	json_t *wave = json_array();

	g_array_sort(deadlines, most_first);
	for (guint i = 0; i < deadlines->len && json_array_size(wave) < WAVE_MAX; i++) {
		const StorePinDay *day = &g_array_index(deadlines, StorePinDay, i);
		g_autofree char *date = clock_date(day->at);

		if (day->at <= until)
			json_array_append_new(wave, json_pack("{s:s, s:I}", "date", date, "count",
							      (json_int_t) day->count));
	}
	return wave;
}

json_t *pin_due_counts(StoreTx *tx, const Op *op, GError **error)
{
	Due due = { .tx = tx, .op = op, .rotation = pin_due_rule(op->house->config, op->now) };
	g_autofree char *today = due.today = clock_date(op->now);
	gint64 midnight = clock_day_start(today);
	gint64 late = changed_before(&due, 0);
	g_autoptr(GArray) before = store_pin_days(tx, 0, late, error);
	g_autoptr(GArray) changes =
		before != NULL ? store_pin_days(tx, late, changed_before(&due, DUE_DAYS + 1), error)
			       : NULL;
	g_autoptr(GArray) deadlines = NULL;

	if (changes == NULL)
		return NULL;
	deadlines = by_deadline(&due, changes);
	return json_pack("{s:I, s:I, s:o}", "due", (json_int_t) count_until(deadlines, G_MAXINT64),
			 "overdue", (json_int_t) count_until(before, G_MAXINT64), "wave",
			 wave_of(deadlines, midnight + WAVE_DAYS * DAY));
}
