/* SPDX-License-Identifier: Apache-2.0
 * The wave of 1 April (K02, T13, T15, T47, N19, N32, I11): 300 cards made in March for people who
 * begin in April, dispatched and handed over on the day, 300 old ones handed in, erased and
 * destroyed in one witnessed session. OPCARD_WAVE_CARDS=N makes another number; the time a hundred
 * cards take is told. */
#include <stdlib.h>
#include <time.h>

#include "daemon/base/clock.h"
#include "tests/unit/sim_check.h"
#include "tests/unit/year_office.h"

static guint wave_cards(void)
{
	const char *text = g_getenv("OPCARD_WAVE_CARDS");

	return text != NULL ? (guint) strtoul(text, NULL, 10) : 300;
}

/* Seconds of this process, whatever else the machine does. */
static double program_time(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double) used.tv_sec + (double) used.tv_nsec / 1e9;
}

static void check(SimCheck *checker, const char *when)
{
	g_autofree char *fault = sim_check_all(checker);

	if (fault != NULL)
		g_error("%s: %s", when, fault);
}

static guint count(YearOffice *office, CardState state)
{
	guint found = 0;

	for (guint i = 0; i < office->plastic->len; i++) {
		g_autofree char *number = g_strdup_printf("Y%05u", i + 1);

		found += year_office_is(office, number, state);
	}
	return found;
}

/* In use since November; they leave on 31 March. */
static GPtrArray *begin(YearOffice *office, guint cards)
{
	GPtrArray *old = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < cards; i++) {
		YearPerson *person = office->people->pdata[i];

		year_office_issue(office, person);
		year_office_hand_over(office, person);
		g_ptr_array_add(old, g_strdup(person->card));
	}
	return old;
}

static void leave(YearOffice *office, guint cards)
{
	for (guint i = 0; i < cards; i++)
		((YearPerson *) office->people->pdata[i])->section = NULL;
	year_office_hire(office, cards);
	year_office_report(office, "2027-04-01");
}

static void hand_in(YearOffice *office, const GPtrArray *old)
{
	for (guint i = 0; i < old->len; i++)
		year_office_return(office, old->pdata[i],
				   ((YearPerson *) office->people->pdata[i])->staff);
}

static void test_wave(void)
{
	guint cards = wave_cards();
	g_autoptr(YearOffice) office = year_office_new(cards);
	SimCheck *checker = sim_check_new(office->sim);
	g_autoptr(GPtrArray) old = begin(office, cards);
	double started, made;

	check(checker, "before");
	started = program_time();
	office->sim->now = clock_day_start("2027-03-10") + 36000;
	leave(office, cards);
	for (guint i = cards; i < 2 * cards; i++) {
		year_office_issue(office, office->people->pdata[i]);
		year_office_send(office, office->people->pdata[i]);
	}
	check(checker, "made in March");
	g_assert_cmpuint(count(office, CARD_PENDING), ==, cards);
	g_assert_cmpuint(count(office, CARD_ACTIVE) + count(office, CARD_SUSPENDED), ==, cards);
	made = program_time();
	office->sim->now = clock_day_start("2027-04-01");
	year_office_jobs(office);
	g_assert_cmpuint(count(office, CARD_RECALLED), ==, cards);
	office->sim->now += 36000;
	for (guint i = cards; i < 2 * cards; i++)
		year_office_hand_over(office, office->people->pdata[i]);
	check(checker, "handed over");
	hand_in(office, old);
	year_office_shred(office, TRUE);
	check(checker, "destroyed");
	g_assert_cmpuint(count(office, CARD_ACTIVE), ==, cards);
	g_assert_cmpuint(count(office, CARD_DISPOSED), ==, cards);
	g_test_message("%u cards: %.2f s a hundred (of it %.2f s in March)", cards,
		       (program_time() - started) / cards * 100, (made - started) / cards * 100);
	sim_check_free(checker);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wave/k02 300 cards on 1 April", test_wave);
	return g_test_run();
}
