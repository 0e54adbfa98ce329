/* SPDX-License-Identifier: Apache-2.0
 * Case files as people work on them. Every writing is an audit record with what was written. */
#include "daemon/op/case_file.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/case_kind.h"
#include "daemon/op/notice_card.h"
#include "daemon/op/record.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_person.h"
#include "pkcs11/failpoint.h"

#define EVERYWHERE                                                                                 \
	(ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CHIEF) |           \
	 ROLE_SET(ROLE_AUDITOR) | ROLE_SET(ROLE_ROOT))

gboolean case_file_sees(const Op *op, const char *section)
{
	return op_has_role(op, EVERYWHERE) || op_manages(op, section);
}

static gboolean check_seen(const Op *op, const char *section, GError **error)
{
	return case_file_sees(op, section) ||
	       error_set(error, ERROR_DENIED, N_("%s may see only the own section"), op->actor->id);
}

static gboolean check_times(const Op *op, const CaseNote *note, GError **error)
{
	return (note->occurred_at <= op->now && note->noticed_at <= op->now) ||
	       error_set(error, ERROR_USAGE,
			 N_("what has happened cannot lie in the future; look at the time again"));
}

/* Every heading: the place in the file, what is written, and its name in the record. */
typedef struct Heading {
	char **place;
	const char *text;
	const char *name;
} Heading;

static void take_headings(CaseFile *file, const CaseNote *note, json_t *written)
{
	const Heading headings[] = {
		{ &file->content, note->content, "content" },
		{ &file->parties, note->parties, "parties" },
		{ &file->place, note->place, "place" },
		{ &file->note, note->note, "situation" },
		{ &file->cause, note->cause, "cause" },
		{ &file->response, note->response, "response" },
		{ &file->other, note->other, "other" },
		{ &file->measure, note->measure, "measure" },
		{ &file->measure_due, note->measure_due, "measureDue" },
		{ &file->police_report, note->police_report, "policeReport" },
		{ &file->police_on, note->police_on, "policeOn" },
		{ &file->via, note->via, "via" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(headings); i++) {
		const Heading *heading = &headings[i];

		if (heading->text == NULL)
			continue;
		g_free(*heading->place);
		*heading->place = *heading->text != '\0' ? g_strdup(heading->text) : NULL;
		json_object_set_new(written, heading->name, json_string(heading->text));
	}
	if (note->occurred_at != 0)
		file->occurred_at = note->occurred_at;
	if (note->noticed_at != 0)
		file->noticed_at = note->noticed_at;
}

static gboolean write_record(StoreTx *tx, const Op *op, const CaseFile *file, Record *record,
			     GError **error)
{
	g_autoptr(Card) card = NULL;

	json_object_set_new(record->extra, "case", json_string(file->id));
	if (*file->card == '\0')
		return record_event(tx, op, NULL, record, error);
	card = store_card_get(tx, file->card, error);
	if (card == NULL) {
		json_decref(record->extra);
		return FALSE;
	}
	return record_card(tx, op, card, record, error);
}

/* The section is the card's; without a card the one that is named, or the manager's own. */
static gboolean find_section(StoreTx *tx, const Op *op, const CaseNote *note, char **ret_section,
			     GError **error)
{
	g_autoptr(Section) section = NULL;
	g_autoptr(Card) card = NULL;
	g_auto(NoticeCard) whose = { 0 };

	if (note->card != NULL) {
		card = store_card_get(tx, note->card, error);
		if (card == NULL || !notice_card_read(tx, card, &whose, error))
			return FALSE;
		*ret_section = g_steal_pointer(&whose.section);
		return TRUE;
	}
	if (note->section != NULL) {
		section = store_person_section(tx, note->section, error);
		if (section == NULL)
			return FALSE;
		*ret_section = g_strdup(note->section);
	} else if (!op_has_role(op, EVERYWHERE) && op->actor->sections != NULL) {
		*ret_section = g_strdup(op->actor->sections[0]);
	}
	return TRUE;
}

static gboolean check_kind(const CaseNote *note, GError **error)
{
	g_autofree char *choices = case_kind_choices();

	return case_kind_is_by_hand(note->kind) ||
	       error_set(error, ERROR_USAGE,
			 N_("a case of the kind \"%s\" is not opened by hand; kinds are: %s. A "
			    "loss is reported with `opcardctl report-lost`"),
			 note->kind, choices);
}

gboolean case_file_open(Op *op, const CaseNote *note, char **ret_id, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	Record record = { .kind = "case-open", .article = "N62", .note = note->kind };
	g_autoptr(CaseFile) file = g_new0(CaseFile, 1);
	gint64 number;

	if (tx == NULL || !check_kind(note, error) || !check_times(op, note, error) ||
	    !find_section(tx, op, note, &file->section, error) ||
	    !check_seen(op, file->section, error))
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	if (!store_next(tx, "case", &number, error))
		return FALSE;
	file->id = g_strdup_printf("C-%d-%04" G_GINT64_FORMAT, clock_year(op->now), number);
	file->card = g_strdup(note->card != NULL ? note->card : "");
	file->kind = g_strdup(note->kind);
	file->opened_at = op->now;
	file->noticed_at = op->now;
	file->reported_by = g_strdup(op->actor->id);
	record.extra = json_object();
	take_headings(file, note, record.extra);
	FAILPOINT("case-open.before");
	if (!store_duty_case_open(tx, file, error)) {
		json_decref(record.extra);
		return FALSE;
	}
	if (!write_record(tx, op, file, &record, error) || !store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("case-open.after");
	*ret_id = g_strdup(file->id);
	return TRUE;
}

static CaseFile *load_open(StoreTx *tx, const Op *op, const char *id, const CaseNote *note,
			   GError **error)
{
	g_autoptr(CaseFile) file = tx != NULL ? store_duty_case_get(tx, id, error) : NULL;
	g_autofree char *closed_on = NULL;

	if (file == NULL || !check_seen(op, file->section, error) || !check_times(op, note, error))
		return NULL;
	closed_on = file->closed_at != 0 ? clock_date(file->closed_at) : NULL;
	if (closed_on != NULL) {
		error_set(error, ERROR_STATE,
			  N_("case %s was closed on %s; open a new one for what came later"), id,
			  closed_on);
		return NULL;
	}
	return g_steal_pointer(&file);
}

gboolean case_file_write(Op *op, const char *id, const CaseNote *note, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(CaseFile) file = load_open(tx, op, id, note, error);
	Record record = { .kind = "case-note", .article = "T24" };

	if (file == NULL)
		return FALSE;
	if (op->is_dry_run)
		return TRUE;
	record.extra = json_object();
	take_headings(file, note, record.extra);
	FAILPOINT("case-note.before");
	if (!store_duty_case_put(tx, file, error)) {
		json_decref(record.extra);
		return FALSE;
	}
	if (!write_record(tx, op, file, &record, error) || !store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("case-note.after");
	return TRUE;
}

/* Blanks of any width are no measure. */
static gboolean has_measure(const CaseFile *file)
{
	for (const char *c = file->measure; c != NULL && *c != '\0'; c = g_utf8_next_char(c))
		if (!g_unichar_isspace(g_utf8_get_char(c)))
			return TRUE;
	return FALSE;
}

static gboolean check_measure(const CaseFile *file, GError **error)
{
	return has_measure(file) ||
	       error_set(error, ERROR_RULE,
			 N_("case %s has no preventive measure (再発防止策) and cannot be closed "
			    "without one (T24): write it with `opcardctl case note %s --measure "
			    "TEXT`"),
			 file->id, file->id);
}

gboolean case_file_close(Op *op, const char *id, const CaseNote *note, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(op->house->store, STORE_NORMAL, error);
	g_autoptr(CaseFile) file = load_open(tx, op, id, note, error);
	Record record = { .kind = "case-close", .article = "T24" };
	gboolean is_good;

	if (file == NULL)
		return FALSE;
	record.extra = json_object();
	take_headings(file, note, record.extra);
	is_good = check_measure(file, error);
	if (!is_good || op->is_dry_run) {
		json_decref(record.extra);
		return is_good;
	}
	file->closed_at = op->now;
	file->closed_by = g_strdup(op->actor->id);
	FAILPOINT("case-close.before");
	if (!store_duty_case_put(tx, file, error)) {
		json_decref(record.extra);
		return FALSE;
	}
	if (!write_record(tx, op, file, &record, error) || !store_tx_commit(&tx, error))
		return FALSE;
	FAILPOINT("case-close.after");
	return TRUE;
}
