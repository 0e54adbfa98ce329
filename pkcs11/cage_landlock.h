/* SPDX-License-Identifier: Apache-2.0
 * The Landlock part of the cage. */
#pragma once

#include "pkcs11/cage.h"

/* 0 or an errno; what this kernel's version lacks goes into the report. */
int cage_landlock_enter(const CageProfile *profile, CageReport *report);
