/* SPDX-License-Identifier: Apache-2.0
 * The seccomp part of the cage. */
#pragma once

#include "pkcs11/cage.h"

/* 0 or an errno; ENOSYS when this kernel has no filters. */
int cage_syscalls_filter(const CageProfile *profile);
