/* SPDX-License-Identifier: Apache-2.0
 * What one run of opcardctl knows: its command row and what stood on the command line. */
#pragma once

#include <glib.h>
#include <jansson.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

typedef struct Ctl Ctl;
typedef struct CtlClient CtlClient;
typedef struct CtlField CtlField;

/* Does the command. On failure *error is a problem (ctl_problem.h) and carries the exit code. */
typedef gboolean (*CtlRun)(Ctl *ctl, GError **error);

typedef enum CtlSecrets {
	CTL_SECRETS_NONE,
	CTL_SECRETS_PIN,         /* "pin": the card's present PIN */
	CTL_SECRETS_NEW_PIN,     /* "pin": a new one, asked twice */
	CTL_SECRETS_INITIAL_PIN, /* "pin": one for somebody who is not there, asked twice */
	CTL_SECRETS_CHANGE,      /* "oldPin", then "newPin" asked twice */
	_CTL_SECRETS_MAX
} CtlSecrets;

typedef struct CtlCommand {
	const char *words;    /* "card list"; NULL: `help` is a heading */
	const char *operands; /* "CARD", "CARD...", "[WORD]", several separated by a space */
	const char *options;  /* the grammar of ctl_option.h */
	const char *help;     /* one line, English msgid */
	CtlRun run;
	const char *route;      /* below /api/v1; {card} stands for the operand CARD */
	const CtlField *fields; /* what of the answer people see */
	const char *event;      /* event of the card's lifecycle that the command triggers */
	const char *hint;       /* what usually comes next, a command line; %s is the card */
	CtlSecrets secrets;
	gboolean is_irreversible; /* the card number is typed to confirm */
} CtlCommand;

struct Ctl {
	const CtlCommand *command;
	const char *socket;
	const char *server; /* NULL: the socket */
	const char *cert;   /* pkcs11:… or a file; NULL without a server */
	const char *key;    /* a file; NULL: in that of cert */
	const char *cacert; /* a file; NULL: what this machine trusts */
	gboolean json;
	gboolean dry_run;
	gboolean no_input;
	gboolean help;
	gboolean version;
	gboolean list_commands;
	const char *confirm; /* card numbers, separated by commas */
	int pin_fd;          /* -1: the terminal */
	GPtrArray *operands; /* char* */
	GHashTable *options; /* name without dashes → value, borrowed; "" for a flag */
	CtlClient *client;
	int exit_code; /* of a command that did its work and found something bad */
};
