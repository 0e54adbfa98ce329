/* SPDX-License-Identifier: Apache-2.0
 * Tables of the verbs and tags between opcardd and opcard-card. */
#include "pkcs11/card_verb.h"

#include "pkcs11/card_client.h"

/* clang-format off */
const FrameTag card_verb_tags[] = {
	{ CARD_TAG_FAMILY,          FRAME_TEXT,   32 },
	{ CARD_TAG_MODULE,          FRAME_TEXT,   4096 },
	{ CARD_TAG_READER,          FRAME_TEXT,   4096 },
	{ CARD_TAG_SERIAL,          FRAME_TEXT,   CARD_SERIAL_SIZE - 1 },
	{ CARD_TAG_DEADLINE,        FRAME_NUMBER, 0 },
	{ CARD_TAG_LABEL,           FRAME_TEXT,   CARD_LABEL_SIZE - 1 },
	{ CARD_TAG_FLAGS,           FRAME_NUMBER, 0 },
	{ CARD_TAG_PIN_MIN,         FRAME_NUMBER, 0 },
	{ CARD_TAG_PIN_MAX,         FRAME_NUMBER, 0 },
	{ CARD_TAG_ALPHABET,        FRAME_TEXT,   127 },
	{ CARD_TAG_WALLS,           FRAME_TEXT,   CARD_TEXT_SIZE - 1 },
	{ CARD_TAG_SO_PIN,          FRAME_SECRET, SECRET_MAX },
	{ CARD_TAG_NEW_SO_PIN,      FRAME_SECRET, SECRET_MAX },
	{ CARD_TAG_PIN,             FRAME_SECRET, SECRET_MAX },
	{ CARD_TAG_NEW_PIN,         FRAME_SECRET, SECRET_MAX },
	{ CARD_TAG_LAST_TRY,        FRAME_NUMBER, 0 },
	{ CARD_TAG_KIND,            FRAME_TEXT,   32 },
	{ CARD_TAG_BYTES,           FRAME_BYTES,  CARD_BYTES_MAX },
	{ CARD_TAG_OBJECTS,         FRAME_NUMBER, 0 },
	{ CARD_TAG_PRIVATE_KEYS,    FRAME_NUMBER, 0 },
	{ CARD_TAG_CERTIFICATES,    FRAME_NUMBER, 0 },
	{ CARD_TAG_KIND_OF_FAILURE, FRAME_NUMBER, 0 },
	{ CARD_TAG_CONDITION,       FRAME_NUMBER, 0 },
	{ CARD_TAG_CKR,             FRAME_NUMBER, 0 },
	{ CARD_TAG_TRIES,           FRAME_NUMBER, 0 },
	{ CARD_TAG_TEXT,            FRAME_TEXT,   CARD_TEXT_SIZE - 1 },
	{ CARD_TAG_INDEX,           FRAME_NUMBER, 0 },
	{ CARD_TAG_OBJECT,          FRAME_TEXT,   255 },
	{ 0 },
};

static const struct {
	const char *name;
	bool changes;
} verbs[_CARD_VERB_MAX] = {
	[CARD_VERB_HELLO]      = { "hello",      false },
	[CARD_VERB_READY]      = { "ready",      false },
	[CARD_VERB_INITIALISE] = { "initialise", true },
	[CARD_VERB_REKEY]      = { "rekey",      true },
	[CARD_VERB_WIPE]       = { "wipe",       true },
	[CARD_VERB_INSPECT]    = { "inspect",    false },
	[CARD_VERB_GENERATE]   = { "generate",   true },
	[CARD_VERB_PUT]        = { "put",        true },
	[CARD_VERB_PROVE]      = { "prove",      false },
	[CARD_VERB_FIND]       = { "find",       false },
	[CARD_VERB_KEEP]       = { "keep",       true },
	[CARD_VERB_UNBLOCK]    = { "unblock",    true },
	[CARD_VERB_CHECK]      = { "check",      false },
	[CARD_VERB_CHANGE]     = { "change",     true },
	[CARD_VERB_DONE]       = { "done",       false },
	[CARD_VERB_ERROR]      = { "error",      false },
	[CARD_VERB_WATCH]      = { "watch",      false },
	[CARD_VERB_START]      = { "start",      false },
	[CARD_VERB_SEEN]       = { "seen",       false },
	[CARD_VERB_GONE]       = { "gone",       false },
	[CARD_VERB_UNREADABLE] = { "unreadable", false },
	[CARD_VERB_SIGNER]     = { "signer",     false },
	[CARD_VERB_SIGN]       = { "sign",       false },
};
/* clang-format on */

const char *card_verb_name(unsigned verb)
{
	return verb < _CARD_VERB_MAX && verbs[verb].name != NULL ? verbs[verb].name : "?";
}

bool card_verb_changes(unsigned verb)
{
	return verb < _CARD_VERB_MAX && verbs[verb].changes;
}
