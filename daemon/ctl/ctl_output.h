/* SPDX-License-Identifier: Apache-2.0
 * What goes to stdout: JSON for programs, aligned tables and label lines for people. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "daemon/ctl/ctl.h"

typedef enum CtlFormat {
	CTL_FORMAT_TEXT,
	CTL_FORMAT_NUMBER,
	CTL_FORMAT_DATE, /* dates and times */
	CTL_FORMAT_YES_NO,
	CTL_FORMAT_LIST, /* array of texts, or of objects with "card" */
	CTL_FORMAT_CARD, /* the code words of ctl_word.h */
	CTL_FORMAT_CERTIFICATE,
	CTL_FORMAT_PIN,
	CTL_FORMAT_READER,
	CTL_FORMAT_REASON,
	CTL_FORMAT_KIND,
	_CTL_FORMAT_MAX
} CtlFormat;

/* One column or label; an array ends with key NULL. */
struct CtlField {
	const char *key;     /* "holder.name"; "en|ja" gives the user's language */
	const char *heading; /* English msgid */
	CtlFormat format;
};

/* One document and a newline. */
void ctl_output_json(const json_t *document);

/* A table without the columns that are empty throughout; nothing when `items` is empty. */
void ctl_output_table(const json_t *items, const CtlField *fields);

/* The same without headings. */
void ctl_output_lines(const json_t *items, const CtlField *fields);

/* "label  value" lines; empty values are left out. */
void ctl_output_record(const json_t *object, const CtlField *fields);

/* Writes bytes to `file` (as a whole or not at all), or to stdout for NULL or "-". */
gboolean ctl_output_file(const char *file, const void *bytes, gsize length,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A value as people read it; "" for null. */
char *ctl_output_value(const json_t *object, const CtlField *field,
		       gboolean is_short) G_GNUC_WARN_UNUSED_RESULT;
