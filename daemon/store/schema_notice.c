/* SPDX-License-Identifier: Apache-2.0
 * Notices and their deliveries; which reminders were given. */
#include "daemon/store/schema_part.h"

/* clang-format off */
const char schema_part_notice[] =
	"CREATE TABLE outbox(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, recipient TEXT NOT NULL, about TEXT,"
	" body TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
	"CREATE INDEX outbox_about ON outbox(about, id) WHERE about IS NOT NULL;"
	/* One row for each channel a notice goes out on; @reached: addresses that have it, NULL = none. */
	"CREATE TABLE delivery(notice INTEGER NOT NULL REFERENCES outbox(id), channel TEXT NOT NULL,"
	" due INTEGER NOT NULL, tries INTEGER NOT NULL, reached TEXT, problem TEXT, ended_at INTEGER,"
	" outcome TEXT, PRIMARY KEY(notice, channel)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX delivery_due ON delivery(due, notice) WHERE ended_at IS NULL;"
	"CREATE INDEX delivery_failed ON delivery(ended_at) WHERE outcome = 'FAILED';"
	"CREATE TABLE reminder(subject TEXT NOT NULL, stage TEXT NOT NULL, at INTEGER NOT NULL,"
	" PRIMARY KEY(subject, stage)) STRICT, WITHOUT ROWID;";
/* clang-format on */
