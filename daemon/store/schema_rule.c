/* SPDX-License-Identifier: Apache-2.0
 * Findings of audits (N84), ordered stops (N82), work records (N56–N58) and yearly tasks (T33). */
#include "daemon/store/schema_part.h"

/* clang-format off */
const char schema_part_rule[] =
	"CREATE TABLE finding(id TEXT PRIMARY KEY, source TEXT NOT NULL, reference TEXT NOT NULL,"
	" content TEXT NOT NULL, owner TEXT NOT NULL, due TEXT NOT NULL, opened_at INTEGER NOT NULL,"
	" opened_by TEXT NOT NULL, measure TEXT, answered_at INTEGER, answered_by TEXT,"
	" closed_at INTEGER, closed_by TEXT, note TEXT) STRICT, WITHOUT ROWID;"
	"CREATE INDEX finding_due ON finding(due, id) WHERE closed_at IS NULL;"
	"CREATE TABLE stop_order(id TEXT PRIMARY KEY, card TEXT NOT NULL REFERENCES card(number),"
	" number TEXT NOT NULL, ordered_on TEXT NOT NULL, refused_on TEXT NOT NULL,"
	" criterion TEXT NOT NULL, decided_by TEXT NOT NULL, note TEXT, opened_at INTEGER NOT NULL,"
	" opened_by TEXT NOT NULL, lifted_at INTEGER, lifted_by TEXT, lifted_second TEXT)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX stop_order_open ON stop_order(card) WHERE lifted_at IS NULL;"
	"CREATE TABLE work_record(id TEXT PRIMARY KEY, kind TEXT NOT NULL, content TEXT NOT NULL,"
	" before TEXT NOT NULL, after TEXT NOT NULL, needs_second INTEGER NOT NULL,"
	" opened_at INTEGER NOT NULL, opened_by TEXT NOT NULL, done_at INTEGER, done_by TEXT,"
	" tests TEXT, result TEXT, confirmed_at INTEGER, confirmed_by TEXT, note TEXT)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX work_record_waiting ON work_record(id)"
	" WHERE needs_second = 1 AND confirmed_at IS NULL;"
	"CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE yearly_task(fiscal_year INTEGER NOT NULL, kind TEXT NOT NULL,"
	" done_on TEXT NOT NULL, reference TEXT NOT NULL, entered_at INTEGER NOT NULL,"
	" entered_by TEXT NOT NULL, note TEXT, PRIMARY KEY(fiscal_year, kind)) STRICT, WITHOUT ROWID;";
/* clang-format on */
