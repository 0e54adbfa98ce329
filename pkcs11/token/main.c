/* SPDX-License-Identifier: Apache-2.0
 * opcard-card: the only program that loads a vendor's PKCS#11 module. Lives for one conversation
 * about one card on descriptor 3 and ends when that closes. Its first act after the greeting is the
 * cage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pkcs11/card_verb.h"
#include "pkcs11/failpoint.h"
#include "pkcs11/token/answer.h"
#include "pkcs11/token/token_sign.h"
#include "pkcs11/token/token_watch.h"

#define EXIT_USAGE 2

#ifdef __SANITIZE_ADDRESS__
/* The leak checker wants to clone and ptrace, which the cage forbids; and the limit of memory
 * stands here because the sanitizer's own map is larger than any limit. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:abort_on_error=1:max_allocation_size_mb=1024";
}
#endif

static bool open_card(Session *session, const Frame *hello, char walls[CARD_TEXT_SIZE],
		      CardFailure *ret_failure)
{
	const char *family = frame_text(hello, CARD_TAG_FAMILY);
	const char *module = frame_text(hello, CARD_TAG_MODULE);
	uint64_t deadline = frame_number(hello, CARD_TAG_DEADLINE, 0);

	session->reader = frame_text(hello, CARD_TAG_READER);
	if (family == NULL || session->reader == NULL || deadline == 0)
		return card_failure_set(ret_failure, CARD_FAILURE_PROTOCOL, "incomplete greeting");
	session->product = product_find(family);
	if (session->product == NULL)
		return card_failure_set(ret_failure, CARD_FAILURE_MODULE,
					"no family of cards is called %s", family);
	if (module == NULL)
		module = session->product->module;
	session_limit_life(deadline);
	return product_enclose(session->product, session->reader, module, walls, ret_failure) &&
	       session_open(session, module, frame_text(hello, CARD_TAG_SERIAL), ret_failure);
}

/* Sends and frees. */
static bool say(Frame *frame)
{
	FrameResult result = frame_send(CARD_VERB_FD, frame, FRAME_FOREVER);

	frame_free(frame);
	return result == FRAME_OK;
}

/* Until the other side closes: true; anything that is no frame: false. */
static bool converse(Session *session)
{
	for (;;) {
		frame_auto Frame *request = NULL;
		FrameResult result =
			frame_receive(CARD_VERB_FD, card_verb_tags, FRAME_FOREVER, &request);

		if (result != FRAME_OK)
			return result == FRAME_CLOSED;
		if (!say(answer_request(session, request)))
			return true;
	}
}

static int serve(void)
{
	frame_auto Frame *hello = NULL;
	char walls[CARD_TEXT_SIZE] = "";
	Session session = { 0 };
	CardFailure failure;
	FrameResult result = frame_receive(CARD_VERB_FD, card_verb_tags, FRAME_FOREVER, &hello);
	bool worked = true;

	if (result != FRAME_OK || frame_verb(hello) != CARD_VERB_HELLO)
		return result == FRAME_CLOSED ? EXIT_SUCCESS : EXIT_FAILURE;
	if (!open_card(&session, hello, walls, &failure))
		(void) say(answer_error(&failure));
	else if (say(answer_ready(&session, walls)))
		worked = converse(&session);
	session_close(&session);
	return worked ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool has_socket(void)
{
	int type = 0;
	socklen_t size = sizeof type;

	return getsockopt(CARD_VERB_FD, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET;
}

int main(int argc, char **argv)
{
	bool watching = argc == 2 && strcmp(argv[1], "--watch") == 0;
	bool signing = argc == 2 && strcmp(argv[1], "--sign") == 0;

	if (argc == 2 && strcmp(argv[1], "--list-failpoints") == 0) {
		failpoint_list(stdout);
		return EXIT_SUCCESS;
	}
	if ((argc != 1 && !watching && !signing) || !has_socket()) {
		(void) fprintf(stderr,
			       "opcard-card %s is started by opcardd, with a socket on descriptor "
			       "%d.\n",
			       OPCARD_VERSION, CARD_VERB_FD);
		return EXIT_USAGE;
	}
	return watching ? token_watch_serve() : signing ? token_sign_serve() : serve();
}
