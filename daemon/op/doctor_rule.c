/* SPDX-License-Identifier: Apache-2.0
 * The clock, and every record of the rules that waits for somebody. */
#include "daemon/op/doctor_rule.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/clock_guard.h"
#include "daemon/op/doctor_finding.h"
#include "daemon/op/rule_watch.h"

static void check_clock(const Op *op, json_t *findings)
{
	g_autoptr(GError) trouble = clock_guard_trouble(op->house, op->now);
	ClockSync sync = clock_sync();

	if (trouble != NULL)
		doctor_finding_trouble(findings, N_("set the clock, or `opcardctl clock accept`"),
				       trouble);
	else
		doctor_finding_add(findings, DOCTOR_OK, NULL, N_("the clock is trusted"));
	if (sync == CLOCK_SYNC_NO)
		doctor_finding_add(findings, DOCTOR_WARN,
				   N_("run chrony or systemd-timesyncd (N77)"),
				   N_("nothing keeps the clock of this machine right"));
	else if (sync == CLOCK_SYNC_UNKNOWN)
		doctor_finding_add(findings, DOCTOR_OK, N_("ask with `timedatectl` (N77)"),
				   N_("whether something keeps the clock right cannot be seen from "
				      "here"));
}

gboolean doctor_rule_examine(StoreTx *tx, const Op *op, json_t *findings, GError **error)
{
	json_t *problems = json_array();
	gboolean is_read = rule_watch_records(tx, op, problems, error);
	json_t *problem;
	size_t i;

	check_clock(op, findings);
	json_array_foreach(problems, i, problem)
		doctor_finding_told(findings, DOCTOR_WARN, problem);
	if (is_read && json_array_size(problems) == 0)
		doctor_finding_add(findings, DOCTOR_OK, NULL,
				   N_("no exception, finding, work record or yearly task waits for "
				      "anybody"));
	json_decref(problems);
	return is_read;
}
