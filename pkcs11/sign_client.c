/* SPDX-License-Identifier: Apache-2.0
 * opcardd's side of a conversation with a signing worker. */
#include "pkcs11/sign_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11/card_reply.h"
#include "pkcs11/card_start.h"
#include "pkcs11/card_verb.h"

struct SignClient {
	Child child;
	int64_t deadline;
	bool lost; /* the child is gone, and `loss` says why */
	CardFailure loss;
};

static bool lose(SignClient *client, FrameResult result, unsigned verb, CardFailure *ret_failure)
{
	if (!client->lost)
		card_reply_lost(&client->child, result, verb, &client->loss);
	client->lost = true;
	*ret_failure = client->loss;
	return false;
}

static Frame *greeting(const SignClientOptions *options)
{
	Frame *frame = frame_new(CARD_VERB_SIGNER);

	frame_put_text(frame, CARD_TAG_MODULE, options->module);
	if (options->folder != NULL)
		frame_put_text(frame, CARD_TAG_READER, options->folder);
	frame_put_text(frame, CARD_TAG_LABEL, options->token);
	frame_put_text(frame, CARD_TAG_OBJECT, options->object);
	frame_put_secret(frame, CARD_TAG_PIN, options->pin);
	frame_put_number(frame, CARD_TAG_DEADLINE, options->deadline_ms);
	return frame;
}

SignClient *sign_client_start(const SignClientOptions *options, CardFailure *ret_failure)
{
	SignClient *client = calloc(1, sizeof *client);
	frame_auto Frame *frame = greeting(options);
	CardStart start = { options->program, "--sign", frame,
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

/* The answer's BYTES; an answer without them has length 0. */
static bool receive(SignClient *client, unsigned verb, unsigned expected, CardBytes *ret_bytes,
		    CardFailure *ret_failure)
{
	frame_auto Frame *answer = NULL;
	FrameResult result = client->lost ? FRAME_CLOSED
					  : frame_receive(client->child.socket, card_verb_tags,
							  client->deadline, &answer);
	const unsigned char *bytes;
	size_t length = 0;

	if (result == FRAME_OK && frame_verb(answer) == CARD_VERB_ERROR &&
	    card_reply_failure(answer, ret_failure))
		return false;
	if (result != FRAME_OK || frame_verb(answer) != expected)
		return lose(client, result, verb, ret_failure);
	bytes = frame_bytes(answer, CARD_TAG_BYTES, &length);
	ret_bytes->length = bytes == NULL ? 0 : length;
	if (bytes != NULL)
		memcpy(ret_bytes->bytes, bytes, length);
	return true;
}

/* Sends and frees the request; the answer must have bytes. */
static bool ask(SignClient *client, Frame *request, CardBytes *ret_bytes, CardFailure *ret_failure)
{
	unsigned verb = frame_verb(request);
	FrameResult result = client->lost
				     ? FRAME_CLOSED
				     : frame_send(client->child.socket, request, client->deadline);

	frame_free(request);
	if (result != FRAME_OK)
		return lose(client, result, verb, ret_failure);
	if (!receive(client, verb, CARD_VERB_DONE, ret_bytes, ret_failure))
		return false;
	return ret_bytes->length > 0 || lose(client, FRAME_BROKEN, verb, ret_failure);
}

bool sign_client_ready(SignClient *client, CardBytes *ret_spki, CardFailure *ret_failure)
{
	return receive(client, CARD_VERB_SIGNER, CARD_VERB_READY, ret_spki, ret_failure);
}

bool sign_client_generate(SignClient *client, const char *kind, CardBytes *ret_spki,
			  CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_GENERATE);

	frame_put_text(request, CARD_TAG_KIND, kind);
	return ask(client, request, ret_spki, ret_failure);
}

bool sign_client_sign(SignClient *client, const unsigned char digest[SIGN_CLIENT_DIGEST_SIZE],
		      CardBytes *ret_signature, CardFailure *ret_failure)
{
	Frame *request = frame_new(CARD_VERB_SIGN);

	frame_put_bytes(request, CARD_TAG_BYTES, digest, SIGN_CLIENT_DIGEST_SIZE);
	return ask(client, request, ret_signature, ret_failure);
}

void sign_client_free(SignClient *client)
{
	if (client == NULL)
		return;
	if (!client->lost)
		(void) child_end(&client->child, frame_deadline_in(CARD_REPLY_END_MS));
	free(client);
}
