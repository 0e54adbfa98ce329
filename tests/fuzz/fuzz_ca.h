/* SPDX-License-Identifier: Apache-2.0
 * The CA of the fuzz targets: always the same name and key, so that the requests of the corpus ask
 * for certificates of ours. */
#pragma once

#include "daemon/ca/issuer.h"

#define FUZZ_CA_NOW 1790000000

/* Never freed. */
const Issuer *fuzz_ca(void);
/* Serial number @number: 0x40, zeros, @number. */
void fuzz_ca_serial(guint8 number, guint8 ret_serial[DER_SERIAL_SIZE]);
