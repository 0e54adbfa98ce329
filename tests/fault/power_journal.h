/* SPDX-License-Identifier: Apache-2.0
 * Writes what a preloaded program does to the files under POWER_ROOT, and says what must fail. */
#pragma once

#include <sys/types.h>

#include "tests/fault/power.h"

/* The function behind the one of the same name that stands before it. */
#define REAL(name) ((__typeof__(&(name))) power_journal_real(#name))

void *power_journal_real(const char *name);

/* Whether anything is written at all. */
int power_journal_is_on(void);
void power_journal_put(const PowerRecord *record, const char *name, const void *data);
/* A record about a name in a folder: its inode is @inode. */
void power_journal_entry(char type, const char *path, uint64_t inode, mode_t mode);

uint64_t power_journal_inode(int fd);
/* Writes the absolute path (PATH_MAX); 0 when it is not watched. */
int power_journal_find(int folder, const char *path, char *ret_path);

/* 0 when the operation may go on; else errno is set, or the process is killed. */
int power_journal_trip(PowerKind kind);
