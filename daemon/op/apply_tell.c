/* SPDX-License-Identifier: Apache-2.0
 * Who is told what. A step that the daemon takes by itself tells nobody. */
#include "daemon/op/apply_tell.h"

#include "daemon/op/notice.h"
#include "daemon/store/store_person.h"

#define FORM_USERS 2

/* The post whose turn it is; NULL for nobody. Free with g_free. */
static char *whose_turn(const Application *row, ApplicationEvent next)
{
	switch (next) {
	case APPLY_ENDORSE:
		return g_strconcat("section:", row->section, NULL);
	case APPLY_INVESTIGATE:
		return g_strdup("role:custodian");
	case APPLY_APPROVE:
		return g_strdup("role:system-admin");
	case APPLY_EXECUTE:
		return g_strdup(row->form == FORM_USERS ? "role:system-admin" : "role:custodian");
	case APPLY_RECEIVE:
		return row->form == FORM_USERS ? g_strdup("role:custodian") : NULL;
	case APPLY_DRAFT:
	case APPLY_ACCEPT:
	case APPLY_RUSH:
	case APPLY_REVISE:
	case APPLY_SUBMIT:
	case APPLY_NOMINATE:
	case APPLY_REJECT:
	case APPLY_SEND_BACK:
	case APPLY_WITHDRAW:
	case APPLY_CLOSE:
	case APPLY_LAPSE:
	case _APPLICATION_EVENT_MAX:
		break;
	}
	return NULL;
}

static gboolean send(StoreTx *tx, const Op *op, const Application *row, Notice *notice,
		     GError **error)
{
	notice->about = row->id;
	notice->values = json_pack("{s:i, s:s, s:s, s:s}", "form", row->form, "title",
				   application_form_ja(row->form), "state",
				   application_state_ja(row->state), "section", row->section);
	return notice_add(tx, op, notice, error);
}

static gboolean tell_applicant(StoreTx *tx, const Op *op, const Application *row, GError **error)
{
	g_autoptr(Person) applicant = NULL;
	g_autofree char *to = NULL;
	Notice notice = { .kind = "application-decided" };

	if (row->applicant == 0)
		return TRUE;
	applicant = store_person_by_id(tx, row->applicant, error);
	if (applicant == NULL)
		return FALSE;
	to = g_strconcat("staff:", applicant->staff, NULL);
	notice.to = to;
	return send(tx, op, row, &notice, error);
}

static gboolean is_decision(ApplicationEvent event)
{
	return event == APPLY_APPROVE || event == APPLY_REJECT || event == APPLY_SEND_BACK;
}

gboolean apply_tell(StoreTx *tx, const Op *op, const Application *row, ApplicationEvent event,
		    GError **error)
{
	ApplicationEvent next = application_next(row->state, row->approved_at != 0);
	g_autofree char *to = NULL;
	Notice notice = { .kind = "application-waits" };

	if (is_decision(event) && !tell_applicant(tx, op, row, error))
		return FALSE;
	if (event == APPLY_NOMINATE)
		to = g_strdup("role:chief");
	else if (event != APPLY_DRAFT && event != APPLY_REVISE && event != APPLY_SEND_BACK)
		to = whose_turn(row, next);
	notice.to = to;
	return to == NULL || send(tx, op, row, &notice, error);
}
