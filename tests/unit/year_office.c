/* SPDX-License-Identifier: Apache-2.0
 * People, cards and the desk of the simulated year. */
#include "tests/unit/year_office.h"

#include "daemon/base/clock.h"
#include "daemon/op/designate.h"
#include "daemon/op/erase.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/issue.h"
#include "daemon/op/pin_change.h"
#include "daemon/op/pin_overdue.h"
#include "daemon/op/prepare.h"
#include "daemon/op/publish.h"
#include "daemon/op/receive.h"
#include "daemon/op/reissue.h"
#include "daemon/op/standing.h"
#include "daemon/op/term.h"
#include "daemon/op/transit.h"
#include "daemon/op/witness.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_hold.h"

#define DAY 86400

static const char *const sections[] = { "0301", "0402" };

typedef struct Desk {
	Actor *actor;
	Op op;
	GError *error;
} Desk;

static void desk_clear(Desk *desk)
{
	op_clear(&desk->op);
	op_actor_free(desk->actor);
	g_clear_error(&desk->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static Desk open_desk(YearOffice *office, const char *staff)
{
	Desk desk = { .actor = sim_office_actor(office->sim, staff) };

	op_init(&desk.op, &office->sim->house, desk.actor, office->sim->now);
	office->acts++;
	return desk;
}

static void free_person(gpointer data)
{
	YearPerson *person = data;

	g_free(person->staff);
	g_free(person->card);
	g_free(person->temporary);
	g_free(person);
}

YearOffice *year_office_new(guint people)
{
	YearOffice *office = g_new0(YearOffice, 1);
	g_autofree char *today = NULL;

	office->sim = sim_office_new("[policy]\nreuse = 1\n");
	office->people = g_ptr_array_new_with_free_func(free_person);
	office->plastic = g_ptr_array_new_with_free_func((GDestroyNotify) sim_card_free);
	office->spares = g_queue_new();
	office->visitors = g_queue_new();
	office->returned = g_queue_new();
	today = clock_date(office->sim->now);
	year_office_hire(office, people);
	year_office_report(office, today);
	return office;
}

void year_office_free(YearOffice *office)
{
	sim_card_insert(office->sim->reader, NULL);
	g_queue_free_full(office->spares, g_free);
	g_queue_free_full(office->visitors, g_free);
	g_queue_free_full(office->returned, g_free);
	g_ptr_array_unref(office->people);
	sim_office_free(office->sim);
	g_ptr_array_unref(office->plastic);
	g_free(office);
}

void year_office_hire(YearOffice *office, guint count)
{
	for (guint i = 0; i < count; i++) {
		YearPerson *person = g_new0(YearPerson, 1);

		person->staff = g_strdup_printf("%06u", 100001 + office->people->len);
		person->section = sections[office->people->len % 2];
		g_ptr_array_add(office->people, person);
	}
}

static void import_people(YearOffice *office)
{
	g_auto(Desk) desk = open_desk(office, SIM_ADMIN);
	g_autofree ImportStaffRow *rows = g_new0(ImportStaffRow, office->people->len);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < office->people->len; i++) {
		const YearPerson *person = office->people->pdata[i];

		g_ptr_array_add(names, g_strdup_printf("操作　%s", person->staff));
		rows[i] = (ImportStaffRow){
			.line = (gint64) i + 2,
			.staff = person->staff,
			.name = names->pdata[i],
			.section = (char *) (person->section != NULL ? person->section : "0101"),
			.title = (char *) "主事"
		};
	}
	YEAR_MUST(sim_office_import(&desk.op, rows, office->people->len, &desk.error), desk.error);
}

static void report_section(YearOffice *office, const char *section, const char *from)
{
	g_auto(Desk) desk = open_desk(office, SIM_ADMIN2);
	g_autofree DesignateRow *rows = g_new0(DesignateRow, office->people->len);
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autofree char *paper =
		g_strdup_printf("%s発第%" G_GINT64_FORMAT "号", section, office->sim->now / 60);
	g_auto(ImportResult) result = { 0 };
	DesignateRequest request = {
		(char *) "report.csv", (char *) section, (char *) from, paper, list, NULL
	};

	for (guint i = 0; i < office->people->len; i++) {
		const YearPerson *person = office->people->pdata[i];

		if (g_strcmp0(person->section, section) != 0)
			continue;
		rows[i] = (DesignateRow){ .line = (gint64) i + 2,
					  .staff = person->staff,
					  .authority = (char *) SIM_AUTHORITY };
		g_ptr_array_add(list, &rows[i]);
	}
	YEAR_MUST(designate(&desk.op, &request, &result, &desk.error), desk.error);
}

void year_office_report(YearOffice *office, const char *from)
{
	import_people(office);
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
		report_section(office, sections[i], from);
}

void year_office_lay(YearOffice *office, const char *number)
{
	sim_card_insert(office->sim->reader, g_hash_table_lookup(office->sim->drawer, number));
}

static char *receive(YearOffice *office, gboolean is_temporary)
{
	g_autofree char *serial = g_strdup_printf("%016x", 0x5EA50000 + ++office->received);
	g_autofree char *number =
		g_strdup_printf("%s%05u", is_temporary ? "T" : "Y", office->received);
	SimCard *card = sim_card_new(serial);
	const char *list[] = { number, NULL };
	ReceiveRequest take = { .cards = (char **) list,
				.kind = is_temporary ? "temporary" : "operator",
				.place = "保管庫" };
	PrepareRequest prepare = { .card = number, .reader = "reader1" };
	g_auto(Desk) desk = open_desk(office, SIM_CUSTODIAN);

	g_ptr_array_add(office->plastic, card);
	g_hash_table_insert(office->sim->drawer, g_strdup(number), card);
	year_office_lay(office, number);
	YEAR_MUST(receive_cards(&desk.op, &take, &desk.error) &&
			  prepare_card(&desk.op, &prepare, &desk.error),
		  desk.error);
	return g_steal_pointer(&number);
}

char *year_office_spare(YearOffice *office, gboolean is_temporary)
{
	char *number = g_queue_pop_head(is_temporary ? office->visitors : office->spares);

	return number != NULL ? number : receive(office, is_temporary);
}

void year_office_issue(YearOffice *office, YearPerson *person)
{
	g_autofree char *number = year_office_spare(office, FALSE);
	IssueRequest request = { .card = number,
				 .staff = person->staff,
				 .authority = SIM_AUTHORITY,
				 .reader = "reader1" };
	g_auto(Desk) desk = open_desk(office, SIM_CUSTODIAN);

	year_office_lay(office, number);
	YEAR_MUST(issue_card(&desk.op, &request, &desk.error), desk.error);
	g_free(person->card);
	person->card = g_steal_pointer(&number);
}

static const char *manager_of(const YearPerson *person)
{
	return g_strcmp0(person->section, "0402") == 0 ? SIM_MANAGER2 : SIM_MANAGER;
}

void year_office_send(YearOffice *office, const YearPerson *person)
{
	TransitRequest request = { .card = person->card, .goal = person->section, .seal = "7" };
	g_auto(Desk) custodian = open_desk(office, SIM_CUSTODIAN);
	g_auto(Desk) manager = open_desk(office, manager_of(person));

	YEAR_MUST(transit_send(&custodian.op, &request, &custodian.error), custodian.error);
	YEAR_MUST(transit_arrive(&manager.op, &request, &manager.error), manager.error);
}

void year_office_hand_over(YearOffice *office, YearPerson *person)
{
	g_autoptr(Secret) pin = secret_new(YEAR_PIN, 8);
	HandOverRequest request = { .card = person->card, .pin = pin, .reader = "reader1" };
	g_auto(Desk) desk = open_desk(office, SIM_CUSTODIAN);

	year_office_lay(office, person->card);
	person->is_pin_new = FALSE;
	YEAR_MUST(hand_over_card(&desk.op, &request, &desk.error), desk.error);
}

void year_office_replace(YearOffice *office, YearPerson *person)
{
	g_autofree char *number = year_office_spare(office, FALSE);
	g_autofree char *paper = g_strdup_printf("市発第%uの7号", office->acts);
	g_autofree char *made = NULL;
	ReissueRequest request = {
		.card = person->card, .new_card = number, .reason = "紛失・損傷", .paper = paper
	};
	g_auto(Desk) desk = open_desk(office, SIM_CUSTODIAN);

	year_office_lay(office, number);
	YEAR_MUST(reissue_card(&desk.op, &request, &made, &desk.error), desk.error);
	g_free(person->card);
	person->card = g_steal_pointer(&number);
	year_office_hand_over(office, person);
}

void year_office_move(YearOffice *office, const char *staff, MoveRequest *request)
{
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;
	g_auto(Desk) desk = open_desk(office, staff);

	YEAR_MUST(move_card(&desk.op, request, &outcome, &confirmation, &desk.error), desk.error);
}

gboolean year_office_is(YearOffice *office, const char *number, CardState state)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->sim->house.store, &error);
	g_autoptr(Card) card = store_card_get(tx, number, &error);

	g_assert_no_error(error);
	return card_shown(card) == state;
}

void year_office_change_pin(YearOffice *office, YearPerson *person)
{
	g_autoptr(Secret) old = secret_new(person->is_pin_new ? YEAR_NEW_PIN : YEAR_PIN, 8);
	g_autoptr(Secret) fresh = secret_new(person->is_pin_new ? YEAR_PIN : YEAR_NEW_PIN, 8);
	PinChangeRequest request = { .card = person->card, .old_pin = old, .new_pin = fresh };
	g_auto(Desk) desk = open_desk(office, person->staff);
	int tries_left;

	year_office_lay(office, person->card);
	YEAR_MUST(pin_change(&desk.op, &request, &tries_left, &desk.error), desk.error);
	person->is_pin_new = !person->is_pin_new;
}

void year_office_return(YearOffice *office, const char *number, const char *handed_in_by)
{
	MoveRequest request = { .card = number,
				.event = EVENT_RETURN,
				.handed_in_by = handed_in_by };

	year_office_move(office, SIM_CUSTODIAN, &request);
	g_queue_push_tail(office->returned, g_strdup(number));
}

static void finish(YearOffice *office, char *number, const char *session, gboolean is_destroyed)
{
	MoveRequest request = { .card = number,
				.event = is_destroyed ? EVENT_DISPOSE : EVENT_REUSE,
				.session = is_destroyed ? session : NULL,
				.evidence = "破砕" };
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->sim->house.store, &error);
	g_autoptr(Card) card = store_card_get(tx, number, &error);

	g_clear_pointer(&tx, store_tx_abort);
	if (card->no_reuse && !is_destroyed) {
		request.event = EVENT_DISPOSE;
		request.session = session;
		is_destroyed = TRUE;
	}
	year_office_move(office, is_destroyed ? SIM_CUSTODIAN : SIM_ADMIN, &request);
	if (is_destroyed)
		g_free(number);
	else
		g_queue_push_tail(number[0] == 'T' ? office->visitors : office->spares, number);
}

void year_office_shred(YearOffice *office, gboolean is_all_destroyed)
{
	g_autoptr(GPtrArray) cards = g_ptr_array_new();
	g_autofree char *id = NULL;
	char *number;

	for (GList *at = office->returned->head; at != NULL; at = at->next)
		g_ptr_array_add(cards, at->data);
	if (cards->len == 0)
		return;
	g_ptr_array_add(cards, NULL);
	{
		WitnessRequest request = { (char **) cards->pdata, SIM_WITNESS };
		g_auto(Desk) desk = open_desk(office, SIM_CUSTODIAN);

		YEAR_MUST(witness_open(&desk.op, &request, &id, &desk.error), desk.error);
	}
	while ((number = g_queue_pop_head(office->returned)) != NULL) {
		EraseRequest erase = { .card = number, .session = id };
		g_auto(Desk) desk = open_desk(office, SIM_CUSTODIAN);

		year_office_lay(office, number);
		YEAR_MUST(erase_card(&desk.op, &erase, &desk.error), desk.error);
		finish(office, number, id, is_all_destroyed || office->acts % 2 == 0);
	}
	g_auto(Desk) desk = open_desk(office, SIM_CUSTODIAN);

	YEAR_MUST(witness_close(&desk.op, id, &desk.error), desk.error);
}

static void lose_missing(YearOffice *office)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->sim->house.store, &error);
	g_autoptr(GPtrArray) cards =
		store_hold_since(tx, HOLD_MISSING, office->sim->now - DAY, 20, &error);

	g_assert_no_error(error);
	g_clear_pointer(&tx, store_tx_abort);
	for (guint i = 0; i < cards->len; i++) {
		g_autofree char *ignored = NULL;
		g_auto(Op) op = { 0 };
		MoveOutcome outcome;
		MoveRequest request = { .card = cards->pdata[i], .event = EVENT_REPORT_LOST };

		op_init(&op, &office->sim->house, op_daemon_actor(), office->sim->now);
		YEAR_MUST(move_card(&op, &request, &outcome, &ignored, &error), error);
	}
}

void year_office_jobs(YearOffice *office)
{
	House *house = &office->sim->house;
	gint64 now = office->sim->now;
	g_autoptr(GError) error = NULL;
	g_auto(Op) op = { 0 };
	guint count;

	lose_missing(office);
	op_init(&op, house, op_daemon_actor(), now);
	YEAR_MUST(designate_recall_due(&op, &count, &error) &&
			  term_recall_due(house, now, &count, &error) &&
			  standing_recall_due(house, now, &count, &error) &&
			  pin_overdue_hold(house, now, &count, &error) &&
			  publish_now(house, now, &error),
		  error);
}
