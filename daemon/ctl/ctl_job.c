/* SPDX-License-Identifier: Apache-2.0
 * Long-polls one job. The daemon may be restarted meanwhile: the work stands in its journal, so
 * asking goes on for a while before it counts as unreachable. */
#include "daemon/ctl/ctl_job.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_client.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_problem.h"

#define WAIT_SECONDS   25
#define RECONNECTS     20
#define RECONNECT_USEC (500 * 1000)

static json_t *poll_job(const Ctl *ctl, const char *id, long long after, GError **error)
{
	g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);
	g_autofree char *path =
		g_strdup_printf("/jobs/%s?wait=%d&after=%lld", escaped, WAIT_SECONDS, after);

	for (int tries = 0;; tries++) {
		g_autoptr(GError) failure = NULL;
		json_t *job = ctl_client_get_json(ctl->client, path, &failure);

		if (job != NULL)
			return job;
		if (ctl_problem_exit(failure) != 7 || tries == RECONNECTS) {
			g_propagate_error(error, g_steal_pointer(&failure));
			return NULL;
		}
		g_usleep(RECONNECT_USEC);
	}
}

/* Gives the number of the last step seen. */
static long long print_steps(const json_t *job, json_t *all, long long after)
{
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(job, "steps"), i, step)
	{
		const char *text = ctl_lang_pick(step, "en", "ja");
		long long n = (long long) json_integer_value(json_object_get(step, "n"));

		if (n <= after)
			continue;
		if (text == NULL)
			text = json_string_value(json_object_get(step, "name"));
		fprintf(stderr, "  %s\n", text != NULL ? text : "");
		(void) json_array_append(all, step);
		after = n;
	}
	return after;
}

static gboolean set_failed(json_t *job, const char *id, const char *state, GError **error)
{
	json_t *problem = json_object_get(job, "problem");
	const char *card = json_string_value(json_object_get(job, "card"));

	if (json_is_object(problem))
		(void) ctl_problem_set_document(error, 0, problem);
	else if (strcmp(state, "waiting") == 0)
		(void) ctl_problem_set(
			error, CTL_PROBLEM_CARD,
			N_("Job %s waits for card %s. Put it into a reader; the work then "
			   "goes on by itself (opcardctl api GET /jobs/%s)."),
			id, card != NULL ? card : "?", id);
	else
		(void) ctl_problem_set(error, CTL_PROBLEM_FAILED, N_("Job %s failed."), id);
	(void) ctl_problem_add(error, "job", json_string(id));
	(void) ctl_problem_add(error, "steps", json_incref(json_object_get(job, "steps")));
	return FALSE;
}

json_t *ctl_job_follow(const Ctl *ctl, const char *id, GError **error)
{
	g_autoptr(json_t) steps = json_array();
	long long after = 0;

	for (;;) {
		g_autoptr(json_t) job = poll_job(ctl, id, after, error);
		const char *state = json_string_value(json_object_get(job, "state"));

		if (job == NULL)
			return NULL;
		after = print_steps(job, steps, after);
		if (state != NULL && strcmp(state, "running") == 0)
			continue;
		(void) json_object_set(job, "steps", steps);
		if (state != NULL && strcmp(state, "done") == 0)
			return g_steal_pointer(&job);
		(void) set_failed(job, id, state != NULL ? state : "", error);
		return NULL;
	}
}
