/* SPDX-License-Identifier: Apache-2.0
 * Applications. Which are over is written into the SQL as in the partial index, so that it serves.
 */
#include "daemon/store/store_application.h"

#include "daemon/base/error.h"
#include "daemon/store/sql.h"

#define COLUMNS                                                                                    \
	"id, form, section, card, holder, applicant, state, body, paper, signed_on, scan,"         \
	" is_urgent, approved_at, confirmation, exception, new_card, opened_at, changed_at"
#define OPEN " state NOT IN ('CLOSED', 'REJECTED', 'WITHDRAWN')"

void store_application_free(Application *application)
{
	if (application == NULL)
		return;
	g_free(application->id);
	g_free(application->section);
	g_free(application->card);
	g_free(application->body);
	g_free(application->paper);
	g_free(application->signed_on);
	g_free(application->scan);
	g_free(application->confirmation);
	g_free(application->exception);
	g_free(application->new_card);
	g_free(application);
}

void store_application_approval_free(Approval *approval)
{
	if (approval == NULL)
		return;
	g_free(approval->actor);
	g_free(approval->note);
	g_free(approval);
}

static gpointer read_row(Sql *query)
{
	Application *row = g_new0(Application, 1);

	row->id = sql_text(query, 0);
	row->form = (int) sql_int(query, 1);
	row->section = sql_text(query, 2);
	row->card = sql_text(query, 3);
	row->holder = sql_int(query, 4);
	row->applicant = sql_int(query, 5);
	if (!application_state_parse(sql_peek(query, 6), &row->state))
		row->state = APPLICATION_CLOSED;
	row->body = sql_text(query, 7);
	row->paper = sql_text(query, 8);
	row->signed_on = sql_text(query, 9);
	row->scan = sql_text(query, 10);
	row->is_urgent = sql_int(query, 11) != 0;
	row->approved_at = sql_int(query, 12);
	row->confirmation = sql_text(query, 13);
	row->exception = sql_text(query, 14);
	row->new_card = sql_text(query, 15);
	row->opened_at = sql_int(query, 16);
	row->changed_at = sql_int(query, 17);
	return row;
}

static GPtrArray *read_list(Sql *query, GError **error)
{
	return sql_collect(query, read_row, (GDestroyNotify) store_application_free, error);
}

static gboolean first(Sql *query, Application **ret_application, GError **error)
{
	g_autoptr(GPtrArray) list = read_list(query, error);

	if (list == NULL)
		return FALSE;
	*ret_application = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
	return TRUE;
}

gboolean store_application_insert(StoreTx *tx, const Application *row, GError **error)
{
	if (!sql_run(tx, error,
		     "INSERT OR IGNORE INTO application VALUES(?1, ?2, ?3, ?4, nullif(?5, 0),"
		     " nullif(?6, 0), ?7, ?8, ?9, ?10, ?11, ?12, nullif(?13, 0), ?14, ?15, ?16,"
		     " ?17, ?18)",
		     "tdttiitttttditttii", row->id, row->form, row->section, row->card, row->holder,
		     row->applicant, application_state_name(row->state), row->body, row->paper,
		     row->signed_on, row->scan, row->is_urgent, row->approved_at, row->confirmation,
		     row->exception, row->new_card, row->opened_at, row->changed_at))
		return FALSE;
	return sql_changes(tx) == 1 ||
	       error_set(error, ERROR_RULE,
			 N_("card %s: the form %d \"%s\" was taken in before; a form is good for "
			    "one reset of one card (6), or for one reissue (7, T28)"),
			 row->card, row->form, row->paper);
}

gboolean store_application_put(StoreTx *tx, const Application *row, GError **error)
{
	return sql_run(tx, error,
		       "UPDATE application SET section = ?2, applicant = nullif(?3, 0), state = ?4,"
		       " body = ?5, signed_on = ?6, scan = ?7, is_urgent = ?8,"
		       " approved_at = nullif(?9, 0), confirmation = ?10, exception = ?11,"
		       " new_card = ?12, changed_at = ?13 WHERE id = ?1",
		       "ttittttdittti", row->id, row->section, row->applicant,
		       application_state_name(row->state), row->body, row->signed_on, row->scan,
		       row->is_urgent, row->approved_at, row->confirmation, row->exception,
		       row->new_card, row->changed_at);
}

Application *store_application_get(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " COLUMNS " FROM application WHERE id = ?1", "t", id);
	Application *application = NULL;

	if (first(query, &application, error) && application == NULL)
		error_set(error, ERROR_NOT_FOUND,
			  N_("there is no application %s; `opcardctl application list` shows them"),
			  id);
	return application;
}

gboolean store_application_of_card(StoreTx *tx, const char *card, int form, ApplicationState state,
				   Application **ret_application, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM application WHERE card = ?1"
					 " AND form = ?2 AND state = ?3 ORDER BY id DESC LIMIT 1",
					 "tdt", card, form, application_state_name(state));

	return first(query, ret_application, error);
}

gboolean store_application_of_new_card(StoreTx *tx, const char *card, Application **ret_application,
				       GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT " COLUMNS " FROM application WHERE new_card = ?1"
					 " ORDER BY id DESC LIMIT 1",
					 "t", card);

	return first(query, ret_application, error);
}

gboolean store_application_of_confirmation(StoreTx *tx, const char *confirmation,
					   Application **ret_application, GError **error)
{
	g_autoptr(Sql) query =
		sql_query(tx, error, "SELECT " COLUMNS " FROM application WHERE confirmation = ?1",
			  "t", confirmation);

	return first(query, ret_application, error);
}

GPtrArray *store_application_list(StoreTx *tx, const ApplicationFilter *filter, GError **error)
{
	const char *after = filter->after != NULL ? filter->after : "";
	g_autoptr(Sql) query = NULL;

	if (filter->section != NULL && filter->is_open)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM application WHERE section = ?1"
				  " AND id > ?2 AND" OPEN " ORDER BY id LIMIT ?3",
				  "ttd", filter->section, after, filter->limit);
	else if (filter->section != NULL)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM application WHERE section = ?1"
				  " AND id > ?2 ORDER BY id LIMIT ?3",
				  "ttd", filter->section, after, filter->limit);
	else if (filter->is_open)
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM application WHERE id > ?1 AND" OPEN
				  " ORDER BY id LIMIT ?2",
				  "td", after, filter->limit);
	else
		query = sql_query(tx, error,
				  "SELECT " COLUMNS " FROM application WHERE id > ?1"
				  " ORDER BY id LIMIT ?2",
				  "td", after, filter->limit);
	return read_list(query, error);
}

gboolean store_application_step(StoreTx *tx, const char *id, const Approval *step, GError **error)
{
	return sql_run(tx, error,
		       "INSERT INTO approval SELECT ?1, ifnull(max(n), 0) + 1, ?2, nullif(?3, 0),"
		       " ?4, ?5, ?6 FROM approval WHERE application = ?1",
		       "ttitit", id, application_event_name(step->event), step->person, step->actor,
		       step->at, step->note);
}

static gpointer read_step(Sql *query)
{
	Approval *step = g_new0(Approval, 1);

	step->n = sql_int(query, 0);
	if (!application_event_parse(sql_peek(query, 1), &step->event))
		step->event = _APPLICATION_EVENT_MAX;
	step->person = sql_int(query, 2);
	step->actor = sql_text(query, 3);
	step->at = sql_int(query, 4);
	step->note = sql_text(query, 5);
	return step;
}

GPtrArray *store_application_steps(StoreTx *tx, const char *id, GError **error)
{
	g_autoptr(Sql) query = sql_query(tx, error,
					 "SELECT n, event, person, actor, at, note FROM approval"
					 " WHERE application = ?1 ORDER BY n",
					 "t", id);

	return sql_collect(query, read_step, (GDestroyNotify) store_application_approval_free,
			   error);
}
