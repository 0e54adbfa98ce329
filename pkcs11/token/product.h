/* SPDX-License-Identifier: Apache-2.0
 * What differs from one family of cards to the next: one file and one row each. */
#pragma once

#include <p11-kit/pkcs11.h>

#include "pkcs11/cage.h"
#include "pkcs11/card_failure.h"

#define PRODUCT_PATHS_MAX 16

typedef struct Session Session;

/* Paths the family adds to the cage; the strings outlive it. */
typedef struct ProductPaths {
	const char *read[PRODUCT_PATHS_MAX + 1];
	const char *write[PRODUCT_PATHS_MAX + 1];
	int keep; /* a descriptor of the family's own, or 0 */
} ProductPaths;

typedef struct Product {
	const char *family;
	const char *module;         /* when HELLO names none */
	const char *alphabet;       /* every character a user PIN may have */
	const char *secret_letters; /* what a PIN nobody knows is drawn from */
	unsigned families;          /* CAGE_UNIX | CAGE_INET: how the module reaches its device */

	/* Before the cage: is the reader there, what must be prepared, what may the module touch?
	 */
	bool (*prepare)(const char *reader, ProductPaths *ret_paths, CardFailure *ret_failure);

	/* After C_Initialize: which slot is the card in? */
	bool (*find)(Session *session, CK_SLOT_ID *ret_slot, CardFailure *ret_failure);

	/* After C_InitToken gave a blank card its identity. May be NULL. */
	bool (*settled)(Session *session, CardFailure *ret_failure);

	/* Does the card lie there still? */
	bool (*is_there)(const Session *session);
} Product;

/* NULL: no such family. */
const Product *product_find(const char *family);

/* Prepares the family and enters the cage in which only the reader and the module's libraries
 * exist. `ret_walls` names the walls this kernel lacks. From here on foreign bytes may be read. */
bool product_enclose(const Product *product, const char *reader, const char *module,
		     char ret_walls[CARD_TEXT_SIZE], CardFailure *ret_failure)
	__attribute__((warn_unused_result));

/* The files and folders any module needs to be loaded; gives how many, ≤ PRODUCT_PATHS_MAX. */
size_t product_libraries(const char **ret_paths);
