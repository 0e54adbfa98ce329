/* SPDX-License-Identifier: Apache-2.0
 * The acts: real operations with parameters that mostly make sense. */
#include "tests/unit/sim_act.h"

#include "daemon/base/clock.h"
#include "daemon/core/recall.h"
#include "daemon/op/designate.h"
#include "daemon/op/erase.h"
#include "daemon/op/hand_over.h"
#include "daemon/op/issue.h"
#include "daemon/op/lend_temporary.h"
#include "daemon/op/pin_change.h"
#include "daemon/op/prepare.h"
#include "daemon/op/publish.h"
#include "daemon/op/re_home.h"
#include "daemon/op/receive.h"
#include "daemon/op/reissue.h"
#include "daemon/op/remind.h"
#include "daemon/op/renew.h"
#include "daemon/op/repair.h"
#include "daemon/op/suspend.h"
#include "daemon/op/transit.h"
#include "daemon/store/store_hold.h"

#define DAY 86400

static const char *const sections[] = { "0101", "0301", "0402" };

gint sim_act_pick(SimStep *step, gint count)
{
	return g_rand_int_range(step->rand, 0, count);
}

gboolean sim_act_chance(SimStep *step, double part)
{
	return g_rand_double(step->rand) < part;
}

const char *sim_act_staff(SimStep *step)
{
	static const char *const staff[] = { SIM_CUSTODIAN, SIM_ADMIN,    SIM_ADMIN2,  SIM_CHIEF,
					     SIM_MANAGER,   SIM_MANAGER2, SIM_WITNESS, SIM_AUDITOR,
					     "012345",      "022001",     NULL };

	return staff[sim_act_pick(step, G_N_ELEMENTS(staff))];
}

static Secret *pin_of(SimStep *step)
{
	static const char *const pins[] = { "Kq7#mZ2p", "Lw8$nY3q" };

	return secret_new(pins[sim_act_chance(step, 0.2)], 8);
}

static gboolean do_receive(SimStep *step, GError **error)
{
	const char *list[] = { step->number, NULL };
	ReceiveRequest request = { .cards = (char **) list,
				   .kind = step->card == SIM_CARDS - 1 ? "temporary" : "operator",
				   .place = "保管庫" };

	return receive_cards(step->op, &request, error);
}

static gboolean do_prepare(SimStep *step, GError **error)
{
	PrepareRequest request = { .card = step->number, .reader = "reader1" };

	return prepare_card(step->op, &request, error);
}

static gboolean do_issue(SimStep *step, GError **error)
{
	IssueRequest request = { .card = step->number,
				 .staff = sim_office_holder((guint) sim_act_pick(
					 step, sim_act_chance(step, 0.9) ? 4 : 5)),
				 .authority =
					 sim_act_chance(step, 0.95) ? SIM_AUTHORITY : "管理者" };

	return issue_card(step->op, &request, error);
}

static gboolean do_reissue(SimStep *step, GError **error)
{
	g_autofree char *made = NULL;
	ReissueRequest request = { .card = sim_office_number((guint) sim_act_pick(step, SIM_CARDS)),
				   .new_card = step->number };

	return reissue_card(step->op, &request, &made, error);
}

static gboolean do_hand_over(SimStep *step, GError **error)
{
	g_autoptr(Secret) pin = pin_of(step);
	HandOverRequest request = { .card = step->number, .pin = pin };

	return hand_over_card(step->op, &request, error);
}

static gboolean do_renew(SimStep *step, GError **error)
{
	g_autoptr(Secret) pin = pin_of(step);
	RenewRequest request = { .card = step->number, .pin = pin };
	int tries_left;

	return renew_card(step->op, &request, &tries_left, error);
}

static gboolean do_lend(SimStep *step, GError **error)
{
	g_autoptr(Secret) pin = pin_of(step);
	LendRequest request = { .card = step->number,
				.staff = sim_office_holder((guint) sim_act_pick(step, 5)),
				.pin = pin };

	return lend_temporary(step->op, &request, error);
}

static gboolean do_pin_change(SimStep *step, GError **error)
{
	g_autoptr(Secret) old = secret_new(sim_act_chance(step, 0.8) ? "Kq7#mZ2p" : "Lw8$nY3q", 8);
	g_autoptr(Secret) fresh =
		secret_new(sim_act_chance(step, 0.8) ? "Lw8$nY3q" : "Kq7#mZ2p", 8);
	PinChangeRequest request = { .card = step->number, .old_pin = old, .new_pin = fresh };
	int tries_left;

	return pin_change(step->op, &request, &tries_left, error);
}

static gboolean do_erase(SimStep *step, GError **error)
{
	EraseRequest request = { .card = step->number,
				 .witness = sim_act_chance(step, 0.8) ? SIM_WITNESS
								      : sim_act_staff(step),
				 .is_unerasable = sim_act_chance(step, 0.1) };

	return erase_card(step->op, &request, error);
}

/* An outcome that changed no state is a success like any other. */
static gboolean move(SimStep *step, CardEvent event, GError **error)
{
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;
	MoveRequest request = {
		.card = step->number,
		.event = event,
		.witness = sim_act_chance(step, 0.8) ? SIM_WITNESS : sim_act_staff(step),
		.evidence = "破砕",
		.facts = { .reason = recall_name(
				   (RecallReason) sim_act_pick(step, _RECALL_REASON_MAX)),
			   .reported_by = "電話",
			   .occurred_at = sim_act_chance(step, 0.5) ? step->office->now - 3600 : 0,
			   .noticed_at = sim_act_chance(step, 0.5) ? step->office->now - 60 : 0,
			   .is_usable = sim_act_chance(step, 0.2) },
	};

	return move_card(step->op, &request, &outcome, &confirmation, error);
}

static gboolean do_move(SimStep *step, GError **error)
{
	return move(step, step->event, error);
}

/* One that is open, when there is one. */
static gboolean open_hold(SimStep *step, HoldReason *ret_reason)
{
	g_autoptr(StoreTx) tx = store_tx_read(step->office->house.store, NULL);
	g_autoptr(GPtrArray) holds = store_hold_of_card(tx, step->number, NULL);

	if (holds->len == 0 || sim_act_chance(step, 0.2))
		return FALSE;
	*ret_reason = ((Hold *) holds->pdata[sim_act_pick(step, (gint) holds->len)])->reason;
	return TRUE;
}

static SuspendRequest some_hold(SimStep *step)
{
	static const HoldReason reasons[] = { HOLD_MISSING, HOLD_FORGOTTEN,  HOLD_LEAVE,
					      HOLD_ORDER,   HOLD_PIN_LEAKED, HOLD_EMERGENCY };

	static const StopOrderFacts order = { "指令第1号", "2026-11-01", "2026-11-10", "violation",
					      SIM_ADMIN };

	return (SuspendRequest){ .card = step->number,
				 .order = &order,
				 .reason = reasons[sim_act_pick(step, G_N_ELEMENTS(reasons))] };
}

static gboolean do_suspend(SimStep *step, GError **error)
{
	SuspendRequest request = some_hold(step);

	return suspend_card(step->op, &request, error);
}

static gboolean do_resume(SimStep *step, GError **error)
{
	SuspendRequest request = some_hold(step);
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;

	(void) open_hold(step, &request.reason);
	return suspend_resume(step->op, &request, &outcome, &confirmation, error);
}

static gboolean do_emergency(SimStep *step, GError **error)
{
	static const char *const scopes[] = { "all", "section:0301", "authority:" SIM_AUTHORITY,
					      "batch:OP1", "section:9999" };
	EmergencyRequest request = { .scope = scopes[sim_act_pick(step, G_N_ELEMENTS(scopes))],
				     .is_stop = step->event == EVENT_EMERGENCY_STOP };
	g_autofree char *confirmation = NULL;
	MoveOutcome outcome;

	return suspend_emergency(step->op, &request, &outcome, &confirmation, error);
}

static gboolean do_re_home(SimStep *step, GError **error)
{
	return re_home_card(step->op, step->number, sections[sim_act_pick(step, 3)], error);
}

static gboolean do_place(SimStep *step, GError **error)
{
	return transit_place(step->op, step->number, "金庫", error);
}

static gboolean do_designate(SimStep *step, GError **error)
{
	g_autofree char *today = clock_date(step->office->now);
	g_autofree char *from =
		clock_add_days(today, sim_act_chance(step, 0.7) ? 0 : sim_act_pick(step, 20));
	gint section = sim_act_pick(step, 3);
	guint set = (guint) sim_act_pick(step, 32) | (guint) sim_act_pick(step, 32);

	if (sim_act_chance(step, 0.95))
		set &= sim_office_people(step->office, sections[section]);
	return sim_office_designate(step->op, sections[section], set, from, error);
}

static gboolean do_staff(SimStep *step, GError **error)
{
	const char *section = sections[sim_act_pick(step, 3)];

	return sim_office_staff(step->op, (guint) sim_act_pick(step, 5), section, NULL, error);
}

/* 異動: the old section's designation goes on until its next report. Not to 0101, whose report the
 * chief approves. */
static gboolean do_transfer(SimStep *step, GError **error)
{
	g_autofree char *today = clock_date(step->office->now);
	const char *section = sections[1 + sim_act_pick(step, 2)];

	if (!sim_office_staff(step->op, (guint) sim_act_pick(step, 5), section, NULL, error))
		return FALSE;
	return sim_office_designate(step->op, section, sim_office_people(step->office, section),
				    today, error);
}

static gboolean do_time(SimStep *step, GError **error)
{
	g_auto(Op) op = { 0 };
	guint recalled;

	step->office->now +=
		sim_act_chance(step, 0.5) ? sim_act_pick(step, 7200) : sim_act_pick(step, 5 * DAY);
	op_init(&op, step->op->house, op_daemon_actor(), step->office->now);
	return designate_recall_due(&op, &recalled, error);
}

/* The job "missing becomes lost": each overdue card must still be one that can be lost. */
static gboolean do_missing(SimStep *step, GError **error)
{
	gint64 until = step->office->now - DAY;
	g_autoptr(StoreTx) tx = store_tx_read(step->office->house.store, error);
	g_autoptr(GPtrArray) cards = store_hold_since(tx, HOLD_MISSING, until, 20, error);
	gboolean is_done = TRUE;

	g_clear_pointer(&tx, store_tx_abort);
	for (guint i = 0; is_done && i < cards->len; i++) {
		g_auto(Op) op = { 0 };
		g_autofree char *confirmation = NULL;
		MoveOutcome outcome;
		MoveRequest request = { .card = cards->pdata[i], .event = EVENT_REPORT_LOST };

		op_init(&op, step->op->house, op_daemon_actor(), step->office->now);
		is_done = move_card(&op, &request, &outcome, &confirmation, error);
		if (!is_done)
			g_prefix_error(error, "JOB ");
	}
	return is_done;
}

static gboolean do_seen(SimStep *step, GError **error)
{
	gboolean is_done;

	return repair_seen(step->op->house, step->number,
			   sim_act_chance(step, 0.5) ? "reader1" : NULL, step->office->now,
			   &is_done, error);
}

static gboolean do_publish(SimStep *step, GError **error)
{
	return publish_now(step->op->house, step->office->now, error);
}

static gboolean do_remind(SimStep *step, GError **error)
{
	return remind_due(step->op->house, step->office->now, error);
}

static gboolean do_reopen(SimStep *step, GError **error)
{
	(void) error;
	sim_office_reopen(step->office);
	return TRUE;
}

#define NONE _CARD_EVENT_MAX

/* clang-format off */
static const SimAct acts[] = {
	{ "receive",          EVENT_RECEIVE,          do_receive,    6 },
	{ "prepare",          EVENT_PREPARE,          do_prepare,    6 },
	{ "issue",            EVENT_ISSUE_BEGIN,      do_issue,      8 },
	{ "reissue",          EVENT_ISSUE_BEGIN,      do_reissue,    6 },
	{ "hand-over",        EVENT_HAND_OVER,        do_hand_over,  10 },
	{ "cancel",           EVENT_CANCEL,           do_move,       1 },
	{ "suspend",          EVENT_SUSPEND,          do_suspend,    3 },
	{ "resume",           EVENT_RESUME,           do_resume,     8 },
	{ "report-lost",      EVENT_REPORT_LOST,      do_move,       1 },
	{ "report-stolen",    EVENT_REPORT_STOLEN,    do_move,       1 },
	{ "report-damaged",   EVENT_REPORT_DAMAGED,   do_move,       1 },
	{ "recall",           EVENT_RECALL,           do_move,       3 },
	{ "recall-cancel",    EVENT_RECALL_CANCEL,    do_move,       3 },
	{ "return",           EVENT_RETURN,           do_move,       2 },
	{ "found",            EVENT_FOUND,            do_move,       1 },
	{ "erase",            EVENT_ERASE,            do_erase,      5 },
	{ "reuse",            EVENT_REUSE,            do_move,       5 },
	{ "dispose",          EVENT_DISPOSE,          do_move,       1 },
	{ "write-off",        EVENT_WRITE_OFF,        do_move,       1 },
	{ "emergency-stop",   EVENT_EMERGENCY_STOP,   do_emergency,  1 },
	{ "emergency-resume", EVENT_EMERGENCY_RESUME, do_emergency,  6 },
	{ "stock-lost",       EVENT_STOCK_LOST,       do_move,       1 },
	{ "re-home",          EVENT_RE_HOME,          do_re_home,    4 },
	{ "renew",            EVENT_RENEW,            do_renew,      3 },
	{ "lend-temporary",   EVENT_LEND_TEMPORARY,   do_lend,       6 },
	{ "set-aside",        EVENT_SET_ASIDE,        do_move,       1 },
	{ "pin-change",       NONE,                   do_pin_change, 2 },
	{ "place",            NONE,                   do_place,      1 },
	{ "designate",        NONE,                   do_designate,  2 },
	{ "staff",            NONE,                   do_staff,      1 },
	{ "remind",           NONE,                   do_remind,     2, TRUE },
	{ "transfer",         NONE,                   do_transfer,   3, TRUE },
	{ "time",             NONE,                   do_time,       2, TRUE },
	{ "missing-job",      NONE,                   do_missing,    1, TRUE },
	{ "card-seen",        NONE,                   do_seen,       2, TRUE },
	{ "publish",          NONE,                   do_publish,    1, TRUE },
	{ "reopen",           NONE,                   do_reopen,     1, TRUE },
};
/* clang-format on */

G_STATIC_ASSERT(G_N_ELEMENTS(acts) == SIM_ACTS);

const SimAct *sim_act_table(void)
{
	return acts;
}

gboolean sim_act_event(SimStep *step, GError **error)
{
	for (gsize i = 0; i < SIM_ACTS; i++)
		if (acts[i].event == step->event)
			return acts[i].run(step, error);
	g_assert_not_reached();
}
