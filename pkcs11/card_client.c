/* SPDX-License-Identifier: Apache-2.0
 * opcardd's side of a conversation with opcard-card. Every function builds one request, asks, and
 * reads one answer; what the child says is checked as strictly as if the module itself had written
 * it. */
#include "pkcs11/card_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11/card_reply.h"
#include "pkcs11/card_start.h"
#include "pkcs11/card_verb.h"
#include "pkcs11/child.h"

struct CardClient {
	Child child;
	int64_t deadline;
	bool lost; /* the child is gone, and `loss` says why */
	CardFailure loss;
};

/* The child is of no more use: makes sure that it has ended and remembers why. */
static void lose(CardClient *client, FrameResult result, unsigned verb)
{
	client->lost = true;
	card_reply_lost(&client->child, result, verb, &client->loss);
}

static bool receive(CardClient *client, unsigned verb, unsigned expected, Frame **ret_answer,
		    CardFailure *ret_failure)
{
	frame_auto Frame *answer = NULL;
	FrameResult result = client->lost ? FRAME_CLOSED
					  : frame_receive(client->child.socket, card_verb_tags,
							  client->deadline, &answer);

	if (result == FRAME_OK && frame_verb(answer) == CARD_VERB_ERROR &&
	    card_reply_failure(answer, ret_failure))
		return false;
	if (result != FRAME_OK || frame_verb(answer) != expected) {
		if (!client->lost)
			lose(client, result, verb);
		*ret_failure = client->loss;
		return false;
	}
	*ret_answer = answer;
	answer = NULL;
	return true;
}

/* Sends and frees the request, waits for its answer. */
static bool ask(CardClient *client, Frame *request, Frame **ret_answer, CardFailure *ret_failure)
{
	unsigned verb = frame_verb(request);
	FrameResult result = FRAME_OK;

	if (!client->lost) {
		result = frame_send(client->child.socket, request, client->deadline);
		if (result != FRAME_OK)
			lose(client, result, verb);
	}
	frame_free(request);
	if (client->lost) {
		*ret_failure = client->loss;
		return false;
	}
	return receive(client, verb, CARD_VERB_DONE, ret_answer, ret_failure);
}

static bool ask_only(CardClient *client, Frame *request, CardFailure *ret_failure)
{
	frame_auto Frame *answer = NULL;

	return ask(client, request, &answer, ret_failure);
}

/* The answer lacks what it must have. */
static bool incomplete(CardClient *client, unsigned verb, CardFailure *ret_failure)
{
	lose(client, FRAME_BROKEN, verb);
	*ret_failure = client->loss;
	return false;
}

static bool ask_bytes(CardClient *client, Frame *request, CardBytes *ret_bytes,
		      CardFailure *ret_failure)
{
	frame_auto Frame *answer = NULL;
	unsigned verb = frame_verb(request);
	const unsigned char *bytes;
	size_t length;

	if (!ask(client, request, &answer, ret_failure))
		return false;
	bytes = frame_bytes(answer, CARD_TAG_BYTES, &length);
	if (bytes == NULL || length == 0)
		return incomplete(client, verb, ret_failure);
	memcpy(ret_bytes->bytes, bytes, length);
	ret_bytes->length = length;
	return true;
}

static Frame *hello(const CardClientOptions *options)
{
	Frame *frame = frame_new(CARD_VERB_HELLO);

	frame_put_text(frame, CARD_TAG_FAMILY, options->family);
	frame_put_text(frame, CARD_TAG_READER, options->reader);
	if (options->module != NULL)
		frame_put_text(frame, CARD_TAG_MODULE, options->module);
	if (options->serial != NULL)
		frame_put_text(frame, CARD_TAG_SERIAL, options->serial);
	frame_put_number(frame, CARD_TAG_DEADLINE, options->deadline_ms);
	return frame;
}

CardClient *card_client_start(const CardClientOptions *options, CardFailure *ret_failure)
{
	CardClient *client = calloc(1, sizeof *client);
	frame_auto Frame *frame = hello(options);
	CardStart start = { options->program, NULL, frame,
			    frame_deadline_in(options->deadline_ms) };

	if (client == NULL) {
		(void) card_failure_set(ret_failure, CARD_FAILURE_SYSTEM, "cannot start %s: %s",
					options->program, strerrordesc_np(ENOMEM));
		return NULL;
	}
	client->deadline = start.deadline;
	if (card_start_child(&start, &client->child, ret_failure))
		return client;
	free(client);
	return NULL;
}

/* Texts come from the card: only what can be shown is kept. */
static void copy_text(const Frame *answer, uint16_t tag, char *ret_text, size_t size)
{
	const char *text = frame_text(answer, tag);

	(void) snprintf(ret_text, size, "%s", text == NULL ? "" : text);
	for (char *c = ret_text; *c != '\0'; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			*c = '?';
}

bool card_client_ready(CardClient *client, CardReady *ret_ready, CardFailure *ret_failure)
{
	frame_auto Frame *answer = NULL;
	CardReady ready = { 0 };
	uint64_t flags;

	if (!receive(client, CARD_VERB_HELLO, CARD_VERB_READY, &answer, ret_failure))
		return false;
	copy_text(answer, CARD_TAG_SERIAL, ready.serial, sizeof ready.serial);
	copy_text(answer, CARD_TAG_LABEL, ready.label, sizeof ready.label);
	copy_text(answer, CARD_TAG_ALPHABET, ready.alphabet, sizeof ready.alphabet);
	copy_text(answer, CARD_TAG_WALLS, ready.walls, sizeof ready.walls);
	flags = frame_number(answer, CARD_TAG_FLAGS, 0);
	ready.initialised = (flags & CARD_FLAG_INITIALISED) != 0;
	ready.user_pin_set = (flags & CARD_FLAG_USER_PIN_SET) != 0;
	ready.user_pin_locked = (flags & CARD_FLAG_USER_PIN_LOCKED) != 0;
	ready.user_pin_final_try = (flags & CARD_FLAG_USER_PIN_FINAL_TRY) != 0;
	ready.user_pin_count_low = (flags & CARD_FLAG_USER_PIN_COUNT_LOW) != 0;
	ready.user_pin_to_be_changed = (flags & CARD_FLAG_USER_PIN_TO_BE_CHANGED) != 0;
	ready.so_pin_locked = (flags & CARD_FLAG_SO_PIN_LOCKED) != 0;
	ready.pin_min = (unsigned) frame_number(answer, CARD_TAG_PIN_MIN, 0);
	ready.pin_max = (unsigned) frame_number(answer, CARD_TAG_PIN_MAX, 0);
	if (ready.pin_max == 0 || ready.pin_min > ready.pin_max || ready.alphabet[0] == '\0')
		return incomplete(client, CARD_VERB_HELLO, ret_failure);
	*ret_ready = ready;
	return true;
}

/* The child refuses a frame with a field too long as a whole; so it is said here, where it can be
 * named. */
static bool fits(size_t length, size_t max, const char *what, CardFailure *ret_failure)
{
	return length <= max || card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
						 "%s has more than %zu bytes", what, max);
}

bool card_client_initialise(CardClient *client, const Secret *so_pin, const char *label,
			    char ret_serial[CARD_SERIAL_SIZE], CardFailure *ret_failure)
{
	frame_auto Frame *answer = NULL;
	Frame *request;
	const char *serial;

	if (!fits(strlen(label), CARD_LABEL_SIZE - 1, "the label", ret_failure))
		return false;
	request = frame_new(CARD_VERB_INITIALISE);
	frame_put_secret(request, CARD_TAG_SO_PIN, so_pin);
	frame_put_text(request, CARD_TAG_LABEL, label);
	if (!ask(client, request, &answer, ret_failure))
		return false;
	serial = frame_text(answer, CARD_TAG_SERIAL);
	if (serial == NULL || *serial == '\0')
		return incomplete(client, CARD_VERB_INITIALISE, ret_failure);
	copy_text(answer, CARD_TAG_SERIAL, ret_serial, CARD_SERIAL_SIZE);
	return true;
}

bool card_client_rekey(CardClient *client, const Secret *old_so_pin, const Secret *new_so_pin,
		       CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_REKEY);

	frame_put_secret(request, CARD_TAG_SO_PIN, old_so_pin);
	frame_put_secret(request, CARD_TAG_NEW_SO_PIN, new_so_pin);
	return ask_only(client, request, ret_failure);
}

bool card_client_wipe(CardClient *client, const Secret *so_pin, const char *label,
		      CardFailure *ret_failure)
{
	Frame *request;

	if (!fits(strlen(label), CARD_LABEL_SIZE - 1, "the label", ret_failure))
		return false;
	request = frame_new(CARD_VERB_WIPE);
	frame_put_secret(request, CARD_TAG_SO_PIN, so_pin);
	frame_put_text(request, CARD_TAG_LABEL, label);
	return ask_only(client, request, ret_failure);
}

bool card_client_inspect(CardClient *client, CardContents *ret_contents, CardFailure *ret_failure)
{
	frame_auto Frame *answer = NULL;
	uint64_t flags;

	if (!ask(client, frame_new(CARD_VERB_INSPECT), &answer, ret_failure))
		return false;
	if (!frame_has(answer, CARD_TAG_OBJECTS) || !frame_has(answer, CARD_TAG_PRIVATE_KEYS) ||
	    !frame_has(answer, CARD_TAG_CERTIFICATES) || !frame_has(answer, CARD_TAG_FLAGS))
		return incomplete(client, CARD_VERB_INSPECT, ret_failure);
	flags = frame_number(answer, CARD_TAG_FLAGS, 0);
	*ret_contents = (CardContents){
		.objects = (unsigned) frame_number(answer, CARD_TAG_OBJECTS, 0),
		.private_keys = (unsigned) frame_number(answer, CARD_TAG_PRIVATE_KEYS, 0),
		.certificates = (unsigned) frame_number(answer, CARD_TAG_CERTIFICATES, 0),
		.user_pin_set = (flags & CARD_FLAG_USER_PIN_SET) != 0,
	};
	return true;
}

bool card_client_generate(CardClient *client, const Secret *so_pin, const char *kind,
			  CardBytes *ret_spki, CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_GENERATE);

	frame_put_secret(request, CARD_TAG_SO_PIN, so_pin);
	frame_put_text(request, CARD_TAG_KIND, kind);
	return ask_bytes(client, request, ret_spki, ret_failure);
}

bool card_client_generate_next(CardClient *client, const char *kind, CardBytes *ret_spki,
			       CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_GENERATE);

	frame_put_text(request, CARD_TAG_KIND, kind);
	return ask_bytes(client, request, ret_spki, ret_failure);
}

bool card_client_put(CardClient *client, const void *der, size_t length, CardBytes *ret_read_back,
		     CardFailure *ret_failure)
{
	Frame *request;

	if (!fits(length, CARD_BYTES_MAX, "the certificate", ret_failure))
		return false;
	request = frame_new(CARD_VERB_PUT);
	frame_put_bytes(request, CARD_TAG_BYTES, der, length);
	return ask_bytes(client, request, ret_read_back, ret_failure);
}

bool card_client_prove(CardClient *client, const unsigned char nonce[CARD_NONCE_SIZE],
		       CardBytes *ret_signature, CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_PROVE);

	frame_put_bytes(request, CARD_TAG_BYTES, nonce, CARD_NONCE_SIZE);
	return ask_bytes(client, request, ret_signature, ret_failure);
}

bool card_client_find(CardClient *client, const void *der, size_t length, CardFailure *ret_failure)
{
	Frame *request;

	if (!fits(length, CARD_BYTES_MAX, "the certificate", ret_failure))
		return false;
	request = frame_new(CARD_VERB_FIND);
	frame_put_bytes(request, CARD_TAG_BYTES, der, length);
	return ask_only(client, request, ret_failure);
}

bool card_client_keep(CardClient *client, const void *der, size_t length, CardFailure *ret_failure)
{
	Frame *request;

	if (!fits(length, CARD_BYTES_MAX, "the certificate", ret_failure))
		return false;
	request = frame_new(CARD_VERB_KEEP);
	frame_put_bytes(request, CARD_TAG_BYTES, der, length);
	return ask_only(client, request, ret_failure);
}

bool card_client_unblock(CardClient *client, const Secret *so_pin, const Secret *new_pin,
			 CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_UNBLOCK);

	frame_put_secret(request, CARD_TAG_SO_PIN, so_pin);
	frame_put_secret(request, CARD_TAG_NEW_PIN, new_pin);
	return ask_only(client, request, ret_failure);
}

bool card_client_check(CardClient *client, const Secret *pin, bool last_try,
		       CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_CHECK);

	frame_put_secret(request, CARD_TAG_PIN, pin);
	frame_put_number(request, CARD_TAG_LAST_TRY, last_try);
	return ask_only(client, request, ret_failure);
}

bool card_client_change(CardClient *client, const Secret *old_pin, const Secret *new_pin,
			bool last_try, CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_CHANGE);

	frame_put_secret(request, CARD_TAG_PIN, old_pin);
	frame_put_secret(request, CARD_TAG_NEW_PIN, new_pin);
	frame_put_number(request, CARD_TAG_LAST_TRY, last_try);
	return ask_only(client, request, ret_failure);
}

bool card_client_stop(CardClient *client, CardFailure *ret_failure)
{
	ChildEnd end;

	if (client->lost) {
		*ret_failure = client->loss;
		return false;
	}
	client->lost = true;
	end = child_end(&client->child, frame_deadline_in(CARD_REPLY_END_MS));
	card_reply_ended(&end, &client->loss);
	if (end.by_us)
		(void) card_failure_set(&client->loss, CARD_FAILURE_TIMEOUT,
					"opcard-card did not end by itself");
	*ret_failure = client->loss;
	return !end.by_us && end.signal == 0 && end.status == 0;
}

void card_client_free(CardClient *client)
{
	CardFailure ignored;

	if (client == NULL)
		return;
	if (!client->lost)
		(void) card_client_stop(client, &ignored);
	free(client);
}

int card_client_pid(const CardClient *client)
{
	return (int) client->child.pid;
}
