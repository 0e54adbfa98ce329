/* SPDX-License-Identifier: Apache-2.0
 * Random steps: most fit the state of the card and are asked for by somebody who may, so that
 * sequences go deep; the rest is what people try. */
#include "tests/unit/sim_step.h"

#include "daemon/base/error.h"
#include "tests/unit/sim_act.h"
#include "tests/unit/sim_check.h"

static guint successes[SIM_ACTS];

static gboolean fits(SimStep *step, const SimAct *row)
{
	g_autoptr(GError) absent = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(step->office->house.store, &absent);
	g_autoptr(Card) card = NULL;

	if (row->event == _CARD_EVENT_MAX)
		return sim_act_chance(step, 0.2);
	card = sim_office_find(step->office, step->card);
	if (card == NULL)
		return row->event == EVENT_RECEIVE;
	return lifecycle_find(card_shown(card), row->event) != NULL;
}

static const SimAct *some_row(SimStep *step)
{
	gboolean must_fit = sim_act_chance(step, 0.85);
	const SimAct *row;
	gint at, total = 0;

	for (gsize i = 0; i < SIM_ACTS; i++)
		total += (gint) sim_act_table()[i].weight;
	do {
		row = sim_act_table();
		for (at = sim_act_pick(step, total); at >= (gint) row->weight; row++)
			at -= (gint) row->weight;
	} while (must_fit && !fits(step, row));
	return row;
}

/* Mostly somebody who may. */
static Actor *some_actor(SimStep *step, const SimAct *row)
{
	const LifecycleRule *rule =
		row->event != _CARD_EVENT_MAX ? lifecycle_first(row->event) : NULL;
	RoleSet roles =
		rule != NULL ? rule->roles : ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_CUSTODIAN);
	gboolean must_fit = sim_act_chance(step, 0.85);
	Actor *actor = sim_office_actor(step->office, sim_act_staff(step));

	for (int i = 0; must_fit && (actor->roles & roles) == 0 && i < 50; i++) {
		op_actor_free(actor);
		actor = sim_office_actor(step->office, sim_act_staff(step));
	}
	return actor;
}

static void second_person(SimStep *step)
{
	const char *second = sim_act_chance(step, 0.5) ? SIM_ADMIN2 : SIM_WITNESS;

	if (!sim_act_chance(step, 0.6) || g_strcmp0(second, step->op->actor->id) == 0)
		return;
	step->op->is_confirmed = TRUE;
	step->op->second = second;
}

/* Somebody at another desk, while the card lies in the reader. */
static void act_meanwhile(gpointer data)
{
	static const CardEvent events[] = { EVENT_REPORT_LOST, EVENT_STOCK_LOST,
					    EVENT_SET_ASIDE,   EVENT_RECALL,
					    EVENT_SUSPEND,     EVENT_EMERGENCY_STOP,
					    EVENT_RETURN };
	SimStep *outer = data;
	g_autoptr(Actor) custodian = sim_office_actor(outer->office, SIM_CUSTODIAN);
	g_autoptr(Actor) admin = sim_office_actor(outer->office, SIM_ADMIN);
	g_autoptr(GError) ignored = NULL;
	g_auto(Op) op = { 0 };
	SimStep step = *outer;

	step.event = events[sim_act_pick(outer, G_N_ELEMENTS(events))];
	step.op = &op;
	op_init(&op, &outer->office->house,
		step.event == EVENT_RECALL || step.event == EVENT_EMERGENCY_STOP ? admin
										 : custodian,
		outer->office->now);
	(void) !sim_act_event(&step, &ignored);
}

static void disturb(SimStep *step)
{
	static const CardFailureKind kinds[] = { CARD_FAILURE_NO_CARD, CARD_FAILURE_CRASHED,
						 CARD_FAILURE_TIMEOUT, CARD_FAILURE_CARD_ERROR,
						 CARD_FAILURE_DAMAGED };

	sim_card_insert(step->office->reader, step->office->cards[step->card]);
	if (sim_act_chance(step, 0.05))
		sim_card_insert(step->office->reader,
				step->office->cards[sim_act_pick(step, SIM_CARDS)]);
	if (!step->office->has_trouble || sim_act_chance(step, 0.8))
		return;
	step->is_disturbed = TRUE;
	if (sim_act_chance(step, 0.5))
		sim_card_fail((guint) sim_act_pick(step, 10) + 1,
			      kinds[sim_act_pick(step, G_N_ELEMENTS(kinds))],
			      sim_act_chance(step, 0.5));
	else
		sim_card_meanwhile((guint) sim_act_pick(step, 8) + 1, act_meanwhile, step);
}

static gboolean is_refusal(const GError *error)
{
	switch (error_code(error)) {
	case ERROR_USAGE:
	case ERROR_INPUT:
	case ERROR_DENIED:
	case ERROR_NOT_FOUND:
	case ERROR_STATE:
	case ERROR_RULE:
	case ERROR_EXISTS:
	case ERROR_BUSY:
	case ERROR_LIMIT:
		return TRUE;
	case ERROR_CARD:
	case ERROR_READER:
	case ERROR_PIN:
	case ERROR_PARTLY:
	case ERROR_INTERNAL:
	case ERROR_STORE:
	case ERROR_CA:
	case ERROR_CLOCK:
	case ERROR_LARGE:
	case ERROR_PRINTER:
	case _ERROR_CODE_MAX:
		break;
	}
	return FALSE;
}

static char *judge(const SimStep *step, const GError *error)
{
	g_autofree char *before = g_steal_pointer(&step->office->dump);
	gboolean is_same;

	step->office->dump = sim_check_dump(step->office);
	is_same = g_str_equal(before, step->office->dump);

	if (step->op->is_dry_run && !step->is_disturbed && !is_same)
		return g_strdup("a dry run changed something");
	if (error == NULL)
		return NULL;
	if (!step->is_disturbed && is_refusal(error) && !is_same)
		return g_strdup("a refused step changed something");
	if (g_str_has_prefix(error->message, "JOB "))
		return g_strdup("the job fell over a card that can no longer be lost");
	if (error_code(error) == ERROR_INTERNAL || error_code(error) == ERROR_STORE ||
	    error_code(error) == ERROR_CA)
		return g_strdup("the operation itself is at fault");
	return NULL;
}

char *sim_step_run(SimOffice *office, GRand *rand, GString *trace)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Actor) actor = NULL;
	g_auto(Op) op = { 0 };
	SimStep step = { .office = office, .rand = rand, .op = &op };
	const SimAct *row;
	gboolean is_done;

	if (office->dump == NULL)
		office->dump = sim_check_dump(office);
	step.card = (guint) sim_act_pick(&step, SIM_CARDS);
	step.number = sim_office_number(step.card);
	row = some_row(&step);
	step.event = row->event;
	actor = some_actor(&step, row);
	op_init(&op, &office->house, actor, office->now);
	op.is_dry_run = !row->has_no_dry_run && sim_act_chance(&step, 0.08);
	second_person(&step);
	disturb(&step);
	g_string_append_printf(trace, "%s %s by %s%s%s", row->name, step.number, actor->id,
			       op.is_confirmed ? " confirmed" : "", op.is_dry_run ? " (dry)" : "");
	is_done = row->run(&step, &error);
	sim_card_fail(0, CARD_FAILURE_NONE, FALSE);
	sim_card_meanwhile(0, NULL, NULL);
	sim_card_insert(office->reader, NULL);
	g_string_append_printf(trace, "%s: %s\n", step.is_disturbed ? ", disturbed" : "",
			       is_done ? "done" : error->message);
	if (is_done && !op.is_dry_run)
		successes[row - sim_act_table()]++;
	if (is_done != (error == NULL))
		return g_strdup("success and error at once");
	return judge(&step, error);
}

char *sim_step_counts(void)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < SIM_ACTS; i++)
		g_string_append_printf(text, "%s%s %u", i > 0 ? ", " : "", sim_act_table()[i].name,
				       successes[i]);
	return g_string_free(text, FALSE);
}

guint sim_step_untouched(void)
{
	guint count = 0;

	for (gsize i = 0; i < SIM_ACTS; i++)
		count += successes[i] == 0;
	return count;
}
