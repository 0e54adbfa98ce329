/* SPDX-License-Identifier: Apache-2.0
 * Table E: the course of an application (申請, 様式第2, 6, 7号): what may happen to it, by whom,
 * under which guards and by which article. Pure: who is who comes as facts, persons are compared by
 * number, never accounts (N05). */
#pragma once

#include "daemon/core/role.h"

/* Stored by name. */
typedef enum ApplicationState {
	APPLICATION_DRAFT,
	APPLICATION_SUBMITTED,
	APPLICATION_ENDORSED,
	APPLICATION_INVESTIGATED,
	APPLICATION_APPROVED,
	APPLICATION_SENT_BACK,
	APPLICATION_REJECTED,
	APPLICATION_EXECUTED,
	APPLICATION_RECEIVED,
	APPLICATION_CLOSED,
	APPLICATION_WITHDRAWN,
	_APPLICATION_STATE_MAX,
} ApplicationState;

typedef enum ApplicationEvent {
	APPLY_DRAFT,  /* written here */
	APPLY_ACCEPT, /* a sealed paper is taken in */
	APPLY_RUSH,   /* done first, approved afterwards */
	APPLY_REVISE,
	APPLY_SUBMIT,
	APPLY_ENDORSE,
	APPLY_INVESTIGATE,
	APPLY_NOMINATE,
	APPLY_APPROVE,
	APPLY_REJECT,
	APPLY_SEND_BACK,
	APPLY_WITHDRAW,
	APPLY_EXECUTE,
	APPLY_RECEIVE,
	APPLY_CLOSE,
	APPLY_LAPSE, /* approved, but the permit ended unused */
	_APPLICATION_EVENT_MAX,
} ApplicationEvent;

/* What must hold besides state and role. */
typedef enum ApplicationGuard {
	APPLICATION_NEEDS_NOTE = 1 << 0,
	APPLICATION_NOT_APPLICANT = 1 << 1,
	APPLICATION_NOT_HOLDER = 1 << 2,
	APPLICATION_NOT_ENDORSER = 1 << 3, /* else the chief decides */
	APPLICATION_NOT_EXECUTOR = 1 << 4,
	APPLICATION_NOMINATED =
		1 << 5, /* administrative: nominated, and the chief approves (N47) */
	APPLICATION_ADMINISTRATIVE = 1 << 6, /* only where there is something to nominate for */
	APPLICATION_UNAPPROVED = 1 << 7,     /* executed first, nobody decided yet */
	APPLICATION_DECIDED = 1 << 8,        /* somebody approved it */
	APPLICATION_WHOLE = 1 << 9,          /* nothing of it is left to be handed over */
} ApplicationGuard;

/* ROLE_HOLDER is who applied or whom it concerns, ROLE_SECTION_MANAGER that of its section. */
typedef struct ApplicationRule {
	guint from; /* set of ApplicationState; 0 = there is none yet */
	ApplicationEvent event;
	ApplicationState to;
	RoleSet roles;
	guint guards;        /* set of ApplicationGuard */
	int form;            /* 様式第n号; 0 = each */
	const char *article; /* NULL = that of the form */
} ApplicationRule;

#define APPLICATION_FROM(state) (1u << (state))

typedef enum ApplicationVerdict {
	APPLICATION_ALLOWED,
	APPLICATION_REFUSED_ROLE,
	APPLICATION_REFUSED_NOTE,
	APPLICATION_REFUSED_APPLICANT,
	APPLICATION_REFUSED_HOLDER,
	APPLICATION_REFUSED_ENDORSER,
	APPLICATION_REFUSED_EXECUTOR,
	APPLICATION_REFUSED_NOMINATION, /* nobody nominated them yet */
	APPLICATION_REFUSED_NOMINATOR,  /* who nominated does not approve */
	APPLICATION_REFUSED_CHIEF,      /* only the chief approves */
	APPLICATION_REFUSED_ORDINARY,   /* nothing administrative in it */
	APPLICATION_REFUSED_APPROVED,   /* approved already */
	APPLICATION_REFUSED_UNDECIDED,  /* not approved yet */
	APPLICATION_REFUSED_OPEN,       /* something is left to be handed over */
	_APPLICATION_VERDICT_MAX,
} ApplicationVerdict;

/* What is known when somebody wants to do something. Persons by id, 0 = nobody or not known. */
typedef struct ApplicationFacts {
	gint64 person;      /* who acts */
	RoleSet roles;      /* of the actor for this application */
	gboolean is_own;    /* applied for it, or it concerns the actor */
	gboolean is_holder; /* one of those who get something by it */
	gint64 applicant;
	gint64 endorser;
	gint64 nominator;
	gint64 executor;
	gboolean is_administrative;
	gboolean is_excepted; /* an unexpired exception from separation (N05) */
	gboolean is_approved;
	gboolean is_whole;
	gboolean has_note;
	ApplicationVerdict verdict; /* for the caller to keep */
} ApplicationFacts;

/* NULL: this event cannot happen to that form in that state. */
const ApplicationRule *application_find(int form, ApplicationState state, ApplicationEvent event);
/* The rule of an event that begins an application. */
const ApplicationRule *application_first(ApplicationEvent event);
/* Whether @rule may be followed by who acts. */
ApplicationVerdict application_judge(const ApplicationRule *rule, const ApplicationFacts *facts);
/* Whether an exception from separation of duties (N05) would lift @verdict. */
gboolean application_is_separation(ApplicationVerdict verdict);
/* The event that carries an application on from @state; _APPLICATION_EVENT_MAX at its end. */
ApplicationEvent application_next(ApplicationState state, gboolean is_approved);
/* CLOSED, REJECTED or WITHDRAWN. */
gboolean application_is_over(ApplicationState state);

gboolean application_is_form(gint64 form);
/* "業務端末システム使用者報告書" … */
const char *application_form_ja(int form);
const char *application_form_en(int form);
const char *application_article(const ApplicationRule *rule, int form);

const char *application_state_name(ApplicationState state);
const char *application_state_ja(ApplicationState state);
/* "SUBMITTED 提出". */
const char *application_state_label(ApplicationState state);
gboolean application_state_parse(const char *name, ApplicationState *ret_state);
const char *application_event_name(ApplicationEvent event);
const char *application_event_ja(ApplicationEvent event);
/* Kind of its ledger record: "application-submit". */
const char *application_event_kind(ApplicationEvent event);
gboolean application_event_parse(const char *name, ApplicationEvent *ret_event);
/* NULL beyond the last bit. */
const char *application_guard_name(guint bit);
/* In which states @event is possible: "INVESTIGATED 調査". Free with g_free. */
char *application_from_ja(int form, ApplicationEvent event);
