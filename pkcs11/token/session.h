/* SPDX-License-Identifier: Apache-2.0
 * One card under one loaded module: its slot, its session, who is logged in, and which key is at
 * work. Outputs of failure follow CardFailure; the caller adds the card's condition by
 * session_judge(). */
#pragma once

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "pkcs11/card_client.h"
#include "pkcs11/token/product.h"
#include "pkcs11/token/token_error.h"

typedef enum SessionLogin {
	SESSION_NOBODY,
	SESSION_USER,
	SESSION_SO,
	_SESSION_LOGIN_MAX
} SessionLogin;

struct Session {
	const Product *product;
	const char *reader;
	void *library;
	CK_FUNCTION_LIST *p11;
	CK_SLOT_ID slot;
	CK_TOKEN_INFO token; /* as of the last session_refresh() */
	char serial[CARD_SERIAL_SIZE];
	char label[CARD_LABEL_SIZE];
	CK_SESSION_HANDLE handle; /* 0: none open */
	SessionLogin login;
	bool has_key;             /* a key was made in this conversation … */
	CK_BYTE key_id;           /* … under this CKA_ID */
	bool touched;             /* the card may have been changed since session_begin() */
	char place[NAME_MAX + 1]; /* softhsm: the token's folder, "" on a blank card */
	ino_t inode;
};

/* Killed by the alarm even if opcardd is no longer there to do it and the module never returns. */
void session_limit_life(uint64_t milliseconds);

/* Loads the module and finds the card. After a failure session_close() is still needed. */
bool session_open(Session *session, const char *module, const char *expected_serial,
		  CardFailure *ret_failure) __attribute__((warn_unused_result));
void session_close(Session *session);

/* Reads the token's flags, serial and label anew. */
bool session_refresh(Session *session, CardFailure *ret_failure)
	__attribute__((warn_unused_result));
bool session_is_initialised(const Session *session);

/* A call that only reads: turns its return value into a failure. */
bool session_read(CK_RV rv, const char *doing, CardFailure *ret_failure);

/* A call that changes the card: the same, and remembers that it did or may have. */
bool session_change(Session *session, CK_RV rv, const char *doing, CardFailure *ret_failure);

/* One read-write PKCS#11 session, opened on first need. */
bool session_need(Session *session, CardFailure *ret_failure) __attribute__((warn_unused_result));

/* Logs out and closes it. */
void session_end(Session *session);

/* Around each request: forgets `touched`; completes a failure, or makes one of a success on a
 * pulled card. */
void session_begin(Session *session);
bool session_judge(Session *session, bool worked, CardFailure *failure);
