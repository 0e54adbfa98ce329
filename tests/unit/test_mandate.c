/* SPDX-License-Identifier: Apache-2.0
 * Posts and roles for each day, over the edges of the day (T05, T06, N02, N25), and the separation
 * of duties over random powers (N05): nobody acts on the own card, nor in place of its holder. */
#include <string.h>

#include "daemon/api/denial.h"
#include "daemon/api/principal.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/core/permit.h"
#include "daemon/op/allow.h"
#include "daemon/op/delegate.h"
#include "daemon/op/deputy.h"
#include "daemon/op/tenure.h"
#include "tests/unit/sim_office.h"

#define TODAY    "2026-11-21"
#define TOMORROW "2026-11-22"
#define ORDER    "令和8年発令第1号"

static Actor *at(SimOffice *office, const char *staff, const char *day, gint64 offset)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);
	Actor *actor = principal_of_staff(&office->house, tx, staff, clock_day_start(day) + offset,
					  &error);

	g_assert_no_error(error);
	return actor;
}

static gboolean has(SimOffice *office, const char *staff, Role role, const char *day, gint64 offset)
{
	g_autoptr(Actor) actor = at(office, staff, day, offset);

	return (actor->roles & ROLE_SET(role)) != 0;
}

static gboolean assign(SimOffice *office, const char *by, const TenureRequest *request,
		       GError **error)
{
	g_autoptr(Actor) actor = sim_office_actor(office, by);
	g_auto(Op) op = { 0 };

	op_init(&op, &office->house, actor, office->now);
	return tenure_assign(&op, request, error);
}

static void must_assign(SimOffice *office, const char *post, const char *staff, const char *since)
{
	TenureRequest request = { .post = (char *) post,
				  .staff = (char *) staff,
				  .since = (char *) since,
				  .order = (char *) ORDER };
	g_autoptr(GError) error = NULL;

	g_assert_true(assign(office, SIM_ADMIN2, &request, &error));
	g_assert_no_error(error);
}

/* T06, I10: the last second of the day before, and the first of the day. */
static void test_day_of_change(void)
{
	g_autoptr(SimOffice) office = sim_office_new("");

	must_assign(office, "市民課長", SIM_MANAGER, TODAY);
	must_assign(office, "市民課長", SIM_WITNESS, TOMORROW);
	g_assert_true(has(office, SIM_MANAGER, ROLE_SECTION_MANAGER, TOMORROW, -1));
	g_assert_false(has(office, SIM_WITNESS, ROLE_SECTION_MANAGER, TOMORROW, -1));
	g_assert_false(has(office, SIM_MANAGER, ROLE_SECTION_MANAGER, TOMORROW, 0));
	g_assert_true(has(office, SIM_WITNESS, ROLE_SECTION_MANAGER, TOMORROW, 0));
}

/* T05: once a post is filled by an order, a title alone gives nothing any more. */
static void test_order_before_title(void)
{
	g_autoptr(SimOffice) office = sim_office_new("");

	g_assert_true(has(office, SIM_MANAGER, ROLE_SECTION_MANAGER, TODAY, 0));
	must_assign(office, "市民課長", SIM_WITNESS, TODAY);
	g_assert_false(has(office, SIM_MANAGER, ROLE_SECTION_MANAGER, TODAY, 0));
}

/* I02: 稲城 lets the head of a section keep its cards and PINs; where roles are set apart, the
 * first of the pair is lost, and the rest stays. */
static void test_roles_apart(void)
{
	g_autoptr(SimOffice) together =
		sim_office_new("section-manager = staff:" SIM_CUSTODIAN "\n");
	g_autoptr(SimOffice) apart =
		sim_office_new("section-manager = staff:" SIM_CUSTODIAN "\n[policy]\nroles-apart = "
			       "custodian/section-manager\n");

	g_assert_true(has(together, SIM_CUSTODIAN, ROLE_SECTION_MANAGER, TODAY, 0));
	g_assert_true(has(together, SIM_CUSTODIAN, ROLE_CUSTODIAN, TODAY, 0));
	g_assert_true(has(apart, SIM_CUSTODIAN, ROLE_SECTION_MANAGER, TODAY, 0));
	g_assert_false(has(apart, SIM_CUSTODIAN, ROLE_CUSTODIAN, TODAY, 0));
}

static void refuse(SimOffice *office, const TenureRequest *request, ErrorCode code)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(assign(office, SIM_ADMIN2, request, &error));
	g_assert_error(error, ERROR_DOMAIN, (int) code);
}

/* N05: who held a post on a day that is over never changes; no two hold it; nobody fills it with
 * the own person. */
static void test_refused_orders(void)
{
	g_autoptr(SimOffice) office = sim_office_new("");
	TenureRequest request = { .post = (char *) "市民課長",
				  .staff = (char *) SIM_WITNESS,
				  .since = (char *) "2026-11-20",
				  .order = (char *) ORDER };

	must_assign(office, "市民課長", SIM_MANAGER, "2026-04-01");
	refuse(office, &request, ERROR_RULE);
	request.since = (char *) "2026-02-29";
	refuse(office, &request, ERROR_USAGE);
	request.since = (char *) "2027-11-22";
	refuse(office, &request, ERROR_USAGE);
	request.since = (char *) TODAY;
	request.staff = (char *) SIM_ADMIN2;
	refuse(office, &request, ERROR_RULE);
	request.staff = (char *) SIM_WITNESS;
	request.post = (char *) "ない職";
	refuse(office, &request, ERROR_NOT_FOUND);
}

static void delegate(SimOffice *office, const char *from, const char *to, const char *until)
{
	g_autoptr(Actor) chief = sim_office_actor(office, SIM_CHIEF);
	DelegateRequest request = { .from_post = (char *) from,
				    .to_post = (char *) to,
				    .since = (char *) TODAY,
				    .until = (char *) until,
				    .order = (char *) ORDER };
	g_autoptr(GError) error = NULL;
	g_autofree char *id = NULL;
	g_auto(Op) op = { 0 };

	op_init(&op, &office->house, chief, office->now);
	g_assert_true(delegate_add(&op, &request, &id, &error));
	g_assert_no_error(error);
}

/* N02: as long as the order lasts, marked as a deputy's, and not passed on to a third. */
static void test_delegation(void)
{
	g_autoptr(SimOffice) office = sim_office_new("");
	g_autoptr(Actor) deputy = NULL;

	delegate(office, "市民課長", "保険年金課長", TOMORROW);
	delegate(office, "保険年金課長", "情報政策課長", TOMORROW);
	deputy = at(office, SIM_MANAGER2, TOMORROW, 0);
	g_assert_cmpuint(deputy->deputies->len, ==, 1);
	g_assert_cmpuint(deputy->deputy & ROLE_SET(ROLE_SECTION_MANAGER), ==, 0);
	{
		g_auto(Op) op = { 0 };
		RoleSet manager = ROLE_SET(ROLE_SECTION_MANAGER);

		op_init(&op, &office->house, deputy, office->now);
		g_assert_true(op_manages(&op, "0301"));
		g_assert_nonnull(deputy_find(&op, manager, "0301"));
		g_assert_null(deputy_find(&op, manager, "0402"));
	}
	{
		g_autoptr(Actor) third = at(office, SIM_ADMIN, TOMORROW, 0);
		g_autoptr(Actor) after = at(office, SIM_MANAGER2, "2026-11-23", 0);
		g_auto(Op) op = { 0 };

		op_init(&op, &office->house, third, office->now);
		g_assert_true(op_manages(&op, "0402"));
		g_assert_false(op_manages(&op, "0301"));
		g_assert_cmpuint(after->deputies->len, ==, 0);
	}
}

/* N05: what a guard of separation stands before is refused to the holder, and to whoever takes the
 * holder's place; whatever the roles. */
static void test_separation_property(void)
{
	g_autoptr(SimOffice) office = sim_office_new("");
	g_autoptr(GRand) random = g_rand_new_with_seed(4);
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_tx_read(office->house.store, &error);
	guint refused = 0;

	for (guint i = 0; i < 50000; i++) {
		gint64 holder = g_rand_int_range(random, 1, 6);
		g_autoptr(Actor) actor = g_new0(Actor, 1);
		Card card = { .number = (char *) "OP1",
			      .kind = (char *) "operator",
			      .state = (CardState) g_rand_int_range(random, 0, _CARD_STATE_MAX),
			      .holder = holder };
		AllowRequest request = { .card = &card,
					 .holder = holder,
					 .event = (CardEvent) g_rand_int_range(random, 0,
									       _CARD_EVENT_MAX) };
		ActorDeputy *deputy = g_new0(ActorDeputy, 1);
		const LifecycleRule *rule;
		g_autoptr(GError) why = NULL;
		g_auto(Op) op = { 0 };
		gint64 principal = g_rand_int_range(random, 1, 6);

		actor->id = g_strdup("x");
		actor->person = g_rand_int_range(random, 1, 6);
		actor->asked = (RoleSet) g_rand_int(random);
		deputy->roles = (RoleSet) g_rand_int(random);
		deputy->holders = g_array_new(FALSE, FALSE, sizeof(gint64));
		g_array_append_val(deputy->holders, principal);
		actor->deputies =
			g_ptr_array_new_with_free_func((GDestroyNotify) op_actor_deputy_free);
		g_ptr_array_add(actor->deputies, deputy);
		actor->roles = deputy->roles | (RoleSet) g_rand_int(random);
		actor->deputy = deputy->roles;
		op_init(&op, &office->house, actor, office->now);
		rule = lifecycle_find(card_shown(&card), request.event);
		if (rule == NULL || (rule->guards & GUARD_SEPARATION) == 0 ||
		    (actor->person != holder && !deputy_stands_for(&op, actor->asked, holder)))
			continue;
		refused++;
		g_assert_null(allow_event(tx, &op, &request, &why));
		/* By its own guard, not by chance by another one. */
		g_assert_true(error_code(why) == ERROR_DENIED ||
			      strstr(why->message, "N05") != NULL);
	}
	g_assert_cmpuint(refused, >, 50);
}

/* T10: one record an hour of the same, counted; and never more than so many in all. */
static void test_denials_are_counted(void)
{
	Denial *denial = denial_new();
	guint before = 99, recorded = 0;

	g_assert_true(denial_take(denial, "a", 3600, &before));
	g_assert_cmpuint(before, ==, 0);
	for (int i = 0; i < 7; i++)
		g_assert_false(denial_take(denial, "a", 3700, &before));
	g_assert_true(denial_take(denial, "b", 3700, &before));
	g_assert_true(denial_take(denial, "a", 7200, &before));
	g_assert_cmpuint(before, ==, 7);
	for (int i = 0; i < 5000; i++) {
		g_autofree char *key = g_strdup_printf("%d", i);

		recorded += denial_take(denial, key, 10800, &before) ? 1 : 0;
	}
	g_assert_cmpuint(recorded, ==, DENIAL_MOST);
	denial_free(denial);
}

static void check_permit(const Permit *permit, const PermitQuestion *question, gboolean is_allowed)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(permit_check(permit, question, &error) == is_allowed);
	g_assert_true((error == NULL) == is_allowed);
}

/* T03, T35, N25: by row, by day, and refused where nothing is written for who is not regular. */
static void test_permit(void)
{
	g_autoptr(SimOffice) office =
		sim_office_new("[permit]\n甲 = section:0301; kind:operator; employment:委託\n"
			       "[permit 2026-12-01]\n甲 = administrative; section:0402\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(Permit) now = permit_load(office->house.config, "2026-11-30", &error);
	g_autoptr(Permit) later = permit_load(office->house.config, "2026-12-01", &error);
	PermitQuestion regular = { .authority = "甲", .section = "0301", .employment = "常勤" };
	PermitQuestion contractor = { .authority = "甲",
				      .employment = "委託",
				      .until = "2027-03-31" };

	g_assert_no_error(error);
	check_permit(now, &regular, TRUE);
	check_permit(later, &regular, FALSE);
	regular.kind = "temporary";
	check_permit(now, &regular, FALSE);
	regular = (PermitQuestion){ .authority = "乙", .section = "0402", .employment = "常勤" };
	check_permit(now, &regular, TRUE);
	check_permit(now, &contractor, TRUE);
	check_permit(later, &contractor, FALSE);
	contractor.until = NULL;
	check_permit(now, &contractor, FALSE);
	contractor =
		(PermitQuestion){ .authority = "乙", .employment = "委託", .until = "2027-03-31" };
	check_permit(now, &contractor, FALSE);
	contractor.employment = NULL;
	check_permit(now, &contractor, FALSE);
	g_assert_true(permit_is_administrative(later, "甲"));
	g_assert_false(permit_is_administrative(now, "甲"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mandate/day-of-change", test_day_of_change);
	g_test_add_func("/mandate/order-before-title", test_order_before_title);
	g_test_add_func("/mandate/I02-roles-apart", test_roles_apart);
	g_test_add_func("/mandate/refused-orders", test_refused_orders);
	g_test_add_func("/mandate/delegation", test_delegation);
	g_test_add_func("/mandate/separation-property", test_separation_property);
	g_test_add_func("/mandate/denials-are-counted", test_denials_are_counted);
	g_test_add_func("/mandate/permit", test_permit);
	return g_test_run();
}
