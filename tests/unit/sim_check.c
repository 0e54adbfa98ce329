/* SPDX-License-Identifier: Apache-2.0
 * The invariants as queries of their own, beside those that the product has for its doctor. */
#include "tests/unit/sim_check.h"

#include <string.h>

#include "daemon/audit/audit.h"
#include "daemon/base/clock.h"
#include "daemon/ca/crl_read.h"
#include "daemon/core/certificate.h"
#include "daemon/op/register.h"
#include "daemon/store/sql.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_check.h"

struct SimCheck {
	SimOffice *office;
	GHashTable *states; /* hex of serial → last CertificateState + 1 */
	GHashTable *lost;   /* numbers of cards that were LOST or STOLEN once */
	gint64 checked;     /* ledger records looked at so far */
};

typedef struct Rule {
	const char *text;
	const char *sql; /* rows are offenders; ?1 is today */
} Rule;

#define OPEN_SCOPES "EXISTS(SELECT 1 FROM hold h WHERE h.scope IS NOT NULL AND h.lifted_at IS NULL)"
#define OWN_HOLD    "EXISTS(SELECT 1 FROM hold h WHERE h.card = c.number AND h.lifted_at IS NULL)"
#define STATES                                                                                     \
	"(SELECT group_concat(s.state) FROM certificate k JOIN certificate_status s"               \
	" ON s.issuer = k.issuer AND s.serial = k.serial WHERE k.card = c.number"                  \
	" AND s.state <> 'REVOKED')"

/* clang-format off */
static const Rule rules[] = {
	{ "an ACTIVE card has exactly one certificate, VALID or on HOLD",
	  "SELECT c.number FROM card c WHERE c.state = 'ACTIVE' AND ifnull(" STATES ", '') NOT IN ('VALID', 'HOLD')" },
	{ "a held card's certificate is on HOLD",
	  "SELECT c.number FROM card c WHERE c.state = 'ACTIVE' AND " OWN_HOLD " AND " STATES " <> 'HOLD'" },
	{ "a card that nothing holds has a VALID certificate",
	  "SELECT c.number FROM card c WHERE c.state = 'ACTIVE' AND NOT " OWN_HOLD " AND NOT " OPEN_SCOPES " AND " STATES " <> 'VALID'" },
	{ "a PENDING card has exactly one certificate, PENDING",
	  "SELECT c.number FROM card c WHERE c.state = 'PENDING' AND ifnull(" STATES ", '') <> 'PENDING'" },
	{ "a RECALLED card's certificate is on HOLD or revoked",
	  "SELECT c.number FROM card c WHERE c.state = 'RECALLED' AND ifnull(" STATES ", 'HOLD') <> 'HOLD'" },
	{ "every other card's certificates are revoked",
	  "SELECT c.number FROM card c WHERE c.state NOT IN ('ACTIVE', 'PENDING', 'RECALLED', 'PERSONALIZING') AND " STATES " IS NOT NULL" },
	{ "an ACTIVE card's designation is in force",
	  "SELECT c.number FROM card c JOIN designation d ON d.id = c.designation WHERE c.state = 'ACTIVE' AND d.since > ?1" },
	{ "a RECALLED card has exactly one collection duty with an owner and a day",
	  "SELECT c.number FROM card c WHERE c.state = 'RECALLED' AND (SELECT count(*) FROM duty d WHERE d.card = c.number AND d.closed_at IS NULL AND d.owner_post <> '' AND d.due <> '') <> 1" },
	{ "only RECALLED and DAMAGED cards are to be collected",
	  "SELECT d.card FROM duty d JOIN card c ON c.number = d.card WHERE d.closed_at IS NULL AND c.state NOT IN ('RECALLED', 'DAMAGED')" },
	{ "the number of cards changes only by receiving",
	  "SELECT 'cards' WHERE (SELECT count(*) FROM card) <> (SELECT count(*) FROM ledger WHERE kind = 'receive')" },
	{ "a card that is with the custodian or gone is held by nothing",
	  "SELECT c.number FROM card c WHERE c.state IN ('STOCK', 'SPARE', 'PERSONALIZING', 'RETURNED', 'ERASED', 'DISPOSED') AND " OWN_HOLD },
	{ "a spare belongs to nobody",
	  "SELECT number FROM card WHERE state IN ('STOCK', 'SPARE') AND (holder IS NOT NULL OR designation IS NOT NULL OR authority IS NOT NULL OR replaces IS NOT NULL)" },
	{ "only a card that waits or goes back is on its way",
	  "SELECT t.card FROM transit t JOIN card c ON c.number = t.card WHERE t.ended_at IS NULL AND c.state NOT IN ('PENDING', 'RECALLED', 'DAMAGED')" },
	{ "who sent a card or handed it in did not receive it",
	  "SELECT seq FROM ledger WHERE (kind = 'return' AND json_extract(body, '$.handedInBy') = actor) OR (kind = 'arrive' AND json_extract(body, '$.sentBy') = actor)" },
	{ "how long a loss or a stop took is known",
	  "SELECT id FROM refusal WHERE refused_at IS NULL OR refused_at < 1" },
	{ "a card check revokes nothing",
	  "SELECT h.card FROM hold h JOIN certificate k ON k.card = h.card JOIN certificate_status s ON s.issuer = k.issuer AND s.serial = k.serial JOIN card c ON c.number = h.card WHERE h.reason = 'UNCHECKED' AND h.lifted_at IS NULL AND c.state = 'ACTIVE' AND s.state = 'REVOKED' AND s.since = h.since" },
	{ "a live card has a holder and a designation of that holder",
	  "SELECT c.number FROM card c WHERE c.state IN ('PERSONALIZING', 'PENDING', 'ACTIVE') AND NOT EXISTS(SELECT 1 FROM designation d WHERE d.id = c.designation AND d.person = c.holder AND d.authority = c.authority)" },
	{ "a person has one card in use per authority",
	  "SELECT min(c.number) FROM card c WHERE c.state = 'ACTIVE' AND c.kind <> 'temporary' GROUP BY c.holder, c.authority HAVING count(*) > 1" },
	{ "every record has an actor, a time and an article",
	  "SELECT seq FROM ledger WHERE actor = '' OR article = '' OR at <= 0 OR entered_at <= 0 OR at > entered_at" },
	{ "who hands over or issues is not the holder",
	  "SELECT seq FROM ledger WHERE kind IN ('hand-over', 'issue-begin') AND actor = staff" },
	{ "what takes two persons was done by two",
	  "SELECT seq FROM ledger WHERE (kind IN ('erase', 'dispose', 'recall-cancel', 'emergency-resume') OR (kind = 'resume' AND json_extract(body, '$.reason') IN ('MISSING', 'ORDER'))) AND (second IS NULL OR second = actor)" },
	{ "the issue register has one row an issue or a change of section",
	  "SELECT 'rows' WHERE (SELECT count(*) FROM issue_row) <> (SELECT count(*) FROM ledger WHERE kind IN ('issue-done', 're-home'))" },
	{ "a card has one open row in the issue register, while it is out",
	  "SELECT c.number FROM card c WHERE (SELECT count(*) FROM issue_row r WHERE r.card = c.number AND r.returned_on IS NULL) <> (c.state IN ('PENDING', 'ACTIVE', 'RECALLED', 'DAMAGED'))" },
	{ "an open intent waits for a card that is to be erased",
	  "SELECT i.card FROM intent i JOIN card c ON c.number = i.card WHERE i.closed_at IS NULL AND (i.step <> 'wipe' OR c.state <> 'PERSONALIZING')" },
	{ "a half-made card has an open intent",
	  "SELECT number FROM card WHERE state = 'PERSONALIZING' AND NOT EXISTS(SELECT 1 FROM intent i WHERE i.card = number AND i.closed_at IS NULL)" },
	{ "a signed certificate that is not revoked is known with its bytes",
	  "SELECT k.card FROM certificate k JOIN certificate_status s ON s.issuer = k.issuer AND s.serial = k.serial WHERE s.state IN ('VALID', 'HOLD') AND k.der IS NULL" },
	{ "a card that was lost, stolen, damaged or written off is never used again",
	  "SELECT number FROM card WHERE state IN ('LOST', 'STOLEN', 'DAMAGED', 'UNRECOVERABLE', 'QUARANTINED') AND no_reuse = 0" },
};
/* clang-format on */

static char *run_rules(StoreTx *tx, const char *today)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Sql) query = sql_query(tx, &error, rules[i].sql, "t", today);

		g_assert_no_error(error);
		if (sql_step(query))
			return g_strdup_printf("%s: not %s", rules[i].text, sql_peek(query, 0));
		g_assert_true(sql_end(query, &error));
	}
	return NULL;
}

/* What the doctor asks must agree. Takes over @list. */
static void ask_doctor(GPtrArray *list, const char *question, char **fault)
{
	g_assert_nonnull(list);
	if (list->len > 0 && *fault == NULL)
		*fault = g_strdup_printf("the doctor's question about %s names %s", question,
					 (char *) list->pdata[0]);
	g_ptr_array_unref(list);
}

static char *run_doctor(StoreTx *tx, const char *today)
{
	g_autoptr(GError) error = NULL;
	char *fault = NULL;

	ask_doctor(store_check_certificates(tx, &error), "certificates", &fault);
	ask_doctor(store_check_designations(tx, today, &error), "designations", &fault);
	ask_doctor(store_check_duties(tx, &error), "duties", &fault);
	ask_doctor(store_check_loose(tx, &error), "loose certificates", &fault);
	return fault;
}

static char *compare_registers(StoreTx *tx, SimOffice *office)
{
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	g_autoptr(GPtrArray) list = NULL;
	gint64 count;

	op_init(&op, &office->house, op_daemon_actor(), office->now);
	list = register_differences(tx, &op, &count, &error);
	g_assert_no_error(error);
	return list->len > 0 ? g_strdup_printf("the ledger tells %s otherwise than the tables",
					       (char *) list->pdata[0])
			     : NULL;
}

static const CrlEntry *find_entry(const GArray *entries, const guint8 *serial)
{
	for (guint i = 0; i < entries->len; i++) {
		const CrlEntry *entry = &g_array_index(entries, CrlEntry, i);

		if (memcmp(entry->serial, serial, DER_SERIAL_SIZE) == 0)
			return entry;
	}
	return NULL;
}

static char *check_status(SimCheck *check, const StoreStatus *row, const GArray *entries,
			  guint *listed)
{
	g_autofree char *hex = certificate_serial_hex(row->serial);
	gboolean is_listed = row->state == CERTIFICATE_HOLD || row->state == CERTIFICATE_REVOKED;
	guint before = GPOINTER_TO_UINT(g_hash_table_lookup(check->states, hex));
	const CrlEntry *entry = find_entry(entries, row->serial);
	StatusEntry known = { 0 };
	StatusState state = status_index_lookup(check->office->house.index, (guint16) row->issuer,
						row->serial, &known);

	if (before == CERTIFICATE_REVOKED + 1 && row->state != CERTIFICATE_REVOKED)
		return g_strdup_printf("certificate %s was revoked and is so no more", hex);
	g_hash_table_insert(check->states, g_strdup(hex), GUINT_TO_POINTER(row->state + 1));
	if (state != (StatusState) (row->state + STATUS_PENDING))
		return g_strdup_printf("OCSP says %d of %s, the table %s", state, hex,
				       certificate_state_name(row->state));
	if (is_listed && (known.since != row->since || known.reason != row->reason))
		return g_strdup_printf("OCSP has another time or reason for %s", hex);
	if (is_listed != (entry != NULL))
		return g_strdup_printf("the list %s %s, the table says %s",
				       entry != NULL ? "has" : "lacks", hex,
				       certificate_state_name(row->state));
	if (entry != NULL &&
	    ((int) entry->reason != (int) row->reason || entry->revoked_at != row->since ||
	     (row->state == CERTIFICATE_REVOKED && entry->invalid_from != row->invalid_from)))
		return g_strdup_printf("the list has another time or reason for %s", hex);
	*listed += is_listed;
	return NULL;
}

/* Table, OCSP index and published file say the same. */
static char *compare_status(SimCheck *check, StoreTx *tx)
{
	House *house = &check->office->house;
	g_autofree char *path =
		g_build_filename(check->office->folder, "public", "crl", "opcard.crl", NULL);
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(CrlEntry));
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreStatusScan) scan = NULL;
	g_autoptr(GBytes) list = NULL;
	char *bytes = NULL, *fault = NULL;
	StoreStatus row;
	gsize length;
	CrlFacts facts;
	guint listed = 0;

	g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	list = g_bytes_new_take(bytes, length);
	g_assert_true(crl_read(list, house->issuer, entries, &facts, &error));
	scan = store_certificate_scan(tx, &error);
	while (fault == NULL && store_certificate_scan_next(scan, &row))
		fault = check_status(check, &row, entries, &listed);
	if (fault == NULL && listed != entries->len)
		fault = g_strdup("the list holds a serial that no table has");
	return fault;
}

/* LOST and STOLEN are for ever; what is not live holds no key; what is in use holds exactly the
 * certificate the store knows. */
static char *check_card(SimCheck *check, StoreTx *tx, const char *number, const SimCard *plastic)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Card) card = store_card_get(tx, number, &error);
	g_autoptr(GPtrArray) list = NULL;
	const guint again = 1u << CARD_STOCK | 1u << CARD_SPARE | 1u << CARD_PERSONALIZING |
			    1u << CARD_PENDING | 1u << CARD_ACTIVE | 1u << CARD_RECALLED;

	if (card == NULL)
		return NULL;
	if (g_hash_table_contains(check->lost, number) && (again & 1u << card->state) != 0)
		return g_strdup_printf("%s was lost once and is %s now", card->number,
				       card_state_name(card->state));
	if (card->state == CARD_LOST || card->state == CARD_STOLEN)
		g_hash_table_add(check->lost, g_strdup(number));
	if ((card->state == CARD_STOCK || card->state == CARD_SPARE) && sim_card_keys(plastic) > 0)
		return g_strdup_printf("%s is a spare and holds a key", card->number);
	if (card->state != CARD_ACTIVE)
		return NULL;
	list = store_certificate_of_card(tx, card->number, &error);
	for (guint i = 0; i < list->len; i++) {
		const Certificate *row = list->pdata[i];

		for (guint key = 0;
		     row->state != CERTIFICATE_REVOKED && key < sim_card_keys(plastic); key++) {
			GBytes *der = sim_card_certificate(plastic, key);

			if (der != NULL && g_bytes_equal(der, row->der))
				return NULL;
		}
	}
	return g_strdup_printf("%s is in use without its certificate on it", card->number);
}

/* Every record of a move is a row of table A. A loss reported by anybody may hold a card that is
 * waiting or recalled (row 10). */
static char *check_record(const LedgerRow *row)
{
	json_t *body = json_loads(row->body, 0, NULL);
	const char *from = json_string_value(json_object_get(body, "from"));
	CardEvent event;
	CardState state;
	char *fault = NULL;

	if (body == NULL)
		return g_strdup_printf("record %d is no JSON", (int) row->seq);
	if (row->card != NULL && from != NULL && lifecycle_event_parse(row->kind, &event) &&
	    card_state_parse(from, &state) && lifecycle_find(state, event) == NULL &&
	    !(event == EVENT_SUSPEND && (state == CARD_PENDING || state == CARD_RECALLED)))
		fault = g_strdup_printf("record %d: %s from %s is in no row of table A",
					(int) row->seq, row->kind, from);
	json_decref(body);
	return fault;
}

static char *check_ledger(SimCheck *check, StoreTx *tx)
{
	LedgerFilter filter = { .after = check->checked, .limit = 10000 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = store_ledger_list(tx, &filter, &error);
	AuditVerdict verdict;

	for (guint i = 0; i < rows->len; i++) {
		char *fault = check_record(rows->pdata[i]);

		if (fault != NULL)
			return fault;
	}
	if (check->checked % 16 == 0) {
		g_assert_true(audit_verify(tx, NULL, &verdict, &error));
		if (!verdict.is_ok)
			return g_strdup_printf("the chain is broken at %d",
					       (int) verdict.first_bad);
	}
	check->checked += rows->len;
	return NULL;
}

char *sim_check_all(SimCheck *check)
{
	SimOffice *office = check->office;
	g_autofree char *today = clock_date(office->now);
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);
	gpointer number, plastic;
	GHashTableIter iter;
	char *fault;

	g_assert_no_error(error);
	fault = run_rules(tx, today);
	g_hash_table_iter_init(&iter, office->drawer);
	while (fault == NULL && g_hash_table_iter_next(&iter, &number, &plastic))
		fault = check_card(check, tx, number, plastic);
	if (fault == NULL)
		fault = compare_status(check, tx);
	if (fault == NULL)
		fault = check_ledger(check, tx);
	if (fault == NULL)
		fault = compare_registers(tx, office);
	return fault != NULL ? fault : run_doctor(tx, today);
}

SimCheck *sim_check_new(SimOffice *office)
{
	SimCheck *check = g_new0(SimCheck, 1);

	check->office = office;
	check->lost = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	check->states = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return check;
}

void sim_check_free(SimCheck *check)
{
	g_hash_table_unref(check->lost);
	g_hash_table_unref(check->states);
	g_free(check);
}

char *sim_check_dump(SimOffice *office)
{
	static const char *const tables[] = {
		"SELECT quote(number) || quote(state) || quote(no_reuse) || quote(place) || "
		"quote(holder)"
		" || quote(designation) || quote(authority) || quote(replaces) || "
		"quote(chip_serial)"
		" || quote(lent_on) || quote(returned_on) || quote(version) FROM card",
		"SELECT quote(id) || quote(card) || quote(scope) || quote(reason) || "
		"quote(lifted_at) FROM hold",
		"SELECT quote(serial) || quote(state) || quote(reason) || quote(since) FROM "
		"certificate_status",
		"SELECT quote(serial) || quote(der) || quote(invalid_from) FROM certificate",
		"SELECT quote(card) || quote(state) || quote(changed_at) FROM pin",
		"SELECT quote(id) || quote(card) || quote(returned_on) || quote(reason) FROM "
		"issue_row",
		"SELECT quote(id) || quote(card) || quote(closed_at) FROM duty",
		"SELECT quote(id) || quote(card) || quote(kind) || quote(police_report) FROM "
		"case_file",
		/* That something was refused is written down. */
		"SELECT quote(max(seq)) || quote(hash) FROM ledger WHERE kind <> "
		"'application-refused'",
		"SELECT quote(id) || quote(state) || quote(body) FROM application",
		"SELECT quote(id) || quote(step) || quote(closed_at) FROM intent",
		"SELECT quote(id) || quote(done_at) FROM confirmation",
		"SELECT quote(id) || quote(since) || quote(until) FROM designation",
		"SELECT quote(staff) || quote(section) || quote(until) FROM person",
		/* Numbers of jobs are taken in blocks, used or not; a list may be signed anew. */
		"SELECT quote(name) || quote(value) FROM counter WHERE name NOT LIKE 'job-%'",
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_assert_no_error(error);
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autoptr(Sql) query = sql_query(tx, &error, tables[i], "");

		g_assert_no_error(error);
		while (sql_step(query))
			g_checksum_update(sum, (const guchar *) sql_peek(query, 0), -1);
	}
	return g_strdup(g_checksum_get_string(sum));
}
