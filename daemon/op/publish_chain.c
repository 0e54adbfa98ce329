/* SPDX-License-Identifier: Apache-2.0
 * One publisher a CA, the first CA's in front; a chain that only grows, so that it is walked
 * without a lock. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/base/error.h"
#include "daemon/op/publish_file.h"
#include "daemon/op/publish_private.h"

/* The list is for everybody, whatever the daemon's umask is, and its folder outlasts a power loss.
 */
static gboolean make_public(const char *folder)
{
	g_autofree char *parent = g_path_get_dirname(folder);
	gboolean is_new = !g_file_test(parent, G_FILE_TEST_IS_DIR);

	return g_mkdir_with_parents(folder, 0755) == 0 && chmod(folder, 0755) == 0 &&
	       (!is_new || chmod(parent, 0755) == 0) && publish_file_sync_name(folder);
}

static Publisher *publisher_of(const Config *config, guint16 issuer)
{
	g_autofree char *folder =
		g_build_filename(config_text(config, CONFIG_PUBLIC_DIR), "crl", NULL);
	g_autofree char *list = publish_file_name("opcard.crl", issuer);
	g_autofree char *delta = publish_file_name("opcard-delta.crl", issuer);
	Publisher *publisher = g_new0(Publisher, 1);

	g_mutex_init(&publisher->mutex);
	g_cond_init(&publisher->finished);
	publisher->issuer = issuer;
	publisher->path = g_build_filename(folder, list, NULL);
	publisher->delta_path = g_build_filename(folder, delta, NULL);
	publisher->delta_url = publish_file_name(config_text(config, CONFIG_DELTA_URL), issuer);
	publisher->period = config_number(config, CONFIG_CRL_PERIOD);
	publisher->delta_period = config_number(config, CONFIG_DELTA_PERIOD);
	publisher->body = crl_new();
	publisher->changes = crl_delta_new();
	return publisher;
}

Publisher *publish_new(const Config *config, GError **error)
{
	g_autoptr(Publisher) publisher = publisher_of(config, 1);
	g_autofree char *folder = g_path_get_dirname(publisher->path);

	if (!make_public(folder)) {
		error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), folder,
			  strerrordesc_np(errno));
		return NULL;
	}
	return g_steal_pointer(&publisher);
}

Publisher *publish_next(Publisher *publisher)
{
	return g_atomic_pointer_get(&publisher->newer);
}

void publish_add(Publisher *first, const Config *config, guint16 issuer)
{
	Publisher *last = first, *fresh;

	if (publish_of(first, issuer)->issuer == issuer)
		return;
	while (publish_next(last) != NULL)
		last = publish_next(last);
	fresh = publisher_of(config, issuer);
	fresh->hook = first->hook;
	fresh->hook_data = first->hook_data;
	g_atomic_pointer_set(&last->newer, fresh);
}

Publisher *publish_of(Publisher *first, guint16 issuer)
{
	for (Publisher *one = first; one != NULL; one = publish_next(one))
		if (one->issuer == issuer)
			return one;
	return first;
}

char *publish_list_name(const Publisher *publisher)
{
	return g_path_get_basename(publisher->path);
}

gboolean publish_has_name(const Publisher *publisher, const char *name, gboolean is_delta)
{
	g_autofree char *own =
		g_path_get_basename(is_delta ? publisher->delta_path : publisher->path);

	return g_str_equal(own, name);
}

void publish_see(Publisher *publisher, gint64 not_after)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	publisher->last_end = MAX(publisher->last_end, not_after);
}

gboolean publish_is_over(Publisher *publisher, gint64 now)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	return publish_next(publisher) != NULL && publisher->last_end < now;
}

void publish_free(Publisher *publisher)
{
	if (publisher == NULL)
		return;
	publish_free(publisher->newer);
	g_mutex_clear(&publisher->mutex);
	g_cond_clear(&publisher->finished);
	g_clear_pointer(&publisher->body, crl_free);
	g_clear_pointer(&publisher->changes, crl_delta_free);
	g_clear_pointer(&publisher->current, g_bytes_unref);
	g_clear_pointer(&publisher->delta, g_bytes_unref);
	g_free(publisher->path);
	g_free(publisher->delta_path);
	g_free(publisher->delta_url);
	g_free(publisher);
}

void publish_set_hook(Publisher *publisher, PublishHook hook, gpointer data)
{
	for (Publisher *one = publisher; one != NULL; one = publish_next(one)) {
		one->hook = hook;
		one->hook_data = data;
	}
}
