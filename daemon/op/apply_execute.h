/* SPDX-License-Identifier: Apache-2.0
 * 様式第2号 carried out: the designations follow it, and who is missing loses the card (T13, T45).
 */
#pragma once

#include "daemon/op/apply.h"
#include "daemon/op/designate.h"

/* An approved form 2, by a system-admin who is not named in it. Lines that followed from other
 * designations than those in force now are refused: it is sent back and put forward again. Returns
 * after OCSP and list show the recalls; ERROR_PARTLY as move_card(). */
gboolean apply_execute(Op *op, const char *id, ImportResult *result,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A sealed paper that is accepted, approved and executed in one transaction by who takes it in, as
 * far as table E allows that person to; the caller writes the designations. On a dry run only
 * asked. *ret_row stands at EXECUTED. */
gboolean apply_execute_paper(StoreTx *tx, const Op *op, const DesignateRequest *request,
			     const GPtrArray *steps, Application **ret_row,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
