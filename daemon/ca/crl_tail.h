/* SPDX-License-Identifier: Apache-2.0
 * The extensions of a list: authority key identifier, number, and what makes it a delta or leads to
 * one (RFC 5280 5.2). */
#pragma once

#include "daemon/ca/crl.h"

/* Everything of the TBSCertList after the entries. */
GByteArray *crl_tail(const CrlRequest *request);
