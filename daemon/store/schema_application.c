/* SPDX-License-Identifier: Apache-2.0
 * Applications (様式第2, 6, 7号) and every step somebody took with them (N20). A step is never
 * changed or taken away. */
#include "daemon/store/schema_part.h"

/* clang-format off */
const char schema_part_application[] =
	"CREATE TABLE application(id TEXT PRIMARY KEY, form INTEGER NOT NULL, section TEXT NOT NULL,"
	" card TEXT REFERENCES card(number), holder INTEGER REFERENCES person(id),"
	" applicant INTEGER REFERENCES person(id), state TEXT NOT NULL, body TEXT NOT NULL, paper TEXT,"
	" signed_on TEXT, scan TEXT, is_urgent INTEGER NOT NULL, approved_at INTEGER, confirmation TEXT,"
	" exception TEXT, new_card TEXT, opened_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX application_open ON application(id)"
	" WHERE state NOT IN ('CLOSED', 'REJECTED', 'WITHDRAWN');"
	"CREATE INDEX application_section ON application(section, id);"
	"CREATE INDEX application_card ON application(card, form, state) WHERE card IS NOT NULL;"
	"CREATE INDEX application_new_card ON application(new_card) WHERE new_card IS NOT NULL;"
	"CREATE INDEX application_confirmation ON application(confirmation) WHERE confirmation IS NOT NULL;"
	"CREATE UNIQUE INDEX application_paper ON application(form, paper) WHERE paper IS NOT NULL"
	" AND form <> 2 AND state NOT IN ('REJECTED', 'WITHDRAWN');"
	"CREATE TABLE approval(application TEXT NOT NULL REFERENCES application(id), n INTEGER NOT NULL,"
	" event TEXT NOT NULL, person INTEGER REFERENCES person(id), actor TEXT NOT NULL, at INTEGER NOT NULL,"
	" note TEXT, PRIMARY KEY(application, n)) STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval BEGIN"
	" SELECT raise(ABORT, 'a step of an application is never changed'); END;"
	"CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval BEGIN"
	" SELECT raise(ABORT, 'a step of an application is never changed'); END;"
	"ALTER TABLE pin_reset ADD COLUMN rejected_at INTEGER;"
	"CREATE TRIGGER application_keep BEFORE DELETE ON application BEGIN"
	" SELECT raise(ABORT, 'an application is never deleted'); END;";
/* clang-format on */
