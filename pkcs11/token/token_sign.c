/* SPDX-License-Identifier: Apache-2.0
 * The signing worker. It sees digests only, one token, one key; its cage holds the module's own
 * files and nothing of the daemon's. */
#include "pkcs11/token/token_sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11/card_verb.h"
#include "pkcs11/failpoint.h"
#include "pkcs11/token/answer.h"
#include "pkcs11/token/login.h"
#include "pkcs11/token/prove.h"
#include "pkcs11/token/token_sign_key.h"

#define SLOTS_MAX   64
#define DIGEST_SIZE 32

typedef struct Worker {
	Session session;
	TokenSignKey key;
	char label[256];
} Worker;

/* Labels of tokens are padded with blanks. */
static bool has_label(const CK_TOKEN_INFO *info, const char *label)
{
	size_t length = strlen(label);

	if ((info->flags & CKF_TOKEN_INITIALIZED) == 0 || length > sizeof info->label ||
	    memcmp(info->label, label, length) != 0)
		return false;
	while (length < sizeof info->label && info->label[length] == ' ')
		length++;
	return length == sizeof info->label;
}

/* Here a session's `reader` is the label of the token. */
static bool find(Session *session, CK_SLOT_ID *ret_slot, CardFailure *ret_failure)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	unsigned found = 0;

	if (!session_read(session->p11->C_GetSlotList(CK_TRUE, slots, &count), "list the slots",
			  ret_failure))
		return false;
	for (CK_ULONG i = 0; i < count && i < SLOTS_MAX; i++) {
		CK_TOKEN_INFO info;

		if (session->p11->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
		    !has_label(&info, session->reader))
			continue;
		found++;
		*ret_slot = slots[i];
	}
	if (found == 0)
		return card_failure_set(ret_failure, CARD_FAILURE_NO_CARD,
					"there is no token \"%s\"", session->reader);
	return found == 1 || card_failure_set(ret_failure, CARD_FAILURE_TWO_CARDS,
					      "there are %u tokens \"%s\"", found, session->reader);
}

static bool prepare(const char *folder, ProductPaths *ret_paths, CardFailure *ret_failure)
{
	(void) ret_failure;
	if (*folder != '\0')
		ret_paths->write[0] = folder;
	return true;
}

static bool is_there(const Session *session)
{
	(void) session;
	return true;
}

/* A module that reaches its device by pcscd or over the network. */
static const Product device = {
	.family = "device",
	.alphabet = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
		    "abcdefghijklmnopqrstuvwxyz{|}~",
	.families = CAGE_UNIX | CAGE_INET,
	.prepare = prepare,
	.find = find,
	.is_there = is_there,
};

static bool enclose(const char *folder, const char *module, char walls[CARD_TEXT_SIZE],
		    CardFailure *ret_failure)
{
	const Product *softhsm = product_find("softhsm");
	bool is_softhsm = strstr(module, "softhsm") != NULL && folder != NULL;

	return product_enclose(is_softhsm ? softhsm : &device, folder != NULL ? folder : "", module,
			       walls, ret_failure);
}

static bool open_token(Worker *worker, Frame *hello, char walls[CARD_TEXT_SIZE],
		       CardFailure *ret_failure)
{
	const char *module = frame_text(hello, CARD_TAG_MODULE);
	const char *object = frame_text(hello, CARD_TAG_OBJECT);
	uint64_t deadline = frame_number(hello, CARD_TAG_DEADLINE, 0);
	secret_auto Secret *pin = frame_take_secret(hello, CARD_TAG_PIN);
	Session *session = &worker->session;

	session->product = &device;
	session->reader = frame_text(hello, CARD_TAG_LABEL);
	if (module == NULL || object == NULL || pin == NULL || session->reader == NULL ||
	    deadline == 0)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL, "incomplete greeting");
	(void) snprintf(worker->label, sizeof worker->label, "%s", object);
	session_limit_life(deadline);
	if (!enclose(frame_text(hello, CARD_TAG_READER), module, walls, ret_failure))
		return false;
	FAILPOINT("sign.open");
	return session_open(session, module, NULL, ret_failure) &&
	       login_user(session, pin, false, ret_failure) &&
	       token_sign_key_find(session, worker->label, &worker->key, ret_failure);
}

static bool sign(Worker *worker, const Frame *request, CardBytes *ret_bytes,
		 CardFailure *ret_failure)
{
	size_t length = 0;
	const unsigned char *digest = frame_bytes(request, CARD_TAG_BYTES, &length);

	if (digest == NULL || length != DIGEST_SIZE)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL,
					"a digest has %d octets", DIGEST_SIZE);
	if (worker->key.spki.length == 0)
		return card_failure_set(ret_failure, CARD_FAILURE_CARD_ERROR,
					"the token has no key \"%s\"", worker->label);
	FAILPOINT("sign.before");
	return prove_digest(&worker->session, worker->key.private, digest, ret_bytes, ret_failure);
}

static bool make(Worker *worker, const Frame *request, CardBytes *ret_bytes,
		 CardFailure *ret_failure)
{
	const char *kind = frame_text(request, CARD_TAG_KIND);

	if (kind == NULL)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL, "no kind of key");
	if (!token_sign_key_make(&worker->session, worker->label, kind, &worker->key, ret_failure))
		return false;
	*ret_bytes = worker->key.spki;
	return true;
}

static Frame *answer(Worker *worker, const Frame *request)
{
	CardFailure failure = { 0 };
	static CardBytes bytes;
	bool worked;
	Frame *frame;

	if (frame_verb(request) == CARD_VERB_SIGN)
		worked = sign(worker, request, &bytes, &failure);
	else if (frame_verb(request) == CARD_VERB_GENERATE)
		worked = make(worker, request, &bytes, &failure);
	else
		worked = card_failure_set(&failure, CARD_FAILURE_PROTOCOL,
					  "a signer does not know \"%s\"",
					  card_verb_name(frame_verb(request)));
	if (!worked)
		return answer_error(&failure);
	frame = frame_new(CARD_VERB_DONE);
	frame_put_bytes(frame, CARD_TAG_BYTES, bytes.bytes, bytes.length);
	return frame;
}

/* Sends and frees. */
static bool say(Frame *frame)
{
	FrameResult result = frame_send(CARD_VERB_FD, frame, FRAME_FOREVER);

	frame_free(frame);
	return result == FRAME_OK;
}

static Frame *ready(const Worker *worker, const char *walls)
{
	Frame *frame = frame_new(CARD_VERB_READY);

	frame_put_text(frame, CARD_TAG_WALLS, walls);
	if (worker->key.spki.length > 0)
		frame_put_bytes(frame, CARD_TAG_BYTES, worker->key.spki.bytes,
				worker->key.spki.length);
	return frame;
}

static bool converse(Worker *worker)
{
	for (;;) {
		frame_auto Frame *request = NULL;
		FrameResult result =
			frame_receive(CARD_VERB_FD, card_verb_tags, FRAME_FOREVER, &request);

		if (result != FRAME_OK)
			return result == FRAME_CLOSED;
		if (!say(answer(worker, request)))
			return true;
	}
}

int token_sign_serve(void)
{
	frame_auto Frame *hello = NULL;
	char walls[CARD_TEXT_SIZE] = "";
	static Worker worker;
	CardFailure failure;
	FrameResult result = frame_receive(CARD_VERB_FD, card_verb_tags, FRAME_FOREVER, &hello);
	bool worked = true;

	if (result != FRAME_OK || frame_verb(hello) != CARD_VERB_SIGNER)
		return result == FRAME_CLOSED ? EXIT_SUCCESS : EXIT_FAILURE;
	if (!open_token(&worker, hello, walls, &failure))
		(void) say(answer_error(&failure));
	else if (say(ready(&worker, walls)))
		worked = converse(&worker);
	session_close(&worker.session);
	return worked ? EXIT_SUCCESS : EXIT_FAILURE;
}
