/* SPDX-License-Identifier: Apache-2.0
 * The section of duties and cases, and what a case says under its seven headings (K11). */
#include "daemon/store/schema_part.h"

#define SECTION_OF                                                                                 \
	"(SELECT d.section FROM card c JOIN designation d ON d.id = c.designation WHERE c.number " \
	"= "

/* clang-format off */
const char schema_part_case[] =
	"ALTER TABLE duty ADD COLUMN section TEXT;"
	"UPDATE duty SET section = " SECTION_OF "duty.card);"
	"CREATE INDEX duty_section ON duty(section, due, id) WHERE closed_at IS NULL;"
	"ALTER TABLE case_file ADD COLUMN section TEXT;"
	"ALTER TABLE case_file ADD COLUMN content TEXT;"
	"ALTER TABLE case_file ADD COLUMN parties TEXT;"
	"ALTER TABLE case_file ADD COLUMN place TEXT;"
	"ALTER TABLE case_file ADD COLUMN cause TEXT;"
	"ALTER TABLE case_file ADD COLUMN response TEXT;"
	"ALTER TABLE case_file ADD COLUMN other TEXT;"
	"ALTER TABLE case_file ADD COLUMN measure_due TEXT;"
	"ALTER TABLE case_file ADD COLUMN police_on TEXT;"
	"ALTER TABLE case_file ADD COLUMN closed_by TEXT;"
	"UPDATE case_file SET section = " SECTION_OF "case_file.card);"
	"CREATE INDEX case_section ON case_file(section, id);"
	"CREATE INDEX case_open ON case_file(opened_at, id) WHERE closed_at IS NULL;";
/* clang-format on */
