/* SPDX-License-Identifier: Apache-2.0
 * opcardd's side of the watcher. */
#include "pkcs11/card_watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11/card_verb.h"
#include "pkcs11/child.h"

#define END_MS   2000
#define GREET_MS 10000

struct CardWatch {
	Child child;
	char *program;
	char *family;
	char *module;
	unsigned reader_count;
	char *readers[CARD_VERB_READERS_MAX];
};

static bool copy_options(CardWatch *watch, const CardWatchOptions *options)
{
	bool complete;

	watch->program = strdup(options->program);
	watch->family = strdup(options->family);
	watch->module = options->module == NULL ? NULL : strdup(options->module);
	complete = watch->program != NULL && watch->family != NULL &&
		   (options->module == NULL || watch->module != NULL);
	for (unsigned i = 0; i < options->reader_count && complete; i++) {
		watch->readers[i] = strdup(options->readers[i]);
		watch->reader_count = i + 1;
		complete = watch->readers[i] != NULL;
	}
	return complete;
}

static bool name_reader(CardWatch *watch, unsigned index, int64_t deadline)
{
	frame_auto Frame *frame = frame_new(CARD_VERB_WATCH);

	frame_put_text(frame, CARD_TAG_FAMILY, watch->family);
	if (watch->module != NULL)
		frame_put_text(frame, CARD_TAG_MODULE, watch->module);
	frame_put_text(frame, CARD_TAG_READER, watch->readers[index]);
	frame_put_number(frame, CARD_TAG_INDEX, index);
	return frame_send(watch->child.socket, frame, deadline) == FRAME_OK;
}

static bool start_child(CardWatch *watch, CardFailure *ret_failure)
{
	frame_auto Frame *start = frame_new(CARD_VERB_START);
	int64_t deadline = frame_deadline_in(GREET_MS);
	bool greeted = true;
	int error = child_spawn(watch->program, "--watch", &watch->child);

	if (error != 0)
		return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "cannot start %s: %s",
					watch->program, strerrordesc_np(error));
	for (unsigned i = 0; i < watch->reader_count && greeted; i++)
		greeted = name_reader(watch, i, deadline);
	if (greeted && frame_send(watch->child.socket, start, deadline) == FRAME_OK)
		return true;
	(void) child_kill(&watch->child);
	return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "cannot greet the watcher");
}

CardWatch *card_watch_start(const CardWatchOptions *options, CardFailure *ret_failure)
{
	CardWatch *watch;

	if (options->reader_count > CARD_VERB_READERS_MAX) {
		(void) card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "at most %d readers",
					CARD_VERB_READERS_MAX);
		return NULL;
	}
	watch = calloc(1, sizeof *watch);
	if (watch == NULL || !copy_options(watch, options)) {
		(void) card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "out of memory");
		card_watch_free(watch);
		return NULL;
	}
	if (!start_child(watch, ret_failure)) {
		card_watch_free(watch);
		return NULL;
	}
	return watch;
}

static void copy_text(const Frame *frame, uint16_t tag, char *ret_text, size_t size)
{
	const char *text = frame_text(frame, tag);

	(void) snprintf(ret_text, size, "%s", text == NULL ? "" : text);
	for (char *c = ret_text; *c != '\0'; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			*c = '?';
}

static bool read_event(const CardWatch *watch, const Frame *frame, CardWatchEvent *ret_event)
{
	uint64_t reader = frame_number(frame, CARD_TAG_INDEX, UINT64_MAX);
	uint64_t failure = frame_number(frame, CARD_TAG_KIND_OF_FAILURE, CARD_FAILURE_NONE);
	uint64_t flags = frame_number(frame, CARD_TAG_FLAGS, 0);
	unsigned verb = frame_verb(frame);
	CardWatchEvent event = { .failure = CARD_FAILURE_NONE };

	if (reader >= watch->reader_count || failure >= _CARD_FAILURE_MAX)
		return false;
	if (verb == CARD_VERB_SEEN)
		event.kind = CARD_WATCH_SEEN;
	else if (verb == CARD_VERB_GONE)
		event.kind = CARD_WATCH_GONE;
	else if (verb == CARD_VERB_UNREADABLE)
		event.kind = CARD_WATCH_UNREADABLE;
	else
		return false;
	event.reader = (unsigned) reader;
	event.failure = (CardFailureKind) failure;
	event.user_pin_set = (flags & CARD_FLAG_USER_PIN_SET) != 0;
	copy_text(frame, CARD_TAG_SERIAL, event.serial, sizeof event.serial);
	copy_text(frame, CARD_TAG_LABEL, event.label, sizeof event.label);
	copy_text(frame, CARD_TAG_TEXT, event.text, sizeof event.text);
	if (event.kind == CARD_WATCH_SEEN && event.serial[0] == '\0')
		return false;
	*ret_event = event;
	return true;
}

/* Its own wish to start anew is granted; anything else is a loss. */
static CardWatchResult handle_end(CardWatch *watch, CardFailure *ret_failure)
{
	ChildEnd end = child_end(&watch->child, frame_deadline_in(END_MS));

	if (end.signal == 0 && end.status == CARD_VERB_RESTART)
		return start_child(watch, ret_failure) ? CARD_WATCH_QUIET : CARD_WATCH_FAILED;
	(void) card_failure_set(ret_failure, CARD_FAILURE_CRASHED,
				"the card watcher ended (signal %d, status %d)", end.signal,
				end.status);
	ret_failure->ended_signal = end.signal;
	ret_failure->ended_status = end.status;
	return CARD_WATCH_FAILED;
}

CardWatchResult card_watch_next(CardWatch *watch, unsigned timeout_ms, CardWatchEvent *ret_event,
				CardFailure *ret_failure)
{
	int64_t deadline = frame_deadline_in(timeout_ms);
	CardWatchResult outcome = CARD_WATCH_QUIET;

	while (outcome == CARD_WATCH_QUIET && watch->child.pid != 0) {
		frame_auto Frame *frame = NULL;
		FrameResult result =
			frame_receive(watch->child.socket, card_verb_tags, deadline, &frame);

		if (result == FRAME_LATE)
			return CARD_WATCH_QUIET;
		if (result == FRAME_CLOSED) {
			outcome = handle_end(watch, ret_failure);
			continue;
		}
		if (result == FRAME_OK && read_event(watch, frame, ret_event))
			return CARD_WATCH_EVENT;
		(void) child_kill(&watch->child);
		(void) card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"the card watcher sent nonsense (frame %s)",
					frame_result_name(result));
		return CARD_WATCH_FAILED;
	}
	if (outcome == CARD_WATCH_QUIET)
		(void) card_failure_set(ret_failure, CARD_FAILURE_CRASHED,
					"the card watcher ended before");
	return CARD_WATCH_FAILED;
}

int card_watch_fd(const CardWatch *watch)
{
	return watch->child.socket;
}

int card_watch_pid(const CardWatch *watch)
{
	return (int) watch->child.pid;
}

void card_watch_free(CardWatch *watch)
{
	if (watch == NULL)
		return;
	if (watch->child.pid != 0)
		(void) child_end(&watch->child, frame_deadline_in(END_MS));
	for (unsigned i = 0; i < watch->reader_count; i++)
		free(watch->readers[i]);
	free(watch->program);
	free(watch->family);
	free(watch->module);
	free(watch);
}
