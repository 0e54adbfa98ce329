/* SPDX-License-Identifier: Apache-2.0
 * What must be done once in every fiscal year (April to March), and until when. */
#pragma once

#include "daemon/base/config.h"
#include "daemon/core/role.h"

typedef enum YearlyKind {
	YEARLY_AUDIT,        /* T43, N84 */
	YEARLY_INSPECTION,   /* N85 */
	YEARLY_CONTINUATION, /* K02: 年度切替 */
	YEARLY_ANALYSIS,     /* T33, N61 */
	_YEARLY_KIND_MAX,
} YearlyKind;

typedef struct YearlyRow {
	const char *name;
	const char *ja;
	const char *en;
	const char *article;
	PolicyKey due;   /* month * 100 + day */
	RoleSet done_by; /* who records that it was done */
} YearlyRow;

const YearlyRow *yearly_row(YearlyKind kind);
gboolean yearly_parse(const char *name, YearlyKind *ret_kind);
/* "audit, self-inspection, …". Free with g_free. */
char *yearly_choices(void);

/* The fiscal year of an ISO date: 2026 from 2026-04-01 to 2027-03-31. */
int yearly_fiscal_year(const char *date);
/* Its first and last day. Free with g_free. */
char *yearly_begin(int fiscal_year);
char *yearly_end(int fiscal_year);
/* The day @month_day (331 = 31 March) of the fiscal year. Free with g_free. */
char *yearly_day(int fiscal_year, gint64 month_day);
