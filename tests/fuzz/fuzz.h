/* SPDX-License-Identifier: Apache-2.0
 * What a fuzz target is: libFuzzer's entry, called by libFuzzer (-Dfuzz=true, clang) or by
 * replay.c, which needs no clang. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
