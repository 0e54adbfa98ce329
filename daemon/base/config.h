/* SPDX-License-Identifier: Apache-2.0
 * The configuration: INI files read through one table of keys. An unknown key, section or value
 * is an error with file and line, so that a misspelt rule never goes unnoticed. */
#pragma once

#include <glib.h>

/* POLICY_PIN_ROTATION of n days is this and n. */
#define CONFIG_ROTATION_DAYS      1000
#define CONFIG_ROTATION_DAYS_MOST 366

typedef enum ConfigKey {
	CONFIG_ORGANISATION,
	CONFIG_STATE_DIR,
	CONFIG_PUBLIC_DIR,
	CONFIG_SOCKET,
	CONFIG_LOG_LEVEL,
	CONFIG_LIBEXEC_DIR,
	CONFIG_MASTER_KEY,
	CONFIG_FAMILY,
	CONFIG_READERS,
	CONFIG_MODULE,
	CONFIG_CARD_KEY,
	CONFIG_DEADLINE,
	CONFIG_CA_KEY,
	CONFIG_CA_MODULE,    /* of the token with the CA key; "" when the key is a file */
	CONFIG_CA_PIN,       /* "file:PATH" of the token's PIN */
	CONFIG_CA_TOKEN_DIR, /* files that module may use */
	CONFIG_CA_DEADLINE,  /* seconds one use of the token may take */
	CONFIG_CA_SUBJECT,
	CONFIG_CA_VALIDITY,
	CONFIG_CRL_URL,
	CONFIG_OCSP_URL,
	CONFIG_CRL_PERIOD,
	CONFIG_DELTA_URL,
	CONFIG_DELTA_PERIOD,
	CONFIG_LISTEN,
	CONFIG_TLS_LISTEN, /* empty: no TLS */
	CONFIG_TLS_CERT,
	CONFIG_TLS_KEY,
	CONFIG_TLS_CA, /* empty: only our own cards */
	CONFIG_CONNECTIONS,
	CONFIG_PER_PEER,
	CONFIG_HEADER_TIME,      /* seconds */
	CONFIG_BODY_TIME,        /* seconds */
	CONFIG_IDLE_TIME,        /* seconds */
	CONFIG_RATE,             /* requests a second of one certificate */
	CONFIG_BURST,            /* and at once */
	CONFIG_DESK_RATE,        /* look-ups and reports a minute of who may only report */
	CONFIG_BACKUP_RECIPIENT, /* "file:PATH" of a certificate; "" = no backups */
	CONFIG_BACKUP_FOLDER,    /* "" = backup/ in the state folder */
	CONFIG_BACKUP_EVERY,     /* seconds, 0 = only by command */
	CONFIG_BACKUP_KEEP,      /* of the newest; 0 = all */
	CONFIG_BACKUP_CA_KEY,    /* 0 or 1: the CA's key goes into it */
	CONFIG_FORMS_FOLDER,
	CONFIG_PRINTER,         /* URIs and queues separated by commas, the usual one first */
	CONFIG_AUDIT_KEY,       /* "file:PATH"; "": audit.key beside the master key */
	CONFIG_WITNESS_FILE,    /* empty: none */
	CONFIG_GAIJI,           /* empty: no characters of the office's own */
	CONFIG_NOTICE_SMTP,     /* "smtp://HOST:PORT", "smtps://…"; empty: no mail */
	CONFIG_NOTICE_SMTP_CA,  /* PEM file, empty: the system's */
	CONFIG_NOTICE_FROM,     /* address the mail comes from */
	CONFIG_NOTICE_LANGUAGE, /* "ja" or "en" */
	CONFIG_NOTICE_SYSLOG,   /* path of the log's socket; empty: no log */
	CONFIG_NOTICE_HOOK,     /* path of a program; empty: none */
	CONFIG_NOTICE_HOOK_DIR, /* folder that it may write to; empty: none */
	CONFIG_NOTICE_DEADLINE, /* seconds one try may take */
	CONFIG_NOTICE_RETRY,    /* seconds to the second try; then twice as long each time */
	CONFIG_NOTICE_GIVE_UP,  /* seconds after which it is not tried any more */
	_CONFIG_KEY_MAX,
} ConfigKey;

typedef enum PolicyKey {
	POLICY_PIN_MIN_LENGTH,       /* characters, by kind of card (N34, N48) */
	POLICY_PIN_CLASSES,          /* kinds of characters, no more than the card takes, by kind of
					card (N34, N48) */
	POLICY_PIN_HISTORY,          /* PINs a new one must differ from; 1: only the one in hand */
	POLICY_MISSING_BECOMES_LOST, /* seconds */
	POLICY_HAND_OVER_WITHIN,     /* seconds */
	POLICY_OCSP_VALIDITY,        /* seconds */
	POLICY_CARD_VALIDITY,        /* seconds */
	POLICY_COLLECT_WITHIN,       /* seconds: due date of a collection duty */
	POLICY_COLLECT_REMIND,       /* list for day_list_parse(): reminders after the recall */
	POLICY_COLLECT_ESCALATE,     /* the same: to the system-admin, then to the chief */
	POLICY_CASE_REMIND,          /* seconds between reminders of an open case, 0 = none */
	POLICY_TRANSIT_WITHIN,       /* seconds: a dispatched card has arrived */
	POLICY_REUSE,                /* 0 or 1 */
	POLICY_PIN_ROTATION,         /* index of a RotationKind (daemon/core/rotation.h), or days
					above CONFIG_ROTATION_DAYS */
	POLICY_PIN_GRACE,            /* seconds, whole days count */
	POLICY_URGENT_APPROVAL,      /* seconds: what was done first is approved within */
	POLICY_PIN_RESET_VALID,      /* seconds: an authorisation to reset a PIN */
	POLICY_AUDIT_RETENTION,      /* fiscal years that records are kept after their own */
	POLICY_DISCLOSE_NAMES,       /* 0 or 1: other persons are named in what is disclosed */
	POLICY_OFFICE_HOURS,         /* text "08:30-17:15" */
	POLICY_ALGORITHMS,           /* text for algorithm_is_allowed() */
	POLICY_EXCEPTION_LONGEST,    /* seconds, whole days count (N81) */
	POLICY_EXCEPTION_REVIEW,     /* seconds between reviews of an exception (N81) */
	POLICY_EXCEPTION_WARNING,    /* seconds before its end */
	POLICY_YEARLY_AUDIT,         /* day the yearly task is due, as month * 100 + day (T43) */
	POLICY_YEARLY_INSPECTION,    /* (N85) */
	POLICY_YEARLY_CONTINUATION,  /* (K02) */
	POLICY_YEARLY_ANALYSIS,      /* (T33) */
	POLICY_YEARLY_REMINDER,      /* seconds before the due day (T33, K02) */
	POLICY_BATCH_SECOND,         /* 1: imports too wait for a second person (N58) */
	POLICY_CLOCK_BEHIND,         /* seconds the clock may lie behind the highest time (N77) */
	POLICY_CLOCK_AHEAD,          /* seconds a stopped daemon may have missed (N77) */
	POLICY_CLOCK_STEP,           /* seconds the clock may step forward while it runs (N77) */
	POLICY_SEPARATION_EXCEPTION, /* text: "YYYY-MM-DD reason", empty = none (N05, N81) */
	POLICY_ROLES_APART, /* text: "auditor/chief, …": whoever has both loses the first (N05) */
	_POLICY_KEY_MAX,
} PolicyKey;

typedef struct Config Config;

/* One line of a free section such as [accounts]. */
typedef struct ConfigLine {
	char *section;
	char *key;
	char *value;
	char *file;
	int line;
} ConfigLine;

/* Reads @path and then every .conf file of the folder @path.d in name order; later values win.
 * Fails with ERROR_USAGE and a text that begins "FILE:LINE:". */
Config *config_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/* Text values; never NULL. Owned by @config. */
const char *config_text(const Config *config, ConfigKey key);
/* Whole numbers and durations (seconds). */
gint64 config_number(const Config *config, ConfigKey key);
/* Comma separated lists, blanks stripped. Free with g_strfreev. */
char **config_list(const Config *config, ConfigKey key);

/* A rule of [policy] or of the newest [policy YYYY-MM-DD] not later than @date (ISO). */
gint64 config_policy(const Config *config, PolicyKey key, const char *date);
/* The same of a rule "6, administrator:8": the figure of @kind, else the one without a kind. */
gint64 config_policy_of(const Config *config, PolicyKey key, const char *kind, const char *date);
const char *config_policy_text(const Config *config, PolicyKey key, const char *date);

/* The lines of the free sections ("accounts", "roles", "mail", "permit", "permit 2027-04-01") in
 * file order. Array of ConfigLine. */
const GPtrArray *config_lines(const Config *config);

/* What is in force and where it comes from, for `config show`: calls for index 0, 1, … until
 * FALSE. Strings are owned by @config; @ret_file is NULL for a default. */
typedef struct ConfigEntry {
	const char *section;
	const char *key;
	const char *value;
	const char *file;
	int line;
} ConfigEntry;
gboolean config_entry(const Config *config, guint index, ConfigEntry *ret_entry);
/* The same with the rules as they are in force on @date (ISO): section is then the dated one, like
 * "policy 2027-04-01". "" = only what stands in the undated section. */
gboolean config_entry_on(const Config *config, guint index, const char *date,
			 ConfigEntry *ret_entry);
/* Every line as it stands in the files, dated sections too; Array of ConfigLine in file order. */
const GPtrArray *config_all_lines(const Config *config);
/* "pin-rotation". */
const char *config_policy_name(PolicyKey key);
