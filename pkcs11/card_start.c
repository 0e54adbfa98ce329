/* SPDX-License-Identifier: Apache-2.0
 * A child that cannot be greeted is not kept. */
#include "pkcs11/card_start.h"

#include <string.h>

bool card_start_child(const CardStart *start, Child *ret_child, CardFailure *ret_failure)
{
	Child child;
	int error = child_spawn(start->program, start->argument, &child);

	if (error != 0)
		return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "cannot start %s: %s",
					start->program, strerrordesc_np(error));
	if (frame_send(child.socket, start->greeting, start->deadline) != FRAME_OK) {
		(void) child_kill(&child);
		return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "cannot greet %s",
					start->program);
	}
	*ret_child = child;
	return true;
}
