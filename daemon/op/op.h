/* SPDX-License-Identifier: Apache-2.0
 * What every duty needs: who asks, what time it is, and the rooms below. */
#pragma once

#include "daemon/base/config.h"
#include "daemon/ca/ocsp.h"
#include "daemon/ca/so_pin.h"
#include "daemon/core/lifecycle.h"
#include "daemon/core/role_table.h"
#include "daemon/op/steps.h"
#include "daemon/store/store.h"
#include "pkcs11/secret.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)

typedef struct Publisher Publisher;

/* A CA that has a successor and still signs lists and answers for its certificates. */
typedef struct OlderIssuer {
	Issuer *issuer;
	gint64 responder_ends;
} OlderIssuer;
typedef struct Pulse Pulse;
typedef struct Spool Spool;
typedef struct Seal Seal;
typedef struct ClockGuard ClockGuard;

/* Opened once by main and the same for every request. */
typedef struct House {
	Config *config;
	RoleTable *role_table; /* NULL: the built-in names */
	Store *store;
	SoPinKey *so_key;
	StatusIndex *index;
	Ocsp *ocsp;
	Publisher *publisher;
	Pulse *pulse;            /* of the jobs */
	Seal *seal;              /* of the audit trail */
	ClockGuard *clock_guard; /* NULL: any time is believed */
	_Atomic gint64 tls_ends; /* of the TLS listener's certificate, 0 without one */
	GMutex issuer_mutex;
	Issuer *issuer;        /* the newest; NULL before `ca init`; op_issuer() */
	gint is_renewing;      /* atomic: a renewal of the CA is worked on */
	GPtrArray *older;      /* OlderIssuer, oldest first; NULL: none */
	gint64 responder_ends; /* of the OCSP responder's certificate */
	gint job_year;         /* numbers of jobs are taken from a reserved block */
	gint64 job_next;
	gint64 job_end;
	GMutex job_mutex;
	GMutex reader_mutex; /* guards reader_busy and missing_walls */
	GCond reader_free;
	GHashTable *reader_busy; /* names of readers with work under way → number of the card */
	int print_stop;          /* can be read once printing is to end; 0 = never */
	GMutex backup_mutex;     /* one backup at a time */
	gint64 generation;       /* newest ledger record noted beside the database; jobs only */
	gint is_behind;          /* atomic: the store is older than the published list; behind.h */
	Spool *spool;            /* loss reports that the store could not take; NULL: none */
	char *missing_walls; /* of the children's cage, NULL while none is known to be missing */
} House;

/* What an actor has only as the deputy of a post (代決, N02). */
typedef struct ActorDeputy {
	char *delegation; /* L-2026-0001 */
	char *post;       /* whose place is taken */
	char *order;      /* reference of the order */
	RoleSet roles;
	char **sections; /* codes that post manages */
	GArray *holders; /* gint64: the persons who hold that post */
} ActorDeputy;

/* The person or process behind a request. */
typedef struct Actor {
	char *id; /* staff number, "root", "opcardd", or "uid:1234" */
	char *name;
	gint64 person; /* 0 when no person stands behind it */
	gint64 at;     /* the moment whose posts and rules count */
	RoleSet roles;
	RoleSet deputy;      /* those of @roles held only as a deputy */
	RoleSet acting;      /* those of @roles held because nobody else is left to have them */
	RoleSet granted;     /* those of @roles taken for a time (break-glass) */
	RoleSet asked;       /* one of them is what the request takes; 0 = no request */
	char *grant;         /* under which @granted was taken, or NULL */
	char **sections;     /* codes of the sections this person manages, without @deputies */
	GPtrArray *posts;    /* char *: the posts this person holds today; or NULL */
	GPtrArray *titles;   /* char *: what the office calls those of [roles]; or NULL */
	GPtrArray *deputies; /* ActorDeputy; or NULL */
	char *exception;     /* it has these roles under exception E-…, or NULL */
} Actor;

typedef struct Op {
	House *house;
	const Actor *actor;
	gint64 now;
	gint64 effective; /* when it took effect, if that was before @now; else 0 */
	gboolean is_dry_run;
	gboolean is_confirmed; /* a second person stands behind it: @second */
	const char *second;
	Steps *steps;          /* NULL unless a job */
	gboolean has_intent;   /* the job's own number is used up by its first intent */
	GArray *touched;       /* certificate states changed in the open transaction */
	gint64 started;        /* monotonic, microseconds */
	gint64 refusal;        /* being measured (refusal.h), or 0 */
	gboolean is_list_due;  /* committed changes the published list does not show yet */
	GPtrArray *exceptions; /* numbers of the exceptions it leans on (exception.h) */
	gboolean is_clock_bad; /* the time is not to be trusted: it only restricts */
} Op;

/* A new operation of @actor at @now. */
void op_init(Op *op, House *house, const Actor *actor, gint64 now);
/* Takes back what an uncommitted transaction announced to OCSP. */
void op_clear(Op *op);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Op, op_clear)

/* A reference, or NULL with ERROR_CA before `ca init`. */
Issuer *op_issuer(const Op *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* CA @id, NULL when there is none such. */
Issuer *op_issuer_of(const Op *op, guint16 id);
/* A fresh job number "I-2026-000001"; NULL with an error. Free with g_free. */
char *op_job_id(House *house, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* opcardd itself as an actor: timers and repair. */
const Actor *op_daemon_actor(void);
void op_actor_deputy_free(ActorDeputy *deputy);
void op_actor_free(Actor *actor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Actor, op_actor_free)
/* op->effective or op->now. */
gint64 op_effective(const Op *op);
/* TRUE for the role itself, or for ANYONE. */
gboolean op_has_role(const Op *op, RoleSet roles);
/* Whether the caller manages @section, also as a deputy. */
gboolean op_manages(const Op *op, const char *section);
/* The first of the sections the caller manages, NULL when there is none. */
const char *op_first_section(const Op *op);
