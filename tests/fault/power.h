/* SPDX-License-Identifier: Apache-2.0
 * What the preloaded observer of file operations shares with the test that watches it: one page of
 * control and the records of a journal (power.py reads both). */
#pragma once

#include <stdint.h>

typedef enum PowerKind {
	POWER_NOTHING,
	POWER_WRITES, /* write, truncation, creation, rename: what a full disk refuses */
	POWER_SYNCS,
	_POWER_KIND_MAX
} PowerKind;

/* POWER_CONTROL names a file of this size, mapped by both sides. */
typedef struct PowerControl {
	_Atomic uint32_t kind;       /* which operations are counted down; PowerKind */
	_Atomic int32_t left;        /* the one that makes it 0 is hit */
	_Atomic uint32_t is_lasting; /* all that follow are hit as well */
	_Atomic uint32_t code;       /* errno of what is hit; 0: the process is killed before it */
	_Atomic uint32_t seen[_POWER_KIND_MAX];
} PowerControl;

/* One record: this, then @name_length and @data_length octets. */
typedef struct PowerRecord {
	uint32_t type; /* a letter: see power.py */
	uint32_t name_length, data_length;
	uint32_t mode;
	uint64_t inode, other, offset;
} PowerRecord;
