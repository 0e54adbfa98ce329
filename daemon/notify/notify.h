/* SPDX-License-Identifier: Apache-2.0
 * opcard-notify: sends one notice on one channel. Standard input is one JSON object that names the
 * channel and what it needs; standard output is one JSON object {"done":[…],"failed":{receiver:
 * why}}, or nothing where a hook has taken its place. It keeps nothing: opcardd decides what is
 * tried again. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* What a channel was told; strings are borrowed from the request. */
typedef struct Notify {
	const json_t *request;
	json_t *done;   /* receivers that were reached */
	json_t *failed; /* receivers that were not → why */
} Notify;

/* A member of the request, NULL when there is none or it is no text. */
const char *notify_text(const Notify *notify, const char *name);
void notify_done(Notify *notify, const char *receiver);
void notify_fail(Notify *notify, const char *receiver, const char *why);
/* Every receiver of the request fails for the same reason. */
void notify_fail_all(Notify *notify, const char *why);
