/* SPDX-License-Identifier: Apache-2.0
 * The options of a command, written as text in its row: "--name[:field][=META][!] …".
 * `field` is the name in the API (else the name in camel case), `!` means required. META says what
 * the value is: DATE, TIME, CARD, NO (staff number), REASON, N (whole number); others are text. */
#pragma once

#include <glib.h>

typedef struct CtlOption {
	char name[32];
	char field[32];
	char meta[16]; /* "" for a flag */
	gboolean is_required;
} CtlOption;

/* Reads the option at *cursor and moves it on. FALSE at the end. */
gboolean ctl_option_next(const char **cursor, CtlOption *ret_option);

/* The one of that name, "-o" being "output". */
gboolean ctl_option_find(const char *options, const char *name, CtlOption *ret_option);

/* The options every command has. */
const char *ctl_option_global(void);
