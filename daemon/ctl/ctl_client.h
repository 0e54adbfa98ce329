/* SPDX-License-Identifier: Apache-2.0
 * HTTP over opcardd's unix socket, or TLS. Answers of 400 and above become problems. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "daemon/ctl/ctl.h"
#include "daemon/ctl/ctl_secret.h"

typedef struct CtlReply {
	long status;
	char *type;       /* media type without parameters, "" if there was none */
	json_t *json;     /* NULL if the answer is not JSON */
	GByteArray *body; /* as received */
} CtlReply;

/* `ctl` says where opcardd is, and is borrowed. */
CtlClient *ctl_client_new(const Ctl *ctl);
void ctl_client_free(CtlClient *client);

void ctl_client_reply_free(CtlReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlReply, ctl_client_reply_free)

/* `path` begins with / and is below /api/v1; everything in it is percent-encoded already. */
CtlReply *ctl_client_get(CtlClient *client, const char *path,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sends an Idempotency-Key, the same one when the connection broke and it tries once more. */
CtlReply *ctl_client_post(CtlClient *client, const char *path, const json_t *body,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
CtlReply *ctl_client_post_secret(CtlClient *client, const char *path, const CtlSecret *body,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Any method; `body` may be NULL. */
CtlReply *ctl_client_send(CtlClient *client, const char *method, const char *path,
			  const json_t *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The answer of a GET as JSON; a problem if it is something else. */
json_t *ctl_client_get_json(CtlClient *client, const char *path,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The pages of a list joined: {"items":[…],"next":…}. `query` is "a=b&c=d" or "". Up to `limit`
 * items; 0 means all, for lists that take no limit. */
json_t *ctl_client_get_list(CtlClient *client, const char *path, const char *query, guint limit,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
