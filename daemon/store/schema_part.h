/* SPDX-License-Identifier: Apache-2.0
 * The migrations, each a script in a file of its own (schema_NAME.c) and a row of schema.c.
 * Enumerations are stored by name, dates as ISO text, moments as seconds since the epoch. One that
 * has been released is never edited: add a new one below it. */
#pragma once

extern const char schema_part_first[];
extern const char schema_part_application[];
extern const char schema_part_audit[];
extern const char schema_part_notice[];
extern const char schema_part_case[];
extern const char schema_part_round[];
extern const char schema_part_post[];
extern const char schema_part_exception[];
extern const char schema_part_post[];
extern const char schema_part_notice[];
extern const char schema_part_round[];
extern const char schema_part_rule[];
