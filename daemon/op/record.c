/* SPDX-License-Identifier: Apache-2.0
 * Ledger records of operations. */
#include "daemon/op/record.h"

#include "daemon/audit/audit.h"
#include "daemon/base/error.h"
#include "daemon/core/article.h"
#include "daemon/op/dump.h"
#include "daemon/op/exception.h"
#include "daemon/op/record_mark.h"
#include "daemon/store/store_designation.h"

static void set_text(json_t *object, const char *key, const char *value)
{
	if (value != NULL)
		json_object_set_new(object, key, json_string(value));
}

/* What the record is about. */
static const char *subject_of(const AuditRecord *row, const json_t *body, const char *kind)
{
	static const char *const keys[] = { "application", "id", "scope", "post" };

	if (row->card != NULL)
		return row->card;
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *text = json_string_value(json_object_get(body, keys[i]));

		if (text != NULL)
			return text;
	}
	return row->staff != NULL ? row->staff : kind;
}

/* N81: what was done under an exception says so. N77: so does what was done by a doubtful clock. */
static void set_exceptions(const Op *op, json_t *body)
{
	json_t *used = exception_used(op);

	if (used != NULL)
		json_object_set_new(body, "exceptions", used);
	if (op->is_clock_bad)
		json_object_set_new(body, "clockTrusted", json_false());
}

static gboolean append(StoreTx *tx, const Op *op, const Record *record, AuditRecord *row,
		       json_t *body, GError **error)
{
	RecordMark mark = {
		.kind = record->kind,
		.section = json_string_value(
			json_object_get(json_object_get(body, "card"), "sectionCode")),
	};
	char *text;
	gboolean is_written;

	set_text(body, "from", record->from);
	set_text(body, "note", record->note);
	set_exceptions(op, body);
	if (record->extra != NULL) {
		json_object_update(body, record->extra);
		json_decref(record->extra);
	}
	/* Invariant 6: nothing happens that no rule stands behind. */
	if (!article_is_known(record->article))
		return error_set(error, ERROR_INTERNAL,
				 N_("the record \"%s\" names no known article (\"%s\")"),
				 record->kind, record->article != NULL ? record->article : "");
	mark.subject = subject_of(row, body, record->kind);
	if (!record_mark(tx, op, &mark, body, error))
		return FALSE;
	text = dump_json(body);
	row->kind = record->kind;
	row->article = record->article;
	row->actor = op->actor->id;
	row->second = record->second != NULL ? record->second : op->second;
	row->body = text;
	row->at = record->at != 0 ? record->at : op->now;
	row->entered_at = op->now;
	is_written = audit_append(tx, row, NULL, error);
	g_free(text);
	return is_written;
}

/* The columns of 管理簿 (様式第5号) and what the state machine knows. */
static json_t *snapshot(const Card *card, const Person *holder, const Designation *designation)
{
	json_t *object = json_object();

	set_text(object, "kind", card->kind);
	set_text(object, "state", card_state_name(card_shown(card)));
	set_text(object, "place", card->place);
	set_text(object, "chip", card->chip_serial);
	set_text(object, "authority", card->authority);
	set_text(object, "issuedOn", card->issued_on);
	set_text(object, "lentOn", card->lent_on);
	set_text(object, "checkedOn", card->checked_on);
	set_text(object, "returnedOn", card->returned_on);
	set_text(object, "remark", card->note);
	set_text(object, "replaces", card->replaces);
	if (holder != NULL) {
		set_text(object, "staff", holder->staff);
		set_text(object, "name", holder->name);
	}
	if (designation != NULL) {
		set_text(object, "section", designation->section_name);
		set_text(object, "sectionCode", designation->section);
		set_text(object, "title", designation->title);
	}
	return object;
}

gboolean record_card(StoreTx *tx, const Op *op, const Card *card, const Record *record,
		     GError **error)
{
	g_autoptr(Person) holder = NULL;
	g_autoptr(Designation) designation = NULL;
	AuditRecord row = { .card = card->number };
	json_t *body;
	gboolean is_written;

	if (card->holder != 0)
		holder = store_person_by_id(tx, card->holder, error);
	if (card->designation != NULL && (card->holder == 0 || holder != NULL))
		designation = store_designation_get(tx, card->designation, error);
	if ((card->holder != 0 && holder == NULL) ||
	    (card->designation != NULL && designation == NULL)) {
		json_decref(record->extra);
		return FALSE;
	}
	row.staff = holder != NULL ? holder->staff : NULL;
	body = json_pack("{s:o}", "card", snapshot(card, holder, designation));
	is_written = append(tx, op, record, &row, body, error);
	json_decref(body);
	return is_written;
}

gboolean record_event(StoreTx *tx, const Op *op, const char *staff, const Record *record,
		      GError **error)
{
	AuditRecord row = { .staff = staff };
	json_t *body = json_object();
	gboolean is_written = append(tx, op, record, &row, body, error);

	json_decref(body);
	return is_written;
}
