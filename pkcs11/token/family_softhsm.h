/* SPDX-License-Identifier: Apache-2.0
 * SoftHSM: a reader is a folder, a card is a token folder in it, inserting and pulling is renaming.
 * An empty reader shows SoftHSM's one blank slot: a blank card lies in it. */
#pragma once

#include "pkcs11/token/product.h"

extern const Product family_softhsm;
