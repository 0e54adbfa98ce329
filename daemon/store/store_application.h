/* SPDX-License-Identifier: Apache-2.0
 * Applications in the store, and the steps that were taken with them: who submitted, endorsed,
 * approved, and when (N20). */
#pragma once

#include "daemon/core/application.h"
#include "daemon/store/store.h"

typedef struct Application {
	char *id; /* A-2026-0042 */
	int form;
	char *section;    /* code */
	char *card;       /* forms 6 and 7 */
	gint64 holder;    /* person of the card; 0 for form 2 */
	gint64 applicant; /* person who applies; of a paper: who signed; 0 = not known */
	ApplicationState state;
	char *body;         /* JSON: {"from","lines"} or {"reason"} */
	char *paper;        /* reference of a sealed paper, or NULL */
	char *signed_on;    /* ISO date, or NULL */
	char *scan;         /* SHA-256 of its scan in hex, or NULL */
	gboolean is_urgent; /* executed first */
	gint64 approved_at; /* 0 = not approved */
	char *confirmation; /* N-0003 of an urgent PIN reset, or NULL */
	char *exception;    /* the exception an urgent one runs under, or NULL */
	char *new_card;     /* form 7: the card made for it, or NULL */
	gint64 opened_at;
	gint64 changed_at;
} Application;

typedef struct Approval {
	gint64 n;
	ApplicationEvent event;
	gint64 person; /* 0 = not a person of the register */
	char *actor;   /* who entered it */
	gint64 at;
	char *note; /* or NULL */
} Approval;

void store_application_free(Application *application);
void store_application_approval_free(Approval *approval);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Application, store_application_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Approval, store_application_approval_free)

/* ERROR_RULE when the paper of a form 6 or 7 stands for another application. */
gboolean store_application_insert(StoreTx *tx, const Application *application,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Everything but form, card, holder and paper. */
gboolean store_application_put(StoreTx *tx, const Application *application,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_NOT_FOUND names the number. */
Application *store_application_get(StoreTx *tx, const char *id,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest of @form for @card in @state; *ret_application NULL when there is none. */
gboolean store_application_of_card(StoreTx *tx, const char *card, int form, ApplicationState state,
				   Application **ret_application,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The one that made @card; *ret_application NULL when there is none. */
gboolean store_application_of_new_card(StoreTx *tx, const char *card, Application **ret_application,
				       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The one an urgent reset waits with. */
gboolean store_application_of_confirmation(StoreTx *tx, const char *confirmation,
					   Application **ret_application,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those not at their end (@is_open) or all, by number after @after, of @section (NULL = each).
 * Array of Application. */
typedef struct ApplicationFilter {
	gboolean is_open;
	const char *section;
	const char *after;
	int limit;
} ApplicationFilter;
GPtrArray *store_application_list(StoreTx *tx, const ApplicationFilter *filter,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next step; its number is given by the store. */
gboolean store_application_step(StoreTx *tx, const char *id, const Approval *step,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All steps in order. Array of Approval. */
GPtrArray *store_application_steps(StoreTx *tx, const char *id,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
