/* SPDX-License-Identifier: Apache-2.0
 * Workbooks (.xlsx) are foreign bytes: opcard-form reads them in its cage and hands over plain
 * rows. */
#pragma once

#include "daemon/ctl/ctl_csv.h"

/* Whether the file begins like a workbook (or like an encrypted or old one, which is then refused
 * in clear words). FALSE for what cannot be opened. */
gboolean ctl_book_is(const char *file);

/* The rows of the first sheet; line numbers are those of the sheet. Cells without a value of their
 * own stand in the bad ones. */
CtlCsv *ctl_book_read(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
