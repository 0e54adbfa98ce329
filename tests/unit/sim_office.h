/* SPDX-License-Identifier: Apache-2.0
 * A whole house without processes: real store, CA, index and list in a temporary folder, real
 * operations and principals, simulated cards. Time is what the test says. */
#pragma once

#include "daemon/op/import_staff.h"
#include "tests/unit/sim_card.h"

#define SIM_CUSTODIAN "007315"
#define SIM_ADMIN     "004102"
#define SIM_ADMIN2    "004103"
#define SIM_CHIEF     "000001"
#define SIM_MANAGER   "005021" /* of 0301 */
#define SIM_MANAGER2  "006240" /* of 0402 */
#define SIM_WITNESS   "011208"
#define SIM_AUDITOR   "008001"
#define SIM_AUTHORITY "一般操作者"

#define SIM_CARDS 8 /* OP0 … OP6, and OP7 of the kind temporary */

typedef struct SimOffice {
	char *folder;
	char *reader; /* path of reader1 */
	House house;
	gint64 now;
	char *dump;                /* of every row, after the last random step */
	gboolean has_trouble;      /* cards fail, and things happen while one lies in the reader */
	SimCard *cards[SIM_CARDS]; /* the pieces of plastic */
	GHashTable *drawer;        /* number → SimCard, borrowed: all that the checks look at */
} SimOffice;

/* 2026-11-21 10:00 in Japan; sections 0101, 0301, 0402, their people, a CA, no cards. @settings is
 * appended to the configuration. */
SimOffice *sim_office_new(const char *settings);
void sim_office_free(SimOffice *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimOffice, sim_office_free)
/* As after a crash: everything in memory is lost, repair runs, nothing was closed in order. */
void sim_office_reopen(SimOffice *office);

/* Resolved as a request's is; NULL is somebody without a person. */
Actor *sim_office_actor(SimOffice *office, const char *staff);
/* Staff numbers of the five who may hold cards: three of 0301, one of 0402, and the custodian. */
const char *sim_office_holder(guint index);
/* "OP3". */
const char *sim_office_number(guint index);

/* A user report of @section: the holders of @set (bits) from @from on. ERROR_* as designate(). */
gboolean sim_office_designate(Op *op, const char *section, guint set, const char *from,
			      GError **error);
/* The holder's section and the last day of the term (NULL: none) as the staff list says now. */
gboolean sim_office_staff(Op *op, guint holder, const char *section, const char *until,
			  GError **error);
/* Bits of the holders whose section it is now. */
guint sim_office_people(SimOffice *office, const char *section);
/* People of the staff list: lines as import_staff() takes them. */
gboolean sim_office_import(Op *op, ImportStaffRow *rows, gsize count, GError **error);
/* Every holder designated in the own section from today on. */
void sim_office_designate_all(SimOffice *office);
/* A card from its box to a spare, and from a spare to its holder; fails the test if it cannot be.
 */
void sim_office_prepare(SimOffice *office, guint card, const char *kind);
void sim_office_lend(SimOffice *office, guint card, const char *staff);
/* A returned card before a witness. */
void sim_office_erase(SimOffice *office, guint card);
/* The card as the store has it, NULL before it is received. */
Card *sim_office_find(SimOffice *office, guint card);
