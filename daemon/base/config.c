/* SPDX-License-Identifier: Apache-2.0
 * The table of configuration keys and the values in force. Reading the files is in config_file.c.
 */
#include "daemon/base/config.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/config_file.h"
#include "daemon/base/config_value.h"
#include "daemon/base/error.h"

typedef struct KeyRow {
	const char *section;
	const char *key;
	ValueType type;
	const char *value; /* default */
} KeyRow;

/* clang-format off */
static const KeyRow keys[_CONFIG_KEY_MAX] = {
	[CONFIG_ORGANISATION] = { "organisation", "name",        VALUE_TEXT,     "" },
	[CONFIG_STATE_DIR]    = { "daemon",       "state-dir",   VALUE_TEXT,     "/var/lib/opcard" },
	[CONFIG_PUBLIC_DIR]   = { "daemon",       "public-dir",  VALUE_TEXT,     "/var/lib/opcard-public" },
	[CONFIG_SOCKET]       = { "daemon",       "socket",      VALUE_TEXT,     "/run/opcard/opcardd.sock" },
	[CONFIG_LOG_LEVEL]    = { "daemon",       "log-level",   VALUE_TEXT,     "info" },
	[CONFIG_LIBEXEC_DIR]  = { "daemon",       "libexec-dir", VALUE_TEXT,     OPCARD_LIBEXECDIR },
	[CONFIG_MASTER_KEY]   = { "cards",        "master-key",  VALUE_TEXT,     "file:/etc/opcard/secret/master.key" },
	[CONFIG_FAMILY]       = { "cards",        "family",      VALUE_TEXT,     "softhsm" },
	[CONFIG_READERS]      = { "cards",        "readers",     VALUE_TEXT,     "" },
	[CONFIG_MODULE]       = { "cards",        "module",      VALUE_TEXT,     "/usr/lib/softhsm/libsofthsm2.so" },
	[CONFIG_CARD_KEY]     = { "cards",        "key",         VALUE_TEXT,     "ec:P-256" },
	[CONFIG_DEADLINE]     = { "cards",        "deadline",    VALUE_DURATION, "120s" },
	[CONFIG_CA_KEY]       = { "ca",           "key",         VALUE_TEXT,     "" },
	[CONFIG_CA_MODULE]    = { "ca",           "module",      VALUE_TEXT,     "" },
	[CONFIG_CA_PIN]       = { "ca",           "pin",         VALUE_TEXT,     "" },
	[CONFIG_CA_TOKEN_DIR] = { "ca",           "token-dir",   VALUE_TEXT,     "" },
	[CONFIG_CA_DEADLINE]  = { "ca",           "deadline",    VALUE_DURATION, "10s" },
	[CONFIG_CA_SUBJECT]   = { "ca",           "subject",     VALUE_TEXT,     "" },
	[CONFIG_CA_VALIDITY]  = { "ca",           "validity",    VALUE_DURATION, "3650d" },
	[CONFIG_CRL_URL]      = { "ca",           "crl-url",     VALUE_TEXT,     "" },
	[CONFIG_OCSP_URL]     = { "ca",           "ocsp-url",    VALUE_TEXT,     "" },
	[CONFIG_CRL_PERIOD]   = { "ca",           "crl-period",  VALUE_DURATION, "24h" },
	[CONFIG_DELTA_URL]    = { "ca",           "delta-url",   VALUE_TEXT,     "" },
	[CONFIG_DELTA_PERIOD] = { "ca",           "delta-period", VALUE_DURATION, "10m" },
	[CONFIG_LISTEN]       = { "public",       "listen",      VALUE_TEXT,     "127.0.0.1:8889" },
	[CONFIG_TLS_LISTEN]   = { "tls",          "listen",      VALUE_TEXT,     "" },
	[CONFIG_TLS_CERT]     = { "tls",          "certificate", VALUE_TEXT,     "/etc/opcard/tls/server.pem" },
	[CONFIG_TLS_KEY]      = { "tls",          "key",         VALUE_TEXT,     "/etc/opcard/tls/server.key" },
	[CONFIG_TLS_CA]       = { "tls",          "client-ca",   VALUE_TEXT,     "" },
	[CONFIG_CONNECTIONS]  = { "limits",       "connections", VALUE_NUMBER,   "4096" },
	[CONFIG_PER_PEER]     = { "limits",       "connections-per-peer", VALUE_NUMBER, "64" },
	[CONFIG_HEADER_TIME]  = { "limits",       "header-time", VALUE_DURATION, "10s" },
	[CONFIG_BODY_TIME]    = { "limits",       "body-time",   VALUE_DURATION, "60s" },
	[CONFIG_IDLE_TIME]    = { "limits",       "idle-time",   VALUE_DURATION, "60s" },
	[CONFIG_RATE]         = { "limits",       "rate",        VALUE_NUMBER,   "50" },
	[CONFIG_BURST]        = { "limits",       "burst",       VALUE_NUMBER,   "200" },
	[CONFIG_DESK_RATE]    = { "limits",       "desk-rate",   VALUE_NUMBER,   "20" },
	[CONFIG_AUDIT_KEY]    = { "audit",        "key",         VALUE_TEXT,     "" },
	[CONFIG_WITNESS_FILE] = { "audit",        "witness-file", VALUE_TEXT,    "" },
	[CONFIG_BACKUP_RECIPIENT] = { "backup",   "recipient",   VALUE_TEXT,     "" },
	[CONFIG_BACKUP_FOLDER] = { "backup",      "folder",      VALUE_TEXT,     "" },
	[CONFIG_BACKUP_EVERY] = { "backup",       "every",       VALUE_DURATION, "24h" },
	[CONFIG_BACKUP_KEEP]  = { "backup",       "keep",        VALUE_NUMBER,   "14" },
	[CONFIG_BACKUP_CA_KEY] = { "backup",      "ca-key",      VALUE_NUMBER,   "1" },
	[CONFIG_GAIJI]        = { "forms",        "gaiji",       VALUE_TEXT,     "" },
	[CONFIG_FORMS_FOLDER] = { "forms",        "folder",      VALUE_TEXT,     OPCARD_DATADIR "/forms" },
	[CONFIG_PRINTER]      = { "forms",        "printer",     VALUE_TEXT,     "" },
	[CONFIG_NOTICE_SMTP]     = { "notices", "smtp",     VALUE_TEXT,     "" },
	[CONFIG_NOTICE_SMTP_CA]  = { "notices", "smtp-ca",  VALUE_TEXT,     "" },
	[CONFIG_NOTICE_FROM]     = { "notices", "from",     VALUE_TEXT,     "" },
	[CONFIG_NOTICE_LANGUAGE] = { "notices", "language", VALUE_TEXT,     "ja" },
	[CONFIG_NOTICE_SYSLOG]   = { "notices", "syslog",   VALUE_TEXT,     "" },
	[CONFIG_NOTICE_HOOK]     = { "notices", "hook",     VALUE_TEXT,     "" },
	[CONFIG_NOTICE_HOOK_DIR] = { "notices", "hook-dir", VALUE_TEXT,     "" },
	[CONFIG_NOTICE_DEADLINE] = { "notices", "deadline", VALUE_DURATION, "60s" },
	[CONFIG_NOTICE_RETRY]    = { "notices", "retry",    VALUE_DURATION, "60s" },
	[CONFIG_NOTICE_GIVE_UP]  = { "notices", "give-up",  VALUE_DURATION, "5d" },
};

static const KeyRow policies[_POLICY_KEY_MAX] = {
	[POLICY_PIN_MIN_LENGTH]       = { "policy", "pin-min-length",       VALUE_BY_KIND,  "6" },
	[POLICY_PIN_CLASSES]          = { "policy", "pin-classes",          VALUE_BY_KIND,  "2" },
	[POLICY_PIN_HISTORY]          = { "policy", "pin-history",          VALUE_NUMBER,   "1" },
	[POLICY_MISSING_BECOMES_LOST] = { "policy", "missing-becomes-lost", VALUE_DURATION, "24h" },
	[POLICY_HAND_OVER_WITHIN]     = { "policy", "hand-over-within",     VALUE_DURATION, "14d" },
	[POLICY_OCSP_VALIDITY]        = { "policy", "ocsp-validity",        VALUE_DURATION, "10m" },
	[POLICY_CARD_VALIDITY]        = { "policy", "card-validity",        VALUE_DURATION, "1826d" },
	[POLICY_COLLECT_WITHIN]       = { "policy", "collect-within",       VALUE_DURATION, "14d" },
	[POLICY_COLLECT_REMIND]       = { "policy", "collect-remind",       VALUE_DAYS,     "3, 7, 14" },
	[POLICY_COLLECT_ESCALATE]     = { "policy", "collect-escalate",     VALUE_DAYS,     "21, 28" },
	[POLICY_CASE_REMIND]          = { "policy", "case-remind",          VALUE_DURATION, "14d" },
	[POLICY_TRANSIT_WITHIN]       = { "policy", "transit-within",       VALUE_DURATION, "3d" },
	[POLICY_REUSE]                = { "policy", "reuse",                VALUE_NUMBER,   "1" },
	[POLICY_PIN_ROTATION]         = { "policy", "pin-rotation",         VALUE_ROTATION, "P6M" },
	[POLICY_PIN_GRACE]            = { "policy", "pin-grace",            VALUE_DURATION, "0d" },
	[POLICY_URGENT_APPROVAL]      = { "policy", "urgent-approval",      VALUE_DURATION, "7d" },
	[POLICY_PIN_RESET_VALID]      = { "policy", "pin-reset-valid",      VALUE_DURATION, "7d" },
	[POLICY_AUDIT_RETENTION]      = { "policy", "audit-retention",      VALUE_NUMBER,   "7" },
	[POLICY_DISCLOSE_NAMES]       = { "policy", "disclose-names",       VALUE_NUMBER,   "0" },
	[POLICY_OFFICE_HOURS]         = { "policy", "office-hours",         VALUE_TEXT,     "08:30-17:15" },
	[POLICY_ALGORITHMS]           = { "policy", "algorithms",           VALUE_ALGORITHMS, "ec:P-256, ec:P-384, rsa:2048" },
	[POLICY_ROLES_APART]          = { "policy", "roles-apart",          VALUE_TEXT,     "auditor/chief, auditor/system-admin, auditor/custodian, auditor/section-manager" },
	[POLICY_EXCEPTION_LONGEST]    = { "policy", "exception-longest",    VALUE_DURATION, "365d" },
	[POLICY_EXCEPTION_REVIEW]     = { "policy", "exception-review",     VALUE_DURATION, "90d" },
	[POLICY_EXCEPTION_WARNING]    = { "policy", "exception-warning",    VALUE_DURATION, "30d" },
	[POLICY_YEARLY_AUDIT]         = { "policy", "yearly-audit",         VALUE_DAY,      "03-31" },
	[POLICY_YEARLY_INSPECTION]    = { "policy", "yearly-inspection",    VALUE_DAY,      "03-31" },
	[POLICY_YEARLY_CONTINUATION]  = { "policy", "yearly-continuation",  VALUE_DAY,      "04-30" },
	[POLICY_YEARLY_ANALYSIS]      = { "policy", "yearly-analysis",      VALUE_DAY,      "03-31" },
	[POLICY_YEARLY_REMINDER]      = { "policy", "yearly-reminder",      VALUE_DURATION, "90d" },
	[POLICY_BATCH_SECOND]         = { "policy", "batch-second",         VALUE_NUMBER,   "0" },
	[POLICY_CLOCK_BEHIND]         = { "policy", "clock-behind",         VALUE_DURATION, "5m" },
	[POLICY_CLOCK_AHEAD]          = { "policy", "clock-ahead",          VALUE_DURATION, "14d" },
	[POLICY_CLOCK_STEP]           = { "policy", "clock-step",           VALUE_DURATION, "1h" },
	[POLICY_SEPARATION_EXCEPTION] = { "policy", "separation-exception", VALUE_TEXT,     "" },
};
/* clang-format on */

static const char *const free_sections[] = { "accounts",        "roles",  "break-glass",
					     "terminal-groups", "permit", "mail" };

typedef struct PolicyPeriod {
	char *from; /* ISO date; "" for the undated section */
	const ConfigLine *lines[_POLICY_KEY_MAX];
} PolicyPeriod;

struct Config {
	GPtrArray *lines;      /* ConfigLine: everything read */
	GPtrArray *free_lines; /* those of free sections */
	const ConfigLine *values[_CONFIG_KEY_MAX];
	GPtrArray *periods; /* PolicyPeriod, ascending by date */
};

static const KeyRow *find_row(const KeyRow *rows, gsize n, const char *section, const char *key)
{
	for (gsize i = 0; i < n; i++)
		if (strcmp(rows[i].section, section) == 0 && strcmp(rows[i].key, key) == 0)
			return &rows[i];
	return NULL;
}

static gint compare_period(gconstpointer a, gconstpointer b)
{
	return strcmp((*(PolicyPeriod *const *) a)->from, (*(PolicyPeriod *const *) b)->from);
}

static void free_period(gpointer data)
{
	PolicyPeriod *period = data;

	g_free(period->from);
	g_free(period);
}

static PolicyPeriod *period_of(Config *config, const char *from)
{
	PolicyPeriod *period;

	for (guint i = 0; i < config->periods->len; i++) {
		period = config->periods->pdata[i];
		if (strcmp(period->from, from) == 0)
			return period;
	}
	period = g_new0(PolicyPeriod, 1);
	period->from = g_strdup(from);
	g_ptr_array_add(config->periods, period);
	return period;
}

static gboolean take_policy(Config *config, const ConfigLine *line, GError **error)
{
	const char *from = line->section + strlen("policy");
	const KeyRow *row = find_row(policies, G_N_ELEMENTS(policies), "policy", line->key);

	if (*from == ' ')
		from++;
	if (*from != '\0' && !clock_is_date(from))
		return error_set(error, ERROR_USAGE,
				 N_("%s:%d: [%s]: the date must be written like [policy "
				    "2027-04-01]"),
				 line->file, line->line, line->section);
	if (row == NULL)
		return error_set(error, ERROR_USAGE, N_("%s:%d: unknown policy key \"%s\""),
				 line->file, line->line, line->key);
	if (!config_value_check(line, row->type, error))
		return FALSE;
	period_of(config, from)->lines[row - policies] = line;
	return TRUE;
}

/* A line of a later file takes the place of the same one before it. */
static void take_free_line(Config *config, ConfigLine *line)
{
	for (guint i = 0; i < config->free_lines->len; i++) {
		const ConfigLine *other = config->free_lines->pdata[i];

		if (strcmp(other->section, line->section) == 0 &&
		    strcmp(other->key, line->key) == 0) {
			config->free_lines->pdata[i] = line;
			return;
		}
	}
	g_ptr_array_add(config->free_lines, line);
}

/* Only rules have dates. */
static gboolean is_free(const char *section, const char *name)
{
	gsize length = strlen(name);

	return strcmp(section, name) == 0 ||
	       (strcmp(name, "permit") == 0 && strncmp(section, name, length) == 0 &&
		section[length] == ' ');
}

static gboolean take_line(Config *config, ConfigLine *line, GError **error)
{
	const KeyRow *row = find_row(keys, G_N_ELEMENTS(keys), line->section, line->key);

	if (row != NULL) {
		config->values[row - keys] = line;
		return config_value_check(line, row->type, error);
	}
	if (strcmp(line->section, "policy") == 0 || g_str_has_prefix(line->section, "policy "))
		return take_policy(config, line, error);
	for (gsize i = 0; i < G_N_ELEMENTS(free_sections); i++)
		if (is_free(line->section, free_sections[i])) {
			take_free_line(config, line);
			return TRUE;
		}
	return error_set(error, ERROR_USAGE,
			 N_("%s:%d: unknown key \"%s\" in section [%s]; see the sample "
			    "configuration for the known ones"),
			 line->file, line->line, line->key, line->section);
}

Config *config_load(const char *path, GError **error)
{
	g_autoptr(Config) config = g_new0(Config, 1);

	config->free_lines = g_ptr_array_new();
	config->periods = g_ptr_array_new_with_free_func(free_period);
	period_of(config, "");
	config->lines = config_file_read(path, error);
	if (config->lines == NULL)
		return NULL;
	for (guint i = 0; i < config->lines->len; i++)
		if (!take_line(config, config->lines->pdata[i], error))
			return NULL;
	g_ptr_array_sort(config->periods, compare_period);
	return g_steal_pointer(&config);
}

void config_free(Config *config)
{
	if (config == NULL)
		return;
	g_clear_pointer(&config->lines, g_ptr_array_unref);
	g_clear_pointer(&config->free_lines, g_ptr_array_unref);
	g_clear_pointer(&config->periods, g_ptr_array_unref);
	g_free(config);
}

const char *config_text(const Config *config, ConfigKey key)
{
	return config->values[key] != NULL ? config->values[key]->value : keys[key].value;
}

gint64 config_number(const Config *config, ConfigKey key)
{
	gint64 number = 0;

	g_return_val_if_fail(config_value_parse(config_text(config, key), keys[key].type, &number),
			     0);
	return number;
}

char **config_list(const Config *config, ConfigKey key)
{
	char **parts = g_strsplit(config_text(config, key), ",", -1);
	GPtrArray *list = g_ptr_array_new();

	for (char **part = parts; *part != NULL; part++)
		if (*g_strstrip(*part) != '\0')
			g_ptr_array_add(list, g_strdup(*part));
	g_strfreev(parts);
	g_ptr_array_add(list, NULL);
	return (char **) g_ptr_array_free(list, FALSE);
}

/* The line of a rule that is in force on @date, and the section it stands in. */
static const ConfigLine *line_on(const Config *config, int key, const char *date)
{
	const ConfigLine *line = NULL;

	for (guint i = 0; i < config->periods->len; i++) {
		const PolicyPeriod *period = config->periods->pdata[i];

		if (strcmp(period->from, date) <= 0 && period->lines[key] != NULL)
			line = period->lines[key];
	}
	return line;
}

const char *config_policy_text(const Config *config, PolicyKey key, const char *date)
{
	const ConfigLine *line = line_on(config, (int) key, date);

	return line != NULL ? line->value : policies[key].value;
}

gint64 config_policy(const Config *config, PolicyKey key, const char *date)
{
	gint64 number = 0;

	g_return_val_if_fail(config_value_parse(config_policy_text(config, key, date),
						policies[key].type, &number),
			     0);
	return number;
}

gint64 config_policy_of(const Config *config, PolicyKey key, const char *kind, const char *date)
{
	gint64 number = 0;

	g_return_val_if_fail(
		config_value_by_kind(config_policy_text(config, key, date), kind, &number), 0);
	return number;
}

const GPtrArray *config_lines(const Config *config)
{
	return config->free_lines;
}

gboolean config_entry_on(const Config *config, guint index, const char *date,
			 ConfigEntry *ret_entry)
{
	const ConfigLine *line = NULL;
	const KeyRow *row = NULL;

	if (index < _CONFIG_KEY_MAX) {
		row = &keys[index];
		line = config->values[index];
	} else if (index < _CONFIG_KEY_MAX + _POLICY_KEY_MAX) {
		row = &policies[index - _CONFIG_KEY_MAX];
		line = line_on(config, (int) (index - _CONFIG_KEY_MAX), date);
	} else if (index < _CONFIG_KEY_MAX + _POLICY_KEY_MAX + config->free_lines->len) {
		line = config->free_lines->pdata[index - _CONFIG_KEY_MAX - _POLICY_KEY_MAX];
	} else {
		return FALSE;
	}
	*ret_entry = (ConfigEntry){
		.section = line != NULL ? line->section : row->section,
		.key = row != NULL ? row->key : line->key,
		.value = line != NULL ? line->value : row->value,
		.file = line != NULL ? line->file : NULL,
		.line = line != NULL ? line->line : 0,
	};
	return TRUE;
}

const GPtrArray *config_all_lines(const Config *config)
{
	return config->lines;
}

gboolean config_entry(const Config *config, guint index, ConfigEntry *ret_entry)
{
	return config_entry_on(config, index, "", ret_entry);
}

const char *config_policy_name(PolicyKey key)
{
	return policies[key].key;
}
