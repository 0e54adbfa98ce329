/* SPDX-License-Identifier: Apache-2.0
 * Persons, sections and designations as JSON. */
#pragma once

#include "daemon/core/person.h"
#include "daemon/op/view.h"

json_t *view_person(StoreTx *tx, const Person *person, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct ViewPersonFilter {
	const char *part;    /* of name, kana or staff number; NULL = all */
	const char *section; /* code or NULL */
	const char *after;   /* staff number or NULL */
	int limit;           /* 0 = default */
} ViewPersonFilter;
json_t *view_person_list(StoreTx *tx, const ViewPersonFilter *filter,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of them in 建制順. */
/* With who manages each on @date. */
json_t *view_person_sections(StoreTx *tx, const char *date,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct ViewDesignationFilter {
	const char *section; /* code or NULL */
	const char *staff;   /* staff number or NULL */
	const char *date;    /* ISO: those in force then or later */
	const char *after;   /* id of the page before, or NULL */
	int limit;           /* 0 = default */
} ViewDesignationFilter;
json_t *view_person_designations(StoreTx *tx, const ViewDesignationFilter *filter,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
