/* SPDX-License-Identifier: Apache-2.0
 * opcardd: arguments, signals, and nothing else. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/base/log.h"
#include "daemon/daemon.h"
#include "daemon/recovery.h"
#include "daemon/settings.h"
#include "pkcs11/failpoint.h"
#include "pkcs11/message.h"

#define DEFAULT_CONFIG "/etc/opcard/opcardd.conf"
#define FILES_MAX      16384

/* sd_notify: one datagram to the socket the service manager named. */
static void notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@') ||
	    strlen(path) >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, strlen(path));
	length = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *) &address, length) <
	    0)
		log_line(LOG_LEVEL_WARNING, NULL, NULL, "the service manager cannot be told: %s",
			 strerrordesc_np(errno));
	close(fd);
}

static int fail(const GError *error)
{
	g_printerr("opcardd: %s\nopcardd: %s\n", error_ja(error), error->message);
	return error_exit(error_code(error));
}

static void set_log_level(const Config *config)
{
	LogLevel level;

	if (log_level_parse(config_text(config, CONFIG_LOG_LEVEL), &level))
		log_set_level(level);
}

/* SIGHUP reads the certificates of TLS again; what is wrong with them does not end the service. */
static void wait_for_end(Daemon *daemon, const sigset_t *signals)
{
	int number = 0;

	while (sigwait(signals, &number) != 0 || number == SIGHUP) {
		g_autoptr(GError) error = NULL;

		if (daemon_reload(daemon, &error))
			log_line(LOG_LEVEL_INFO, NULL, NULL, "TLS certificates read again");
		else
			log_error("reload", NULL, NULL, error);
	}
}

/* One descriptor a connection; the soft limit of old is 1024, for programs that use select(). */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = MIN(limit.rlim_max, FILES_MAX);
	(void) setrlimit(RLIMIT_NOFILE, &limit);
}

static int run(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = config_load(path, &error);
	g_autoptr(Daemon) daemon = NULL;
	sigset_t signals;

	if (config == NULL || !settings_check(config, &error))
		return fail(error);
	set_log_level(config);
	raise_file_limit();
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	daemon = daemon_open(g_steal_pointer(&config), &error);
	if (daemon == NULL)
		return fail(error);
	log_line(LOG_LEVEL_INFO, NULL, NULL, "opcardd %s serves", OPCARD_VERSION);
	notify("READY=1");
	wait_for_end(daemon, &signals);
	notify("STOPPING=1");
	log_line(LOG_LEVEL_INFO, NULL, NULL, "stopping");
	return 0;
}

static int check_config(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = config_load(path, &error);

	if (config == NULL || !settings_check(config, &error))
		return fail(error);
	g_print("%s: OK\n", path);
	return 0;
}

static int recover(const char *path, const RecoveryRequest *request)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = config_load(path, &error);

	if (config == NULL || !settings_check(config, &error))
		return fail(error);
	if (request->file != NULL && request->key == NULL)
		error_set(&error, ERROR_USAGE,
			  N_("a restore needs the recipient's private key: --key FILE"));
	else if (request->file == NULL && !request->is_reconcile)
		error_set(&error, ERROR_USAGE, N_("--key and --dry-run go with --restore FILE"));
	return error != NULL ? fail(error) : recovery_run(g_steal_pointer(&config), request);
}

int main(int argc, char **argv)
{
	g_autofree char *path = NULL;
	g_autofree char *file = NULL;
	g_autofree char *key = NULL;
	gboolean is_check = FALSE, is_list = FALSE, is_version = FALSE;
	gboolean is_dry_run = FALSE, is_reconcile = FALSE;
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {
		{ "restore", 0, 0, G_OPTION_ARG_FILENAME, &file,
		  "バックアップを空の state-dir へ復元する / put a backup into an empty state "
		  "folder",
		  "FILE" },
		{ "key", 0, 0, G_OPTION_ARG_FILENAME, &key,
		  "バックアップの宛先の秘密鍵 / the private key it was sealed for", "FILE" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &is_dry_run,
		  "復元せずに確かめる / examine the backup, put nothing anywhere", NULL },
		{ "reconcile", 0, 0, G_OPTION_ARG_NONE, &is_reconcile,
		  "公開中の失効リストと照合する / take the published revocation list over", NULL },
		{ "config", 'c', 0, G_OPTION_ARG_FILENAME, &path,
		  "設定ファイル / configuration file", "FILE" },
		{ "check-config", 0, 0, G_OPTION_ARG_NONE, &is_check,
		  "設定を確かめて終わる / check it and end", NULL },
		{ "list-failpoints", 0, 0, G_OPTION_ARG_NONE, &is_list,
		  "試験用ビルドの失敗点 / failpoints of a test build", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &is_version, "版 / print the version", NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context =
		g_option_context_new("- 操作者用ICカードの管理 / operator IC card daemon");

	message_init_japanese();
	/* Keys and PINs pass through this memory: no core dump, no ptrace by the same user. */
	prctl(PR_SET_DUMPABLE, 0);
	umask(0077);
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1) {
		g_printerr("opcardd: %s\n",
			   error != NULL ? error->message : "unexpected argument; see --help");
		return 2;
	}
	if (is_version) {
		g_print("opcardd %s\n", OPCARD_VERSION);
		return 0;
	}
	if (is_list) {
		failpoint_list(stdout);
		return 0;
	}
	if (path == NULL)
		path = g_strdup(DEFAULT_CONFIG);
	if (file != NULL || key != NULL || is_dry_run || is_reconcile) {
		RecoveryRequest request = { file, key, is_dry_run, is_reconcile };

		return recover(path, &request);
	}
	return is_check ? check_config(path) : run(path);
}
