/* SPDX-License-Identifier: Apache-2.0
 * Digests by which an earlier PIN is known again without being known: HMAC-SHA256 with a pepper
 * from the master key, then scrypt (RFC 7914) with N = 2^15, r = 8, p = 1: 32 MiB and about 0.1 s
 * for every guess, and none is possible with the store alone. */
#pragma once

#include "daemon/ca/so_pin.h"

#define PIN_DIGEST_SIZE      32
#define PIN_DIGEST_SALT_SIZE 16

/* PIN_DIGEST_SALT_SIZE random octets, one salt a card. ERROR_CA. */
GBytes *pin_digest_salt(GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PIN_DIGEST_SIZE octets. ERROR_CA. */
GBytes *pin_digest_make(const SoPinKey *key, const Secret *pin, GBytes *salt,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In a time that does not depend on the octets. */
gboolean pin_digest_equal(GBytes *a, GBytes *b);
