/* SPDX-License-Identifier: Apache-2.0
 * Talks to one opcard-card process about one card: one conversation, synchronous, with one
 * deadline. A child that crashes, hangs or is killed becomes a CardFailure; afterwards every
 * further call fails with the same one. Nothing here needs a SIGCHLD handler. A client belongs to
 * one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkcs11/card_failure.h"
#include "pkcs11/secret.h"

#define CARD_SERIAL_SIZE 33
#define CARD_LABEL_SIZE  33
#define CARD_BYTES_MAX   8192
#define CARD_NONCE_SIZE  32

typedef struct CardClientOptions {
	const char *program;  /* path of opcard-card */
	const char *family;   /* "softhsm" */
	const char *module;   /* path of the PKCS#11 module; NULL: the family's own */
	const char *reader;   /* softhsm: absolute path of the reader's folder */
	const char *serial;   /* expected chip serial, else WRONG_CARD; NULL: whatever lies there */
	unsigned deadline_ms; /* of the whole conversation, from start on */
} CardClientOptions;

typedef struct CardReady {
	char serial[CARD_SERIAL_SIZE]; /* "" on a blank softhsm card: it has none yet */
	char label[CARD_LABEL_SIZE];   /* without the padding */
	bool initialised;
	bool user_pin_set;
	bool user_pin_locked;
	bool user_pin_final_try;
	bool user_pin_count_low;
	bool user_pin_to_be_changed;
	bool so_pin_locked; /* says nothing on a blank softhsm card */
	unsigned pin_min;
	unsigned pin_max;
	char alphabet[128];         /* every character a PIN may have */
	char walls[CARD_TEXT_SIZE]; /* walls of the cage this kernel lacks, "" if none */
} CardReady;

typedef struct CardContents {
	unsigned objects;
	unsigned private_keys; /* those seen without login: none on most families */
	unsigned certificates;
	bool user_pin_set;
} CardContents;

typedef struct CardBytes {
	size_t length;
	unsigned char bytes[CARD_BYTES_MAX];
} CardBytes;

typedef struct CardClient CardClient;

#define CARD_CLIENT_CHECKED __attribute__((warn_unused_result))

/* Spawns opcard-card and returns at once, so that other work overlaps its start. NULL: failed. */
CardClient *card_client_start(const CardClientOptions *options,
			      CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Waits until the module is loaded and the card is found. Must come first. */
bool card_client_ready(CardClient *client, CardReady *ret_ready,
		       CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* A blank card gets SO PIN and label (≤ 32 bytes); its chip serial is known from here on. */
bool card_client_initialise(CardClient *client, const Secret *so_pin, const char *label,
			    char ret_serial[CARD_SERIAL_SIZE],
			    CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Changes the SO PIN. */
bool card_client_rekey(CardClient *client, const Secret *old_so_pin, const Secret *new_so_pin,
		       CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Erases an initialised card and reads back that no object and no user PIN is left. The serial
 * stays. */
bool card_client_wipe(CardClient *client, const Secret *so_pin, const char *label,
		      CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Counts what can be seen without a login. */
bool card_client_inspect(CardClient *client, CardContents *ret_contents,
			 CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Sets a random user PIN that nobody learns, logs in by it and makes a key pair ("ec:P-256",
 * "rsa:2048", "rsa:3072") on an empty card. Gives the DER SubjectPublicKeyInfo. Stays logged in for
 * put and prove. */
bool card_client_generate(CardClient *client, const Secret *so_pin, const char *kind,
			  CardBytes *ret_spki, CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Renewal: makes a second key pair beside the first; only after card_client_check(). */
bool card_client_generate_next(CardClient *client, const char *kind, CardBytes *ret_spki,
			       CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Stores the certificate (DER) of the key made in this conversation and gives it as read back. */
bool card_client_put(CardClient *client, const void *der, size_t length, CardBytes *ret_read_back,
		     CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Signs SHA-256(nonce) by the key made in this conversation, else by the card's only key.
 * ECDSA as DER, RSA as PKCS#1 v1.5. The caller verifies by EVP_DigestVerify (SHA-256). */
bool card_client_prove(CardClient *client, const unsigned char nonce[CARD_NONCE_SIZE],
		       CardBytes *ret_signature, CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Whether exactly this certificate (DER) lies on the card; needs no PIN. DAMAGED when it does not.
 */
bool card_client_find(CardClient *client, const void *der, size_t length,
		      CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* After a renewal, or to undo one: removes every key and certificate but those of this certificate
 * (DER). */
bool card_client_keep(CardClient *client, const void *der, size_t length,
		      CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Sets the user PIN through the SO PIN; whatever PIN was there, locked or not, is replaced. */
bool card_client_unblock(CardClient *client, const Secret *so_pin, const Secret *new_pin,
			 CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* One login as the user; stays logged in, so that card_client_prove() works. Never tried twice.
 * With `last_try` false a card on its last try is not touched: PIN_LAST_TRY. */
bool card_client_check(CardClient *client, const Secret *pin, bool last_try,
		       CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* The holder's own change. `last_try` as above. */
bool card_client_change(CardClient *client, const Secret *old_pin, const Secret *new_pin,
			bool last_try, CardFailure *ret_failure) CARD_CLIENT_CHECKED;

/* Closes, waits a moment, kills. False: it did not end by itself with status 0, and how. */
bool card_client_stop(CardClient *client, CardFailure *ret_failure);

/* Stops if still running. NULL is allowed. */
void card_client_free(CardClient *client);

/* The child's process id, for logs and tests. */
int card_client_pid(const CardClient *client);
