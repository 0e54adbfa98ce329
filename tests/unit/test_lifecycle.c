/* SPDX-License-Identifier: Apache-2.0
 * Table A: the whole matrix against the golden file, what must hold for any matrix, and the
 * commands of opcardctl against its events. A rule is changed in daemon/core/lifecycle.c and then
 * here in lifecycle.golden; run with UPDATE_GOLDEN=1 to write it. */
#include <string.h>

#include "daemon/core/lifecycle.h"
#include "tests/unit/unit_folder.h"

#define NO_STATE _CARD_STATE_MAX

static char *guards_text(guint guards)
{
	GString *text = g_string_new(NULL);

	for (guint bit = 0; bit < 32; bit++) {
		const char *name = lifecycle_guard_name(bit);

		if ((guards & 1u << bit) == 0)
			continue;
		g_assert_nonnull(name);
		g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", name);
	}
	return g_string_free(text, FALSE);
}

static char *roles_text(RoleSet roles)
{
	GString *text = g_string_new(NULL);

	for (int role = 0; role < _ROLE_MAX; role++)
		if ((roles & ROLE_SET(role)) != 0)
			g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
					       role_name((Role) role));
	return g_string_free(text, FALSE);
}

static void print_rule(GString *matrix, const char *from, const LifecycleRule *rule)
{
	g_autofree char *roles = roles_text(rule->roles);
	g_autofree char *guards = guards_text(rule->guards);

	g_string_append_printf(matrix, "%-14s %-17s -> %-14s", from,
			       lifecycle_event_name(rule->event), card_state_name(rule->to));
	g_string_append_printf(matrix, " row=%d form=%d article=%s", rule->row, rule->form,
			       rule->article);
	g_string_append_printf(matrix, " roles=[%s] guards=[%s]\n", roles, guards);
}

static char *print_matrix(void)
{
	GString *matrix = g_string_new(NULL);

	for (int event = 0; event < _CARD_EVENT_MAX; event++) {
		const LifecycleRule *rule = lifecycle_first((CardEvent) event);

		if (rule != NULL && rule->from == 0)
			print_rule(matrix, "-", rule);
	}
	for (int state = 0; state < _CARD_STATE_MAX; state++) {
		const char *from = card_state_name((CardState) state);
		g_autoptr(GString) refused = g_string_new(NULL);

		for (int event = 0; event < _CARD_EVENT_MAX; event++) {
			const LifecycleRule *rule =
				lifecycle_find((CardState) state, (CardEvent) event);

			if (rule != NULL)
				print_rule(matrix, from, rule);
			else
				g_string_append_printf(refused, " %s",
						       lifecycle_event_name((CardEvent) event));
		}
		g_string_append_printf(matrix, "%-14s refuses%s\n", from, refused->str);
	}
	return g_string_free(matrix, FALSE);
}

static void test_matrix(void)
{
	const char *golden = g_getenv("OPCARD_LIFECYCLE_GOLDEN");
	g_autofree char *matrix = print_matrix();

	g_assert_nonnull(golden);
	if (g_getenv("UPDATE_GOLDEN") != NULL)
		g_assert_true(g_file_set_contents(golden, matrix, -1, NULL));
	unit_folder_golden(golden, matrix);
}

static gboolean is_japanese(const char *text)
{
	for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char(p))
		if (g_utf8_get_char(p) >= 0x3041)
			return TRUE;
	return FALSE;
}

static void test_names(void)
{
	for (int i = 0; i < _CARD_STATE_MAX; i++) {
		CardState state = NO_STATE;

		g_assert_true(card_state_parse(card_state_name((CardState) i), &state));
		g_assert_cmpint(state, ==, i);
		g_assert_true(is_japanese(card_state_ja((CardState) i)));
		g_assert_true(g_str_has_prefix(card_state_label((CardState) i),
					       card_state_name((CardState) i)));
		g_assert_true(g_str_has_suffix(card_state_label((CardState) i),
					       card_state_ja((CardState) i)));
	}
	for (int i = 0; i < _CARD_EVENT_MAX; i++) {
		CardEvent event = _CARD_EVENT_MAX;

		g_assert_true(lifecycle_event_parse(lifecycle_event_name((CardEvent) i), &event));
		g_assert_cmpint(event, ==, i);
		g_assert_true(is_japanese(lifecycle_event_ja((CardEvent) i)));
	}
	for (int i = 0; i < _ROLE_MAX; i++) {
		Role role = _ROLE_MAX;

		g_assert_true(role_parse(role_name((Role) i), &role));
		g_assert_cmpint(role, ==, i);
		g_assert_cmpstr(role_ja((Role) i), !=, "");
	}
}

static void test_unknown_names(void)
{
	static const char *const words[] = { "", "lost", "LOST ", "紛失", "no-such", NULL };

	for (int i = 0; words[i] != NULL; i++) {
		CardState state = CARD_STOCK;
		CardEvent event = EVENT_RECEIVE;
		Role role = ROLE_HOLDER;

		g_assert_false(card_state_parse(words[i], &state));
		g_assert_false(lifecycle_event_parse(words[i], &event));
		g_assert_false(role_parse(words[i], &role));
		g_assert_true(state == CARD_STOCK && event == EVENT_RECEIVE && role == ROLE_HOLDER);
	}
	g_assert_false(card_state_parse(NULL, &(CardState){ CARD_STOCK }));
	g_assert_false(lifecycle_event_parse(NULL, &(CardEvent){ EVENT_RECEIVE }));
}

/* Rows 1 to 25 of the design's table A, 26, the setting aside by a person, and 27, what a restored
 * store learns from the published list. */
static void test_rows(void)
{
	gboolean is_there[28] = { FALSE };

	for (int event = 0; event < _CARD_EVENT_MAX; event++) {
		const LifecycleRule *first = lifecycle_first((CardEvent) event);

		g_assert_nonnull(first);
		g_assert_cmpint(first->row, >=, 1);
		g_assert_cmpint(first->row, <=, 27);
		is_there[first->row] = TRUE;
	}
	for (int row = 1; row <= 27; row++)
		g_assert_true(is_there[row]);
}

static void check_each(void (*check)(CardState from, const LifecycleRule *rule))
{
	for (int state = 0; state < _CARD_STATE_MAX; state++)
		for (int event = 0; event < _CARD_EVENT_MAX; event++) {
			const LifecycleRule *rule =
				lifecycle_find((CardState) state, (CardEvent) event);

			if (rule != NULL)
				check((CardState) state, rule);
		}
}

static void check_rule(CardState from, const LifecycleRule *rule)
{
	g_assert_cmpuint(rule->roles, !=, 0);
	g_assert_cmpuint(rule->roles & ROLE_SET(ROLE_AUDITOR), ==, 0);
	g_assert_cmpuint(rule->roles & ROLE_SET(ROLE_ROOT), ==, 0);
	g_assert_true(g_ascii_isupper(rule->article[0]) && g_ascii_isdigit(rule->article[1]));
	if (rule->to == CARD_ACTIVE)
		g_assert_cmpuint(rule->guards & GUARD_ELIGIBLE, !=, 0);
	g_assert_cmpint(from, !=, CARD_DISPOSED);
	/* Anybody may only put a hold. */
	if ((rule->roles & ROLE_SET(ROLE_ANYONE)) != 0)
		g_assert_cmpint(rule->to, ==, CARD_SUSPENDED);
	/* What the daemon alone does has no command, and nothing else. */
	g_assert_true(lifecycle_event_has_command(rule->event) ==
		      (rule->roles != ROLE_SET(ROLE_DAEMON)));
}

static void test_every_rule(void)
{
	check_each(check_rule);
}

/* States that can follow @from over any path. LOST and STOLEN may come back as RETURNED, but are
 * marked as never to be used again: that road ends in ERASED, because reuse asks REUSABLE. */
static guint reachable(CardState from)
{
	guint seen = 1u << from, before = 0;

	while (seen != before) {
		before = seen;
		for (int state = 0; state < _CARD_STATE_MAX; state++)
			for (int event = 0; event < _CARD_EVENT_MAX; event++) {
				const LifecycleRule *rule =
					lifecycle_find((CardState) state, (CardEvent) event);

				if ((before & 1u << state) != 0 && rule != NULL &&
				    (rule->guards & GUARD_REUSABLE) == 0)
					seen |= 1u << rule->to;
			}
	}
	return seen;
}

static void test_lost_for_ever(void)
{
	static const CardState ends[] = { CARD_LOST,          CARD_STOLEN,   CARD_DAMAGED,
					  CARD_UNRECOVERABLE, CARD_RETURNED, CARD_QUARANTINED };
	const guint alive = 1u << CARD_SPARE | 1u << CARD_PERSONALIZING | 1u << CARD_PENDING |
			    1u << CARD_ACTIVE | 1u << CARD_SUSPENDED | 1u << CARD_RECALLED;

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
		g_assert_cmpuint(reachable(ends[i]) & alive, ==, 0);
	g_assert_cmpuint(reachable(CARD_DISPOSED), ==, 1u << CARD_DISPOSED);
	/* The check can fail: a spare card reaches them all. */
	g_assert_cmpuint(reachable(CARD_SPARE) & 1u << CARD_ACTIVE, !=, 0);
}

/* The only way back to life carries REUSABLE. */
static void check_revival(CardState from, const LifecycleRule *rule)
{
	if (rule->to == CARD_SPARE && from != CARD_STOCK && from != CARD_PERSONALIZING)
		g_assert_cmpuint(rule->guards & GUARD_REUSABLE, !=, 0);
}

static void test_reuse_is_guarded(void)
{
	check_each(check_revival);
}

static void test_from_text(void)
{
	g_autofree char *erase = lifecycle_from_ja(EVENT_ERASE);
	g_autofree char *found = lifecycle_from_ja(EVENT_FOUND);

	g_assert_cmpstr(erase, ==, "RETURNED 返納済");
	g_assert_cmpstr(found, ==, "LOST 紛失, STOLEN 盗難, UNRECOVERABLE 回収不能");
}

/* The texts must name every state of an event, also where it has two rows. */
static void test_from_text_is_complete(void)
{
	for (int event = 0; event < _CARD_EVENT_MAX; event++) {
		g_autofree char *text = lifecycle_from_ja((CardEvent) event);

		for (int state = 0; state < _CARD_STATE_MAX; state++) {
			const char *label = card_state_label((CardState) state);

			if (lifecycle_find((CardState) state, (CardEvent) event) != NULL)
				g_assert_nonnull(strstr(text, label));
		}
	}
}

/* Column EVENT of `opcardctl --list-commands`: "COMMAND<TAB>EVENT[,EVENT…]". */
static GHashTable *command_events(void)
{
	GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *argv[] = { g_getenv("OPCARD_CTL"), "--list-commands", NULL };
	g_autofree char *output = NULL;
	g_autoptr(GError) error = NULL;
	int status;

	g_assert_nonnull(argv[0]);
	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
		     &status, &error);
	g_assert_no_error(error);
	g_assert_cmpint(status, ==, 0);
	g_auto(GStrv) lines = g_strsplit(output, "\n", -1);

	for (int i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);
		g_auto(GStrv) events =
			g_strsplit(g_strv_length(columns) > 1 ? columns[1] : "", ",", -1);

		for (char **event = events; *event != NULL; event++)
			if (**event != '\0' && strcmp(*event, "-") != 0)
				g_hash_table_add(set, g_strdup(g_strstrip(*event)));
	}
	return set;
}

static void test_commands(void)
{
	g_autoptr(GHashTable) commands = command_events();
	GHashTableIter iter;
	gpointer name;

	for (int i = 0; i < _CARD_EVENT_MAX; i++) {
		const char *event = lifecycle_event_name((CardEvent) i);
		gboolean is_there = g_hash_table_contains(commands, event);

		g_test_message("event %s, command %s", event, is_there ? "yes" : "no");
		g_assert_true(is_there == lifecycle_event_has_command((CardEvent) i));
	}
	g_hash_table_iter_init(&iter, commands);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		CardEvent event;

		g_test_message("command's event %s", (char *) name);
		g_assert_true(lifecycle_event_parse(name, &event));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lifecycle/matrix", test_matrix);
	g_test_add_func("/lifecycle/names", test_names);
	g_test_add_func("/lifecycle/unknown-names", test_unknown_names);
	g_test_add_func("/lifecycle/rows", test_rows);
	g_test_add_func("/lifecycle/every-rule", test_every_rule);
	g_test_add_func("/lifecycle/lost-for-ever", test_lost_for_ever);
	g_test_add_func("/lifecycle/reuse-is-guarded", test_reuse_is_guarded);
	g_test_add_func("/lifecycle/from-text", test_from_text);
	g_test_add_func("/lifecycle/from-text-is-complete", test_from_text_is_complete);
	g_test_add_func("/lifecycle/commands", test_commands);
	return g_test_run();
}
