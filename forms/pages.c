/* SPDX-License-Identifier: Apache-2.0
 * Pages, counted by qpdf. */
#include "forms/pages.h"

#include <qpdf/qpdf-c.h>

int pages_count(GBytes *pdf)
{
	qpdf_data q = qpdf_init();
	gsize n = 0;
	const void *bytes = g_bytes_get_data(pdf, &n);
	int pages = 0;

	qpdf_silence_errors(q);
	qpdf_set_attempt_recovery(q, QPDF_FALSE);
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	if (qpdf_read_memory(q, "pdf", bytes, n, NULL) <= QPDF_WARNINGS)
		pages = qpdf_get_num_pages(q);
	qpdf_cleanup(&q);
	return MAX(pages, 0);
}
