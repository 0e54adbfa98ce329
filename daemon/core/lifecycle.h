/* SPDX-License-Identifier: Apache-2.0
 * Table A of the lifecycle: what may happen to a card, by whom, under which guards, on which form
 * and by which article. Everything that changes a card asks this table. */
#pragma once

#include "daemon/core/card.h"
#include "daemon/core/role.h"

typedef enum CardEvent {
	EVENT_RECEIVE,
	EVENT_PREPARE,
	EVENT_ISSUE_BEGIN,
	EVENT_ISSUE_DONE,
	EVENT_ISSUE_FAILED,
	EVENT_HAND_OVER,
	EVENT_CANCEL,
	EVENT_SUSPEND,
	EVENT_RESUME,
	EVENT_REPORT_LOST,
	EVENT_REPORT_STOLEN,
	EVENT_REPORT_DAMAGED,
	EVENT_RECALL,
	EVENT_RECALL_CANCEL,
	EVENT_RETURN,
	EVENT_FOUND,
	EVENT_ERASE,
	EVENT_REUSE,
	EVENT_DISPOSE,
	EVENT_WRITE_OFF,
	EVENT_EMERGENCY_STOP,
	EVENT_EMERGENCY_RESUME,
	EVENT_STOCK_LOST,
	EVENT_RE_HOME,
	EVENT_RENEW,
	EVENT_LEND_TEMPORARY,
	EVENT_SET_ASIDE, /* a card that refuses to be wiped, or that a person distrusts */
	EVENT_RECONCILE, /* the published list knows more of its certificate than a restored store
			  */
	_CARD_EVENT_MAX,
} CardEvent;

/* What must hold besides state and role. */
typedef enum Guard {
	GUARD_ELIGIBLE = 1 << 0,       /* designation in force, holder eligible today */
	GUARD_DESIGNATED = 1 << 1,     /* accepted designation, eligible on its effective date */
	GUARD_EFFECTIVE = 1 << 2,      /* not before the effective date (発令日) */
	GUARD_SINGLE = 1 << 3,         /* no other live card of the authority but the predecessor */
	GUARD_SEPARATION = 1 << 4,     /* who executes is not the holder (N05) */
	GUARD_PRESENT = 1 << 5,        /* card in a reader, chip serial matches */
	GUARD_WITNESS = 1 << 6,        /* a second person is named as witness */
	GUARD_SECOND = 1 << 7,         /* a second person confirms from the own account */
	GUARD_REUSABLE = 1 << 8,       /* policy allows reuse and no_reuse is not set */
	GUARD_NO_OTHER_RIGHT = 1 << 9, /* no other designation of the authority remains */
	GUARD_HELD_ONLY = 1 << 10,     /* certificate merely on hold, nothing revoked */
	GUARD_TEMPORARY = 1 << 11,     /* card kind "temporary" */
	GUARD_ESCALATED = 1 << 12,     /* every reminder and escalation of its duty was given */
} Guard;

typedef struct LifecycleRule {
	int row;    /* number of the row in table A */
	guint from; /* set of CardState, as shown; 0 = the card is not known yet */
	CardEvent event;
	CardState to;  /* stored state */
	RoleSet roles; /* who may */
	guint guards;  /* set of Guard */
	int form;      /* 様式第n号 that stands behind it, 0 = none */
	const char *article;
} LifecycleRule;

#define LIFECYCLE_FROM(state) (1u << (state))

/* NULL: this event cannot happen to a card in that state. */
const LifecycleRule *lifecycle_find(CardState shown, CardEvent event);
/* The rule of an event that needs no card yet (receive). */
const LifecycleRule *lifecycle_first(CardEvent event);
/* Whether any shown state may lead to @event: "返納済・消去済". Free with g_free. */
char *lifecycle_from_ja(CardEvent event);

const char *lifecycle_event_name(CardEvent event);
const char *lifecycle_event_ja(CardEvent event);
gboolean lifecycle_event_parse(const char *name, CardEvent *ret_event);
/* FALSE for events the daemon alone causes (issue-done, issue-failed). */
gboolean lifecycle_event_has_command(CardEvent event);
const char *lifecycle_guard_name(guint bit);
