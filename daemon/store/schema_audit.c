/* SPDX-License-Identifier: Apache-2.0
 * The ledger in the form of audit/audit_record.h: a record is one text with its hash, what is asked
 * for is generated out of that text, and what tells of persons lies apart, so that it can go when
 * its time is over. What was there before keeps its old hash (version 1). Released: never edited.
 */
#include "daemon/store/schema_part.h"

#define KIND    "CAST(substr(record, 33, 2) AS INTEGER)"
#define ARTICLE "CAST(substr(record, 36, 2) AS INTEGER)"

/* clang-format off */
const char schema_part_audit[] =
	"CREATE TABLE ledger_record(seq INTEGER PRIMARY KEY, record TEXT NOT NULL, sealed BLOB, hash BLOB NOT NULL,"
	" at INTEGER NOT NULL GENERATED ALWAYS AS (CAST(substr(record, 3, 14) AS INTEGER)) VIRTUAL,"
	" entered_at INTEGER NOT NULL GENERATED ALWAYS AS (CAST(substr(record, 18, 14) AS INTEGER)) VIRTUAL,"
	" kind TEXT NOT NULL GENERATED ALWAYS AS (substr(record, 42, " KIND ")) VIRTUAL,"
	" article TEXT NOT NULL GENERATED ALWAYS AS (substr(record, 43 + " KIND ", " ARTICLE ")) VIRTUAL,"
	" card TEXT GENERATED ALWAYS AS (CASE substr(record, 39, 2) WHEN '--' THEN NULL ELSE"
	" substr(record, 44 + " KIND " + " ARTICLE ") END) VIRTUAL) STRICT;"
	"CREATE TABLE ledger_personal(seq INTEGER PRIMARY KEY, salt BLOB, actor TEXT NOT NULL, second TEXT,"
	" staff TEXT, body TEXT NOT NULL) STRICT;"
	"INSERT INTO ledger_record(seq, record, hash)"
	" SELECT seq, printf('1 %014d %014d %02d %02d %s %s %s', at, entered_at, length(kind), length(article),"
	" iif(card IS NULL, '--', printf('%02d', length(card))), kind, article) || ifnull(' ' || card, ''), hash"
	" FROM ledger ORDER BY seq;"
	"INSERT INTO ledger_personal SELECT seq, NULL, actor, second, staff, body FROM ledger ORDER BY seq;"
	"DROP TABLE ledger;"
	"CREATE INDEX ledger_card ON ledger_record(card) WHERE card IS NOT NULL;"
	"CREATE INDEX ledger_own ON ledger_record(kind) WHERE kind IN"
	" ('audit-key', 'audit-dispose', 'audit-report', 'audit-sign-off', 'emergency-stop', 'emergency-resume');"
	"CREATE INDEX ledger_staff ON ledger_personal(staff) WHERE staff IS NOT NULL;"
	"CREATE VIEW ledger(seq, at, entered_at, kind, article, actor, second, card, staff, body, prev, hash) AS"
	" SELECT r.seq, r.at, r.entered_at, r.kind, r.article, ifnull(p.actor, ''), p.second, r.card, p.staff,"
	" ifnull(p.body, '{}'), (SELECT hash FROM ledger_record WHERE seq = r.seq - 1), r.hash"
	" FROM ledger_record r LEFT JOIN ledger_personal p ON p.seq = r.seq;"
	"CREATE TRIGGER ledger_update INSTEAD OF UPDATE ON ledger BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	"CREATE TRIGGER ledger_delete INSTEAD OF DELETE ON ledger BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger_record BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger_record BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	"CREATE TABLE ledger_disposal(number INTEGER PRIMARY KEY, until INTEGER NOT NULL, last INTEGER NOT NULL, next INTEGER NOT NULL,"
	" done_at INTEGER) STRICT;"
	"CREATE TRIGGER ledger_personal_no_update BEFORE UPDATE ON ledger_personal BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	/* Only what a disposal was decided for goes, see op/trail_dispose.c. */
	"CREATE TRIGGER ledger_personal_no_delete BEFORE DELETE ON ledger_personal"
	" WHEN NOT EXISTS(SELECT 1 FROM ledger_disposal WHERE last >= old.seq) BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	"CREATE TABLE ledger_hold(id TEXT PRIMARY KEY, staff TEXT, card TEXT, reason TEXT NOT NULL,"
	" since INTEGER NOT NULL, by TEXT NOT NULL, ended_at INTEGER, ended_by TEXT,"
	" CHECK((staff IS NULL) <> (card IS NULL))) STRICT, WITHOUT ROWID;"
	"CREATE INDEX ledger_hold_open ON ledger_hold(id) WHERE ended_at IS NULL;"
	"CREATE TABLE ledger_node(level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,"
	" PRIMARY KEY(level, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE ledger_checkpoint(number INTEGER PRIMARY KEY, size INTEGER NOT NULL, line TEXT NOT NULL) STRICT;"
	"CREATE TABLE ledger_key(id TEXT PRIMARY KEY, spki BLOB NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;";
/* clang-format on */
