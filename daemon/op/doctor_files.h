/* SPDX-License-Identifier: Apache-2.0
 * Files and programs the daemon depends on: who may read them, and whether they are there. */
#pragma once

#include <jansson.h>

#include "daemon/base/config.h"

/* Appends findings. @key_uri of the CA, or NULL before there is one. */
void doctor_files_examine(const Config *config, const char *key_uri, json_t *findings);
