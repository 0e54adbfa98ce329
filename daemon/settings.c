/* SPDX-License-Identifier: Apache-2.0
 * What the configuration must mean, one small check a row. */
#include "daemon/settings.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/base/log.h"
#include "daemon/ca/key.h"
#include "daemon/ca/token_uri.h"
#include "daemon/core/permit.h"
#include "daemon/core/person.h"
#include "daemon/core/role_table.h"
#include "daemon/op/notice_text.h"

typedef gboolean (*ValueCheck)(const char *value);

static gboolean is_log_level(const char *value)
{
	LogLevel level;

	return log_level_parse(value, &level);
}

static gboolean is_family(const char *value)
{
	return g_str_equal(value, "softhsm");
}

static gboolean is_key_kind(const char *value)
{
	KeyKind kind;

	return key_kind_parse(value, &kind, NULL);
}

static gboolean is_file(const char *value)
{
	return g_str_has_prefix(value, "file:/");
}

static gboolean is_file_or_empty(const char *value)
{
	return *value == '\0' || is_file(value);
}

static gboolean is_ca_key(const char *value)
{
	g_auto(TokenUri) uri = { NULL, NULL };

	return token_uri_is(value) ? token_uri_parse(value, &uri, NULL) : is_file_or_empty(value);
}

static gboolean is_path(const char *value)
{
	return *value == '/';
}

static gboolean is_path_or_empty(const char *value)
{
	return *value == '\0' || is_path(value);
}

static gboolean is_reader_list(const char *value)
{
	g_auto(GStrv) list = g_strsplit(value, ",", -1);

	for (char **entry = list; *entry != NULL; entry++)
		if (*g_strstrip(*entry) != '\0' && !g_str_has_prefix(*entry, "dir:/"))
			return FALSE;
	return TRUE;
}

static gboolean is_not_zero(const char *value)
{
	return g_ascii_strtoull(value, NULL, 10) > 0;
}

static gboolean is_switch(const char *value)
{
	return g_str_equal(value, "0") || g_str_equal(value, "1");
}

static gboolean is_positive(const char *value)
{
	guint64 number;

	return g_ascii_string_to_unsigned(value, 10, 1, 100000, &number, NULL);
}

static gboolean is_address(const char *value)
{
	const char *port = strrchr(value, ':');
	guint64 number;

	return *value == '\0' ||
	       (port != NULL && g_ascii_string_to_unsigned(port + 1, 10, 0, 65535, &number, NULL));
}

static gboolean is_mail_server(const char *value)
{
	return *value == '\0' || g_str_has_prefix(value, "smtp://") ||
	       g_str_has_prefix(value, "smtps://");
}

static gboolean is_sender(const char *value)
{
	return *value == '\0' || notice_text_is_address(value);
}

static gboolean is_language(const char *value)
{
	return g_str_equal(value, "ja") || g_str_equal(value, "en");
}

/* clang-format off */
static const struct {
	const char *section;
	const char *key;
	ValueCheck is_good;
	const char *wanted;
} checks[] = {
	{ "daemon", "log-level",  is_log_level,     "error, warning, info or debug" },
	{ "daemon", "state-dir",  is_path,          "an absolute path" },
	{ "daemon", "public-dir", is_path,          "an absolute path" },
	{ "daemon", "socket",     is_path,          "an absolute path" },
	{ "cards",  "family",     is_family,        "softhsm" },
	{ "cards",  "readers",    is_reader_list,   "dir:/FOLDER, dir:/FOLDER …" },
	{ "cards",  "master-key", is_file,          "file:/PATH" },
	{ "cards",  "key",        is_key_kind,      "ec:P-256, rsa:2048 or rsa:3072" },
	{ "ca",     "key",        is_ca_key,        "file:/PATH or pkcs11:token=LABEL;object=LABEL" },
	{ "ca",     "module",     is_path_or_empty, "an absolute path" },
	{ "ca",     "pin",        is_file_or_empty, "file:/PATH" },
	{ "ca",     "token-dir",  is_path_or_empty, "an absolute path" },
	{ "ca",     "crl-period", is_not_zero,      "longer than nothing" },
	{ "ca",     "delta-period", is_not_zero,    "longer than nothing" },
	{ "backup", "recipient",  is_file_or_empty, "file:/PATH" },
	{ "backup", "folder",     is_path_or_empty, "an absolute path" },
	{ "backup", "ca-key",     is_switch,        "0 or 1" },
	{ "public", "listen",     is_address,       "ADDRESS:PORT" },
	{ "tls",    "listen",     is_address,       "ADDRESS:PORT" },
	{ "tls",    "certificate", is_path,         "an absolute path" },
	{ "tls",    "key",        is_path,          "an absolute path" },
	{ "tls",    "client-ca",  is_path_or_empty, "an absolute path" },
	{ "notices", "smtp",      is_mail_server,   "smtp://HOST:PORT or smtps://HOST:PORT" },
	{ "notices", "smtp-ca",   is_path_or_empty, "an absolute path" },
	{ "notices", "from",      is_sender,        "a mail address" },
	{ "notices", "language",  is_language,      "ja or en" },
	{ "notices", "syslog",    is_path_or_empty, "an absolute path" },
	{ "notices", "hook",      is_path_or_empty, "an absolute path" },
	{ "notices", "hook-dir",  is_path_or_empty, "an absolute path" },
	{ "notices", "deadline",  is_not_zero,      "longer than nothing" },
	{ "limits", "connections", is_positive,     "1 to 100000" },
	{ "limits", "connections-per-peer", is_positive, "1 to 100000" },
};
/* clang-format on */

static gboolean refuse(const ConfigEntry *entry, const char *wanted, GError **error)
{
	return error_set(error, ERROR_USAGE,
			 N_("%s:%d: \"%s\" is no value for %s in [%s]; it must be %s"),
			 entry->file != NULL ? entry->file : "default", entry->line, entry->value,
			 entry->key, entry->section, wanted);
}

static gboolean check_value(const ConfigEntry *entry, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
		if (g_str_equal(entry->section, checks[i].section) &&
		    g_str_equal(entry->key, checks[i].key) && !checks[i].is_good(entry->value))
			return refuse(entry, checks[i].wanted, error);
	return TRUE;
}

static gboolean is_account(const char *key)
{
	guint64 uid;

	if (g_str_has_prefix(key, "uid:"))
		return g_ascii_string_to_unsigned(key + 4, 10, 0, G_MAXUINT32 - 1, &uid, NULL);
	if (g_str_has_prefix(key, "cert:"))
		return strlen(key) == 5 + 64 && strspn(key + 5, "0123456789abcdefABCDEF") == 64;
	return g_str_has_prefix(key, "cn:") && key[3] != '\0';
}

/* A role without a person never decides anything. */
static gboolean is_account_value(const char *value)
{
	return (g_str_has_prefix(value, "staff:") && person_is_staff_number(value + 6)) ||
	       g_str_equal(value, "role:night-desk") || g_str_equal(value, "role:monitor");
}

static gboolean check_account(const ConfigEntry *entry, GError **error)
{
	if (!is_account(entry->key))
		return error_set(error, ERROR_USAGE,
				 N_("%s:%d: \"%s\" is no account; write uid:NUMBER, cert:SHA-256 "
				    "(64 hex digits) or cn:NAME = staff:NUMBER"),
				 entry->file, entry->line, entry->key);
	return is_account_value(entry->value) ||
	       refuse(entry, "staff:NUMBER, role:night-desk or role:monitor", error);
}

static gboolean is_bearer(const char *text)
{
	return (g_str_has_prefix(text, "staff:") && person_is_staff_number(text + 6)) ||
	       (g_str_has_prefix(text, "post:") && text[5] != '\0');
}

/* [roles] and [break-glass]: who has a role, and who may take one for a time. */
static gboolean check_role(const RoleTable *table, const ConfigEntry *entry, GError **error)
{
	g_auto(GStrv) list = g_strsplit(entry->value, ",", -1);
	Role role;

	if (g_str_equal(entry->key, "template") && g_str_equal(entry->section, "roles"))
		return TRUE;
	if (!role_table_find(table, entry->key, &role))
		return error_set(error, ERROR_USAGE,
				 N_("%s:%d: \"%s\" is no role that can be given; roles are chief, "
				    "system-admin, custodian, section-manager, department-manager, "
				    "auditor, night-desk, monitor, and the levels of the template"),
				 entry->file, entry->line, entry->key);
	for (char **text = list; *text != NULL; text++)
		if (!is_bearer(g_strstrip(*text)))
			return refuse(entry, "staff:NUMBER or post:NAME, separated by commas",
				      error);
	return TRUE;
}

/* staff:* may have the place {staff} in its address. */
static gboolean check_mail(const RoleTable *table, const ConfigEntry *entry, GError **error)
{
	gboolean is_pattern = g_str_equal(entry->key, "staff:*");
	g_auto(GStrv) places = g_strsplit(entry->value, is_pattern ? "{staff}" : "\n", -1);
	g_autofree char *value = g_strjoinv("0", places);
	g_auto(GStrv) list = g_strsplit(value, ",", -1);
	Role role;

	if (!is_pattern && !is_bearer(entry->key) && !g_str_has_prefix(entry->key, "section:") &&
	    !(g_str_has_prefix(entry->key, "role:") &&
	      role_table_find(table, entry->key + 5, &role)))
		return error_set(error, ERROR_USAGE,
				 N_("%s:%d: \"%s\" is nobody who can get mail; write post:NAME, "
				    "staff:NUMBER, staff:*, role:NAME or section:CODE"),
				 entry->file, entry->line, entry->key);
	for (char **text = list; *text != NULL; text++)
		if (!notice_text_is_address(g_strstrip(*text)))
			return refuse(entry, "mail addresses, separated by commas", error);
	return TRUE;
}

/* Mail without a sender is refused by every server, and nobody would know why nothing comes. */
static gboolean check_sender(const Config *config, GError **error)
{
	return *config_text(config, CONFIG_NOTICE_SMTP) == '\0' ||
	       *config_text(config, CONFIG_NOTICE_FROM) != '\0' ||
	       error_set(error, ERROR_USAGE,
			 N_("[notices] smtp is set without from: write the address that the mail "
			    "comes from"));
}

static gboolean is_apart(const char *value)
{
	g_auto(GStrv) pairs = g_strsplit(value, ",", -1);
	Role role;

	for (char **pair = pairs; *pair != NULL; pair++) {
		char *slash = strchr(g_strstrip(*pair), '/');

		if (**pair == '\0')
			continue;
		if (slash == NULL)
			return FALSE;
		*slash = '\0';
		if (!role_parse(*pair, &role) || !role_parse(slash + 1, &role))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_apart(const ConfigEntry *entry, GError **error)
{
	return !g_str_equal(entry->key, "roles-apart") || is_apart(entry->value) ||
	       refuse(entry, "pairs of roles like auditor/custodian, separated by commas", error);
}

static gboolean check_exception(const ConfigEntry *entry, GError **error)
{
	g_autofree char *until = g_strndup(entry->value, 10);

	return *entry->value == '\0' || !g_str_equal(entry->key, "separation-exception") ||
	       (clock_is_date(until) && entry->value[10] == ' ') ||
	       refuse(entry, "YYYY-MM-DD REASON", error);
}

gboolean settings_check(const Config *config, GError **error)
{
	g_autoptr(RoleTable) table = role_table_load(config, error);
	ConfigEntry entry;

	if (table == NULL || !permit_check_config(config, error))
		return FALSE;
	for (guint i = 0; config_entry(config, i, &entry); i++) {
		gboolean is_good = TRUE;

		if (g_str_equal(entry.section, "accounts"))
			is_good = check_account(&entry, error);
		else if (g_str_equal(entry.section, "mail"))
			is_good = check_mail(table, &entry, error);
		else if (g_str_equal(entry.section, "roles") ||
			 g_str_equal(entry.section, "break-glass"))
			is_good = check_role(table, &entry, error);
		else if (g_str_equal(entry.section, "policy"))
			is_good = check_exception(&entry, error) && check_apart(&entry, error);
		else
			is_good = check_value(&entry, error);
		if (!is_good)
			return FALSE;
	}
	return check_sender(config, error);
}
