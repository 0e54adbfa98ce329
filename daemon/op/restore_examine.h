/* SPDX-License-Identifier: Apache-2.0
 * What was unpacked, in every respect: database, ledger, keys, published list. */
#pragma once

#include "daemon/op/restore.h"

/* Brings the copy's schema up to date and marks it as restored. */
gboolean restore_examine(RestoreRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
