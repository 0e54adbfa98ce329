/* SPDX-License-Identifier: Apache-2.0
 * Exceptions from the rules (N05, N81), and the highest time that was ever believed. */
#include "daemon/store/schema_part.h"

/* clang-format off */
const char schema_part_exception[] =
	"CREATE TABLE exception(id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,"
	" content TEXT NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL, until TEXT NOT NULL,"
	" review_due TEXT NOT NULL, opened_at INTEGER NOT NULL, opened_by TEXT NOT NULL,"
	" approved_at INTEGER, approved_by TEXT, reviewed_at INTEGER, reviewed_by TEXT,"
	" ended_at INTEGER, ended_by TEXT, note TEXT) STRICT, WITHOUT ROWID;"
	"CREATE INDEX exception_open ON exception(kind, subject, until) WHERE ended_at IS NULL;"
	"CREATE INDEX exception_source ON exception(source, id) WHERE ended_at IS NULL;"
	"CREATE TABLE clock_mark(id INTEGER PRIMARY KEY CHECK(id = 1), high INTEGER NOT NULL,"
	" alarm_at INTEGER) STRICT;";
/* clang-format on */
