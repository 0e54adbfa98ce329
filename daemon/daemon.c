/* SPDX-License-Identifier: Apache-2.0
 * The whole daemon as a value. */
#include "daemon/daemon.h"

#include <string.h>
#include <sys/stat.h>

#include "daemon/api/denial.h"
#include "daemon/api/door.h"
#include "daemon/api/idempotency.h"
#include "daemon/api/limit.h"
#include "daemon/api/metrics.h"
#include "daemon/api/workers.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/base/log.h"
#include "daemon/jobs/jobs.h"
#include "daemon/jobs/watch.h"
#include "daemon/op/authority.h"
#include "daemon/op/authority_renew.h"
#include "daemon/op/clock_guard.h"
#include "daemon/op/exception.h"
#include "daemon/op/publish.h"
#include "daemon/op/pulse.h"
#include "daemon/op/repair.h"

struct Daemon {
	House house;
	Api api;
	Jobs *jobs;
	Watch *watch;
};

/* A folder that is there already keeps its mode: the administrator chose it. */
static gboolean make_folder(const char *path, mode_t mode, GError **error)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return TRUE;
	return (g_mkdir_with_parents(path, 0755) == 0 && chmod(path, mode) == 0) ||
	       error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), path,
			 strerrordesc_np(errno));
}

/* The master key is made at the very first start only: a state that has a store already and no
 * key has lost it, and a new one would be of no use to the cards there are. */
static gboolean open_key(House *house, GError **error)
{
	const char *uri = config_text(house->config, CONFIG_MASTER_KEY);
	const char *path = g_str_has_prefix(uri, "file:") ? uri + strlen("file:") : uri;
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *store =
		g_build_filename(config_text(house->config, CONFIG_STATE_DIR), "opcard.db", NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(store, G_FILE_TEST_EXISTS)) {
		house->so_key = so_pin_key_load(uri, error);
	} else {
		if (!make_folder(folder, 0700, error))
			return FALSE;
		house->so_key = so_pin_key_create(uri, error);
	}
	return house->so_key != NULL;
}

static gboolean open_house(House *house, gint64 now, GError **error)
{
	g_autofree char *today = clock_date(now);
	OcspSettings settings = {
		.validity = config_policy(house->config, POLICY_OCSP_VALIDITY, today),
	};
	RepairCounts counts;

	g_mutex_init(&house->issuer_mutex);
	g_mutex_init(&house->job_mutex);
	g_mutex_init(&house->reader_mutex);
	g_cond_init(&house->reader_free);
	house->pulse = pulse_new();
	house->reader_busy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	house->index = status_index_new();
	house->ocsp = ocsp_new(house->index, &settings);
	house->role_table = role_table_load(house->config, error);
	if (house->role_table == NULL || !open_key(house, error))
		return FALSE;
	house->store = store_open(config_text(house->config, CONFIG_STATE_DIR), now, error);
	house->publisher = house->store != NULL ? publish_new(house->config, error) : NULL;
	if (house->publisher == NULL || !clock_guard_open(house, now, error) ||
	    !exception_keep(house, now, error) || !authority_open(house, now, error) ||
	    !authority_renew_repair(house, now, error) || !repair_start(house, now, &counts, error))
		return FALSE;
	if (counts.closed + counts.waiting > 0)
		log_line(LOG_LEVEL_WARNING, NULL, NULL,
			 "repaired at start: %u operations closed, %u wait for their card",
			 counts.closed, counts.waiting);
	return TRUE;
}

static void close_house(House *house)
{
	g_clear_pointer(&house->ocsp, ocsp_free);
	g_clear_pointer(&house->index, status_index_free);
	g_clear_pointer(&house->publisher, publish_free);
	authority_close(house);
	clock_guard_close(house);
	g_clear_pointer(&house->store, store_close);
	g_clear_pointer(&house->so_key, so_pin_key_free);
	g_clear_pointer(&house->reader_busy, g_hash_table_unref);
	g_clear_pointer(&house->pulse, pulse_free);
	g_clear_pointer(&house->missing_walls, g_free);
	g_clear_pointer(&house->role_table, role_table_free);
	g_clear_pointer(&house->config, config_free);
	g_mutex_clear(&house->issuer_mutex);
	g_mutex_clear(&house->job_mutex);
	g_mutex_clear(&house->reader_mutex);
	g_cond_clear(&house->reader_free);
}

static void open_api(Daemon *daemon, char **readers)
{
	Api *api = &daemon->api;

	api->house = &daemon->house;
	api->sight = sight_new(readers);
	api->denial = denial_new();
	api->limit = limit_new(daemon->house.config);
	api->metrics = metrics_new();
	api->flights = idempotency_open();
}

static gboolean serve(Daemon *daemon, GError **error)
{
	g_auto(GStrv) readers = config_list(daemon->house.config, CONFIG_READERS);
	g_autofree char *folder =
		g_path_get_dirname(config_text(daemon->house.config, CONFIG_SOCKET));

	open_api(daemon, readers);
	if (!make_folder(folder, 0755, error) || !door_open(&daemon->api, error))
		return FALSE;
	daemon->api.workers = workers_new(&daemon->api, g_strv_length(readers));
	if (!door_start(&daemon->api, error))
		return FALSE;
	daemon->jobs = jobs_start(&daemon->house, error);
	if (daemon->jobs == NULL)
		return FALSE;
	if (g_strv_length(readers) > 0)
		daemon->watch = watch_start(&daemon->house, daemon->api.sight, error);
	return g_strv_length(readers) == 0 || daemon->watch != NULL;
}

Daemon *daemon_open(Config *config, GError **error)
{
	g_autoptr(Daemon) daemon = g_new0(Daemon, 1);

	json_memory_init();
	daemon->house.config = config;
	if (!open_house(&daemon->house, clock_now(), error) || !serve(daemon, error))
		return NULL;
	return g_steal_pointer(&daemon);
}

gboolean daemon_reload(Daemon *daemon, GError **error)
{
	return door_reload(&daemon->api, error);
}

static void close_api(Api *api)
{
	door_stop(api);
	workers_free(api->workers);
	door_close(api);
	g_clear_pointer(&api->flights, idempotency_close);
	g_clear_pointer(&api->metrics, metrics_free);
	g_clear_pointer(&api->denial, denial_free);
	g_clear_pointer(&api->limit, limit_free);
	g_clear_pointer(&api->sight, sight_free);
}

void daemon_close(Daemon *daemon)
{
	if (daemon == NULL)
		return;
	watch_stop(daemon->watch);
	jobs_stop(daemon->jobs);
	close_api(&daemon->api);
	close_house(&daemon->house);
	g_free(daemon);
}
