/* SPDX-License-Identifier: Apache-2.0
 * One delivery: look who is meant, let opcard-notify send, mark what came of it. */
#include "daemon/op/notice_send.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/base/log.h"
#include "daemon/op/dump.h"
#include "daemon/op/notice_address.h"
#include "daemon/op/notice_text.h"
#include "daemon/op/print_child.h"
#include "daemon/op/record.h"
#include "daemon/store/store_outbox.h"
#include "pkcs11/failpoint.h"

#define BATCH      20
#define OUTPUT_MAX (64 * 1024)
#define PAUSE_MAX  (6 * 3600)

static const struct {
	const char *name;
	ConfigKey key; /* what switches it on */
} channels[] = {
	{ "mail", CONFIG_NOTICE_SMTP },
	{ "syslog", CONFIG_NOTICE_SYSLOG },
	{ "hook", CONFIG_NOTICE_HOOK },
};

/* One try. */
typedef struct Try {
	House *house;
	gint64 now;
	int stop;
	OutboxDelivery *delivery;
	GPtrArray *to;    /* receivers of this try */
	char *problem;    /* why not all of them were reached, or NULL */
	GString *reached; /* who has it, earlier tries included */
	gboolean is_cut;  /* we are stopped: as if nothing had been tried */
} Try;

static void try_clear(Try *try)
{
	g_clear_pointer(&try->to, g_ptr_array_unref);
	g_clear_pointer(&try->problem, g_free);
	if (try->reached != NULL)
		g_string_free(try->reached, TRUE);
	try->reached = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Try, try_clear)

gboolean notice_send_plan(StoreTx *tx, const Op *op, gint64 notice, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(channels); i++)
		if (*config_text(op->house->config, channels[i].key) != '\0' &&
		    !store_outbox_deliver(tx, notice, channels[i].name, op->now, error))
			return FALSE;
	return TRUE;
}

static const char *setting(const Try *try, ConfigKey key)
{
	return config_text(try->house->config, key);
}

static gboolean is_channel(const Try *try, const char *name)
{
	return g_str_equal(try->delivery->channel, name);
}

/* Addresses are looked up at each try: the post's holder of today is meant. */
static gboolean find_receivers(Try *try, GError **error)
{
	g_autofree char *today = clock_date(try->now);
	g_autoptr(StoreTx) tx = NULL;

	if (!is_channel(try, "mail")) {
		try->to = g_ptr_array_new_with_free_func(g_free);
		for (gsize i = 0; i < G_N_ELEMENTS(channels); i++)
			if (is_channel(try, channels[i].name) &&
			    *setting(try, channels[i].key) != '\0')
				g_ptr_array_add(try->to, g_strdup(setting(try, channels[i].key)));
		return TRUE;
	}
	tx = store_tx_read(try->house->store, error);
	try->to = tx != NULL ? notice_address_find(tx, try->house->config,
						   try->delivery->notice->recipient, today, error)
			     : NULL;
	return try->to != NULL;
}

/* Who got it at an earlier try does not get it again. */
static void leave_out_reached(Try *try)
{
	const char *known = try->delivery->reached;
	g_auto(GStrv) reached = known != NULL ? g_strsplit(known, ",", -1) : NULL;

	for (guint i = try->to->len; reached != NULL && i > 0; i--)
		if (g_strv_contains((const char *const *) reached, try->to->pdata[i - 1]))
			g_ptr_array_remove_index(try->to, i - 1);
}

static json_t *request_of(const Try *try)
{
	const OutboxNotice *notice = try->delivery->notice;
	gboolean is_english = g_str_equal(setting(try, CONFIG_NOTICE_LANGUAGE), "en");
	g_auto(NoticeText) text = { NULL, NULL };
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, notice->id);
	g_autofree char *at = clock_time(notice->at);
	json_t *request =
		json_pack("{s:s, s:s, s:[]}", "channel", try->delivery->channel, "id", id, "to");

	notice_text_make(notice, is_english, &text);
	for (guint i = 0; i < try->to->len; i++)
		json_array_append_new(json_object_get(request, "to"),
				      json_string(try->to->pdata[i]));
	if (is_channel(try, "mail")) {
		const char *from = setting(try, CONFIG_NOTICE_FROM);
		g_autofree char *mail = notice_text_mail(notice, &text, from);

		json_object_set_new(request, "message", json_string(mail));
		json_object_set_new(request, "from", json_string(from));
		json_object_set_new(request, "server",
				    json_string(setting(try, CONFIG_NOTICE_SMTP)));
		json_object_set_new(request, "ca",
				    json_string(setting(try, CONFIG_NOTICE_SMTP_CA)));
	} else if (is_channel(try, "syslog")) {
		g_autofree char *line = g_strdup_printf("notice %s %s to %s: %s", id, notice->kind,
							notice->recipient, text.subject);

		json_object_set_new(request, "text", json_string(line));
	} else {
		if (*setting(try, CONFIG_NOTICE_HOOK_DIR) != '\0')
			json_object_set_new(request, "folder",
					    json_string(setting(try, CONFIG_NOTICE_HOOK_DIR)));
		json_object_set_new(request, "notice",
				    json_pack("{s:I, s:s, s:s, s:s*, s:s, s:s, s:s, s:o*}", "id",
					      (json_int_t) notice->id, "kind", notice->kind, "to",
					      notice->recipient, "about", notice->about, "at", at,
					      "subject", text.subject, "text", text.body, "values",
					      json_loads(notice->body, 0, NULL)));
	}
	return request;
}

static void fail_all(Try *try, const char *why)
{
	g_free(try->problem);
	try->problem = g_strdup(why);
}

/* A hook took the place of opcard-notify and answers by its exit status; nothing else may. */
static void take_end(Try *try, const PrintOutput *output)
{
	g_autofree char *why =
		g_strdup_printf("%s: exit status %d", try->delivery->channel, output->status);

	if (output->is_late)
		fail_all(try, "not answered in time");
	else if (output->status != 0 || !is_channel(try, "hook") || output->data->len > 0)
		fail_all(try, why);
}

static void take_answer(Try *try, const PrintOutput *output)
{
	json_t *answer = json_loadb((const char *) output->data->data, output->data->len, 0, NULL);
	const json_t *done = json_object_get(answer, "done");
	g_autoptr(GHashTable) reached = g_hash_table_new(g_str_hash, g_str_equal);

	if (!json_is_array(done)) {
		take_end(try, output);
		json_decref(answer);
		return;
	}
	for (size_t i = 0; i < json_array_size(done); i++)
		if (json_is_string(json_array_get(done, i)))
			g_hash_table_add(reached,
					 (gpointer) json_string_value(json_array_get(done, i)));
	for (guint i = 0; i < try->to->len; i++) {
		const char *to = try->to->pdata[i];
		const char *why =
			json_string_value(json_object_get(json_object_get(answer, "failed"), to));

		if (g_hash_table_contains(reached, to))
			g_string_append_printf(try->reached, "%s%s",
					       try->reached->len > 0 ? "," : "", to);
		else if (try->problem == NULL)
			try->problem = g_strdup_printf("%s: %s", to, why != NULL ? why : "?");
	}
	json_decref(answer);
}

static gboolean run_child(Try *try, GError **error)
{
	const char *folder = setting(try, CONFIG_LIBEXEC_DIR);
	g_autofree char *program = g_build_filename(folder, "opcard-notify", NULL);
	const char *argv[] = { program, NULL };
	g_auto(PrintOutput) output = { 0 };
	json_t *request = request_of(try);
	char *text = dump_json(request);
	g_autoptr(GBytes) input = g_bytes_new(text, strlen(text));
	PrintChild child = {
		.program = program,
		.argv = argv,
		.input = input,
		.deadline =
			g_get_monotonic_time() +
			config_number(try->house->config, CONFIG_NOTICE_DEADLINE) * G_USEC_PER_SEC,
		.output_max = OUTPUT_MAX,
		.stop = try->stop,
	};
	gboolean is_run = print_child_run(&child, &output, error);

	g_free(text);
	json_decref(request);
	if (!is_run)
		return FALSE;
	try->is_cut = output.is_stopped;
	if (!output.is_stopped)
		take_answer(try, &output);
	return TRUE;
}

static gint64 pause_after(const Try *try)
{
	gint64 pause = MAX(config_number(try->house->config, CONFIG_NOTICE_RETRY), 1);

	for (int i = 1; i < try->delivery->tries && pause < PAUSE_MAX; i++)
		pause *= 2;
	return MIN(pause, PAUSE_MAX);
}

static gboolean record_failure(StoreTx *tx, const Try *try, GError **error)
{
	const OutboxNotice *notice = try->delivery->notice;
	g_auto(Op) op = { 0 };
	Record record = { .kind = "notice-failed", .article = "N03", .note = try->problem };

	op_init(&op, try->house, op_daemon_actor(), try->now);
	record.extra = json_pack("{s:I, s:s, s:s, s:s, s:s*}", "notice", (json_int_t) notice->id,
				 "notice-kind", notice->kind, "channel", try->delivery->channel,
				 "to", notice->recipient, "about", notice->about);
	return record_event(tx, &op, NULL, &record, error);
}

/* Even a clear refusal (5xx) is tried again until the time is over: it may be a relay that was set
 * up wrongly, and a reminder must not be lost by that. */
static gboolean mark(Try *try, GError **error)
{
	OutboxDelivery *delivery = try->delivery;
	g_autoptr(StoreTx) tx = store_tx_begin(try->house->store, STORE_NORMAL, error);
	gint64 patience = config_number(try->house->config, CONFIG_NOTICE_GIVE_UP);
	gboolean is_sent = try->problem == NULL;
	gboolean is_over = !is_sent && try->now - delivery->notice->at >= patience;
	gboolean is_written = FALSE;
	OutboxDelivery row = *delivery;

	row.tries = ++delivery->tries;
	row.reached = try->reached->len > 0 ? try->reached->str : NULL;
	row.problem = try->problem;
	row.due = try->now + pause_after(try);
	row.ended_at = is_sent || is_over ? try->now : 0;
	row.outcome = is_sent ? (char *) "SENT" : is_over ? (char *) "FAILED" : NULL;
	if (tx == NULL || !store_outbox_mark(tx, &row, &is_written, error) ||
	    (is_over && is_written && !record_failure(tx, try, error)))
		return FALSE;
	return store_tx_commit(&tx, error);
}

static gboolean deliver(Try *try, GError **error)
{
	try->reached = g_string_new(try->delivery->reached);
	if (!find_receivers(try, error))
		return FALSE;
	leave_out_reached(try);
	FAILPOINT("notice.send");
	if (try->to->len == 0 && !is_channel(try, "mail"))
		try->problem = g_strdup_printf("the channel %s is configured no more",
					       try->delivery->channel);
	else if (try->to->len == 0 && try->delivery->reached == NULL)
		try->problem = g_strdup_printf("no mail address of %s: add it to [mail]",
					       try->delivery->notice->recipient);
	else if (try->to->len > 0 && !run_child(try, error))
		return FALSE;
	FAILPOINT("notice.sent");
	if (try->is_cut)
		return TRUE;
	if (!mark(try, error))
		return FALSE;
	FAILPOINT("notice.marked");
	return TRUE;
}

gboolean notice_send_due(House *house, gint64 now, int stop, guint *ret_count, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(GPtrArray) due = tx != NULL ? store_outbox_due(tx, now, BATCH, error) : NULL;
	guint count = 0;

	g_clear_pointer(&tx, store_tx_abort);
	for (guint i = 0; due != NULL && i < due->len; i++, count++) {
		g_auto(Try) try = {
			.house = house, .now = clock_now(), .stop = stop, .delivery = due->pdata[i]
		};

		if (!deliver(&try, error))
			return FALSE;
		if (try.is_cut)
			break;
	}
	if (due != NULL)
		*ret_count = count;
	return due != NULL;
}

gboolean notice_send_again(Op *op, gint64 notice, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "notice-retry", .article = "N03" };
	int count = 0;

	if (tx == NULL || !store_outbox_retry(tx, notice, op->now, &count, error))
		return FALSE;
	if (count == 0)
		return error_set(
			error, ERROR_STATE,
			N_("notice %d was not given up; `opcardctl notice list --state failed` "
			   "shows those that were"),
			(int) notice);
	if (op->is_dry_run)
		return TRUE;
	record.extra = json_pack("{s:I}", "notice", (json_int_t) notice);
	return record_event(tx, op, NULL, &record, error) && store_tx_commit(&tx, error);
}
