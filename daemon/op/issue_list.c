/* SPDX-License-Identifier: Apache-2.0
 * Batch issue, one card a step. */
#include "daemon/op/issue_list.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/at_reader.h"
#include "daemon/op/issue.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_designation.h"
#include "daemon/store/store_person.h"

void issue_list_line_free(IssueListLine *line)
{
	if (line == NULL)
		return;
	g_free(line->designation);
	g_free(line->staff);
	g_free(line->name);
	g_free(line->section);
	g_free(line->authority);
	g_free(line->card);
	g_free(line);
}

void issue_list_step_clear(IssueListStep *step)
{
	g_clear_pointer(&step->card, g_free);
	g_clear_pointer(&step->staff, g_free);
}

/* The live card of that authority, whichever designation it was made for. */
static gboolean find_card(StoreTx *tx, const Designation *row, char **ret_card, GError **error)
{
	g_autoptr(GPtrArray) cards = store_card_of_holder(tx, row->person, error);

	for (guint i = 0; cards != NULL && i < cards->len; i++) {
		const Card *card = cards->pdata[i];

		if (card_is_live(card) && g_strcmp0(card->authority, row->authority) == 0 &&
		    g_strcmp0(card->kind, "temporary") != 0)
			*ret_card = g_strdup(card->number);
	}
	return cards != NULL;
}

static gboolean add_line(StoreTx *tx, const Designation *row, GPtrArray *lines, GError **error)
{
	g_autoptr(Person) person = store_person_by_id(tx, row->person, error);
	IssueListLine *line;

	if (person == NULL)
		return FALSE;
	line = g_new0(IssueListLine, 1);
	g_ptr_array_add(lines, line);
	line->designation = g_strdup(row->id);
	line->staff = g_strdup(person->staff);
	line->name = g_strdup(person->name);
	line->section = g_strdup(row->section);
	line->authority = g_strdup(row->authority);
	return find_card(tx, row, &line->card, error);
}

GPtrArray *issue_list_lines(StoreTx *tx, const Op *op, const char *application, GError **error)
{
	g_autofree char *today = clock_date(op->now);
	g_autoptr(GPtrArray) lines =
		g_ptr_array_new_with_free_func((GDestroyNotify) issue_list_line_free);
	g_autoptr(GPtrArray) rows = store_designation_of_application(tx, application, today, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++)
		if (!add_line(tx, rows->pdata[i], lines, error))
			return NULL;
	if (rows == NULL)
		return NULL;
	if (lines->len == 0) {
		error_set(error, ERROR_NOT_FOUND,
			  N_("no designation in force comes from \"%s\"; `opcardctl designation "
			     "list` shows them"),
			  application);
		return NULL;
	}
	return g_steal_pointer(&lines);
}

static gboolean find_next(const Op *op, const char *application, IssueListLine **ret_line,
			  guint *ret_left, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);
	g_autoptr(GPtrArray) lines =
		tx != NULL ? issue_list_lines(tx, op, application, error) : NULL;
	guint left = 0, first = 0;

	for (guint i = lines != NULL ? lines->len : 0; i > 0; i--) {
		const IssueListLine *line = lines->pdata[i - 1];

		if (line->card == NULL) {
			left++;
			first = i - 1;
		}
	}
	if (lines == NULL)
		return FALSE;
	*ret_left = left;
	*ret_line = left > 0 ? g_ptr_array_steal_index(lines, first) : NULL;
	return TRUE;
}

static gboolean is_spare(House *house, const char *serial, char **ret_number, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_read(house->store, error);
	g_autoptr(Card) card = NULL;

	if (tx == NULL || !store_card_find_chip(tx, serial, &card, error))
		return FALSE;
	if (card != NULL && card->state == CARD_SPARE && g_strcmp0(card->kind, "temporary") != 0)
		*ret_number = g_strdup(card->number);
	return TRUE;
}

/* *ret_number and *ret_reader (g_free) of the first spare in sight. */
static gboolean find_spare(House *house, const char *reader, char **ret_number, char **ret_reader,
			   GError **error)
{
	for (guint i = 0; i < at_reader_count(house); i++) {
		g_autofree char *name = NULL;
		g_autoptr(GError) absent = NULL;
		g_autoptr(AtReader) desk = at_reader_look(house, i, &name, &absent);

		if (desk == NULL || (reader != NULL && strcmp(reader, name) != 0))
			continue;
		if (!is_spare(house, desk->ready.serial, ret_number, error))
			return FALSE;
		if (*ret_number != NULL) {
			*ret_reader = g_steal_pointer(&name);
			return TRUE;
		}
	}
	return error_set(error, ERROR_CARD,
			 N_("no spare card lies in a reader; put the next one in (`opcardctl card "
			    "prepare` makes a spare of a blank)"));
}

gboolean issue_list_next(Op *op, const char *application, const char *reader,
			 IssueListStep *ret_step, GError **error)
{
	IssueListLine *line = NULL;
	g_autofree char *number = NULL;
	g_autofree char *found = NULL;
	IssueListStep step = { 0 };
	gboolean is_done = TRUE;

	if (!find_next(op, application, &line, &step.left, error))
		return FALSE;
	if (line != NULL && find_spare(op->house, reader, &number, &found, error)) {
		IssueRequest request = { .card = number,
					 .staff = line->staff,
					 .authority = line->authority,
					 .reader = found,
					 .application = application };

		is_done = issue_card(op, &request, error);
		step.card = g_strdup(number);
		step.staff = g_strdup(line->staff);
		step.left -= op->is_dry_run ? 0 : 1;
	} else if (line != NULL) {
		is_done = FALSE;
	}
	issue_list_line_free(line);
	if (is_done)
		*ret_step = step;
	else
		issue_list_step_clear(&step);
	return is_done;
}
