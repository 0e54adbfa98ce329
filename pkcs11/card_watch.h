/* SPDX-License-Identifier: Apache-2.0
 * Learns which cards come and go, from a long-lived `opcard-card --watch`. A reader that was away
 * and came back makes that process start anew, unseen by the caller. One thread at a time. */
#pragma once

#include "pkcs11/card_client.h"

typedef struct CardWatchOptions {
	const char *program; /* path of opcard-card */
	const char *family;
	const char *module;         /* NULL: the family's own */
	const char *const *readers; /* up to 64; events carry the index */
	unsigned reader_count;
} CardWatchOptions;

typedef enum CardWatchKind {
	CARD_WATCH_SEEN,       /* a card lies there */
	CARD_WATCH_GONE,       /* none, or (softhsm) a blank one */
	CARD_WATCH_UNREADABLE, /* something lies there: failure and text say what; or the reader is
				  missing */
	_CARD_WATCH_KIND_MAX
} CardWatchKind;

typedef struct CardWatchEvent {
	CardWatchKind kind;
	unsigned reader;
	char serial[CARD_SERIAL_SIZE];
	char label[CARD_LABEL_SIZE];
	bool user_pin_set;
	CardFailureKind failure;
	char text[CARD_TEXT_SIZE];
} CardWatchEvent;

typedef enum CardWatchResult {
	CARD_WATCH_EVENT,
	CARD_WATCH_QUIET,  /* nothing happened until the timeout */
	CARD_WATCH_FAILED, /* the watcher is lost; free it, and start another after a pause */
	_CARD_WATCH_RESULT_MAX
} CardWatchResult;

typedef struct CardWatch CardWatch;

/* Copies the options. The state of every reader is reported first. NULL on failure. */
CardWatch *card_watch_start(const CardWatchOptions *options,
			    CardFailure *ret_failure) CARD_CLIENT_CHECKED;

CardWatchResult card_watch_next(CardWatch *watch, unsigned timeout_ms, CardWatchEvent *ret_event,
				CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Readable when card_watch_next() has something; changes when the process starts anew. */
int card_watch_fd(const CardWatch *watch);
int card_watch_pid(const CardWatch *watch);

/* Ends the process. NULL is allowed. */
void card_watch_free(CardWatch *watch);
