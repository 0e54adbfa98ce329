/* SPDX-License-Identifier: Apache-2.0
 * An office of several hundred people over sim_office: two sections, a card a person, and the
 * ordinary acts of its desk, each of which fails the test when it is refused. */
#pragma once

#include "daemon/op/move.h"
#include "tests/unit/sim_office.h"

#define YEAR_PIN     "Kq7#mZ2p"
#define YEAR_NEW_PIN "Lw8$nY3q"

/* What must be done; a refusal is shown. */
#define YEAR_MUST(call, error)                                                                     \
	do {                                                                                       \
		gboolean is_done_ = (call);                                                        \
		g_assert_no_error(error);                                                          \
		g_assert_true(is_done_);                                                           \
	} while (0)

typedef struct YearPerson {
	char *staff;
	const char *section; /* "0301" or "0402"; NULL: has left */
	char *card;          /* in use or waiting, NULL: none */
	gboolean is_pin_new; /* which of the two PINs is set */
	gboolean is_on_leave;
	char *temporary; /* lent to them today, or NULL */
} YearPerson;

typedef struct YearOffice {
	SimOffice *sim;
	GPtrArray *people;  /* YearPerson */
	GPtrArray *plastic; /* SimCard, owned */
	GQueue *spares;     /* numbers of prepared cards, owned */
	GQueue *visitors;   /* the same of the kind "temporary" */
	GQueue *returned;   /* numbers to be erased, owned */
	guint received;
	guint acts; /* how many acts were done */
} YearOffice;

YearOffice *year_office_new(guint people);
void year_office_free(YearOffice *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YearOffice, year_office_free)

/* Hires @count more; they are designated with the next year_office_report(). */
void year_office_hire(YearOffice *office, guint count);
/* The staff list and 様式2 of both sections as the office is now, from @from on. */
void year_office_report(YearOffice *office, const char *from);

/* Number of a spare (g_free); one more is received and prepared when none is left. */
char *year_office_spare(YearOffice *office, gboolean is_temporary);
void year_office_lay(YearOffice *office, const char *number);
/* @person gets a card made; by dispatch and arrival to the section; handed over. */
void year_office_issue(YearOffice *office, YearPerson *person);
void year_office_send(YearOffice *office, const YearPerson *person);
void year_office_hand_over(YearOffice *office, YearPerson *person);
/* A new card in place of the one that was lost or damaged, handed over at once. */
void year_office_replace(YearOffice *office, YearPerson *person);

/* One event of table A by @staff; fails the test when it is refused, with a line of the trace. */
void year_office_move(YearOffice *office, const char *staff, MoveRequest *request);
/* Whether the card is shown in @state. */
gboolean year_office_is(YearOffice *office, const char *number, CardState state);
/* The holder's own change. */
void year_office_change_pin(YearOffice *office, YearPerson *person);
/* A returned card goes to the heap that is erased. */
void year_office_return(YearOffice *office, const char *number, const char *handed_in_by);
/* Everything of that heap before one witness; every second card is destroyed, the rest is reused.
 */
void year_office_shred(YearOffice *office, gboolean is_all_destroyed);
/* What opcardd does by itself, at the time of the office. */
void year_office_jobs(YearOffice *office);
