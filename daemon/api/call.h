/* SPDX-License-Identifier: Apache-2.0
 * One request on its way down: who asks, what is asked, and the frame of the operation. */
#pragma once

#include "daemon/api/http.h"
#include "daemon/api/json.h"
#include "daemon/api/public.h"
#include "daemon/op/op.h"
#include "daemon/op/sight.h"

typedef struct Workers Workers;
typedef struct Limit Limit;
typedef struct Denial Denial;
typedef struct Metrics Metrics;
typedef struct Flights Flights;
typedef struct RouteRow RouteRow;

/* What handlers share. */
typedef struct Api {
	House *house;
	HttpServer *server;
	HttpTls *tls;           /* NULL without [tls] listen; so is the next */
	HttpServer *tls_server; /* on a thread of its own */
	Public public;          /* of the public listener */
	Limit *limit;
	Denial *denial; /* NULL: refusals are not recorded */
	Metrics *metrics;
	Flights *flights;
	Workers *workers;
	Sight *sight;
} Api;

typedef struct Call {
	Api *api;
	const RouteRow *route;
	HttpRequest *request;
	char *args[2]; /* the {} parts of the path */
	Actor *actor;
	json_t *body; /* an object, without "dryRun" */
	Op op;
	json_t *extra;       /* further members of the problem, or NULL */
	char *principal;     /* who sent the Idempotency-Key; the actor may have gone with a job */
	GBytes *fingerprint; /* of the request, NULL without a key */
	char *flight;        /* what idempotency_land() gives back, or NULL */
	guint retry_after;   /* seconds, of a problem that says so; 0 */
} Call;

void call_free(Call *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Call, call_free)

/* {card} of the path → face number: `@reader`, `@reader:NAME`, `staff:NO` or a number.
 * Free with g_free. */
char *call_card(Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a card that stands elsewhere. */
char *call_card_named(Call *call, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Query parameter, or NULL. Borrowed. */
const char *call_query(const Call *call, const char *key);
/* ?section=, narrowed for whoever may see one section only: a section's manager gets the own one
 * and is denied any other. NULL = all. */
gboolean call_section(const Call *call, const char **ret_section,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a section that stands elsewhere; @asked may be NULL. */
gboolean call_narrow(const Call *call, const char *asked, const char **ret_section,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ?limit=, 0 when absent; FALSE for a text that is no number. */
gboolean call_limit(const Call *call, int *ret_limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the card's own page is for the actor: the holder, the section's manager, the desk. */
gboolean call_sees(Call *call, StoreTx *tx, const Card *card, gboolean *ret_sees,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* 202: a second person must confirm @confirmation. */
HttpReply *call_asked(const char *confirmation) G_GNUC_WARN_UNUSED_RESULT;
/* {"dryRun":true,"would":{"en","ja"}} as a reply. */
HttpReply *call_would(const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* {"card":…,"next":…} after a change of @number; @next is an N_() text or NULL. Who does not see
 * the card gets its number and state only. */
HttpReply *call_card_reply(Call *call, const char *number, const char *next,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with "steps" of the N_() texts @steps, which ends with NULL. */
HttpReply *call_steps_reply(Call *call, const char *number, const char *const *steps,
			    const char *next, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* {"en","ja"} of an N_() text. */
json_t *call_text(const char *text) G_GNUC_WARN_UNUSED_RESULT;
