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
#include "daemon/jobs/postman.h"
#include "daemon/jobs/watch.h"
#include "daemon/op/authority.h"
#include "daemon/op/authority_renew.h"
#include "daemon/op/backup.h"
#include "daemon/op/behind.h"
#include "daemon/op/clock_guard.h"
#include "daemon/op/exception.h"
#include "daemon/op/generation.h"
#include "daemon/op/publish.h"
#include "daemon/op/pulse.h"
#include "daemon/op/repair.h"
#include "daemon/op/restore.h"
#include "daemon/op/seal.h"
#include "daemon/op/spool.h"
#include "daemon/op/spool_report.h"
#include "daemon/op/work_configuration.h"

struct Daemon {
	House house;
	Api api;
	Jobs *jobs;
	Postman *postman;
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

/* Neither holds up a start: revocations must work on a full disk too, and the next start tries
 * again. */
static void keep_rules(House *house, gint64 now)
{
	g_autoptr(GError) exceptions = NULL;
	g_autoptr(GError) work = NULL;

	if (!exception_keep(house, now, &exceptions))
		log_error("exceptions", NULL, NULL, exceptions);
	if (!work_configuration_note(house, now, &work))
		log_error("configuration", NULL, NULL, work);
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

static void make_house(House *house, gint64 now)
{
	g_autofree char *today = clock_date(now);
	OcspSettings settings = {
		.validity = config_policy(house->config, POLICY_OCSP_VALIDITY, today),
	};

	g_mutex_init(&house->backup_mutex);
	g_mutex_init(&house->issuer_mutex);
	g_mutex_init(&house->job_mutex);
	g_mutex_init(&house->reader_mutex);
	g_cond_init(&house->reader_free);
	house->pulse = pulse_new();
	house->reader_busy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	house->index = status_index_new();
	house->ocsp = ocsp_new(house->index, &settings);
}

/* Store, CA and lists, before anything is repaired or told to anybody. */
static gboolean open_store(House *house, gint64 now, GError **error)
{
	const char *folder = config_text(house->config, CONFIG_STATE_DIR);

	house->role_table = role_table_load(house->config, error);
	if (house->role_table == NULL || !restore_check_finished(folder, error) ||
	    !open_key(house, error))
		return FALSE;
	house->store = store_open(folder, now, error);
	return house->store != NULL;
}

/* What writes to the store by itself, so only after it is known to be the right one. */
static gboolean open_rooms(House *house, gint64 now, GError **error)
{
	house->seal = seal_open(house, now, error);
	house->publisher = house->seal != NULL ? publish_new(house->config, error) : NULL;
	if (house->publisher == NULL || !clock_guard_open(house, now, error))
		return FALSE;
	clock_guard_settle(house, now);
	return authority_open(house, now, error);
}

/* A loss that was reported is in force before OCSP answers, whether or not the store takes it now.
 */
static gboolean open_spool(House *house, gint64 now, GError **error)
{
	g_autoptr(GError) later = NULL;

	house->spool = spool_open(config_text(house->config, CONFIG_STATE_DIR), &later);
	if (house->spool == NULL)
		log_error("spool", NULL, NULL, later);
	g_clear_error(&later);
	if (!spool_report_apply(house, error))
		return FALSE;
	if (!spool_report_replay(house, now, &later))
		log_error("spool", NULL, NULL, later);
	return TRUE;
}

static gboolean open_house(House *house, gint64 now, GError **error)
{
	gboolean is_restored;
	RepairCounts counts;

	make_house(house, now);
	if (!open_store(house, now, error) || !generation_check(house, &is_restored, error) ||
	    !open_rooms(house, now, error) || !behind_open(house, is_restored, error))
		return FALSE;
	if (behind_is(house))
		log_line(LOG_LEVEL_ERROR, NULL, NULL,
			 "the database is older than the published revocation list: nothing is "
			 "issued or published until `opcardd --reconcile` was run");
	backup_tidy(house);
	if (!open_spool(house, now, error) || !authority_renew_repair(house, now, error) ||
	    !repair_start(house, now, &counts, error))
		return FALSE;
	keep_rules(house, now);
	generation_note(house);
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
	g_clear_pointer(&house->spool, spool_close);
	g_clear_pointer(&house->seal, seal_free);
	g_clear_pointer(&house->store, store_close);
	g_clear_pointer(&house->so_key, so_pin_key_free);
	g_clear_pointer(&house->reader_busy, g_hash_table_unref);
	g_clear_pointer(&house->pulse, pulse_free);
	g_clear_pointer(&house->missing_walls, g_free);
	g_clear_pointer(&house->role_table, role_table_free);
	g_clear_pointer(&house->config, config_free);
	g_mutex_clear(&house->backup_mutex);
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
	daemon->postman = daemon->jobs != NULL ? postman_start(&daemon->house, error) : NULL;
	if (daemon->postman == NULL)
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

/* Whether there is anything to take over: a list that is newer, a restore that nobody reconciled,
 * or a database that is another one than before. */
static gboolean is_reconciled(House *house, gint64 now, gboolean *ret_is_reconciled, GError **error)
{
	g_autoptr(GError) other = NULL;
	gboolean is_restored = FALSE;
	gboolean is_same = generation_check(house, &is_restored, &other);

	if (!open_rooms(house, now, error) || !behind_open(house, is_restored, error))
		return FALSE;
	*ret_is_reconciled = is_same && !behind_is(house);
	return TRUE;
}

gboolean daemon_reconcile(Config *config, ReconcileCounts *ret_counts, gboolean *ret_was_needed,
			  GError **error)
{
	House house = { .config = config };
	gint64 now = clock_now();
	gboolean is_reconciled_already = FALSE;
	gboolean is_done;

	json_memory_init();
	make_house(&house, now);
	is_done = open_store(&house, now, error) &&
		  is_reconciled(&house, now, &is_reconciled_already, error) &&
		  (is_reconciled_already || reconcile_run(&house, now, ret_counts, error));
	close_house(&house);
	*ret_was_needed = !is_reconciled_already;
	return is_done;
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

/* The last records get their checkpoint before the end. */
static void seal_end(House *house)
{
	g_autoptr(GError) error = NULL;

	if (house->seal != NULL && !seal_now(house, clock_now(), &error))
		log_error("audit checkpoint", NULL, NULL, error);
}

void daemon_close(Daemon *daemon)
{
	if (daemon == NULL)
		return;
	watch_stop(daemon->watch);
	postman_stop(daemon->postman);
	jobs_stop(daemon->jobs);
	close_api(&daemon->api);
	seal_end(&daemon->house);
	if (daemon->house.store != NULL)
		generation_note(&daemon->house);
	close_house(&daemon->house);
	g_free(daemon);
}
