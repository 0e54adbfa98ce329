/* SPDX-License-Identifier: Apache-2.0
 * SO PINs of cards: never stored, always derived again from one master key, different for every
 * card. Losing the master key means that no card can be unblocked or erased any more. */
#pragma once

#include <glib.h>

typedef struct Secret Secret;

#define SO_PIN_KEY_SIZE 32

typedef struct SoPinKey SoPinKey;

/* 32 random bytes in a file of mode 0600; EXISTS when it is there already. */
SoPinKey *so_pin_key_create(const char *uri, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SoPinKey *so_pin_key_load(const char *uri, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void so_pin_key_free(SoPinKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SoPinKey, so_pin_key_free)
/* First 8 hexadecimal digits of SHA-256(key): stored with each card. Owned by @key. */
const char *so_pin_key_id(const SoPinKey *key);

/* The SO PIN of the card with @chip_serial: HKDF-SHA256 (RFC 5869), salt = chip serial,
 * info = "FAMILY so-pin KEYID", sampled without bias into the family's alphabet and length.
 * Errors: USAGE (family unknown, serial empty). */
Secret *so_pin_card(const SoPinKey *key, const char *family, const char *chip_serial,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Only for the first initialisation of a blank card, before its serial is known:
 * salt = face number, info = "FAMILY so-pin-transport KEYID". */
Secret *so_pin_transport(const SoPinKey *key, const char *family, const char *face_number,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* 32 bytes that digests of earlier PINs are made with, so that the store alone is of no use to
 * whoever guesses: HKDF-SHA256, no salt, info = "pin-history KEYID". */
Secret *so_pin_pepper(const SoPinKey *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
