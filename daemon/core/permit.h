/* SPDX-License-Identifier: Apache-2.0
 * Which authorities (権限種別) a kind of card, a section, a duty and an employment type may have
 * (T03, T35, N25): rows of [permit]. An authority without a row is for regular staff of every
 * section; whoever is not regular staff has only what a row names. */
#pragma once

#include "daemon/base/config.h"

typedef struct Permit Permit;

/* A member that is NULL is not asked about, but @employment NULL is an employment nobody knows. */
typedef struct PermitQuestion {
	const char *authority;
	const char *kind;       /* of the card */
	const char *section;    /* code */
	const char *duties;     /* 利用事務 */
	const char *employment; /* 任用形態 */
	const char *until;      /* last day of the term or contract, NULL = none */
} PermitQuestion;

/* The rows in force on @date (ISO): [permit] and every [permit YYYY-MM-DD] not later than it.
 * ERROR_USAGE with file and line for a row that cannot be read. */
Permit *permit_load(const Config *config, const char *date,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void permit_free(Permit *permit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Permit, permit_free)

/* Every row of every date, for the start of the daemon. */
gboolean permit_check_config(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ERROR_RULE names the authority, the row and the way out. */
gboolean permit_check(const Permit *permit, const PermitQuestion *question,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @authority takes nomination and the approval of the CISO (N47). */
gboolean permit_is_administrative(const Permit *permit, const char *authority);
/* Whether @employment (may be NULL) is that of regular staff (N25). */
gboolean permit_is_regular(const Permit *permit, const char *employment);
