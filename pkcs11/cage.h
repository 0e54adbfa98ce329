/* SPDX-License-Identifier: Apache-2.0
 * The wall around a child, built by the child itself as its first act, before any foreign byte: it
 * holds for uid 0 too. Descriptors, capabilities, limits, Landlock (files, TCP, signals), seccomp.
 * Must be called while the process has one thread; it can be called again to narrow the cage
 * further. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CAGE_UNIX = 1 << 0, /* socket(AF_UNIX) */
	CAGE_INET = 1 << 1, /* socket(AF_INET, AF_INET6), outgoing TCP only */
};

typedef struct CageProfile {
	const char *const
		*read_paths; /* files or folders, NULL at the end; missing ones are skipped */
	const char *const *write_paths; /* the same: read, write, create, remove; never execute */
	const int *keep;                /* descriptors above 2 that stay open, ascending */
	size_t keep_count;
	unsigned families;    /* CAGE_UNIX | CAGE_INET; 0: no socket, not even connect() */
	bool may_execute;     /* execve of what lies in read_paths; implies may_fork */
	bool may_fork;        /* processes; threads are always allowed */
	bool may_watch;       /* inotify */
	uint64_t memory;      /* bytes of address space, 0 unlimited (and under a sanitizer) */
	uint64_t file_size;   /* bytes of any one file written, 0 unlimited */
	unsigned files;       /* open descriptors, 0: 64 */
	unsigned cpu_seconds; /* 0 unlimited */
} CageProfile;

typedef enum CageWall {
	CAGE_WALL_DESCRIPTORS,  /* close_range */
	CAGE_WALL_CAPABILITIES, /* empty capability sets */
	CAGE_WALL_LIMITS,       /* rlimits */
	CAGE_WALL_FILES,        /* Landlock 1 */
	CAGE_WALL_TRUNCATE,     /* Landlock 3 */
	CAGE_WALL_TCP,          /* Landlock 4 */
	CAGE_WALL_SIGNALS,      /* Landlock 6: signals and abstract sockets */
	CAGE_WALL_SYSCALLS,     /* seccomp */
	_CAGE_WALL_MAX
} CageWall;

typedef struct CageReport {
	unsigned missing; /* bit 1 << CageWall: this kernel has no such wall */
	int landlock;     /* ABI version, 0 none */
} CageReport;

/* 0, or an errno: a wall that this kernel has could not be built, and the caller must exit. */
int cage_enter(const CageProfile *profile, CageReport *ret_report)
	__attribute__((warn_unused_result));

/* "files", "syscalls", … */
const char *cage_wall_name(CageWall wall);

/* The missing walls with commas between, "" when none is missing. */
void cage_report_text(const CageReport *report, char *ret_text, size_t size);
