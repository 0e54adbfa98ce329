/* SPDX-License-Identifier: Apache-2.0
 * The tables of posts and of who holds them, of deputies and their acts, of the bodies of sections,
 * and of roles given for a time. Released: never edited. */
#include "daemon/store/schema_part.h"

/* clang-format off */
const char schema_part_post[] =
	"CREATE TABLE post(name TEXT PRIMARY KEY, section TEXT, is_shared INTEGER NOT NULL)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX post_section ON post(section, name);"
	"CREATE TABLE post_holder(id INTEGER PRIMARY KEY, post TEXT NOT NULL REFERENCES post(name),"
	" person INTEGER NOT NULL REFERENCES person(id), since TEXT NOT NULL, until TEXT,"
	" order_ref TEXT NOT NULL, entered_at INTEGER NOT NULL, entered_by TEXT NOT NULL) STRICT;"
	"CREATE INDEX post_holder_post ON post_holder(post, since);"
	"CREATE INDEX post_holder_person ON post_holder(person, since);"
	"CREATE TABLE delegation(id TEXT PRIMARY KEY, from_post TEXT NOT NULL, to_post TEXT NOT NULL,"
	" since TEXT NOT NULL, until TEXT NOT NULL, order_ref TEXT NOT NULL, by TEXT NOT NULL,"
	" at INTEGER NOT NULL, ended_at INTEGER, ended_by TEXT) STRICT, WITHOUT ROWID;"
	"CREATE INDEX delegation_to ON delegation(to_post, until);"
	"CREATE TABLE deputy_review(id TEXT PRIMARY KEY, delegation TEXT NOT NULL REFERENCES delegation(id),"
	" post TEXT NOT NULL, deputy INTEGER NOT NULL REFERENCES person(id), roles TEXT NOT NULL,"
	" subject TEXT NOT NULL, at INTEGER NOT NULL, reviewed_at INTEGER, reviewed_by TEXT, note TEXT)"
	" STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX deputy_review_once ON deputy_review(deputy, at, post, subject);"
	"CREATE INDEX deputy_review_open ON deputy_review(post, id) WHERE reviewed_at IS NULL;"
	"CREATE TABLE section_body(section TEXT PRIMARY KEY, body TEXT, department TEXT)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX section_body_department ON section_body(department, section);"
	"CREATE TABLE role_grant(id TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES person(id),"
	" role TEXT NOT NULL, reason TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,"
	" exception TEXT, ended_at INTEGER, reviewed_at INTEGER, reviewed_by TEXT, note TEXT)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX role_grant_person ON role_grant(person, until);"
	"CREATE INDEX role_grant_open ON role_grant(until) WHERE reviewed_at IS NULL;";
/* clang-format on */
