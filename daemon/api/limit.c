/* SPDX-License-Identifier: Apache-2.0
 * The two limits: of a certificate on the network, and of a desk that may only report. */
#include "daemon/api/limit.h"

#include "daemon/api/problem.h"
#include "daemon/api/rate.h"
#include "daemon/base/error.h"

struct Limit {
	Rate *network;
	Rate *desk;
};

Limit *limit_new(const Config *config)
{
	Limit *limit = g_new0(Limit, 1);
	guint desk = (guint) config_number(config, CONFIG_DESK_RATE);

	limit->network = rate_new((guint) config_number(config, CONFIG_RATE) * 60,
				  (guint) config_number(config, CONFIG_BURST));
	limit->desk = rate_new(desk, desk);
	return limit;
}

void limit_free(Limit *limit)
{
	if (limit == NULL)
		return;
	rate_free(limit->network);
	rate_free(limit->desk);
	g_free(limit);
}

static gboolean set_limited(guint seconds, GError **error)
{
	return error_set(error, ERROR_LIMIT, N_("too many requests; try again in %u seconds"),
			 seconds);
}

HttpReply *limit_refuse(Limit *limit, const HttpRequest *request)
{
	const HttpCertificate *certificate = request->peer->certificate;
	g_autoptr(GError) error = NULL;
	g_autofree char *seconds = NULL;
	HttpReply *reply;
	guint wait = certificate == NULL ? 0
					 : rate_take(limit->network, certificate->fingerprint,
						     g_get_monotonic_time());

	if (wait == 0 || set_limited(wait, &error))
		return NULL;
	seconds = g_strdup_printf("%u", wait);
	reply = problem_reply(error, NULL);
	http_reply_add_header(reply, "Retry-After", seconds);
	return reply;
}

gboolean limit_check_desk(Limit *limit, Call *call, GError **error)
{
	if ((call->actor->roles & ROLE_SET(ROLE_NIGHT_DESK)) == 0)
		return TRUE;
	call->retry_after = rate_take(limit->desk, call->actor->id, g_get_monotonic_time());
	return call->retry_after == 0 || set_limited(call->retry_after, error);
}
