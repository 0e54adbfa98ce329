/* SPDX-License-Identifier: Apache-2.0
 * Watching readers: inotify says that something changed, a short-lived opcard-card says what lies
 * there now. This process itself never loads a module: SoftHSM would be stale, and a bad card would
 * end the watch. */
#include "pkcs11/token/token_watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkcs11/card_client.h"
#include "pkcs11/card_verb.h"
#include "pkcs11/token/product.h"

#define EVENTS                                                                                     \
	(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |     \
	 IN_ONLYDIR)
#define LOOK_MS    20000
#define STABLE_MS  30  /* so long must a folder be left alone before it is looked at */
#define AGAIN_MS   150 /* a card that cannot be read may be in the middle of being initialised */
#define AGAIN_MAX  5
#define MISSING_MS 1000 /* how often a missing reader is looked for */

typedef struct Reader {
	char *family;
	char *module;
	char *path;
	int descriptor; /* of inotify, -1: the folder is missing */
	bool dirty;
	unsigned tries;
	int64_t due; /* when dirty */
} Reader;

typedef struct Watch {
	char program[PATH_MAX];
	int inotify;
	unsigned count;
	Reader readers[CARD_VERB_READERS_MAX];
} Watch;

static bool take_reader(Watch *watch, const Frame *frame)
{
	const char *family = frame_text(frame, CARD_TAG_FAMILY);
	const char *module = frame_text(frame, CARD_TAG_MODULE);
	const char *path = frame_text(frame, CARD_TAG_READER);
	Reader *reader = &watch->readers[watch->count];

	if (family == NULL || path == NULL || watch->count == CARD_VERB_READERS_MAX ||
	    frame_number(frame, CARD_TAG_INDEX, UINT64_MAX) != watch->count)
		return false;
	*reader = (Reader){
		.family = strdup(family),
		.module = module == NULL ? NULL : strdup(module),
		.path = strdup(path),
		.descriptor = -1,
		.dirty = true,
	};
	watch->count++;
	return reader->family != NULL && reader->path != NULL &&
	       (module == NULL || reader->module != NULL);
}

static bool greet(Watch *watch)
{
	for (;;) {
		frame_auto Frame *frame = NULL;

		if (frame_receive(CARD_VERB_FD, card_verb_tags, FRAME_FOREVER, &frame) != FRAME_OK)
			return false;
		if (frame_verb(frame) == CARD_VERB_START)
			return true;
		if (frame_verb(frame) != CARD_VERB_WATCH || !take_reader(watch, frame))
			return false;
	}
}

/* It may run opcard-card and nothing else, which then builds its own, narrower cage. */
static bool enclose(Watch *watch)
{
	const char *read[PRODUCT_PATHS_MAX + CARD_VERB_READERS_MAX + 2] = { watch->program };
	const char *write[CARD_VERB_READERS_MAX + 2] = { "/dev/null" };
	int keep[2] = { CARD_VERB_FD, watch->inotify };
	CageProfile profile = {
		.read_paths = read,
		.write_paths = write,
		.keep = keep,
		.keep_count = 2,
		.may_execute = true,
		.may_watch = true,
	};
	CageReport report;
	size_t count = 1 + product_libraries(read + 1);

	for (unsigned i = 0; i < watch->count; i++) {
		if (watch->readers[i].module != NULL)
			read[count++] = watch->readers[i].module;
		write[i + 1] = watch->readers[i].path;
	}
	return cage_enter(&profile, &report) == 0;
}

/* Sends and frees. */
static bool say(Frame *frame)
{
	FrameResult result = frame_send(CARD_VERB_FD, frame, FRAME_FOREVER);

	frame_free(frame);
	return result == FRAME_OK;
}

static bool say_unreadable(unsigned index, const CardFailure *failure)
{
	Frame *frame = frame_new(CARD_VERB_UNREADABLE);

	frame_put_number(frame, CARD_TAG_INDEX, index);
	frame_put_number(frame, CARD_TAG_KIND_OF_FAILURE, failure->kind);
	frame_put_text(frame, CARD_TAG_TEXT, failure->text);
	return say(frame);
}

static bool say_card(unsigned index, const CardReady *ready)
{
	Frame *frame = frame_new(ready->initialised ? CARD_VERB_SEEN : CARD_VERB_GONE);

	frame_put_number(frame, CARD_TAG_INDEX, index);
	if (ready->initialised) {
		frame_put_text(frame, CARD_TAG_SERIAL, ready->serial);
		frame_put_text(frame, CARD_TAG_LABEL, ready->label);
		frame_put_number(frame, CARD_TAG_FLAGS,
				 ready->user_pin_set ? CARD_FLAG_USER_PIN_SET : 0);
	}
	return say(frame);
}

static bool look(const Watch *watch, const Reader *reader, CardReady *ret_ready,
		 CardFailure *ret_failure)
{
	CardClientOptions options = {
		.program = watch->program,
		.family = reader->family,
		.module = reader->module,
		.reader = reader->path,
		.deadline_ms = LOOK_MS,
	};
	CardClient *client = card_client_start(&options, ret_failure);
	bool worked = client != NULL && card_client_ready(client, ret_ready, ret_failure);

	card_client_free(client);
	return worked;
}

/* Looks and reports; what cannot be read is looked at a few times more before it is said so. */
static bool settle(const Watch *watch, unsigned index, Reader *reader)
{
	CardFailure failure;
	CardReady ready;

	reader->dirty = false;
	if (look(watch, reader, &ready, &failure)) {
		reader->tries = 0;
		return say_card(index, &ready);
	}
	if (failure.kind == CARD_FAILURE_DAMAGED && reader->tries < AGAIN_MAX) {
		reader->tries++;
		reader->dirty = true;
		reader->due = frame_deadline_in(AGAIN_MS * reader->tries);
		return true;
	}
	reader->tries = 0;
	return say_unreadable(index, &failure);
}

static void touch(Reader *reader)
{
	reader->dirty = true;
	reader->tries = 0;
	reader->due = frame_deadline_in(STABLE_MS);
}

/* A missing reader is waited for; any other error ends the watch. */
static bool attach(Watch *watch)
{
	for (unsigned i = 0; i < watch->count; i++) {
		Reader *reader = &watch->readers[i];

		reader->descriptor = inotify_add_watch(watch->inotify, reader->path, EVENTS);
		if (reader->descriptor < 0 && errno != ENOENT && errno != ENOTDIR)
			return false;
	}
	return true;
}

static void take_event(Watch *watch, const struct inotify_event *event)
{
	for (unsigned i = 0; i < watch->count; i++) {
		Reader *reader = &watch->readers[i];

		if (reader->descriptor != event->wd && (event->mask & IN_Q_OVERFLOW) == 0)
			continue;
		touch(reader);
		if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0)
			reader->descriptor = -1;
	}
}

static void take_events(Watch *watch)
{
	_Alignas(struct inotify_event) char buffer[4096];
	ssize_t got = read(watch->inotify, buffer, sizeof buffer);
	size_t at = 0;

	while (got > 0 && at + sizeof(struct inotify_event) <= (size_t) got) {
		const struct inotify_event *event = (const void *) (buffer + at);

		take_event(watch, event);
		at += sizeof *event + event->len;
	}
}

/* Milliseconds until something is due; -1 for never. */
static int next_due(const Watch *watch)
{
	int64_t now = frame_deadline_in(0);
	int64_t next = -1;

	for (unsigned i = 0; i < watch->count; i++) {
		const Reader *reader = &watch->readers[i];
		int64_t left = reader->dirty ? reader->due - now : MISSING_MS;

		if (!reader->dirty && reader->descriptor >= 0)
			continue;
		left = left < 0 ? 0 : left;
		if (next < 0 || left < next)
			next = left;
	}
	return (int) next;
}

static bool came_back(const Watch *watch)
{
	struct stat status;

	for (unsigned i = 0; i < watch->count; i++)
		if (watch->readers[i].descriptor < 0 &&
		    stat(watch->readers[i].path, &status) == 0 && S_ISDIR(status.st_mode))
			return true;
	return false;
}

static bool settle_due(Watch *watch)
{
	int64_t now = frame_deadline_in(0);

	for (unsigned i = 0; i < watch->count; i++)
		if (watch->readers[i].dirty && watch->readers[i].due <= now &&
		    !settle(watch, i, &watch->readers[i]))
			return false;
	return true;
}

/* opcardd says nothing after START: readable means closed. */
static int follow(Watch *watch)
{
	struct pollfd fds[] = {
		{ .fd = CARD_VERB_FD, .events = POLLIN },
		{ .fd = watch->inotify, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 2, next_due(watch)) < 0 && errno != EINTR)
			return EXIT_FAILURE;
		if (fds[0].revents != 0)
			return EXIT_SUCCESS;
		if (fds[1].revents != 0)
			take_events(watch);
		if (!settle_due(watch))
			return EXIT_SUCCESS;
		if (came_back(watch))
			return CARD_VERB_RESTART;
	}
}

static void forget(Watch *watch)
{
	for (unsigned i = 0; i < watch->count; i++) {
		free(watch->readers[i].family);
		free(watch->readers[i].module);
		free(watch->readers[i].path);
	}
	(void) close(watch->inotify);
}

int token_watch_serve(void)
{
	static Watch watch;
	ssize_t length = readlink("/proc/self/exe", watch.program, sizeof watch.program - 1);
	int status = EXIT_FAILURE;

	watch.inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (length > 0 && watch.inotify >= 0 && greet(&watch) && enclose(&watch) && attach(&watch))
		status = follow(&watch);
	forget(&watch);
	return status;
}
