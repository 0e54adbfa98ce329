/* SPDX-License-Identifier: Apache-2.0
 * How a conversation with opcard-card can fail, as a CardFailure. */
#include "pkcs11/card_reply.h"

#include <errno.h>
#include <string.h>

#include "pkcs11/card_verb.h"

void card_reply_ended(const ChildEnd *end, CardFailure *ret_failure)
{
	if (end->signal != 0)
		(void) card_failure_set(ret_failure, CARD_FAILURE_CRASHED,
					"opcard-card was ended by signal %d (%s)", end->signal,
					sigdescr_np(end->signal));
	else
		(void) card_failure_set(ret_failure, CARD_FAILURE_CRASHED,
					"opcard-card ended in the middle with status %d",
					end->status);
	ret_failure->ended_signal = end->signal;
	ret_failure->ended_status = end->status;
}

void card_reply_lost(Child *child, FrameResult result, unsigned verb, CardFailure *ret_failure)
{
	int64_t soon = frame_deadline_in(CARD_REPLY_END_MS);
	int error = errno;
	ChildEnd end;

	switch (result) {
	case FRAME_CLOSED:
		end = child_end(child, soon);
		card_reply_ended(&end, ret_failure);
		break;
	case FRAME_LATE:
		(void) child_kill(child);
		(void) card_failure_set(ret_failure, CARD_FAILURE_TIMEOUT,
					"no answer to \"%s\" before the deadline",
					card_verb_name(verb));
		break;
	case FRAME_FAILED:
		(void) child_kill(child);
		(void) card_failure_set(ret_failure, CARD_FAILURE_SYSTEM,
					"cannot talk to opcard-card: %s", strerrordesc_np(error));
		break;
	case FRAME_OK:
	case FRAME_TOO_LARGE:
	case FRAME_BROKEN:
	case FRAME_UNKNOWN_TAG:
	case FRAME_DUPLICATE:
	case _FRAME_RESULT_MAX:
		(void) child_kill(child);
		(void) card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"opcard-card gave no proper answer to \"%s\" (frame %s)",
					card_verb_name(verb), frame_result_name(result));
		break;
	}
	ret_failure->card = card_verb_changes(verb) ? CARD_UNKNOWN : CARD_INTACT;
}

bool card_reply_failure(const Frame *answer, CardFailure *ret_failure)
{
	uint64_t kind = frame_number(answer, CARD_TAG_KIND_OF_FAILURE, 0);
	uint64_t condition = frame_number(answer, CARD_TAG_CONDITION, _CARD_CONDITION_MAX);
	uint64_t tries = frame_number(answer, CARD_TAG_TRIES, 256);
	const char *text = frame_text(answer, CARD_TAG_TEXT);

	if (kind == CARD_FAILURE_NONE || kind >= _CARD_FAILURE_MAX ||
	    condition >= _CARD_CONDITION_MAX || text == NULL)
		return false;
	(void) card_failure_set(ret_failure, (CardFailureKind) kind, "%s", text);
	for (char *c = ret_failure->text; *c != '\0'; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			*c = '?';
	ret_failure->card = (CardCondition) condition;
	ret_failure->ckr = (unsigned long) frame_number(answer, CARD_TAG_CKR, 0);
	ret_failure->tries_left = tries < 256 ? (int) tries : -1;
	return true;
}
