/* SPDX-License-Identifier: Apache-2.0
 * One JSON text taken apart value by value, so that a register's tree never stands in memory as a
 * whole. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct DataJson {
	const char *name; /* for messages */
	const char *begin, *at, *end;
} DataJson;

/* Passes an opening bracket, of which shown is what a message calls it. */
gboolean data_json_open(DataJson *json, char bracket, const char *shown,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Passes the comma before another element or the closing bracket: *ret_more tells which.
 * is_first where nothing has been read since the opening one. */
gboolean data_json_next(DataJson *json, char bracket, gboolean is_first, gboolean *ret_more,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A key and its colon; newly allocated. */
char *data_json_key(DataJson *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One value of any kind as a new reference. */
json_t *data_json_value(DataJson *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Refuses anything but blanks up to the end. */
gboolean data_json_end(DataJson *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
