/* SPDX-License-Identifier: Apache-2.0
 * One reply: a status, a type, a body and headers. reply.h has what handlers usually want. */
#pragma once

#include <glib.h>

typedef struct HttpReply {
	int status;
	char *content_type;  /* NULL where there is no body */
	GBytes *body;        /* NULL for an empty one; never copied on its way to the socket */
	GString *headers;    /* further header lines, each with its CR LF; NULL for none */
	gboolean is_secret;  /* adds Cache-Control: no-store */
	gboolean is_closing; /* the connection ends after this reply */
} HttpReply;

/* Takes @body over (may be NULL, then @content_type is not used). */
HttpReply *http_reply_new(int status, const char *content_type,
			  GBytes *body) G_GNUC_WARN_UNUSED_RESULT;
/* @value is text of bytes 0x20 to 0x7e: anything else is a defect of the caller and adds nothing.
 */
void http_reply_add_header(HttpReply *reply, const char *name, const char *value);
void http_reply_free(HttpReply *reply);
/* The reason phrase of @status, "" where unknown. Static. */
const char *http_reply_reason(int status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpReply, http_reply_free)
