/* SPDX-License-Identifier: Apache-2.0
 * GET /metrics: counters, and gauges that are read when they are asked for. */
#include <string.h>

#include "daemon/api/handlers.h"
#include "daemon/api/metrics.h"
#include "daemon/api/reply.h"
#include "daemon/api/workers.h"
#include "daemon/op/publish.h"
#include "daemon/op/pulse.h"
#include "daemon/store/store_card.h"

#define TYPE "text/plain; version=0.0.4; charset=utf-8"

static void head(GString *out, const char *name, const char *kind, const char *help)
{
	g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void put(GString *out, const char *name, const char *label, const char *value, gint64 number)
{
	if (label == NULL)
		g_string_append_printf(out, "%s %" G_GINT64_FORMAT "\n", name, number);
	else
		g_string_append_printf(out, "%s{%s=\"%s\"} %" G_GINT64_FORMAT "\n", name, label,
				       value, number);
}

static void single(GString *out, const char *name, const char *help, gint64 number)
{
	head(out, name, "gauge", help);
	put(out, name, NULL, NULL, number);
}

static gboolean put_cards(Call *call, GString *out, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(call->api->house->store, error);
	gint64 counts[_CARD_STATE_MAX];

	if (tx == NULL || !store_card_count(tx, counts, error))
		return FALSE;
	head(out, "opcard_cards", "gauge", "Cards by the state that is shown.");
	for (int i = 0; i < _CARD_STATE_MAX; i++)
		put(out, "opcard_cards", "state", card_state_name((CardState) i), counts[i]);
	return TRUE;
}

static void put_list(const Call *call, GString *out)
{
	PublishFacts facts = { 0 };

	publish_facts(call->api->house->publisher, &facts);
	single(out, "opcard_crl_number", "Number of the published CRL.", (gint64) facts.number);
	single(out, "opcard_crl_age_seconds", "Time since its thisUpdate.",
	       facts.this_update > 0 ? call->op.now - facts.this_update : 0);
	single(out, "opcard_crl_next_update_seconds", "Its nextUpdate as Unix time.",
	       facts.next_update);
	single(out, "opcard_crl_entries", "Revoked certificates on it.", (gint64) facts.entries);
}

static void put_server(GString *out, const char *name, HttpServer *server)
{
	HttpStatistics now;

	if (server == NULL)
		return;
	http_server_statistics(server, &now);
	put(out, "opcard_connections", "listener", name, now.connections);
	g_string_append_printf(out,
			       "opcard_connections_total{listener=\"%s\",outcome=\"accepted\"} "
			       "%" G_GUINT64_FORMAT "\n"
			       "opcard_connections_total{listener=\"%s\",outcome=\"over_limit\"} "
			       "%" G_GUINT64_FORMAT "\n"
			       "opcard_connections_total{listener=\"%s\",outcome=\"no_handshake\"} "
			       "%" G_GUINT64_FORMAT "\n"
			       "opcard_connections_total{listener=\"%s\",outcome=\"bad_request\"} "
			       "%" G_GUINT64_FORMAT "\n",
			       name, now.accepted, name, now.refused, name, now.strangers, name,
			       now.bad);
}

static void put_queues(const Call *call, GString *out)
{
	static const char *const names[_WORKERS_QUEUE_MAX] = { "requests", "waiting", "cards" };

	head(out, "opcard_queue_length", "gauge", "What waits for a thread.");
	for (int i = 0; i < _WORKERS_QUEUE_MAX; i++)
		put(out, "opcard_queue_length", "queue", names[i],
		    workers_queue(call->api->workers, (WorkersQueue) i));
}

static void put_jobs(const Call *call, GString *out)
{
	g_autoptr(GArray) beats = pulse_read(call->api->house->pulse);

	head(out, "opcard_job_last_seconds", "gauge", "When a job of the scheduler ended last.");
	for (guint i = 0; i < beats->len; i++)
		put(out, "opcard_job_last_seconds", "job", g_array_index(beats, PulseBeat, i).name,
		    g_array_index(beats, PulseBeat, i).last);
	head(out, "opcard_job_last_success_seconds", "gauge", "And when it ended well.");
	for (guint i = 0; i < beats->len; i++)
		put(out, "opcard_job_last_success_seconds", "job",
		    g_array_index(beats, PulseBeat, i).name,
		    g_array_index(beats, PulseBeat, i).last_good);
	head(out, "opcard_job_failures_total", "counter", "How often it failed.");
	for (guint i = 0; i < beats->len; i++)
		put(out, "opcard_job_failures_total", "job",
		    g_array_index(beats, PulseBeat, i).name,
		    (gint64) g_array_index(beats, PulseBeat, i).failures);
}

HttpReply *handlers_metrics(Call *call, GError **error)
{
	g_autoptr(GString) out = g_string_sized_new(16 * 1024);
	HttpReply *reply;

	if (!put_cards(call, out, error))
		return NULL;
	put_list(call, out);
	metrics_write(call->api->metrics, out);
	head(out, "opcard_connections", "gauge", "Open connections.");
	head(out, "opcard_connections_total", "counter", "Connections by what became of them.");
	put_server(out, "local_and_public", call->api->server);
	put_server(out, "tls", call->api->tls_server);
	put_queues(call, out);
	put_jobs(call, out);
	single(out, "opcard_ocsp_cache_bytes", "Signed answers kept.",
	       (gint64) ocsp_memory(call->api->house->ocsp));
	reply = reply_text(200, TYPE, out->str);
	reply->is_secret = TRUE;
	return reply;
}
