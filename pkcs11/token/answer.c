/* SPDX-License-Identifier: Apache-2.0
 * Reads a request's fields, calls the one function that does it, and writes the answer. A request
 * that lacks a field is answered with an error and the conversation goes on. */
#include "pkcs11/token/answer.h"

#include "pkcs11/card_verb.h"
#include "pkcs11/token/login.h"
#include "pkcs11/token/objects.h"
#include "pkcs11/token/prove.h"
#include "pkcs11/token/token_personalise.h"

/* The fields of all verbs; each takes those it needs. */
typedef struct Request {
	Secret *so_pin;
	Secret *new_so_pin;
	Secret *pin;
	Secret *new_pin;
	const char *label;
	const char *kind;
	const unsigned char *bytes;
	size_t length;
	bool last_try;
} Request;

typedef bool (*Act)(Session *session, const Request *request, Frame *answer, CardFailure *failure);

typedef struct Row {
	Act act;
	CardVerbTag needs[3];
} Row;

static bool initialise(Session *session, const Request *request, Frame *answer,
		       CardFailure *failure)
{
	if (!token_personalise_initialise(session, request->so_pin, request->label, failure))
		return false;
	frame_put_text(answer, CARD_TAG_SERIAL, session->serial);
	return true;
}

static bool rekey(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	(void) answer;
	return login_rekey(session, request->so_pin, request->new_so_pin, failure);
}

static bool wipe(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	(void) answer;
	return token_personalise_wipe(session, request->so_pin, request->label, failure);
}

static bool inspect(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	CardContents contents;

	(void) request;
	if (!objects_count(session, &contents, failure))
		return false;
	frame_put_number(answer, CARD_TAG_OBJECTS, contents.objects);
	frame_put_number(answer, CARD_TAG_PRIVATE_KEYS, contents.private_keys);
	frame_put_number(answer, CARD_TAG_CERTIFICATES, contents.certificates);
	frame_put_number(answer, CARD_TAG_FLAGS, answer_flags(session));
	return true;
}

static bool generate(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	bool first = request->so_pin != NULL;
	CardBytes spki;

	if (first && !login_by_random_pin(session, request->so_pin, failure))
		return false;
	if (!objects_generate(session, request->kind, first, &spki, failure))
		return false;
	frame_put_bytes(answer, CARD_TAG_BYTES, spki.bytes, spki.length);
	return true;
}

static bool put(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	CardBytes read_back;

	if (!objects_put(session, request->bytes, request->length, &read_back, failure))
		return false;
	frame_put_bytes(answer, CARD_TAG_BYTES, read_back.bytes, read_back.length);
	return true;
}

static bool prove(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	CardBytes signature;

	if (!prove_sign(session, request->bytes, request->length, &signature, failure))
		return false;
	frame_put_bytes(answer, CARD_TAG_BYTES, signature.bytes, signature.length);
	return true;
}

static bool find(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	(void) answer;
	return objects_find(session, request->bytes, request->length, failure);
}

static bool keep(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	(void) answer;
	return objects_keep(session, request->bytes, request->length, failure);
}

static bool unblock(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	(void) answer;
	return login_unblock(session, request->so_pin, request->new_pin, failure);
}

static bool check(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	(void) answer;
	return login_user(session, request->pin, request->last_try, failure);
}

static bool change(Session *session, const Request *request, Frame *answer, CardFailure *failure)
{
	(void) answer;
	return login_change(session, request->pin, request->new_pin, request->last_try, failure);
}

/* clang-format off */
static const Row rows[_CARD_VERB_MAX] = {
	[CARD_VERB_INITIALISE] = { initialise, { CARD_TAG_SO_PIN, CARD_TAG_LABEL } },
	[CARD_VERB_REKEY]      = { rekey,      { CARD_TAG_SO_PIN, CARD_TAG_NEW_SO_PIN } },
	[CARD_VERB_WIPE]       = { wipe,       { CARD_TAG_SO_PIN, CARD_TAG_LABEL } },
	[CARD_VERB_INSPECT]    = { inspect,    { 0 } },
	[CARD_VERB_GENERATE]   = { generate,   { CARD_TAG_KIND } },
	[CARD_VERB_PUT]        = { put,        { CARD_TAG_BYTES } },
	[CARD_VERB_PROVE]      = { prove,      { CARD_TAG_BYTES } },
	[CARD_VERB_FIND]       = { find,       { CARD_TAG_BYTES } },
	[CARD_VERB_KEEP]       = { keep,       { CARD_TAG_BYTES } },
	[CARD_VERB_UNBLOCK]    = { unblock,    { CARD_TAG_SO_PIN, CARD_TAG_NEW_PIN } },
	[CARD_VERB_CHECK]      = { check,      { CARD_TAG_PIN } },
	[CARD_VERB_CHANGE]     = { change,     { CARD_TAG_PIN, CARD_TAG_NEW_PIN } },
};
/* clang-format on */

uint64_t answer_flags(const Session *session)
{
	static const struct {
		CK_FLAGS token;
		uint64_t flag;
	} map[] = {
		{ CKF_TOKEN_INITIALIZED, CARD_FLAG_INITIALISED },
		{ CKF_USER_PIN_INITIALIZED, CARD_FLAG_USER_PIN_SET },
		{ CKF_USER_PIN_LOCKED, CARD_FLAG_USER_PIN_LOCKED },
		{ CKF_USER_PIN_FINAL_TRY, CARD_FLAG_USER_PIN_FINAL_TRY },
		{ CKF_USER_PIN_COUNT_LOW, CARD_FLAG_USER_PIN_COUNT_LOW },
		{ CKF_USER_PIN_TO_BE_CHANGED, CARD_FLAG_USER_PIN_TO_BE_CHANGED },
		{ CKF_SO_PIN_LOCKED, CARD_FLAG_SO_PIN_LOCKED },
	};
	uint64_t flags = 0;

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if ((session->token.flags & map[i].token) != 0)
			flags |= map[i].flag;
	return flags;
}

Frame *answer_ready(const Session *session, const char *walls)
{
	Frame *frame = frame_new(CARD_VERB_READY);

	frame_put_text(frame, CARD_TAG_SERIAL, session->serial);
	frame_put_text(frame, CARD_TAG_LABEL, session->label);
	frame_put_number(frame, CARD_TAG_FLAGS, answer_flags(session));
	frame_put_number(frame, CARD_TAG_PIN_MIN, session->token.ulMinPinLen);
	frame_put_number(frame, CARD_TAG_PIN_MAX, session->token.ulMaxPinLen);
	frame_put_text(frame, CARD_TAG_ALPHABET, session->product->alphabet);
	frame_put_text(frame, CARD_TAG_WALLS, walls);
	return frame;
}

Frame *answer_error(const CardFailure *failure)
{
	Frame *frame = frame_new(CARD_VERB_ERROR);

	frame_put_number(frame, CARD_TAG_KIND_OF_FAILURE, failure->kind);
	frame_put_number(frame, CARD_TAG_CONDITION, failure->card);
	frame_put_number(frame, CARD_TAG_CKR, failure->ckr);
	if (failure->tries_left >= 0)
		frame_put_number(frame, CARD_TAG_TRIES, (uint64_t) failure->tries_left);
	frame_put_text(frame, CARD_TAG_TEXT, failure->text);
	return frame;
}

static bool has_all(const Frame *frame, const Row *row)
{
	for (size_t i = 0; i < sizeof row->needs / sizeof row->needs[0] && row->needs[i] != 0; i++)
		if (!frame_has(frame, (uint16_t) row->needs[i]))
			return false;
	return true;
}

static Request take_fields(Frame *frame)
{
	Request request = {
		.so_pin = frame_take_secret(frame, CARD_TAG_SO_PIN),
		.new_so_pin = frame_take_secret(frame, CARD_TAG_NEW_SO_PIN),
		.pin = frame_take_secret(frame, CARD_TAG_PIN),
		.new_pin = frame_take_secret(frame, CARD_TAG_NEW_PIN),
		.label = frame_text(frame, CARD_TAG_LABEL),
		.kind = frame_text(frame, CARD_TAG_KIND),
		.last_try = frame_number(frame, CARD_TAG_LAST_TRY, 0) != 0,
	};

	request.bytes = frame_bytes(frame, CARD_TAG_BYTES, &request.length);
	return request;
}

static void free_fields(Request *request)
{
	secret_free(request->so_pin);
	secret_free(request->new_so_pin);
	secret_free(request->pin);
	secret_free(request->new_pin);
}

Frame *answer_request(Session *session, Frame *frame)
{
	unsigned verb = frame_verb(frame);
	const Row *row = verb < _CARD_VERB_MAX ? &rows[verb] : NULL;
	Frame *answer = frame_new(CARD_VERB_DONE);
	Request request = { 0 };
	CardFailure failure;
	bool worked;

	if (row == NULL || row->act == NULL || !has_all(frame, row)) {
		(void) card_failure_set(&failure, CARD_FAILURE_PROTOCOL,
					"not a request, or not complete: \"%s\"",
					card_verb_name(verb));
		frame_free(answer);
		return answer_error(&failure);
	}
	session_begin(session);
	request = take_fields(frame);
	worked = row->act(session, &request, answer, &failure);
	worked = session_judge(session, worked, &failure);
	free_fields(&request);
	if (worked)
		return answer;
	frame_free(answer);
	return answer_error(&failure);
}
