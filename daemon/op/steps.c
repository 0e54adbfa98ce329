/* SPDX-License-Identifier: Apache-2.0
 * The visible steps of long work. */
#include "daemon/op/steps.h"

#include <libintl.h>

typedef struct Step {
	const char *name;
	const char *text;
} Step;

struct Steps {
	gatomicrefcount references;
	char *id;
	char *kind;
	char *card;
	char *owner;
	GMutex mutex; /* guards what follows */
	GCond changed;
	GArray *list;
	gboolean is_final;
	json_t *result;
	json_t *extra;
	GError *error;
};

Steps *steps_new(const char *id, const char *kind, const char *card)
{
	Steps *steps = g_new0(Steps, 1);

	g_atomic_ref_count_init(&steps->references);
	g_mutex_init(&steps->mutex);
	g_cond_init(&steps->changed);
	steps->id = g_strdup(id);
	steps->kind = g_strdup(kind);
	steps->card = g_strdup(card);
	steps->list = g_array_new(FALSE, FALSE, sizeof(Step));
	return steps;
}

Steps *steps_ref(Steps *steps)
{
	g_atomic_ref_count_inc(&steps->references);
	return steps;
}

void steps_unref(Steps *steps)
{
	if (steps == NULL || !g_atomic_ref_count_dec(&steps->references))
		return;
	g_mutex_clear(&steps->mutex);
	g_cond_clear(&steps->changed);
	g_array_unref(steps->list);
	json_decref(steps->result);
	json_decref(steps->extra);
	g_clear_error(&steps->error);
	g_free(steps->id);
	g_free(steps->kind);
	g_free(steps->card);
	g_free(steps->owner);
	g_free(steps);
}

const char *steps_id(const Steps *steps)
{
	return steps->id;
}

void steps_set_owner(Steps *steps, const char *owner)
{
	g_free(steps->owner);
	steps->owner = g_strdup(owner);
}

const char *steps_owner(const Steps *steps)
{
	return steps->owner;
}

void steps_add(Steps *steps, const char *name, const char *text)
{
	Step step = { name, text };

	if (steps == NULL)
		return;
	g_mutex_lock(&steps->mutex);
	g_array_append_val(steps->list, step);
	g_cond_broadcast(&steps->changed);
	g_mutex_unlock(&steps->mutex);
}

void steps_finish(Steps *steps, json_t *result, const GError *error, json_t *extra)
{
	g_mutex_lock(&steps->mutex);
	steps->is_final = TRUE;
	steps->result = result;
	steps->extra = extra;
	steps->error = error != NULL ? g_error_copy(error) : NULL;
	g_cond_broadcast(&steps->changed);
	g_mutex_unlock(&steps->mutex);
}

gboolean steps_is_final(Steps *steps)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&steps->mutex);

	return steps->is_final;
}

void steps_wait(Steps *steps, guint after, gint64 until)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&steps->mutex);

	while (!steps->is_final && steps->list->len <= after)
		if (!g_cond_wait_until(&steps->changed, &steps->mutex, until))
			return;
}

void steps_view(Steps *steps, guint after, StepsView *ret_view)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&steps->mutex);
	json_t *list = json_array();

	for (guint i = after; i < steps->list->len; i++) {
		const Step *step = &g_array_index(steps->list, Step, i);

		json_array_append_new(list, json_pack("{s:i, s:s, s:s, s:s}", "n", (int) i + 1,
						      "name", step->name, "en", step->text, "ja",
						      gettext(step->text)));
	}
	*ret_view = (StepsView){
		.kind = steps->kind,
		.card = steps->card,
		.state = !steps->is_final       ? "running"
			 : steps->error != NULL ? "failed"
						: "done",
		.steps = list,
		.result = json_incref(steps->result),
		.extra = json_incref(steps->extra),
		.error = steps->error,
	};
}
