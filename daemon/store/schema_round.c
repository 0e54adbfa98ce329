/* SPDX-License-Identifier: Apache-2.0
 * Card checks by round, cards on their way, places, standing approvals for temporary cards,
 * witnessed sessions, emergency stops by terminal group, and how fast cards were refused. */
#include "daemon/store/schema_part.h"

/* clang-format off */
const char schema_part_round[] =
	/* The sections whose terminals a stop by terminal group covers, as they were when it was made. */
	"CREATE TABLE hold_section(hold INTEGER NOT NULL REFERENCES hold(id), section TEXT NOT NULL,"
	" PRIMARY KEY(hold, section)) STRICT, WITHOUT ROWID;"
	/* From the notice to the refusal: a loss has a card, a stop a scope. Times in milliseconds since
	 * the request came in; NULL while it is not so far. */
	"CREATE TABLE refusal(id INTEGER PRIMARY KEY, event TEXT NOT NULL, card TEXT, scope TEXT,"
	" noticed_at INTEGER NOT NULL, asked_at INTEGER NOT NULL, refused_at INTEGER, refused_ms INTEGER,"
	" listed_ms INTEGER, cards INTEGER NOT NULL, CHECK((card IS NULL) <> (scope IS NULL))) STRICT;"
	"CREATE INDEX refusal_card ON refusal(card, id) WHERE card IS NOT NULL;"
	"CREATE INDEX refusal_open ON refusal(id) WHERE refused_at IS NULL;"
	"CREATE TABLE check_round(id TEXT PRIMARY KEY, section TEXT NOT NULL, section_name TEXT NOT NULL,"
	" due TEXT NOT NULL, opened_at INTEGER NOT NULL, opened_by TEXT NOT NULL, told_on TEXT,"
	" closed_at INTEGER, closed_by TEXT) STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX check_round_open ON check_round(section) WHERE closed_at IS NULL;"
	"CREATE TABLE check_round_card(round TEXT NOT NULL REFERENCES check_round(id), card TEXT NOT NULL,"
	" seen_at INTEGER, seen_by TEXT, proof TEXT, held_at INTEGER, PRIMARY KEY(round, card))"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX check_round_card_unseen ON check_round_card(card) WHERE seen_at IS NULL;"
	/* One row a journey: out to the section or back to the custodian. */
	"CREATE TABLE transit(id INTEGER PRIMARY KEY, card TEXT NOT NULL REFERENCES card(number),"
	" leg TEXT NOT NULL, goal TEXT NOT NULL, seal TEXT NOT NULL, due TEXT NOT NULL,"
	" sent_at INTEGER NOT NULL, sent_by TEXT NOT NULL, ended_at INTEGER, ended_by TEXT, outcome TEXT) STRICT;"
	"CREATE UNIQUE INDEX transit_open ON transit(card) WHERE ended_at IS NULL;"
	"CREATE INDEX transit_due ON transit(due, id) WHERE ended_at IS NULL;"
	"CREATE INDEX transit_card ON transit(card, id);"
	"CREATE INDEX card_place ON card(place, state);"
	"CREATE INDEX card_temporary ON card(lent_on, number) WHERE kind = 'temporary' AND state = 'ACTIVE';"
	"CREATE TABLE standing_approval(id TEXT PRIMARY KEY, section TEXT NOT NULL, until TEXT NOT NULL,"
	" paper TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, ended_at INTEGER, ended_by TEXT)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX standing_approval_open ON standing_approval(section, until) WHERE ended_at IS NULL;"
	"CREATE TABLE witness_session(id TEXT PRIMARY KEY, witness TEXT NOT NULL, opened_at INTEGER NOT NULL,"
	" opened_by TEXT NOT NULL, closed_at INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE INDEX witness_session_open ON witness_session(id) WHERE closed_at IS NULL;"
	"CREATE TABLE witness_session_card(session TEXT NOT NULL REFERENCES witness_session(id),"
	" card TEXT NOT NULL, erased_at INTEGER, disposed_at INTEGER, PRIMARY KEY(session, card))"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX designation_application ON designation(application, section, id);";
/* clang-format on */
