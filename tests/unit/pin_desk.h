/* SPDX-License-Identifier: Apache-2.0
 * The unit office with two readers and real cards in SoftHSM that count wrong PINs, at any time a
 * test likes: the operations get the present from it. */
#pragma once

#include "tests/unit/record_office.h"

#define DESK_ONE "OP000001" /* held by 012345, in reader1 */
#define DESK_TWO "OP000002" /* held by 009874, in reader2 */
#define DESK_PIN "kz7Qm2xv"
#define DESK_NEW "w4Hd9tRb"

/* The first card, or both, prepared, issued and handed over on 2026-11-21 with DESK_PIN. */
UnitOffice *pin_desk_new(guint cards);
/* [policy] gets @line and is read again. */
void pin_desk_policy(UnitOffice *office, const char *line);
void pin_desk_free(UnitOffice *office);

/* As if wrong PINs had been typed at a terminal: so many tries are left. */
void pin_desk_tries(UnitOffice *office, const char *reader, int tries);
/* pin_change() by the custodian's desk. */
gboolean pin_desk_change(UnitOffice *office, const char *card, const char *old_pin,
			 const char *new_pin, GError **error);
/* A form 6 accepted by a system-admin. */
gboolean pin_desk_accept(UnitOffice *office, const char *card, const char *paper, GError **error);
/* A reset by the custodian; @how: "", "absent", or "urgent". */
gboolean pin_desk_reset(UnitOffice *office, const char *card, const char *how, const char *new_pin,
			GError **error);

/* "VALID", … as people see it. */
void pin_desk_check_pin(UnitOffice *office, const char *card, const char *shown);
/* Its certificate as OCSP answers it. */
StatusState pin_desk_ocsp(UnitOffice *office, const char *card);
/* Records of @kind about @card whose body contains @part. */
guint pin_desk_records(UnitOffice *office, const char *card, const char *kind, const char *part);
