/* SPDX-License-Identifier: Apache-2.0
 * What all JSON views share. */
#include "daemon/op/view.h"

#include "daemon/base/clock.h"
#include "daemon/store/store_person.h"

int view_limit(gint64 limit)
{
	return limit <= 0 ? VIEW_LIMIT : (int) MIN(limit, VIEW_LIMIT_MAX);
}

json_t *view_page(json_t *items, const char *next)
{
	return json_pack("{s:o, s:o}", "items", items, "next", view_text(next));
}

json_t *view_text(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

json_t *view_time(gint64 at)
{
	g_autofree char *text = at != 0 ? clock_time(at) : NULL;

	return view_text(text);
}

json_t *view_date(gint64 at)
{
	g_autofree char *text = at != 0 ? clock_date(at) : NULL;

	return view_text(text);
}

char *view_actor(StoreTx *tx, const char *actor, GError **error)
{
	g_autoptr(Person) person = NULL;

	if (!store_person_find(tx, actor, &person, error))
		return NULL;
	return g_strdup(person != NULL ? person->name : actor);
}
