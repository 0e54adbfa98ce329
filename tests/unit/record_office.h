/* SPDX-License-Identifier: Apache-2.0
 * A municipality for unit tests: a store in a temporary folder, a CA, a revocation list, and cards
 * brought into use without a reader. Every failure aborts the test. */
#pragma once

#include "daemon/op/designate.h"
#include "daemon/op/import_staff.h"
#include "daemon/op/op.h"
#include "daemon/store/store_person.h"

#define UNIT_ALL_ROLES (~0u)

/* "辻󠄀" with and without its variation selector are different names. */
#define UNIT_TSUJI       "辻\xF3\xA0\x84\x82　花子"
#define UNIT_TSUJI_PLAIN "辻　花子"

typedef struct UnitOffice {
	char *folder;
	House house;
	Actor actor;
	gint64 now;
} UnitOffice;

/* 2026-11-21 10:00 in Japan, no people yet. */
UnitOffice *unit_office_new(void);
void unit_office_free(UnitOffice *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnitOffice, unit_office_free)

/* Three sections and their people: 0101 (人事課長 004102, 011208), 0301 (005021 as 課長, 009874,
 * 012345 = UNIT_TSUJI), 0402 (006240 as 課長). */
void unit_office_settle(UnitOffice *office);
/* An operation of an actor with @roles; op_clear() it. */
void unit_office_op(UnitOffice *office, RoleSet roles, Op *ret_op);
StoreTx *unit_office_read(UnitOffice *office);

/* Rows "012345|一般操作者|追加" of a report of @section from @from, taken in. */
void unit_office_designate(UnitOffice *office, const char *section, const char *from,
			   const char *const *rows);
GPtrArray *unit_office_rows(const char *const *rows);

/* A new card in STOCK, recorded. */
void unit_office_receive(UnitOffice *office, const char *number);
/* Issued and handed over to @staff on the day of @office->now: ACTIVE, certificate VALID, PIN set
 * at that moment, rows in issue register and ledger. */
void unit_office_lend(UnitOffice *office, const char *number, const char *staff,
		      const char *authority);
/* The card brought to @state without table A, recorded as @kind. */
void unit_office_force(UnitOffice *office, const char *number, CardState state, const char *kind);
CardState unit_office_state(UnitOffice *office, const char *number);

/* Members of objects in @list whose @member contains @part. */
guint unit_office_count(const json_t *list, const char *member, const char *part);
