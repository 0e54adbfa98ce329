/* SPDX-License-Identifier: Apache-2.0
 * A key on a card as OpenSSL sees a private key. */
#pragma once

#include <openssl/evp.h>

#include "daemon/ctl/ctl_token.h"

/* The private half of @public_key, which signs through @token; NULL for a kind other than EC and
 * RSA. @token is borrowed. EVP_PKEY_free. */
EVP_PKEY *ctl_token_key_new(CtlToken *token, EVP_PKEY *public_key);
