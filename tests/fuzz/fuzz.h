/* SPDX-License-Identifier: Apache-2.0
 * What a fuzz target is: one function that takes anything. libfuzzer.c calls it for libFuzzer
 * (-Dfuzz=true, clang), replay.c over a corpus, without clang. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Does something with @size bytes; what must not happen aborts. */
void fuzz_one(const uint8_t *data, size_t size);
