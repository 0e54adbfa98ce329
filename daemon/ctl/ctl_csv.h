/* SPDX-License-Identifier: Apache-2.0
 * Reads a CSV file as spreadsheets in Japanese offices write it: UTF-8 (with or without BOM) or
 * CP932, LF or CR LF, quotes as in RFC 4180. */
#pragma once

#include <glib.h>

#define CTL_CSV_MAX (8u * 1024 * 1024)

typedef struct CtlCsvRow {
	guint line;        /* of its first character, from 1 */
	GPtrArray *fields; /* char*, UTF-8, without spaces at the ends */
} CtlCsvRow;

/* A cell of a workbook that holds no value of its own. */
typedef struct CtlCsvBad {
	guint line;
	guint column;        /* from 0 */
	gboolean is_formula; /* else an error such as #REF! */
} CtlCsvBad;

typedef struct CtlCsv {
	GPtrArray *rows; /* CtlCsvRow*, the heading first; empty lines are left out */
	GArray *bad;     /* CtlCsvBad; none in a CSV file */
} CtlCsv;

CtlCsv *ctl_csv_new(void);
/* A row without fields, borrowed. */
CtlCsvRow *ctl_csv_add(CtlCsv *csv, guint line);
/* The text without spaces at the ends, full-width ones too. */
char *ctl_csv_strip(const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Problems name file and line: a byte of neither encoding, an open quote, too large a file. */
CtlCsv *ctl_csv_read(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ctl_csv_free(CtlCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlCsv, ctl_csv_free)
