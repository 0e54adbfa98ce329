/* SPDX-License-Identifier: Apache-2.0
 * The tables. Enumerations are stored by name, dates as ISO text, moments as seconds since the
 * epoch. A migration that has been released is never edited: add a new one below it. */
#include "daemon/store/schema.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"
#include "pkcs11/failpoint.h"

/* clang-format off */
static const char first[] =
	"CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE person(id INTEGER PRIMARY KEY, staff TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
	" kana TEXT, section TEXT, subsection TEXT, title TEXT, employment TEXT, until TEXT) STRICT;"
	"CREATE INDEX person_section ON person(section, staff);"
	"CREATE INDEX person_until ON person(until) WHERE until IS NOT NULL;"
	"CREATE TABLE name_part(part TEXT NOT NULL, person INTEGER NOT NULL, PRIMARY KEY(part, person))"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE section(code TEXT PRIMARY KEY, name TEXT NOT NULL, display_order INTEGER NOT NULL,"
	" manager_post TEXT, has_terminal INTEGER NOT NULL, duties TEXT) STRICT, WITHOUT ROWID;"
	"CREATE INDEX section_post ON section(manager_post);"
	"CREATE TABLE designation(id TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES person(id),"
	" section TEXT NOT NULL, section_name TEXT NOT NULL, title TEXT, authority TEXT NOT NULL, duties TEXT,"
	" since TEXT NOT NULL, until TEXT, application TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX designation_person ON designation(person, authority);"
	"CREATE INDEX designation_section ON designation(section, person);"
	"CREATE TABLE card(number TEXT PRIMARY KEY, chip_serial TEXT UNIQUE, kind TEXT NOT NULL,"
	" family TEXT NOT NULL, so_key_id TEXT, state TEXT NOT NULL, no_reuse INTEGER NOT NULL,"
	" place TEXT NOT NULL, holder INTEGER REFERENCES person(id), designation TEXT REFERENCES designation(id),"
	" authority TEXT, replaces TEXT, issued_on TEXT, lent_on TEXT, checked_on TEXT, returned_on TEXT,"
	" note TEXT, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX card_state ON card(state, number);"
	"CREATE INDEX card_holder ON card(holder, number);"
	"CREATE TABLE card_count(state TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER card_count_insert AFTER INSERT ON card BEGIN"
	" INSERT INTO card_count VALUES(new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;"
	"CREATE TRIGGER card_count_update AFTER UPDATE OF state ON card WHEN old.state <> new.state BEGIN"
	" UPDATE card_count SET n = n - 1 WHERE state = old.state;"
	" INSERT INTO card_count VALUES(new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;"
	/* SUSPENDED counts those of the ACTIVE ones that have an open hold of their own. */
	"CREATE TRIGGER card_count_held AFTER UPDATE OF state ON card"
	" WHEN (old.state = 'ACTIVE') <> (new.state = 'ACTIVE')"
	" AND EXISTS(SELECT 1 FROM hold WHERE card = new.number AND lifted_at IS NULL) BEGIN"
	" INSERT INTO card_count VALUES('SUSPENDED', iif(new.state = 'ACTIVE', 1, -1))"
	" ON CONFLICT DO UPDATE SET n = n + excluded.n; END;"
	"CREATE TRIGGER card_keep BEFORE DELETE ON card BEGIN"
	" SELECT raise(ABORT, 'a card is never deleted'); END;"
	"CREATE TABLE hold(id INTEGER PRIMARY KEY, card TEXT REFERENCES card(number), scope TEXT,"
	" reason TEXT NOT NULL, since INTEGER NOT NULL, by TEXT NOT NULL, article TEXT NOT NULL, note TEXT,"
	" lifted_at INTEGER, lifted_by TEXT, CHECK((card IS NULL) <> (scope IS NULL))) STRICT;"
	"CREATE INDEX hold_card ON hold(card) WHERE lifted_at IS NULL;"
	"CREATE INDEX hold_open ON hold(reason, since) WHERE lifted_at IS NULL;"
	"CREATE UNIQUE INDEX hold_once ON hold(card, reason) WHERE lifted_at IS NULL AND card IS NOT NULL;"
	"CREATE TRIGGER hold_count_insert AFTER INSERT ON hold"
	" WHEN (SELECT state FROM card WHERE number = new.card) = 'ACTIVE'"
	" AND (SELECT count(*) FROM hold WHERE card = new.card AND lifted_at IS NULL) = 1 BEGIN"
	" INSERT INTO card_count VALUES('SUSPENDED', 1) ON CONFLICT DO UPDATE SET n = n + 1; END;"
	"CREATE TRIGGER hold_count_lift AFTER UPDATE OF lifted_at ON hold"
	" WHEN (SELECT state FROM card WHERE number = new.card) = 'ACTIVE'"
	" AND NOT EXISTS(SELECT 1 FROM hold WHERE card = new.card AND lifted_at IS NULL) BEGIN"
	" UPDATE card_count SET n = n - 1 WHERE state = 'SUSPENDED'; END;"
	"CREATE TABLE issuer(id INTEGER PRIMARY KEY, certificate BLOB NOT NULL, key_uri TEXT NOT NULL,"
	" since INTEGER NOT NULL, until INTEGER NOT NULL, crl_number INTEGER NOT NULL,"
	" crl_this_update INTEGER NOT NULL, crl_next_update INTEGER NOT NULL) STRICT;"
	"CREATE TABLE certificate_status(issuer INTEGER NOT NULL, serial BLOB NOT NULL, state TEXT NOT NULL,"
	" reason TEXT, since INTEGER NOT NULL, not_after INTEGER NOT NULL, PRIMARY KEY(issuer, serial))"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX certificate_status_end ON certificate_status(not_after)"
	" WHERE state IN ('PENDING', 'VALID', 'HOLD');"
	"CREATE TABLE certificate(issuer INTEGER NOT NULL, serial BLOB NOT NULL, card TEXT NOT NULL,"
	" intent TEXT, not_before INTEGER NOT NULL, tbs BLOB NOT NULL, der BLOB, spki BLOB NOT NULL,"
	" invalid_from INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(issuer, serial)) STRICT;"
	"CREATE INDEX certificate_card ON certificate(card);"
	"CREATE INDEX certificate_loss ON certificate(issuer, serial, invalid_from)"
	" WHERE invalid_from <> 0;"
	"CREATE TABLE pin(card TEXT PRIMARY KEY REFERENCES card(number), state TEXT NOT NULL,"
	" changed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX pin_changed ON pin(changed_at, card) WHERE state IN ('SET', 'LOCKED', 'UNKNOWN');"
	"CREATE TABLE pin_history(card TEXT NOT NULL REFERENCES card(number), n INTEGER NOT NULL,"
	" salt BLOB NOT NULL, digest BLOB NOT NULL, PRIMARY KEY(card, n)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE pin_reset(id INTEGER PRIMARY KEY, card TEXT NOT NULL REFERENCES card(number),"
	" holder INTEGER NOT NULL REFERENCES person(id), paper TEXT, by TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL, ended_at INTEGER,"
	" outcome TEXT, confirmation TEXT, approved_at INTEGER, approved_by TEXT) STRICT;"
	"CREATE INDEX pin_reset_card ON pin_reset(card, id);"
	"CREATE UNIQUE INDEX pin_reset_paper ON pin_reset(paper) WHERE paper IS NOT NULL;"
	"CREATE INDEX pin_reset_urgent ON pin_reset(confirmation) WHERE confirmation IS NOT NULL"
	" AND approved_at IS NULL;"
	"CREATE TABLE holiday(day TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE issue_row(id INTEGER PRIMARY KEY, card TEXT NOT NULL, staff TEXT NOT NULL,"
	" issued_on TEXT NOT NULL, section_code TEXT NOT NULL, section TEXT NOT NULL, title TEXT, name TEXT NOT NULL,"
	" authority TEXT NOT NULL, returned_on TEXT, reason TEXT) STRICT;"
	"CREATE INDEX issue_row_card ON issue_row(card, id);"
	"CREATE INDEX issue_row_day ON issue_row(issued_on, id);"
	"CREATE TABLE duty(id TEXT PRIMARY KEY, card TEXT NOT NULL, kind TEXT NOT NULL, owner_post TEXT NOT NULL,"
	" reason TEXT NOT NULL, due TEXT NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX duty_once ON duty(card, kind) WHERE closed_at IS NULL;"
	"CREATE INDEX duty_due ON duty(due, id) WHERE closed_at IS NULL;"
	"CREATE TABLE case_file(id TEXT PRIMARY KEY, card TEXT NOT NULL, kind TEXT NOT NULL,"
	" opened_at INTEGER NOT NULL, closed_at INTEGER, occurred_at INTEGER, noticed_at INTEGER,"
	" refused_at INTEGER, reported_by TEXT, via TEXT, police_report TEXT, measure TEXT, note TEXT)"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX case_card ON case_file(card);"
	"CREATE TABLE ledger(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, entered_at INTEGER NOT NULL,"
	" kind TEXT NOT NULL, article TEXT NOT NULL, actor TEXT NOT NULL, second TEXT, card TEXT, staff TEXT,"
	" body TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX ledger_card ON ledger(card, seq) WHERE card IS NOT NULL;"
	"CREATE INDEX ledger_staff ON ledger(staff, seq) WHERE staff IS NOT NULL;"
	"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN"
	" SELECT raise(ABORT, 'the ledger is only appended to'); END;"
	"CREATE TABLE intent(id TEXT PRIMARY KEY, kind TEXT NOT NULL, card TEXT NOT NULL, step TEXT NOT NULL,"
	" body TEXT NOT NULL, opened_at INTEGER NOT NULL, closed_at INTEGER, outcome TEXT) STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX intent_open ON intent(card) WHERE closed_at IS NULL;"
	"CREATE TABLE idempotency(principal TEXT NOT NULL, key TEXT NOT NULL, fingerprint BLOB NOT NULL,"
	" status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(principal, key))"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX idempotency_at ON idempotency(at);"
	"CREATE TABLE confirmation(id TEXT PRIMARY KEY, event TEXT NOT NULL, card TEXT, body TEXT NOT NULL,"
	" by TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL, done_at INTEGER) STRICT, WITHOUT ROWID;"
	"CREATE INDEX confirmation_open ON confirmation(expires) WHERE done_at IS NULL;";
/* clang-format on */

static const char *const migrations[] = { first };

static gboolean read_version(sqlite3 *db, int *ret_version, GError **error)
{
	sqlite3_stmt *statement = NULL;
	gboolean is_read =
		sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW;

	if (is_read)
		*ret_version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return is_read || sql_fail(db, error);
}

static gboolean save_copy(sqlite3 *db, const char *backup, GError **error)
{
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", backup);
	gboolean is_saved = sql_script(db, sql, error);

	sqlite3_free(sql);
	return is_saved;
}

gboolean schema_migrate(sqlite3 *db, const char *backup, GError **error)
{
	int version = 0, newest = (int) G_N_ELEMENTS(migrations);

	if (!read_version(db, &version, error))
		return FALSE;
	if (version > newest)
		return error_set(error, ERROR_STORE,
				 N_("the database has schema %d, this program knows up to %d; "
				    "install the newer version of opcard again"),
				 version, newest);
	if (version > 0 && version < newest && !save_copy(db, backup, error))
		return FALSE;
	for (int i = version; i < newest; i++) {
		g_autofree char *stamp = g_strdup_printf("PRAGMA user_version = %d; COMMIT", i + 1);

		FAILPOINT("schema.migrate.before");
		if (!sql_script(db, "BEGIN IMMEDIATE", error) ||
		    !sql_script(db, migrations[i], error) || !sql_script(db, stamp, error)) {
			sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
			return FALSE;
		}
		FAILPOINT("schema.migrate.after");
	}
	return TRUE;
}
