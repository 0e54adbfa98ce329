/* SPDX-License-Identifier: Apache-2.0
 * What publish.c and publish_chain.c share. */
#pragma once

#include "daemon/ca/crl_delta.h"
#include "daemon/op/publish.h"

struct Publisher {
	guint16 issuer;   /* whose lists these are */
	Publisher *newer; /* of the next CA; set once, never taken away */
	char *path;
	char *delta_path;
	char *delta_url;
	gint64 period;
	gint64 delta_period;
	PublishHook hook; /* set before the first list */
	gpointer hook_data;
	GMutex mutex; /* guards what follows */
	GCond finished;
	CrlBody *body;
	CrlDelta *changes;
	GBytes *current;
	guint64 current_number;
	GBytes *delta;
	guint64 delta_number;
	guint64 wanted; /* callers so far */
	guint64 done;   /* callers served by the last list that was written */
	gboolean is_running;
	guint64 number;  /* durable in the store; above facts.number: no list has it yet */
	guint64 given;   /* numbers taken with changes so far */
	guint64 shown;   /* of them, those whose changes stand on the written list */
	gint64 last_end; /* of all certificates of that CA: no list is needed afterwards */
	PublishFacts facts;
};
