/* SPDX-License-Identifier: Apache-2.0
 * Table E: the whole matrix against the golden file, the separations by each guard, and random
 * walks over the machine. A rule is changed in daemon/core/application.c and then here in
 * application.golden; run with UPDATE_GOLDEN=1 to write it. */
#include <string.h>

#include "daemon/core/application.h"
#include "tests/unit/unit_folder.h"

#define PEOPLE 6
#define WALKS  2000
#define STEPS  40

static const int forms[] = { 2, 6, 7 };

static char *roles_text(RoleSet roles)
{
	GString *text = g_string_new(NULL);

	for (int role = 0; role < _ROLE_MAX; role++)
		if ((roles & ROLE_SET(role)) != 0)
			g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
					       role_name((Role) role));
	return g_string_free(text, FALSE);
}

static char *guards_text(guint guards)
{
	GString *text = g_string_new(NULL);

	for (guint bit = 0; bit < 32; bit++)
		if ((guards & 1u << bit) != 0)
			g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "",
					       application_guard_name(bit));
	return g_string_free(text, FALSE);
}

static void print_rule(GString *matrix, int form, const char *from, const ApplicationRule *rule)
{
	g_autofree char *roles = roles_text(rule->roles);
	g_autofree char *guards = guards_text(rule->guards);

	g_string_append_printf(
		matrix, "%d %-13s %-12s -> %-13s article=%s roles=[%s] guards=[%s]\n", form, from,
		application_event_name(rule->event), application_state_name(rule->to),
		application_article(rule, form), roles, guards);
}

static void print_form(GString *matrix, int form)
{
	for (int event = 0; event < _APPLICATION_EVENT_MAX; event++) {
		const ApplicationRule *rule = application_first((ApplicationEvent) event);

		if (rule != NULL)
			print_rule(matrix, form, "-", rule);
	}
	for (int state = 0; state < _APPLICATION_STATE_MAX; state++) {
		const char *from = application_state_name((ApplicationState) state);
		g_autoptr(GString) refused = g_string_new(NULL);

		for (int event = 0; event < _APPLICATION_EVENT_MAX; event++) {
			const ApplicationRule *rule = application_find(
				form, (ApplicationState) state, (ApplicationEvent) event);

			if (rule != NULL)
				print_rule(matrix, form, from, rule);
			else
				g_string_append_printf(
					refused, " %s",
					application_event_name((ApplicationEvent) event));
		}
		g_string_append_printf(matrix, "%d %-13s refuses%s\n", form, from, refused->str);
	}
}

static void test_matrix(void)
{
	const char *golden = g_getenv("OPCARD_APPLICATION_GOLDEN");
	g_autoptr(GString) matrix = g_string_new(NULL);

	g_assert_nonnull(golden);
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		print_form(matrix, forms[i]);
	if (g_getenv("UPDATE_GOLDEN") != NULL)
		g_assert_true(g_file_set_contents(golden, matrix->str, -1, NULL));
	unit_folder_golden(golden, matrix->str);
}

static void test_names(void)
{
	for (int i = 0; i < _APPLICATION_STATE_MAX; i++) {
		ApplicationState state;

		g_assert_true(application_state_parse(application_state_name((ApplicationState) i),
						      &state));
		g_assert_cmpint(state, ==, i);
	}
	for (int i = 0; i < _APPLICATION_EVENT_MAX; i++) {
		ApplicationEvent event;
		g_autofree char *kind = g_strconcat(
			"application-", application_event_name((ApplicationEvent) i), NULL);

		g_assert_true(application_event_parse(application_event_name((ApplicationEvent) i),
						      &event));
		g_assert_cmpint(event, ==, i);
		g_assert_cmpstr(application_event_kind(event), ==, kind);
	}
	g_assert_false(application_is_form(3));
	g_assert_true(application_is_form(7));
}

/* N05, N47: each separation by itself, and what an exception lifts. */
static void test_separation(void)
{
	const ApplicationRule *rule = application_find(2, APPLICATION_INVESTIGATED, APPLY_APPROVE);
	const ApplicationRule *after = application_find(6, APPLICATION_RECEIVED, APPLY_APPROVE);
	ApplicationFacts admin = { .person = 1, .roles = ROLE_SET(ROLE_SYSTEM_ADMIN) };
	ApplicationFacts facts = admin;

	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_ALLOWED);
	facts.applicant = 1;
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_REFUSED_APPLICANT);
	facts.is_excepted = TRUE;
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_ALLOWED);
	facts = admin;
	facts.is_holder = TRUE;
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_REFUSED_HOLDER);
	facts = admin;
	facts.endorser = 1;
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_REFUSED_ENDORSER);
	facts = admin;
	facts.executor = 1;
	g_assert_cmpint(application_judge(after, &facts), ==, APPLICATION_REFUSED_EXECUTOR);
	facts = admin;
	facts.is_administrative = TRUE;
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_REFUSED_NOMINATION);
	facts.nominator = 2;
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_REFUSED_CHIEF);
	facts.roles = ROLE_SET(ROLE_CHIEF);
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_ALLOWED);
	facts.nominator = 1;
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_REFUSED_NOMINATOR);
	facts = admin;
	facts.roles = ROLE_SET(ROLE_HOLDER) | ROLE_SET(ROLE_AUDITOR);
	g_assert_cmpint(application_judge(rule, &facts), ==, APPLICATION_REFUSED_ROLE);
	facts = admin;
	facts.is_approved = TRUE;
	g_assert_cmpint(application_judge(after, &facts), ==, APPLICATION_REFUSED_APPROVED);
	rule = application_find(7, APPLICATION_INVESTIGATED, APPLY_REJECT);
	g_assert_cmpint(application_judge(rule, &admin), ==, APPLICATION_REFUSED_NOTE);
}

/* Persons 1 to PEOPLE, each with roles of its own; the last one is the holder. */
typedef struct Walk {
	int form;
	ApplicationState state;
	ApplicationFacts facts;
	gboolean is_urgent;
	guint decided; /* how often it was approved */
} Walk;

static RoleSet roles_of(gint64 person)
{
	static const RoleSet roles[PEOPLE + 1] = {
		0,
		ROLE_SET(ROLE_SYSTEM_ADMIN) | ROLE_SET(ROLE_SECTION_MANAGER),
		ROLE_SET(ROLE_SYSTEM_ADMIN),
		ROLE_SET(ROLE_CHIEF),
		ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_SYSTEM_ADMIN),
		ROLE_SET(ROLE_SECTION_MANAGER),
		ROLE_SET(ROLE_CUSTODIAN) | ROLE_SET(ROLE_CHIEF) | ROLE_SET(ROLE_SYSTEM_ADMIN),
	};

	return roles[person];
}

static void check_step(const Walk *walk, ApplicationEvent event)
{
	const ApplicationFacts *facts = &walk->facts;

	if (event == APPLY_APPROVE) {
		g_assert_cmpint(facts->person, !=, facts->applicant);
		g_assert_cmpint(facts->person, !=, PEOPLE);
		g_assert_true(walk->is_urgent || facts->person != facts->endorser);
		g_assert_true(!walk->is_urgent || facts->person != facts->executor);
		g_assert_cmpuint(walk->decided, ==, 0);
		if (facts->is_administrative && !walk->is_urgent) {
			g_assert_cmpint(facts->nominator, !=, 0);
			g_assert_cmpint(facts->nominator, !=, facts->person);
			g_assert_true((facts->roles & ROLE_SET(ROLE_CHIEF)) != 0);
		}
	}
	if (event == APPLY_EXECUTE) {
		g_assert_cmpint(facts->person, !=, PEOPLE);
		g_assert_cmpuint(walk->decided, ==, 1);
	}
	/* Nothing is closed that nobody approved, and nothing was carried out that was not decided.
	 */
	if (event == APPLY_CLOSE)
		g_assert_cmpuint(walk->decided, ==, 1);
}

static void go(Walk *walk, const ApplicationRule *rule)
{
	ApplicationFacts *facts = &walk->facts;

	check_step(walk, rule->event);
	walk->state = rule->to;
	if (rule->event == APPLY_APPROVE)
		walk->decided++;
	if (rule->event == APPLY_SUBMIT || rule->event == APPLY_SEND_BACK)
		walk->decided = 0;
	if (rule->event == APPLY_SUBMIT) {
		facts->applicant = facts->person;
		facts->endorser = facts->nominator = 0;
	}
	if (rule->event == APPLY_ENDORSE)
		facts->endorser = facts->person;
	if (rule->event == APPLY_NOMINATE)
		facts->nominator = facts->person;
	if (rule->event == APPLY_EXECUTE || rule->event == APPLY_RUSH)
		facts->executor = facts->person;
	facts->is_approved = walk->decided > 0;
}

static void start(Walk *walk, GRand *rand)
{
	ApplicationEvent event =
		(ApplicationEvent) g_rand_int_range(rand, APPLY_DRAFT, APPLY_RUSH + 1);
	const ApplicationRule *rule = application_first(event);

	*walk = (Walk){ .form = forms[g_rand_int_range(rand, 0, 3)],
			.is_urgent = event == APPLY_RUSH };
	walk->facts.is_administrative = walk->form == 2 && g_rand_boolean(rand);
	walk->facts.person = g_rand_int_range(rand, 1, PEOPLE);
	walk->facts.applicant = event == APPLY_RUSH ? 0 : walk->facts.person;
	go(walk, rule);
}

static void step(Walk *walk, GRand *rand)
{
	ApplicationEvent event =
		(ApplicationEvent) g_rand_int_range(rand, APPLY_REVISE, _APPLICATION_EVENT_MAX);
	const ApplicationRule *rule = application_find(walk->form, walk->state, event);
	ApplicationFacts *facts = &walk->facts;

	facts->person = g_rand_int_range(rand, 1, PEOPLE + 1);
	facts->roles = roles_of(facts->person);
	facts->is_holder = facts->person == PEOPLE;
	facts->is_own = facts->is_holder || facts->person == facts->applicant;
	facts->has_note = g_rand_boolean(rand);
	facts->is_whole = g_rand_boolean(rand);
	g_assert_false(application_is_over(walk->state) && rule != NULL);
	if (rule != NULL && application_judge(rule, facts) == APPLICATION_ALLOWED)
		go(walk, rule);
}

/* Invariant 7 and the course, whoever does what in whatever order. */
static void test_walks(void)
{
	guint ends[_APPLICATION_STATE_MAX] = { 0 };

	for (guint seed = 1; seed <= WALKS; seed++) {
		GRand *rand = g_rand_new_with_seed(seed);
		Walk walk;

		start(&walk, rand);
		for (int i = 0; i < STEPS * 5 && !application_is_over(walk.state); i++)
			step(&walk, rand);
		ends[walk.state]++;
		g_rand_free(rand);
	}
	/* A walk that never gets anywhere proves nothing. */
	g_assert_cmpuint(ends[APPLICATION_CLOSED], >, 50);
	g_assert_cmpuint(ends[APPLICATION_REJECTED], >, 50);
	g_assert_cmpuint(ends[APPLICATION_WITHDRAWN], >, 50);
}

/* Every open state can be carried on, and the event that does exists. */
static void test_next(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		for (int state = 0; state < _APPLICATION_STATE_MAX; state++) {
			ApplicationEvent next = application_next((ApplicationState) state, TRUE);

			if (application_is_over((ApplicationState) state))
				g_assert_cmpint(next, ==, _APPLICATION_EVENT_MAX);
			else
				g_assert_nonnull(
					application_find(forms[i], (ApplicationState) state, next));
		}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/application/matrix", test_matrix);
	g_test_add_func("/application/names", test_names);
	g_test_add_func("/application/separation", test_separation);
	g_test_add_func("/application/next", test_next);
	g_test_add_func("/application/walks", test_walks);
	return g_test_run();
}
