/* SPDX-License-Identifier: Apache-2.0
 * The night desk's search (宿直): one match at a time, and of each only what tells two persons of
 * one name apart. */
#pragma once

#include "daemon/op/op.h"

#define LOOKUP_PART_MIN 2 /* characters */

/* The first card behind @after (a face number, or NULL) that can be reported and whose holder's
 * name or own number has @part:
 * {"match":{"card","name","section","sectionName"}|null,"next":number|null}.
 * @part shorter than LOOKUP_PART_MIN is ERROR_USAGE. */
json_t *lookup_next(StoreTx *tx, const char *part, const char *after,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
