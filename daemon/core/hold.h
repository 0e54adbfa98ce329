/* SPDX-License-Identifier: Apache-2.0
 * Holds (一時停止): a hold refuses as fast as a revocation and can be taken back. */
#pragma once

#include "daemon/core/role.h"

typedef enum HoldReason {
	HOLD_MISSING,
	HOLD_FORGOTTEN,
	HOLD_LEAVE,
	HOLD_IDLE,
	HOLD_ORDER,
	HOLD_PIN_OVERDUE,
	HOLD_PIN_LEAKED,
	HOLD_PIN_INITIAL, /* set by somebody else, to be changed at first use */
	HOLD_UNLISTED,
	HOLD_UNCHECKED, /* not shown in a card check; never becomes a loss by itself */
	HOLD_EMERGENCY,
	_HOLD_REASON_MAX,
} HoldReason;

typedef struct HoldRule {
	const char *name;
	const char *ja;
	RoleSet set_by;        /* who may put it; 0 = no command puts it */
	RoleSet lifted_by;     /* who may lift it with resume; 0 = not by resume */
	gboolean needs_second; /* a second person confirms the lifting */
	const char *article;
} HoldRule;

typedef struct Hold {
	gint64 id;
	char *card;  /* NULL for a scope */
	char *scope; /* "all", "section:CODE", "authority:A", … NULL for a card */
	HoldReason reason;
	gint64 since; /* seconds since the epoch */
	char *by;     /* staff number or "opcardd" */
	char *note;
} Hold;

void hold_free(Hold *hold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hold, hold_free)

const HoldRule *hold_rule(HoldReason reason);
gboolean hold_parse(const char *name, HoldReason *ret_reason);
/* "MISSING, FORGOTTEN, …": what a person may choose. Free with g_free. */
char *hold_choices(void);
