/* SPDX-License-Identifier: Apache-2.0
 * Counters behind one short lock; the OCSP ones are plain atomics, they are counted most. */
#include "daemon/api/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "daemon/api/public.h"

/* OCSPResponseStatus (RFC 6960, 4.2.1); 4 is not used. */
#define OCSP_STATUSES 7

static const char *const ocsp_names[OCSP_STATUSES] = { "successful",    "malformedRequest",
						       "internalError", "tryLater",
						       "unused",        "sigRequired",
						       "unauthorized" };

typedef struct Count {
	const char *route;
	HttpMethod method;
	int status;
	guint64 n;
} Count;

struct Metrics {
	pthread_mutex_t lock; /* guards counts */
	GHashTable *counts;   /* "GET /cards 200" → Count */
	_Atomic guint64 ocsp[OCSP_STATUSES];
	_Atomic guint64 lists, others; /* of the public listener: CRLs, anything else */
};

Metrics *metrics_new(void)
{
	Metrics *metrics = g_new0(Metrics, 1);

	pthread_mutex_init(&metrics->lock, NULL);
	metrics->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return metrics;
}

void metrics_free(Metrics *metrics)
{
	if (metrics == NULL)
		return;
	g_hash_table_unref(metrics->counts);
	pthread_mutex_destroy(&metrics->lock);
	g_free(metrics);
}

void metrics_count(Metrics *metrics, const char *route, HttpMethod method, int status)
{
	g_autofree char *key = NULL;
	Count *count;

	if (route == NULL)
		route = "none";
	key = g_strdup_printf("%s %s %d", http_request_method_name(method), route, status);
	pthread_mutex_lock(&metrics->lock);
	count = g_hash_table_lookup(metrics->counts, key);
	if (count == NULL) {
		count = g_new0(Count, 1);
		*count = (Count){ route, method, status, 0 };
		g_hash_table_insert(metrics->counts, g_steal_pointer(&key), count);
	}
	count->n++;
	pthread_mutex_unlock(&metrics->lock);
}

/* OCSPResponse is a SEQUENCE that begins with its status: 0A 01 xx behind tag and length. */
static int ocsp_status(GBytes *body)
{
	gsize length;
	const guint8 *der = g_bytes_get_data(body, &length);
	gsize head = length > 1 && der[1] >= 0x80 ? 2 + (der[1] & 0x7f) : 2;

	return head + 2 < length && der[head] == 0x0a && der[head + 2] < OCSP_STATUSES
		       ? der[head + 2]
		       : -1;
}

HttpVerdict metrics_public(HttpRequest *request, HttpReply **ret_reply, gpointer data)
{
	Api *api = data;
	Metrics *metrics = api->metrics;
	HttpVerdict verdict = public_dispatch(request, ret_reply, &api->public);
	const HttpReply *reply = verdict == HTTP_REPLIED ? *ret_reply : NULL;
	const char *type = reply != NULL && reply->content_type != NULL ? reply->content_type : "";
	int status = reply != NULL && reply->body != NULL &&
				     strcmp(type, "application/ocsp-response") == 0
			     ? ocsp_status(reply->body)
			     : -1;

	if (status >= 0)
		metrics->ocsp[status]++;
	else if (strcmp(type, "application/pkix-crl") == 0)
		metrics->lists++;
	else
		metrics->others++;
	return verdict;
}

static int compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static void write_requests(Metrics *metrics, GString *out)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer value;

	pthread_mutex_lock(&metrics->lock);
	g_hash_table_iter_init(&iter, metrics->counts);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Count *count = value;

		g_ptr_array_add(lines,
				g_strdup_printf("opcard_requests_total{route=\"%s\",method="
						"\"%s\",status=\"%d\"} %" G_GUINT64_FORMAT "\n",
						count->route,
						http_request_method_name(count->method),
						count->status, count->n));
	}
	pthread_mutex_unlock(&metrics->lock);
	g_ptr_array_sort(lines, compare);
	g_string_append(out, "# HELP opcard_requests_total Answers of the API.\n"
			     "# TYPE opcard_requests_total counter\n");
	for (guint i = 0; i < lines->len; i++)
		g_string_append(out, lines->pdata[i]);
}

void metrics_write(Metrics *metrics, GString *out)
{
	write_requests(metrics, out);
	g_string_append(out, "# HELP opcard_ocsp_responses_total OCSP responses by their status.\n"
			     "# TYPE opcard_ocsp_responses_total counter\n");
	for (int i = 0; i < OCSP_STATUSES; i++)
		if (strcmp(ocsp_names[i], "unused") != 0)
			g_string_append_printf(out,
					       "opcard_ocsp_responses_total{status=\"%s\"} "
					       "%" G_GUINT64_FORMAT "\n",
					       ocsp_names[i], metrics->ocsp[i]);
	g_string_append_printf(out,
			       "# HELP opcard_public_answers_total Other answers of the public "
			       "listener.\n"
			       "# TYPE opcard_public_answers_total counter\n"
			       "opcard_public_answers_total{what=\"crl\"} %" G_GUINT64_FORMAT "\n"
			       "opcard_public_answers_total{what=\"other\"} %" G_GUINT64_FORMAT
			       "\n",
			       metrics->lists, metrics->others);
}
